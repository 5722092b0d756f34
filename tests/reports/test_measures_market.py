"""Whose money a measure of employing and of providers is: how many people are behind both sides of each ratio."""

from __future__ import annotations

from datetime import date

from phb_audit.reports.measures_market import measures
from phb_audit.reports.protected import protect
from phb_audit.run import Run
from tests.builders import fill
from tests.finance import worlds as a

FIRST, LAST = date(2026, 5, 1), date(2026, 5, 30)
MAY, APRIL = date(2026, 5, 5), date(2026, 4, 15)
CARE = {"category_code": "C08", "payee_shown": "Care"}


def measured(run: Run, name: str) -> dict[str, object]:
    return measures(run.warehouse, FIRST, LAST).filter(measure_id=name).row(0, named=True)


def paid(who: int, payee: str, pence: int, on: date = MAY) -> dict[str, object]:
    return {"holder_id": f"H{who:016d}", "payee_id": payee, "amount_pence": pence, "paid_on": on, **CARE}


def test_a_person_of_two_businesses_is_one_and_a_business_of_last_month_has_nobody(run: Run) -> None:
    a.with_spend(
        run, *(paid(who, "M1", 10_00) for who in range(6)), *(paid(who, "M2", 5_00) for who in range(5)), paid(9, "M3", 1_00, APRIL)
    )
    row = measured(run, "market.largest")
    assert (row["n"], row["denominator"], row["denominator_n"]) == (5, 85_00, 6)


def test_the_largest_of_few_people_go_also_where_a_business_of_last_month_is_among_them(run: Run) -> None:
    a.with_spend(run, *(paid(who, "M1", 10_00) for who in range(3)), paid(9, "M2", 1_00, APRIL))
    row = protect(measures(run.warehouse, FIRST, LAST)).filter(measure_id="market.largest").row(0, named=True)
    assert (row["value"], row["numerator"], row["denominator"]) == (None, None, None)


def test_pay_of_few_goes_where_nobody_paid_a_fee(run: Run) -> None:
    days = {"period_from_on": date(2026, 4, 27), "period_to_on": date(2026, 5, 3), "paid_on": MAY}
    slips = [
        {"pay_slip_id": f"W{who}", "holder_id": f"H{who:016d}", "employee_id": "E1", "gross_pence": 600_00, **days} for who in range(3)
    ]
    fill(run, {"validated.pay_slips": slips})
    row = protect(measures(run.warehouse, FIRST, LAST)).filter(measure_id="payroll.fees").row(0, named=True)
    assert (measured(run, "payroll.fees")["denominator"], row["denominator"], row["value"]) == (1_800_00, None, None)
