"""Unmet need: three signs, each told only where the weeks looked at can tell it, and a list with people in it, not purchases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from phb_audit.run import Run
from tests.builders import Row, fill
from tests.finance import worlds as a

LAST = date(2026, 10, 25)
OLD = date(2025, 4, 1)


def account(holder_id: str = a.HOLDER, **more: object) -> Row:
    named = {"account_id": a.ACCOUNT, "holder_id": holder_id, "holding_code": "direct_payment", "last_line_on": LAST}
    return {**named, "balance_pence": 100_00, "weekly_pence": 200_00, "due_pence": 0, "is_balance_given": True, **more}


def world(run: Run, *payments: Row, lines: tuple[Row, ...] | None = None, **tables: list[Row]) -> dict[str, object] | None:
    """One holder with a budget of 200 pounds a week and a plan since April 2025; the row of the list, or None."""
    agreed = lines or (
        a.line(1, "C08", 5_200_00, outcome_id="PL1/v1/O1", description="Home care"),
        a.line(2, "T02", 1_300_00, outcome_id="PL1/v1/O2", description="Hydrotherapy"),
    )
    fill(run, {
        "validated.budgets": [a.budget(10_400_00, starts=OLD)],
        "validated.plans": [a.plan(starts=OLD)],
        "validated.plan_lines": list(agreed),
        "validated.plan_outcomes": [a.outcome(1, "safety"), a.outcome(2, "mobility")],
        "matched.accounts": [account()],
        **{f"validated.{name}" if "." not in name else name: rows for name, rows in tables.items()},
    })  # fmt: skip
    a.with_spend(run, *payments)
    found = [row for row in a.asked(run, "unmet_need") if row["holder_id"] == a.HOLDER]
    return found[0] if found else None


def weekly(category_code: str, pence: int, outcome: int | None = None, **more: object) -> list[Row]:
    """A payment in each of the 13 weeks looked at."""
    served = {"outcome_id": f"PL1/v1/O{outcome}"} if outcome else {}
    return [
        {"payment_id": f"P{category_code}{week}", "category_code": category_code, "amount_pence": pence,
         "paid_on": LAST - timedelta(weeks=week), **served, **more}
        for week in range(13)
    ]  # fmt: skip


CARE, POOL = weekly("C08", 100_00, 1), weekly("T02", 25_00, 2)


def test_where_both_outcomes_are_served_nobody_is_called(run: Run) -> None:
    assert world(run, *CARE, *POOL) is None


def test_an_outcome_nothing_is_bought_for_is_a_sign_with_what_the_plan_agrees(run: Run) -> None:
    row = world(run, *CARE)
    assert row
    assert (row["signs_count"], row["has_outcome_without_spend"], row["has_care_not_delivered"]) == (1, True, False)
    assert (row["outcomes_count"], row["goal_types"], row["outcomes_planned_pence"]) == (1, "mobility", 1_300_00 * 91 // 365)
    assert (row["since_on"], row["until_on"]) == (LAST - timedelta(weeks=13) + timedelta(days=1), LAST)


def test_what_was_bought_of_the_same_kind_or_may_have_been_serves_it(run: Run) -> None:
    assert world(run, *CARE, {"category_code": "T02", "amount_pence": 25_00, "paid_on": LAST}) is None


def test_words_that_settle_nothing_may_have_been_for_it(run: Run) -> None:
    assert world(run, *CARE, {"category_code": "M04", "amount_pence": 200_00, "paid_on": LAST, "is_abstained": True}) is None


def test_half_of_the_care_is_enough_and_a_penny_less_is_a_sign(run: Run) -> None:
    planned = 5_200_00 * 91 // 365
    once = {"category_code": "C08", "outcome_id": "PL1/v1/O1", "paid_on": LAST}
    row = world(run, *POOL, {**once, "amount_pence": planned // 2})
    assert row
    assert (row["has_care_not_delivered"], row["has_outcome_without_spend"]) == (True, False)
    assert row["care_planned_pence"] == planned == 1_296_43
    a.with_spend(run, {**once, "payment_id": "P99", "amount_pence": 1})
    assert a.asked(run, "unmet_need") == []


@pytest.mark.parametrize(("hours", "is_told"), [(60.0, True), (70.0, False)])
def test_hours_are_held_against_the_hours_of_the_plans_own_words(run: Run, hours: float, is_told: bool) -> None:
    lines = (a.line(1, "C01", 10_400_00, outcome_id="PL1/v1/O1", description="Assistant, 10 hours a week"),)
    slip = {"pay_slip_id": "W1", "holder_id": a.HOLDER, "employee_id": "E1", "period_from_on": date(2026, 10, 1), "net_pence": 1}
    slips = [{**slip, "period_to_on": date(2026, 10, 20), "hours_count": hours, "hours_kind_code": "worked"}]
    row = world(run, *weekly("C01", 110_00, 1), lines=lines, pay_slips=slips)
    assert row is None  # the care was paid for: hours that were not told yet are no sign by themselves
    run.warehouse.run("DELETE FROM validated.payments")
    found = a.asked(run, "unmet_need")
    assert (bool(found) and bool(found[0]["has_care_not_delivered"])) is is_told


def test_a_large_balance_that_grows_is_a_sign_and_one_that_is_being_spent_is_not(run: Run) -> None:
    large = [account(balance_pence=2_000_00)]
    row = world(run, *CARE, *POOL, **{"matched.accounts": large})
    assert row
    assert (row["has_surplus_building"], row["weeks_held"], row["signs_count"]) == (True, 10.0, 1)
    a.with_spend(run, {"payment_id": "P99", "category_code": "E01", "amount_pence": 500_00, "paid_on": LAST})
    assert a.asked(run, "unmet_need") == []


@pytest.mark.parametrize(
    "tables",
    [
        {"holder_events": [{"event_id": "V1", "holder_id": a.HOLDER, "event_code": "admission", "from_on": date(2026, 10, 20)}]},
        {"holder_events": [{"event_id": "V1", "holder_id": a.HOLDER, "event_code": "death", "from_on": date(2026, 10, 20)}]},
        {"matched.accounts": [account(last_line_on=date(2026, 8, 1))]},
        {"matched.accounts": []},
        {"budgets": [a.budget(10_400_00, starts=date(2026, 8, 1))]},
        {"plans": [a.plan(starts=date(2026, 8, 1))]},
    ],
    ids=["in hospital", "has died", "late lines", "no lines", "new budget", "new plan"],
)
def test_whoever_was_away_or_is_too_new_or_whose_lines_are_late_is_left_out(run: Run, tables: dict[str, list[Row]]) -> None:
    assert world(run, **tables) is None


def test_an_outcome_of_an_older_version_of_the_plan_is_the_same_outcome(run: Run) -> None:
    renewed = [a.plan(starts=OLD), a.plan("PL1/v2", starts=date(2026, 9, 1))]
    both = tuple(
        a.line(number, code, pence, version_id=version, outcome_id=f"{version}/O{number}")
        for version in ("PL1/v1", "PL1/v2")
        for number, code, pence in ((1, "C08", 5_200_00), (2, "T02", 1_300_00))
    )
    row = world(run, *CARE, lines=both, plans=renewed)
    assert row
    assert (row["outcomes_count"], row["has_care_not_delivered"]) == (1, False)


def test_who_has_most_signs_stands_first(run: Run) -> None:
    fill(run, {
        "validated.budgets": [a.budget(10_400_00, starts=OLD, holder_id=a.OTHER)],
        "validated.plans": [a.plan("PL2/v1", starts=OLD, holder_id=a.OTHER)],
        "validated.plan_lines": [a.line(1, "C08", 5_200_00, version_id="PL2/v1", holder_id=a.OTHER, outcome_id="PL2/v1/O1")],
    })  # fmt: skip
    row = world(run, *CARE, **{"matched.accounts": [account(), account(a.OTHER, account_id="B2", balance_pence=2_000_00)]})
    assert row
    found = a.asked(run, "unmet_need")
    assert [(one["holder_id"], one["signs_count"]) for one in found] == [(a.OTHER, 3), (a.HOLDER, 1)]
