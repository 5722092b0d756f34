"""Double running, by hand: which days count, what they cost, and what only looks like it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.finance.double_running import SAME, by_months, double_running, person_weeks
from phb_audit.finance.period import Period
from phb_audit.finance.spans import days, merged, shared
from phb_audit.run import Run
from phb_audit.settings import shipped
from tests.builders import Row, fill, make_run
from tests.finance import worlds as a
from tests.finance.register_world import registers, service_truth

BEGIN = date(2026, 1, 1)


def world(run: Run, *contracts: Row, category: str = "C01", holding: str = "direct_payment", **more: object) -> list[dict[str, object]]:
    """A budget and a plan from 1 April 2026 with one weekly line, and the contracts beside it."""
    fill(run, {
        "validated.budgets": [a.budget(20_000_00, holding_code=holding, **more)],
        "validated.plans": [a.plan()],
        "validated.plan_lines": [a.line(1, category, 15_000_00), a.line(2, "E10", 900_00, frequency_code="one-off")],
        "validated.contracts": list(contracts),
    })  # fmt: skip
    return a.asked(run, "double_running", a.TO_DATE)


def test_a_contract_that_ends_late_costs_its_days_and_the_first_four_weeks_stand_apart(run: Run) -> None:
    (row,) = world(run, a.contract(1, 365_00, ends_on=date(2026, 5, 10)))
    assert (row["from_on"], row["to_on"], row["days_count"]) == (date(2026, 4, 1), date(2026, 5, 10), 40)
    assert (row["twice_pence"], row["change_over_pence"], row["standing_code"]) == (40_00, 28_00, SAME)


def test_only_what_was_paid_for_counts(run: Run) -> None:
    paid = a.contract(1, 365_00, paid_to_on=date(2026, 4, 7))
    stopped = a.contract(2, 365_00, paid_to_on=date(2026, 3, 31))
    (row,) = world(run, paid, stopped)
    assert (row["contract_id"], row["days_count"], row["has_end"], row["has_paid_to"]) == ("K1", 7, False, True)


@pytest.mark.parametrize(
    ("contract", "standing"),
    [
        (a.contract(1, 365_00, category_code="C10"), "other_need"),
        (a.contract(1, 365_00, category_code="E10"), "other_need"),
        (a.contract(1, 365_00, category_code=None), "not_known"),
    ],
)
def test_a_service_for_another_need_or_for_none_told_is_not_paid_twice(run: Run, contract: Row, standing: str) -> None:
    (row,) = world(run, contract)
    assert (row["standing_code"], row["days_count"], row["twice_pence"]) == (standing, 0, 0)


@pytest.mark.parametrize(
    "contract",
    [
        a.contract(1, 365_00, kind_code="alternative"),
        a.contract(1, 365_00, kind_code="support"),
        a.contract(1, 365_00, frequency_code="one-off"),
        a.contract(1, 365_00, ends_on=date(2026, 3, 31)),
        a.contract(1, 365_00, holder_id=a.OTHER),
    ],
)
def test_what_is_no_service_beside_the_budget_is_not_in_the_table(run: Run, contract: Row) -> None:
    assert world(run, contract) == []


def test_a_notional_budget_is_itself_a_contract(run: Run) -> None:
    assert world(run, a.contract(1, 365_00), holding="notional") == []


def test_a_budget_that_is_over_is_not_run_beside(run: Run) -> None:
    fill(run, {"validated.holder_events": [{"holder_id": a.HOLDER, "event_id": "V1", "event_code": "death", "from_on": date(2026, 4, 10)}]})
    (row,) = world(run, a.contract(1, 365_00))
    assert row["days_count"] == 10


def test_a_week_of_two_services_is_one_week_of_a_person(run: Run) -> None:
    fill(run, {"validated.plan_lines": [a.line(3, "C10", 1_000_00)]})
    rows = world(
        run, a.contract(1, 365_00, ends_on=date(2026, 4, 14)), a.contract(2, 730_00, category_code="C10", ends_on=date(2026, 4, 21))
    )
    assert [row["twice_pence"] for row in rows] == [14_00, 42_00]
    twice, live = person_weeks(run.warehouse, a.TO_DATE)
    assert (twice, live) == (3.0, pytest.approx(214 / 7))


def test_months_add_up_to_the_year_to_the_penny(run: Run) -> None:
    world(run, a.contract(1, 12_345_67, starts=date(2024, 2, 29)))
    firsts = [date(2026, month, 1) for month in range(4, 12)]
    months = [Period(first, following - timedelta(days=1)) for first, following in pairwise(firsts)]
    parts = [double_running(run.warehouse, month)["twice_pence"].sum() for month in months]
    assert [found["pence"].sum() for found in by_months(run.warehouse, months)] == parts
    assert sum(parts) == double_running(run.warehouse, a.TO_DATE)["twice_pence"].sum()


@st.composite
def some_runs(draw: st.DrawFn) -> pl.DataFrame:
    firsts = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=8))
    rows = [
        {"holder_id": a.HOLDER, "first_on": BEGIN + timedelta(first), "last_on": BEGIN + timedelta(first + long)} for first, long in firsts
    ]
    return pl.DataFrame(rows)


def days_of(runs: pl.DataFrame) -> set[date]:
    return {
        first + timedelta(day)
        for _, first, last in runs.select("holder_id", "first_on", "last_on").rows()
        for day in range((last - first).days + 1)
    }


@given(some_runs(), some_runs())
def test_runs_hold_the_same_days_once_and_share_those_both_have(left: pl.DataFrame, right: pl.DataFrame) -> None:
    one, other = merged(left, "holder_id"), merged(right, "holder_id")
    assert days_of(one) == days_of(left)
    assert one.select(days().sum()).item() == len(days_of(left))
    both = shared(one, other, "holder_id")
    assert days_of(both) == days_of(left) & days_of(right)
    assert (both.select(days().sum()).item() or 0) == len(days_of(left) & days_of(right))


def test_on_the_sample_what_is_found_is_what_is_true(tmp_path: Path) -> None:
    run = registers(make_run(tmp_path), shipped("sample"))
    found = double_running(run.warehouse, Period(date(2025, 11, 1), run.as_of)).filter(pl.col("days_count") > 28)
    true = service_truth(shipped("sample")).filter(pl.col("days") > 28)
    assert true.height >= 2
    assert set(found["contract_ref"]) == set(true["contract_ref"])
    run.warehouse.close()
