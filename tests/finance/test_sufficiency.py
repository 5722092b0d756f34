"""The budget beside the plan, and what was paid beside the budget."""

from __future__ import annotations

from datetime import date

from phb_audit.run import Run
from tests.builders import fill
from tests.finance import worlds as a


def world(run: Run, annual: int, plan: int, *, paid: int = 0, starts: date = date(2025, 4, 1)) -> dict[str, object]:
    fill(run, {
        "validated.budgets": [a.budget(annual, starts=starts)],
        "validated.plans": [a.plan()],
        "validated.plan_lines": [a.line(1, "C08", plan), a.line(2, "E10", 900_00, frequency_code="one-off")],
        "validated.instalments": [
            {"holder_id": a.HOLDER, "instalment_id": "T1", "amount_pence": paid, "paid_on": date(2026, 5, 1), "kind_code": "regular"},
            {"holder_id": a.HOLDER, "instalment_id": "T2", "amount_pence": 1, "paid_on": date(2025, 9, 1), "kind_code": "regular"},
        ],
    })  # fmt: skip
    (row,) = a.asked(run, "sufficiency")
    return row


def test_two_per_cent_over_is_allowed_and_a_penny_more_is_short(run: Run) -> None:
    assert not world(run, 10_000_00, 10_200_00, paid=10_000_00)["is_short"]


def test_a_plan_that_costs_more_is_short_and_one_off_items_stand_beside_it(run: Run) -> None:
    row = world(run, 10_000_00, 10_200_01, paid=10_000_00)
    assert (row["is_short"], row["short_pence"], row["is_underpaid"]) == (True, 200_01, False)


def test_less_paid_in_than_the_budget_is_told_apart(run: Run) -> None:
    row = world(run, 10_000_00, 10_000_00, paid=9_799_99)
    assert (row["is_short"], row["is_underpaid"], row["paid_in_pence"]) == (False, True, 9_799_99)


def test_a_budget_younger_than_a_year_says_nothing_of_what_was_paid(run: Run) -> None:
    row = world(run, 10_000_00, 10_000_00, paid=1_00, starts=date(2026, 4, 1))
    assert (row["paid_in_pence"], row["is_underpaid"]) == (None, None)
