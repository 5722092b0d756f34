"""Shifts of one person for two holders are found by National Insurance number, whoever is looked at tonight."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from phb_audit.flagged.reading import read_spending
from phb_audit.run import Run
from tests.flagged.world import FIRST, SECOND, world


def slip(holder: str, employee: str, ni: str | None) -> dict[str, Any]:
    days = {"period_from_on": date(2026, 8, 1), "period_to_on": date(2026, 8, 28)}
    return {"pay_slip_id": f"W{employee}", "holder_id": holder, "employee_id": employee, "ni_ref": ni, "net_pence": 1, **days}


def shift(visit_id: str, holder: str, employee: str, first: int, last: int, day: int = 3) -> dict[str, Any]:
    return {
        "visit_id": visit_id,
        "holder_id": holder,
        "source_code": "timesheet",
        "employee_id": employee,
        "visited_on": date(2026, 8, day),
        "starts_minute": first * 60,
        "ends_minute": last * 60,
        "hours_count": float(last - first),
    }


def both(run: Run, slips: list[dict[str, Any]], *shifts: dict[str, Any]) -> list[tuple[str, int]]:
    world(run, validated__pay_slips=slips, validated__visits=list(shifts))
    spending = read_spending(run.warehouse, run.run_id, run.as_of, pl.DataFrame({"holder_id": [FIRST]}))
    return spending.shared_shifts.select("visit_id", "both_minutes").collect().rows()


ONE_PERSON = [slip(FIRST, "E1", "I1"), slip(SECOND, "E2", "I1")]


def test_hours_that_overlap_are_counted_in_minutes(run: Run) -> None:
    assert both(run, ONE_PERSON, shift("U1", FIRST, "E1", 9, 12), shift("U2", SECOND, "E2", 11, 14)) == [("U1", 60)]


def test_one_after_the_other_is_no_overlap(run: Run) -> None:
    assert both(run, ONE_PERSON, shift("U1", FIRST, "E1", 9, 12), shift("U2", SECOND, "E2", 12, 14)) == []


def test_two_people_and_another_day_are_no_overlap(run: Run) -> None:
    two = [slip(FIRST, "E1", "I1"), slip(SECOND, "E2", "I2"), slip(SECOND, "E3", None)]
    assert both(run, two, shift("U1", FIRST, "E1", 9, 12), shift("U2", SECOND, "E2", 9, 12), shift("U3", SECOND, "E3", 9, 12)) == []


def test_the_same_hours_on_another_day_are_no_overlap(run: Run) -> None:
    assert both(run, ONE_PERSON, shift("U1", FIRST, "E1", 9, 12), shift("U2", SECOND, "E2", 9, 12, day=4)) == []
