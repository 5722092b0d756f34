"""A year with a simulated reviewer: the order learns which rule is right, the same each time, and is judged on others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from phb_audit.assurance.simulate import World, replay
from phb_audit.reports.learning_curve import draw, in_words, told
from phb_audit.rules.review_time import ReviewTime
from phb_audit.settings import read_toml, shipped

LAST = date(2026, 10, 31)
TIME = ReviewTime(600, 0.10, 0.5, {"refuse": 10, "query": 8, "clinician": 12, "information": 4, "to_be_read": 6})


@pytest.fixture(scope="module")
def world() -> World:
    """120 cases, half by a rule that is always right and half by one of the same severity that never is."""
    rows: list[dict[str, Any]] = []
    for number in range(120):
        own = {"case_id": f"c{number:03d}", "holder_id": f"H{number:03d}", "severity": 2, "outcome_code": "query", "at_stake_pence": 50_00}
        rows.append({**own, "subject_on": LAST - timedelta(days=3 * number), "is_right": number % 2 == 0})
    cases = pl.DataFrame(rows)
    flags = cases.select("case_id", rule_id=pl.when("is_right").then(pl.lit("E-03")).otherwise(pl.lit("E-02")), severity="severity")
    starts = read_toml(shipped("reference") / "ranking.toml")
    return World.of(cases, flags, LAST, TIME, starts, 60)


def test_the_order_learns_which_rule_is_right(world: World) -> None:
    weeks = replay(world, reviewer=1, weeks=24, every=12)
    assert [one.week for one in weeks] == [0, 12, 24]
    assert weeks[0].decisions == 0
    assert weeks[-1].decisions > 20
    assert weeks[-1].right_share > weeks[0].right_share + 0.3
    assert weeks[-1].right_pence > weeks[0].right_pence


def test_the_same_reviewer_does_the_same_again(world: World) -> None:
    assert replay(world, reviewer=3, weeks=4) == replay(world, reviewer=3, weeks=4)


def test_nobody_whose_cases_judge_the_order_is_read(world: World) -> None:
    read = world.cases.filter("is_taught")
    assert 30 < read.height < 90
    only = replace(world, cases=world.cases.with_columns(is_taught=pl.lit(False)))
    assert {one.decisions for one in replay(only, reviewer=1, weeks=4)} == {0}


def test_the_curve_is_told_and_drawn_from_the_same_numbers(world: World) -> None:
    found = told(world, 2, weeks=8)
    words, drawn = in_words(found), draw(found)
    assert "2 reviewers, each wrong in 10 of 100 decisions" in words
    assert len(found["points"]) == 3
    assert drawn.count("<circle") == 3
    assert "pounds rightly in question" in drawn
    assert draw(found) == drawn


def test_without_minutes_there_is_time_for_two_items_at_least(world: World) -> None:
    made = World.of(world.cases.drop("is_taught"), world.flags, LAST, TIME, world.starts, None)
    assert made.time.minutes_a_week * 0.9 >= 24
