"""What fits in the minutes: the first cases of the list, what they hold of the planted, and nothing beyond."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from phb_audit.assurance.at_budget import NO_GROUP, _kept, at_budget
from phb_audit.assurance.command import evaluate_world, read_all
from phb_audit.assurance.linked import Linked
from phb_audit.assurance.truth import read_truth
from phb_audit.rules.review_time import ReviewTime
from tests.assurance.world import NightBook, payment, write_world

GAMBLING = {"label": "breach", "kind_code": "gambling", "rule_ids": "L-03"}
TIME = ReviewTime(100, 0.10, 0.5, {"refuse": 10, "query": 30, "clinician": 12, "information": 4, "to_be_read": 6})


@pytest.fixture
def linked(tmp_path: Path) -> Linked:
    """Four flagged lines, three of them planted; the fine one stands somewhere in the list."""
    book = NightBook(tmp_path, write_world(tmp_path / "world", *(payment(line, **GAMBLING) for line in (2, 3, 4)), payment(5)))
    for line in (2, 3, 4, 5):
        book.paid(f"P{line}", line)
        book.flag(f"F{line}", "L-03", f"P{line}")
    return read_all(book.world, book.close(), read_truth(book.world))


def test_only_what_fits_in_the_minutes_counts(linked: Linked) -> None:
    found = at_budget(linked, TIME, weeks=1)  # 90 minutes: 3 questions of 30
    assert (found["minutes"], found["cases"]) == (90, 3)
    first = set(linked.cases.sort("rank", "case_id").head(3)["case_id"])
    planted = {case for case in first if case != case_of(linked, "F5")}
    assert found["recall"]["count"] == len(planted)
    assert found["precision"]["count"] == len(planted)
    assert found["recall"]["n"] == 3


def case_of(linked: Linked, flag_id: str) -> str:
    return str(linked.findings.filter(linked.findings["flag_id"] == flag_id)["case_id"].item())


def test_more_weeks_hold_more_until_all_is_read(linked: Linked) -> None:
    counts = [at_budget(linked, TIME, weeks=weeks)["cases"] for weeks in (0, 1, 2, 9)]
    assert counts == [0, 3, 4, 4]
    everything = at_budget(linked, TIME, weeks=9)
    assert everything["recall"]["value"] == 1
    assert everything["precision"] == {**everything["precision"], "count": 3, "n": 4}
    assert everything["kinds"][0]["kind_code"] == "gambling"


def test_quicker_items_leave_room_for_more(linked: Linked) -> None:
    quick = replace(TIME, minutes=dict(TIME.minutes) | {"query": 5})
    assert at_budget(linked, quick, weeks=1)["cases"] == 4


@pytest.mark.parametrize("as_json", [True, False])
def test_evaluate_tells_it(tmp_path: Path, as_json: bool) -> None:
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2, **GAMBLING)))
    book.paid("P2", 2)
    book.flag("F2", "L-03", "P2")
    said: list[Any] = []
    evaluate_world(book.world, home=book.close(), as_json=as_json, run_night=lambda *args: None, say=said.append, note=said.append)
    if as_json:
        assert json.loads(said[0])["at_budget"]["recall"]["value"] == 1
    else:
        assert "In 4 weeks of review time (2,160 minutes) the first 1 cases are read" in said[0]


def test_groups_are_told_apart_and_small_numbers_kept_back(linked: Linked) -> None:
    holders = [f"H{number}" for number in range(40)]
    truth = pl.concat([linked.truth, *(linked.truth.head(1).with_columns(holder_id=pl.lit(holder)) for holder in holders)])
    groups = pl.DataFrame({"holder_id": holders, "care_group_code": ["many"] * 30 + ["few"] * 9 + ["many"]})
    found = at_budget(replace(linked, truth=truth, care_groups=groups), TIME, weeks=9)["groups"]
    by_code = {row["group_code"]: row for row in found}
    assert by_code["few"] == {"group_code": "few", **dict.fromkeys(("holders", "cases", "precision", "recall", "wrong"))}
    assert by_code["many"]["holders"] == 31
    assert by_code["many"]["wrong"]["count"] == 0
    assert set(by_code) == {"few", "many", NO_GROUP}


def test_a_figure_about_one_to_four_things_is_not_told() -> None:
    assert _kept({"count": 3, "n": 100}) is None
    assert _kept({"count": 98, "n": 100}) is None
    assert _kept({"count": 0, "n": 100}) == {"count": 0, "n": 100}
    assert _kept({"count": 50, "n": 100}) == {"count": 50, "n": 100}


def test_wrong_questions_rules_and_labels_are_told_at_the_budget(linked: Linked) -> None:
    found = at_budget(linked, TIME, weeks=9)
    assert found["wrong"]["count"] == 1
    assert found["rules"] == [{"rule_id": "L-03", "cases": 4, "right": 3, "precision": found["precision"]}]
    assert [(row["label"], row["planted"], row["caught"]) for row in found["planted_labels"]] == [("breach", 3, 3)]
