"""`phb-audit plan tags`: proposals as a list, edited by a person, recorded with the person's name."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.goal_tags import goal_tags
from phb_audit.cases.plan_tags_command import confirm_list, propose_file
from phb_audit.errors import CLEAN, REFUSED, WARNINGS, UsageError
from phb_audit.matched.outcome_keys import outcome_key
from phb_audit.run import Run
from phb_audit.tables import TABLES
from tests.builders import make_run, rows

QUIET, FRIENDS = "Somewhere quiet of my own", "See my friends"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = make_run(tmp_path)
    told = [
        {"outcome_id": f"PL1/v{version}/{number}", "plan_version_id": f"PL1/v{version}", "holder_id": "H1", "outcome_text": words}
        for version in (1, 2)
        for number, words in enumerate((QUIET, FRIENDS, "zzz"))
    ]
    run.warehouse.write(TABLES["validated.plan_outcomes"], rows("validated.plan_outcomes", *told))
    run.warehouse.close()
    return run


def proposed(run: Run, source: Path | None = None) -> tuple[list[dict[str, str]], dict[str, object]]:
    out, said = run.settings.home / "tags.csv", list[str]()
    assert propose_file(source, out=out, settings=run.settings, commissioner_code="QZZ", as_json=True, say=said.append) == CLEAN
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), json.loads(said[0])


def confirmed(run: Run, text: str, by: str = "Ada Reviewer") -> tuple[int, dict[str, int], list[str]]:
    source, said, noted = run.settings.home / "edited.csv", list[str](), list[str]()
    source.write_text(text, encoding="utf-8")
    code = confirm_list(source, settings=run.settings, commissioner_code="QZZ", by=by, as_json=True, say=said.append, note=noted.append)
    return code, json.loads(said[0]), noted


def test_each_wording_of_a_holder_is_listed_once_with_tags_and_the_words_that_tell_them(run: Run) -> None:
    found, counts = proposed(run)
    by_words = {row["outcome_words"]: row for row in found}
    assert counts | {"list": ""} == {"outcomes": 3, "confirmed": 0, "proposed": 2, "not_told": 1, "list": ""}
    assert by_words[FRIENDS]["proposed_1"] == "company" and "'See my friends' tells of friends and company" in by_words[FRIENDS]["why"]
    assert by_words[QUIET]["outcome_key"] == outcome_key(QUIET, "H1")
    assert by_words["zzz"]["proposed_1"] == "" and "tell no domain" in by_words["zzz"]["why"]


def test_what_a_person_edited_is_recorded_and_shows_as_confirmed_next_time(run: Run) -> None:
    key = outcome_key(QUIET, "H1")
    code, counts, _ = confirmed(run, f"outcome_key,proposed_1,proposed_2,proposed_3\n{key},own_space,GARDEN,\n")
    assert (code, counts["recorded"]) == (CLEAN, 1)
    tags = goal_tags(casebook_events(run.settings, "QZZ"))
    assert tags.select("outcome_key", "domain_code", "decided_by").rows() == [
        (key, "garden", "Ada Reviewer"),
        (key, "own_space", "Ada Reviewer"),
    ]
    found, after = proposed(run)
    assert after["confirmed"] == 1
    assert found[-1]["outcome_words"] == QUIET and found[-1]["why"].startswith("Confirmed by Ada Reviewer on ")


def test_the_same_list_again_records_nothing_and_other_tags_replace_the_earlier(run: Run) -> None:
    key = outcome_key(QUIET, "H1")
    confirmed(run, f"outcome_key,proposed_1\n{key},own_space\n")
    assert confirmed(run, f"outcome_key,proposed_1\n{key},own_space\n")[1] == {"recorded": 0, "unchanged": 1, "undecided": 0, "refused": 0}
    assert confirmed(run, f"outcome_key,proposed_1\n{key},calm\n", by="Bo Checker")[1]["recorded"] == 1
    assert goal_tags(casebook_events(run.settings, "QZZ"))["domain_code"].to_list() == ["calm"]


def test_rows_that_cannot_be_taken_are_named_and_the_others_taken(run: Run) -> None:
    good, other = outcome_key(QUIET, "H1"), outcome_key(FRIENDS, "H1")
    text = (
        f"outcome_key,proposed_1,proposed_2,proposed_3,proposed_4\n{good},calm,,,\n{other},gold,,,\n,calm,,,\nH9/00,calm,,,\n"
        f"{other},calm,mood,sleep,play\n{good},mood,,,\n{other},,,,\n"
    )
    code, counts, noted = confirmed(run, text)
    assert code == WARNINGS
    assert counts == {"recorded": 1, "unchanged": 0, "undecided": 1, "refused": 5}
    assert [note.split(": ", 1)[1].split(".")[0] for note in noted] == [
        "gold: not a code of goal_domains",
        "it has no outcome_key",
        "no plan on file has an outcome of that key",
        "An outcome has 3 tags at most",
        "the same outcome has other tags on an earlier line",
    ]
    assert confirmed(run, f"outcome_key,proposed_1\n{other},gold\n")[0] == REFUSED


def test_outcomes_of_a_file_are_tagged_for_their_words_or_for_the_holder_named(run: Run) -> None:
    source = run.settings.home / "outcomes.csv"
    source.write_text(f"outcome,holder_id\n{QUIET},\n{FRIENDS},H1\n", encoding="utf-8")
    found, _ = proposed(run, source)
    assert {row["outcome_key"] for row in found} == {outcome_key(QUIET), outcome_key(FRIENDS, "H1")}
    assert confirmed(run, (run.settings.home / "tags.csv").read_text(encoding="utf-8"))[1]["recorded"] == 2


def test_clear_errors(run: Run, tmp_path: Path) -> None:
    for text, words in (("a,b\n1,2\n", "lacks the columns"), ("", "cannot be read")):
        with pytest.raises(UsageError, match=words):
            confirmed(run, text)
    with pytest.raises(UsageError, match="name of the person"):
        confirmed(run, f"outcome_key,proposed_1\n{outcome_key(QUIET, 'H1')},calm\n", by=" ")
    source = tmp_path / "empty.csv"
    source.write_text("outcome\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no outcomes"):
        proposed(run, source)
    source.write_text("words\nx\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no column of outcomes"):
        proposed(run, source)


def test_the_list_is_for_its_writer_only(run: Run) -> None:
    proposed(run)
    assert (run.settings.home / "tags.csv").stat().st_mode & 0o077 == 0
