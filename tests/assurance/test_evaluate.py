"""What counts as caught, as right, and as a question asked for nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from phb_audit.assurance.command import evaluate_world
from phb_audit.errors import UsageError
from phb_audit.night import Night
from tests.assurance.world import ANN, BOB, NightBook, about, payment, write_world
from tests.builders import fill

GAMBLING = {"label": "breach", "kind_code": "gambling", "rule_ids": "L-03"}


def told(world: Path, home: Path | None, *, as_json: bool = True, run_night: Callable[..., Any] | None = None) -> str:
    said: list[str] = []
    code = evaluate_world(world, home=home, as_json=as_json, run_night=run_night or refuse, say=said.append, note=lambda words: None)
    assert code == 0
    return "\n".join(said)


def refuse(*args: object, **more: object) -> None:
    raise AssertionError("no night was asked for")


def evaluated(book: NightBook) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told(book.world, book.close()))
    return found


def test_a_planted_line_is_caught_by_any_rule_and_by_its_own(tmp_path: Path) -> None:
    book = NightBook(tmp_path, write_world(tmp_path / "world", *(payment(line, **GAMBLING) for line in (2, 3, 4))))
    for line in (2, 3, 4):
        book.paid(f"P{line}", line)
    book.flag("F1", "L-03", "P2")
    book.flag("F2", "P-02", "P3")
    (kind,) = evaluated(book)["kinds"]
    assert (kind["planted"], kind["caught"], kind["caught_by_rule"]) == (3, 2, 1)
    assert kind["recall"] == {"value": 0.6667, "low": 0.2077, "high": 0.9385, "count": 2, "n": 3}
    assert (kind["holders"], kind["holders_caught"]) == (1, 1)


def test_a_rule_is_right_where_it_touches_something_planted(tmp_path: Path) -> None:
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2, **GAMBLING), payment(3)))
    for line in (2, 3):
        book.paid(f"P{line}", line)
        book.flag(f"F{line}", "P-02", f"P{line}")
    (rule,) = evaluated(book)["rules"]
    assert (rule["flags"], rule["right"], rule["right_rule"]) == (2, 1, 0)
    assert rule["precision"]["value"] == 0.5


def test_a_wrong_question_is_a_case_without_any_true_cause(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", payment(2, **GAMBLING), payment(3), payment(4, is_unusual="true"))
    book = NightBook(tmp_path, world)
    for line in (2, 3, 4):
        book.paid(f"P{line}", line)
    book.flag("F1", "L-03", "P2", case_id="with cause")
    fill(book.run, {"flagged.findings": [{"flag_id": "F2", "case_id": "with cause", "rule_id": "E-01", "subject_id": "other"}]})
    book.flag("F3", "P-02", "P3")
    book.flag("F4", "N-01", "P4")
    wrong = evaluated(book)["wrong_questions"]
    # One holder and one month: a case is a hundred cases for 100 holders and a month.
    assert wrong["questions"]["value"] == 300
    assert wrong["wrong"]["count"] == 2
    assert wrong["wrong_on_agreed_unusual"]["count"] == 1


@pytest.mark.parametrize("quiet", [{"outcome_code": "information"}, {"is_commissioners": True}])
def test_information_and_the_commissioners_own_failures_are_no_questions(tmp_path: Path, quiet: dict[str, object]) -> None:
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2)))
    book.paid("P2", 2)
    book.flag("F1", "P-01", "P2", **quiet)
    found = evaluated(book)
    assert found["wrong_questions"]["wrong"]["count"] == 0
    assert found["labels"][0]["asked"] == 0


def test_the_commissioners_failures_are_counted_apart(tmp_path: Path) -> None:
    late = [about(person, "late_review", "G-02", party_code="commissioner") for person in (ANN, BOB)]
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2), *late))
    book.flag("F1", "G-02", "plan", subject_code="plan", is_commissioners=True)
    book.flag("F2", "Q-01", "bank", subject_code="feed", is_commissioners=True)  # counts what the gate refused, no failure
    body = evaluated(book)["commissioner"]
    assert (body["planted"], body["recall"]["count"], body["flags"], body["right"]) == (2, 1, 1, 1)


def test_recall_is_told_over_all_and_over_kinds_that_have_a_rule(tmp_path: Path) -> None:
    unruled = {"label": "breach", "kind_code": "no rule yet", "rule_ids": "Z-99"}
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2, **GAMBLING), payment(3, **unruled)))
    book.paid("P2", 2)
    book.flag("F1", "L-03", "P2")
    found = evaluated(book)
    assert {kind["kind_code"]: kind["has_rule"] for kind in found["kinds"]} == {"gambling": True, "no rule yet": False}
    assert (found["recall"]["all"]["any_rule"]["n"], found["recall"]["with_rule"]["any_rule"]["n"]) == (2, 1)


def test_lines_written_badly_should_be_refused_and_no_others(tmp_path: Path) -> None:
    dirty = {"kind_code": "dirt_bad_date"}
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2, **dirty), payment(3, **dirty), payment(4), payment(5)))
    for line in (2, 4):
        fill(book.run, {"validated.quarantine": [book.origin("bank.csv", line) | {"rule_ids": "Q-04", "state_code": "open"}]})
    found = evaluated(book)
    assert (found["refused"]["dirty"]["count"], found["refused"]["clean"]["count"]) == (1, 1)
    assert found["rules"] == []


def test_categories_are_right_first_or_among_three_or_left_open(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", *(payment(line) for line in (2, 3, 4, 5)))
    book = NightBook(tmp_path, world)
    book.paid("P2", 2)
    book.paid("P3", 3, category_code="C21", second_code="C20")
    book.paid("P4", 4, category_code="C21", is_abstained=True)
    book.paid("P5", 5, category_code="C22", second_code="C23", third_code="C24")
    what = evaluated(book)["classification"]
    assert (what["abstained"]["count"], what["abstained"]["n"]) == (1, 4)
    assert [what[name]["count"] for name in ("top1_answered", "top3_answered", "top1_all", "top3_all")] == [1, 2, 1, 2]
    assert what["commonest_mistakes"][0] == {"category_code": "C20", "found_code": "C21", "lines": 1}


def test_a_plan_line_is_right_by_its_number_and_absent_where_there_is_none(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", payment(2, plan_line_ref="L2"), payment(3, plan_line_ref="L2"), payment(4))
    book = NightBook(tmp_path, world)
    book.paid("P2", 2, plan_line_id="PL1/v1/L2", match_code="fits")
    book.paid("P3", 3, plan_line_id="PL1/v1/L12", match_code="unclear")
    book.paid("P4", 4, match_code="no_match")
    plan = evaluated(book)["plan_lines"]
    assert (plan["right"]["count"], plan["right"]["n"]) == (1, 2)
    assert (plan["unclear"]["count"], plan["none_found"]["count"]) == (1, 1)


def test_the_text_holds_the_tables_and_no_person(tmp_path: Path) -> None:
    world = write_world(
        tmp_path / "world", payment(2, **GAMBLING), payment(3), about(ANN, "late_review", "G-02", party_code="commissioner")
    )
    book = NightBook(tmp_path, world)
    book.paid("P2", 2)
    book.flag("F1", "L-03", "P2")
    holder = book.holder(ANN)
    text = told(world, book.close(), as_json=False)
    assert "| gambling " in text
    assert "| L-03 " in text
    assert "100% (21-100, n 1)" in text
    assert ANN not in text
    assert holder not in text


def test_a_night_is_run_in_a_home_of_its_own_where_none_is_given(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", payment(2))
    (world / "last_day.txt").write_text("2026-07-31\n")
    nights: list[Night] = []

    def run_night(night: Night, *, with_prefect: bool, tell: Callable[[str, str, float], None]) -> None:
        assert not with_prefect
        tell("landed", "1 row", 0.1)
        nights.append(night)
        with night.opened() as run:
            fill(run, {"nights.runs": [{"state_code": "published", "as_of_on": night.as_of}]})

    assert json.loads(told(world, None, run_night=run_night))["as_of"] == "2026-07-31"
    (night,) = nights
    assert (night.commissioner_code, night.as_of.isoformat(), night.inbox) == ("QZZ", "2026-07-31", world / "QZZ")
    assert not night.home.exists()


def test_a_home_without_the_night_is_refused(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", payment(2))
    with pytest.raises(UsageError, match="No night of QZZ"):
        told(world, tmp_path / "empty")


def test_half_a_night_is_not_compared(tmp_path: Path) -> None:
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2)))
    home = book.close("failed")
    with pytest.raises(UsageError, match="did not come to its end"):
        told(book.world, home)
