"""Who the money goes to, by hand: on-costs, businesses that grow, services that lose custom, receipts counted by two bodies."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.finance.period import Period
from phb_audit.rules.council_share import above_share, shares
from phb_audit.run import Run
from tests.builders import Row, fill
from tests.finance import worlds as a

MAY = date(2026, 5, 5)


def slip(number: int, **more: object) -> Row:
    """600 gross: 40 tax, 20 insurance, 30 pension from pay, so 510 net; the employer adds 18 to the pension, and 50 insurance."""
    days = {"period_from_on": date(2026, 4, 27), "period_to_on": date(2026, 5, 3), "paid_on": MAY}
    pay = {"gross_pence": 600_00, "tax_pence": 40_00, "employee_ni_pence": 20_00, "net_pence": 510_00, "pension_pence": 48_00}
    return {"pay_slip_id": f"W{number}", "holder_id": a.HOLDER, "employee_id": "E1", "employer_ni_pence": 50_00, **days, **pay, **more}


def test_on_costs_are_the_employers_insurance_and_its_share_of_the_pension(run: Run) -> None:
    fill(run, {"validated.pay_slips": [slip(1), slip(2)]})
    a.with_spend(run, {"amount_pence": 24_00, "category_code": "C04"}, {"amount_pence": 9_00, "category_code": "C03"})
    (row,) = a.asked(run, "payroll_costs")
    assert (row["slips_count"], row["gross_pence"], row["employer_ni_pence"], row["employer_pension_pence"]) == (2, 1_200_00, 100_00, 36_00)
    assert (row["on_cost_pence"], row["on_cost_share"], row["fees_pence"], row["insurance_pence"]) == (
        136_00, pytest.approx(136 / 1_200), 24_00, 9_00,
    )  # fmt: skip


@pytest.mark.parametrize("more", [{"employer_ni_pence": None}, {"pension_pence": None}, {"net_pence": 400_00}, {"tax_pence": None}])
def test_a_slip_that_does_not_tell_enough_leaves_on_costs_unknown(run: Run, more: dict[str, object]) -> None:
    fill(run, {"validated.pay_slips": [slip(1), slip(2, **more)]})
    (row,) = a.asked(run, "payroll_costs")
    assert (row["on_cost_pence"], row["on_cost_share"]) == (None, None)


def test_a_businesss_share_is_held_against_as_many_days_before(run: Run) -> None:
    period = Period(date(2026, 5, 1), date(2026, 5, 30))
    paid = [
        ("M1", 60_00, MAY),
        ("M2", 40_00, MAY),
        ("M1", 10_00, date(2026, 4, 1)),
        ("M2", 30_00, date(2026, 4, 30)),
        ("M1", 99_00, date(2026, 3, 31)),
    ]
    more = {"category_code": "C08", "payee_shown": "Care"}
    others = [{"amount_pence": 7_00, "category_code": "H02", "payee_id": "M3"}, {"amount_pence": 5_00, "category_code": "C08"}]
    crowd = [{"amount_pence": 10_00, "payee_id": "M1", "holder_id": f"H{place:016d}", **more} for place in range(10, 15)]
    a.with_spend(run, *({"payee_id": who, "amount_pence": pence, "paid_on": on, **more} for who, pence, on in paid), *others, *crowd)
    rows = {row["payee_id"]: row for row in a.asked(run, "provider_share", period)}
    assert {"M3"} & set(rows) == set()
    first, second = rows["M1"], rows["M2"]
    assert (first["spent_pence"], first["before_pence"], first["people_count"], first["is_growing"]) == (110_00, 10_00, 6, True)
    assert (second["spent_pence"], second["before_share"], second["is_growing"]) == (40_00, 0.75, False)
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1)


def test_a_service_that_loses_a_quarter_of_its_weeks_is_told_and_where_they_went(run: Run) -> None:
    holders = [f"H{place:016d}" for place in range(8)]
    ended = {0: date(2026, 5, 1), 1: date(2026, 6, 1), 2: date(2026, 10, 1)}
    one = [
        a.contract(place, 5_200_00, holder_id=holder, ends_on=ended.get(place), supplier_name="Anchor Lane")
        for place, holder in enumerate(holders)
    ]
    new = a.contract(20, 5_200_00, supplier_name="Beacon", starts=MAY)
    stopped = a.contract(21, 5_200_00, supplier_name="Closed", paid_to_on=date(2026, 6, 30), holder_id=holders[7])
    fill(
        run,
        {
            "validated.contracts": [*one, new, stopped],
            "validated.budgets": [a.budget(1_000_00, holder_id=holder) for holder in holders[:3]],
        },
    )
    rows = {row["supplier_name"]: row for row in a.asked(run, "service_custom", a.TO_DATE)}
    anchor = rows["Anchor Lane"]
    assert (anchor["before_count"], anchor["after_count"], anchor["to_budgets_count"], anchor["is_losing"]) == (8, 5, 2, True)
    assert (anchor["before_weekly_pence"], anchor["lost_share"]) == (800_00, pytest.approx(3 / 8))
    assert (rows["Beacon"]["before_count"], rows["Beacon"]["after_count"], rows["Beacon"]["lost_share"]) == (0, 1, None)
    assert (rows["Closed"]["after_count"], rows["Closed"]["is_losing"]) == (0, False), "one person is no service that closes"


def joint(run: Run, *claims: Row, receipts: tuple[Row, ...] = (), paid: str | None = "R1") -> None:
    split = {"holder_id": a.HOLDER, "kind_code": "regular", "amount_pence": 1_000_00}
    fill(run, {
        "validated.instalments": [
            {**split, "instalment_id": "T1", "paid_on": date(2026, 4, 1), "health_pence": 600_00, "council_pence": 400_00},
            {**split, "instalment_id": "T2", "paid_on": date(2026, 5, 1), "health_pence": 600_00, "council_pence": 300_00},
            {**split, "instalment_id": "T3", "paid_on": date(2026, 3, 1), "health_pence": 600_00, "council_pence": 400_00},
        ],
        "validated.council_claims": [
            {"claim_id": f"J{number}", "holder_id": a.HOLDER, "dated_on": MAY, "total_pence": 50_00, "invoice_number": "17", **claim}
            for number, claim in enumerate(claims)
        ],
        "validated.receipts": list(receipts),
    })  # fmt: skip
    if paid:
        fill(run, {"matched.payments": [{"payment_id": "P1", "holder_id": a.HOLDER, "receipt_id": paid, "is_spend": True}]})


OURS = {"receipt_id": "R1", "holder_id": a.HOLDER, "dated_on": MAY, "total_pence": 50_00, "invoice_number": "17"}


def test_joint_money_is_split_as_it_came_and_what_does_not_add_up_stands_apart(run: Run) -> None:
    joint(run)
    (row,) = a.asked(run, "joint_budget", a.TO_DATE)
    assert (row["health_pence"], row["council_pence"], row["not_split_pence"], row["council_share"]) == (600_00, 400_00, 1_000_00, 0.4)


def test_a_receipt_counted_whole_by_the_council_and_paid_from_the_account_is_in_both_books(run: Run) -> None:
    joint(run, {"claimed_pence": 50_00}, receipts=(OURS, {**OURS, "receipt_id": "R0", "invoice_number": "16"}))
    (claim,) = a.asked(run, "joint_claim", a.TO_DATE)
    assert (claim["receipt_id"], claim["over_pence"], claim["is_counted_by_both"]) == ("R1", 30_00, True)
    (row,) = a.asked(run, "joint_budget", a.TO_DATE)
    assert (row["claims_count"], row["both_count"], row["both_pence"]) == (1, 1, 30_00)


def test_what_the_council_counts_of_a_budget_it_pays_nothing_into_is_all_beyond_its_share() -> None:
    rows = {"holder_id": ["H1"], "amount_pence": [100], "health_pence": [None], "council_pence": [40]}
    unsplit = pl.LazyFrame(rows, schema_overrides={"health_pence": pl.Int64})
    claim = pl.LazyFrame({"holder_id": ["H1"], "total_pence": [50_00], "claimed_pence": [20_00]})
    assert claim.join(shares(unsplit), on="holder_id", how="left").select(above_share()).collect().item() == 20_00


def test_its_share_a_pound_more_or_a_receipt_nobody_paid_here_is_counted_by_one(run: Run) -> None:
    joint(run, {"claimed_pence": 20_00}, {"claimed_pence": 21_00}, {"claimed_pence": 50_00, "total_pence": 60_00}, receipts=(OURS,))
    rows = a.asked(run, "joint_claim", a.TO_DATE)
    assert [(row["over_pence"], row["is_paid_here"], row["is_counted_by_both"]) for row in rows] == [
        (0, True, False), (1_00, True, False), (26_00, False, False),
    ]  # fmt: skip
