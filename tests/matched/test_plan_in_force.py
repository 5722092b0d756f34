"""The version of the plan that was in force on the day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.matched.plan_in_force import later_versions, latest, live, version_in_force
from tests.builders import rows
from tests.matched.worlds import HOLDER, Row, plan

DAY = timedelta(days=1)
CHANGED = date(2026, 6, 1)
FIRST = plan("PL1/v1", starts=date(2026, 1, 1), effective_to_on=CHANGED - DAY, status_code="superseded")
SECOND = plan("PL1/v2", starts=CHANGED)


def plans(*versions: Row) -> pl.DataFrame:
    return rows("validated.plans", *versions).with_columns(holder_idx=pl.lit(0, dtype=pl.UInt32))


def asked(*days: date) -> pl.DataFrame:
    return pl.DataFrame({"holder_idx": [0] * len(days), "paid_on": days}, schema_overrides={"holder_idx": pl.UInt32}).with_row_index(
        "pay_idx"
    )


def in_force(on: date, *versions: Row) -> str | None:
    answer: str | None = version_in_force(asked(on), plans(*versions))["plan_version_id"][0]
    return answer


def test_the_version_changes_on_the_day_the_new_one_takes_effect() -> None:
    assert in_force(CHANGED - DAY, FIRST, SECOND) == "PL1/v1"
    assert in_force(CHANGED, FIRST, SECOND) == "PL1/v2"


def test_the_first_and_the_last_day_are_days_in_force() -> None:
    assert in_force(date(2026, 1, 1), FIRST) == "PL1/v1"
    assert in_force(CHANGED - DAY, FIRST) == "PL1/v1"
    assert in_force(date(2025, 12, 31), FIRST) is None
    assert in_force(CHANGED, FIRST) is None


def test_a_version_without_an_end_runs_on() -> None:
    assert in_force(date(2030, 1, 1), SECOND) == "PL1/v2"


def test_where_two_overlap_the_later_one_counts() -> None:
    assert in_force(date(2026, 7, 1), {**FIRST, "effective_to_on": None}, SECOND) == "PL1/v2"
    assert in_force(date(2026, 7, 1), SECOND, plan("PL1/v3", starts=CHANGED)) == "PL1/v3"


def test_where_the_later_one_has_ended_an_older_one_still_running_counts() -> None:
    short = plan("PL1/v2", starts=CHANGED, effective_to_on=CHANGED + DAY)
    assert in_force(CHANGED + 2 * DAY, {**FIRST, "effective_to_on": None}, short) == "PL1/v1"


def test_a_draft_is_never_in_force_but_shows_that_a_plan_is_on_file() -> None:
    draft = {**SECOND, "status_code": "draft"}
    answer = version_in_force(asked(CHANGED), plans(draft))
    assert answer["plan_version_id"].to_list() == [None]
    assert answer["has_any_plan"].to_list() == [True]


def test_a_holder_without_plans_has_none() -> None:
    assert version_in_force(asked(CHANGED), plans())["has_any_plan"].to_list() == [False]


def test_without_a_status_only_a_signed_version_counts() -> None:
    unsigned = {**SECOND, "status_code": None}
    assert live(plans(unsigned)).is_empty()
    assert live(plans({**unsigned, "approved_on": CHANGED})).height == 1


def test_later_versions_take_effect_after_the_day() -> None:
    later = later_versions(asked(CHANGED - DAY, CHANGED), plans(FIRST, SECOND))
    assert later.select("pay_idx", "plan_version_id").rows() == [(0, "PL1/v2")]


def test_what_a_later_night_said_of_a_version_counts() -> None:
    told = rows(
        "validated.plans", {**SECOND, "run_id": "QZZ-2026-11-01", "status_code": "superseded"}, {**SECOND, "run_id": "QZZ-2026-10-01"}
    )
    assert latest(told, "plan_version_id")["status_code"].to_list() == ["superseded"]


spans = st.tuples(st.integers(0, 60), st.integers(0, 40) | st.none())


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(spans, max_size=4), st.lists(st.integers(0, 90), min_size=1, max_size=5))
def test_the_version_is_the_one_a_person_would_find_by_hand(versions: list[tuple[int, int | None]], days: list[int]) -> None:
    start = date(2026, 1, 1)
    written = [
        plan(f"PL1/v{n}", starts=start + DAY * begins, effective_to_on=None if lasts is None else start + DAY * (begins + lasts))
        for n, (begins, lasts) in enumerate(versions)
    ]
    found = version_in_force(asked(*(start + DAY * day for day in days)), plans(*written))["plan_version_id"].to_list()
    for day, version_id in zip(days, found, strict=True):
        running = [(b, n) for n, (b, lasts) in enumerate(versions) if b <= day and (lasts is None or day <= b + lasts)]
        assert version_id == (f"PL1/v{max(running)[1]}" if running else None)


def test_the_holder_is_the_key() -> None:
    other = plans({**SECOND, "holder_id": HOLDER}).with_columns(holder_idx=pl.lit(7, dtype=pl.UInt32))
    assert version_in_force(asked(CHANGED), other)["plan_version_id"].to_list() == [None]
