"""`phb-audit match-goals`: rows and columns come back as they were, with the answers beside them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from phb_audit.cases.match_goals_command import ADDED, match_goals_file
from phb_audit.errors import CLEAN, UnknownLayout, UnreadableFile, UsageError


def matched(tmp_path: Path, text: str, *, as_json: bool = False) -> tuple[list[dict[str, str]], list[str]]:
    source, out = tmp_path / "pairs.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    said: list[str] = []
    assert match_goals_file(source, out, as_json=as_json, say=said.append) == CLEAN
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), said


def test_rows_and_columns_come_back_unchanged_and_in_order(tmp_path: Path) -> None:
    rows_in = ["ref,Goal,merchant,description,mcc,amount_gbp,note", '9,to sleep better,SHOP,duvet,,12.50,"a, b"', "2,,, , ,,"]
    text = "\n".join([*rows_in, "9,to sleep better,SHOP,duvet,,12.50,x"])
    rows, said = matched(tmp_path, text)
    assert list(rows[0]) == ["ref", "Goal", "merchant", "description", "mcc", "amount_gbp", "note", *ADDED]
    assert [row["ref"] for row in rows] == ["9", "2", "9"]
    assert (rows[0]["note"], rows[1]["description"], rows[0]["amount_gbp"]) == ("a, b", " ", "12.50")
    assert {name: rows[0][name] for name in ADDED} == {name: rows[2][name] for name in ADDED}
    assert said[0].startswith("3 rows: ")


def test_a_goal_is_served_by_what_serves_it_and_not_by_what_may_never_be_bought(tmp_path: Path) -> None:
    text = "goal,merchant,description\nsee my friends,LOCAL CLUB,social group term\nsee my friends,OFF LICENCE,lager 12 pack\n"
    (club, lager), _ = matched(tmp_path, text)
    assert club["state"] == "fits" and "company" in club["domains"].split("|")
    assert (lager["state"], float(lager["strength"])) == ("no_goal", 0.0)
    assert "may never be bought" in lager["because"]


def test_a_column_of_confirmed_tags_takes_the_place_of_the_words(tmp_path: Path) -> None:
    text = "goal,merchant,description,tags\nas agreed,SUMMER HOUSES LTD,summer house,own_space\nas agreed,SUMMER HOUSES LTD,summer house,\n"
    (told, untold), _ = matched(tmp_path, text)
    assert (told["state"], told["domains"], untold["state"]) == ("fits", "own_space", "unclear")


def test_with_json_one_object_counts_the_states(tmp_path: Path) -> None:
    _, said = matched(tmp_path, "goal,description\nsleep,duvet\n", as_json=True)
    assert json.loads(said[0]) == {"rows": 1, "fits": 1, "unclear": 0, "no_goal": 0}


def test_a_file_of_headers_only_is_answered_with_headers_only(tmp_path: Path) -> None:
    rows, said = matched(tmp_path, "goal,merchant,description\n")
    assert rows == [] and said[0].startswith("0 rows")


@pytest.mark.parametrize("header", ["merchant,description", "goal,amount_gbp"])
def test_a_lacking_column_is_named_with_the_headers_seen(tmp_path: Path, header: str) -> None:
    with pytest.raises(UnknownLayout, match="Headers seen"):
        matched(tmp_path, f"{header}\na,b\n")


def test_a_file_that_is_absent_and_an_output_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        match_goals_file(tmp_path / "no.csv", tmp_path / "out.csv", as_json=False, say=print)
    source = tmp_path / "pairs.csv"
    source.write_text("goal,description\nsleep,duvet\n", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        match_goals_file(source, tmp_path / "no" / "out.csv", as_json=False, say=print)


def test_a_purchase_that_is_only_guessed_is_never_said_to_serve_nothing(tmp_path: Path) -> None:
    odd = ["\u99ac\u8853", "x\x0cy", "a" * 10_000, "", "\U0001f389", "12.50", "nel qwx"]
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["goal", "merchant", "description"], *(["walk again", "", each] for each in odd), *(["", "TESCO", each] for each in odd)]
        )
    assert match_goals_file(source, out, as_json=False, say=print) == CLEAN
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["description"] for row in rows] == [*odd, *odd]
    assert {row["state"] for row in rows} == {"unclear"}
    assert all(row["because"] for row in rows)


@pytest.mark.parametrize("name", ["pairs.csv", "./pairs.csv", "link.csv"])
def test_the_file_that_is_read_is_never_written_over(tmp_path: Path, name: str) -> None:
    source, text = tmp_path / "pairs.csv", "goal,merchant,description\nsee my friends,LOCAL CLUB,term\n"
    source.write_text(text, encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(source)
    with pytest.raises(UsageError, match="written over"):
        match_goals_file(source, Path(f"{tmp_path}/{name}"), as_json=False, say=print)
    assert source.read_text(encoding="utf-8") == text
