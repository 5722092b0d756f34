"""One receipt beside one payment, one payment beside one receipt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from phb_audit.run import Run
from tests.matched.worlds import matched, paid, receipt, rows_of

DAY = date(2026, 6, 10)


def code(run: Run, days: int, pence: int, supplier: str | None, payee: str = "MEADOW RIDING SCHO") -> object:
    """How a payment of 40 pounds on DAY and one receipt agree."""
    found = matched(run, paid("P1", DAY, 40_00, payee), receipts=[receipt("R1", DAY + timedelta(days=days), pence, supplier)])
    return found["P1"]["receipt_match_code"]


@pytest.mark.parametrize("days", [-7, 0, 2])
def test_amount_day_and_name_agree(run: Run, days: int) -> None:
    assert code(run, days, 40_00, "Meadow Riding School Ltd") == "exact"


@pytest.mark.parametrize(("days", "expected"), [(3, "date_differs"), (-30, "date_differs"), (-61, None)])
def test_another_day_needs_the_amount_and_the_name(run: Run, days: int, expected: str | None) -> None:
    assert code(run, days, 40_00, "Meadow Riding School") == expected


def test_another_day_and_another_name_are_another_purchase(run: Run) -> None:
    assert code(run, -30, 40_00, "City Cabs") is None


def test_another_name_needs_the_amount_and_the_day(run: Run) -> None:
    assert code(run, -1, 40_00, "Jane's Art Room", "SUMUP *J ART") == "name_differs"


def test_a_slip_without_a_supplier_is_no_agreement_of_names(run: Run) -> None:
    assert code(run, 0, 40_00, None) == "name_differs"


@pytest.mark.parametrize(("pence", "expected"), [(44_00, "amount_differs"), (50_00, "amount_differs"), (51_00, None)])
def test_another_amount_must_be_near_and_the_name_and_day_agree(run: Run, pence: int, expected: str | None) -> None:
    assert code(run, 0, pence, "Meadow Riding School") == expected


def test_the_difference_and_the_days_are_told(run: Run) -> None:
    found = matched(run, paid("P1", DAY, 40_00, "MEADOW RIDING"), receipts=[receipt("R1", DAY - timedelta(days=2), 42_50, "Meadow Riding")])
    assert (found["P1"]["receipt_difference_pence"], found["P1"]["receipt_days"]) == (2_50, -2)
    assert rows_of(run, "matched.receipts", "receipt_id")["R1"]["payment_id"] == "P1"


def test_weekly_payments_of_one_amount_find_each_its_own_receipt(run: Run) -> None:
    weeks = [DAY + timedelta(days=7 * n) for n in range(4)]
    found = matched(
        run,
        *(paid(f"P{n}", on, 20_00, "BRIGHT LAUNDRY") for n, on in enumerate(weeks)),
        receipts=[receipt(f"R{n}", on - timedelta(days=1), 20_00, "Bright Laundry") for n, on in enumerate(weeks)],
    )
    assert [found[f"P{n}"]["receipt_id"] for n in range(4)] == ["R0", "R1", "R2", "R3"]


def test_two_receipts_for_one_payment_leave_one_over(run: Run) -> None:
    papers = [receipt("R1", DAY, 20_00, "Bright Laundry"), receipt("R2", DAY - timedelta(days=3), 20_00, "Bright Laundry")]
    found = matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=papers)
    assert found["P1"]["receipt_id"] == "R1"
    assert rows_of(run, "matched.receipts", "receipt_id")["R2"]["payment_id"] is None


def test_a_receipt_stays_with_its_holder(run: Run) -> None:
    found = matched(
        run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=[receipt("R1", DAY, 20_00, "Bright Laundry", holder_id="H0000000000000002")]
    )
    assert found["P1"]["receipt_id"] is None


def test_money_coming_in_has_no_receipt_beside_it(run: Run) -> None:
    refund = paid("P1", DAY, -20_00, "BRIGHT LAUNDRY", kind_code="refund")
    assert matched(run, refund, receipts=[receipt("R1", DAY, 20_00, "Bright Laundry")])["P1"]["receipt_id"] is None
