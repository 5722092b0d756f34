"""The budget after each payment, to the penny."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.matched.budget_position import anniversary, pro_rata
from phb_audit.periods import year_after
from phb_audit.run import Run
from tests.builders import Row
from tests.matched.worlds import ACCOUNT, HOLDER, matched, paid

STARTS = date(2026, 4, 1)
DAY = date(2026, 6, 10)


def budget(annual_pence: int | None, starts: date = STARTS, **more: object) -> Row:
    named = {"budget_id": f"G{starts}{more.get('account_id', '')}", "holder_id": HOLDER, "account_id": ACCOUNT}
    return {**named, "holding_code": "direct_payment", "annual_pence": annual_pence, "starts_on": starts, **more}


def test_the_budget_to_date_is_pro_rata_by_day_with_the_day_itself(run: Run) -> None:
    first = matched(run, paid("P1", STARTS, 10_00, "A"), paid("P2", date(2027, 3, 31), 10_00, "A"), budgets=[budget(36500_00)])
    assert first["P1"]["budget_to_date_pence"] == 100_00
    assert first["P2"]["budget_to_date_pence"] == 36500_00


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(0, 10**9), st.sampled_from([365, 366]))
def test_the_pro_rata_days_add_up_to_the_year_exactly(annual: int, length: int) -> None:
    days = pl.DataFrame({"day": range(length + 1)}).select(part=pro_rata(pl.lit(annual), pl.col("day"), pl.lit(length)))
    steps = days["part"].diff().drop_nulls()
    assert steps.sum() == annual
    assert steps.max() - steps.min() <= 1  # type: ignore[operator]


@settings(deadline=None)  # a busy machine is no failure
@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)), st.integers(0, 9))
def test_a_budget_year_returns_to_its_day(start: date, years: int) -> None:
    expected = start
    for _ in range(years):
        expected = year_after(expected)
    found = pl.select(anniversary(pl.lit(start), pl.lit(start.year + years))).item()
    assert found - expected in (timedelta(0), timedelta(days=1)), "a leap day may return in a leap year"


def test_spend_adds_up_in_the_order_of_day_and_id_and_a_refund_lowers_it(run: Run) -> None:
    found = matched(
        run,
        paid("P2", DAY, 20_00, "B"),
        paid("P1", DAY, 10_00, "A"),
        paid("P3", DAY + timedelta(days=1), -5_00, "B", kind_code="refund"),
        paid("P4", DAY + timedelta(days=2), -100_00, "NHS", kind_code="instalment", is_spend=False),
        budgets=[budget(1000_00)],
    )
    assert [found[name]["spent_to_date_pence"] for name in ("P1", "P2", "P3", "P4")] == [10_00, 30_00, 25_00, 25_00]
    assert found["P3"]["remaining_pence"] == 975_00


def test_a_new_budget_year_begins_with_nothing_spent(run: Run) -> None:
    found = matched(
        run, paid("P1", date(2026, 3, 31), 10_00, "A"), paid("P2", STARTS, 20_00, "A"), budgets=[budget(365_00, date(2025, 4, 1))]
    )
    assert (found["P1"]["spent_to_date_pence"], found["P2"]["spent_to_date_pence"]) == (10_00, 20_00)
    assert (found["P1"]["budget_to_date_pence"], found["P2"]["budget_to_date_pence"]) == (365_00, 1_00)


def test_a_new_budget_begins_a_new_year(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 10_00, "A"),
        paid("P2", date(2026, 8, 1), 20_00, "A"),
        budgets=[budget(365_00), budget(730_00, date(2026, 8, 1))],
    )
    assert (found["P2"]["spent_to_date_pence"], found["P2"]["remaining_pence"]) == (20_00, 710_00)


def test_a_budget_that_ended_grows_no_further(run: Run) -> None:
    found = matched(
        run, paid("P1", DAY, 10_00, "A"), paid("P2", date(2027, 5, 1), 10_00, "A"), budgets=[budget(365_00, ends_on=date(2026, 4, 10))]
    )
    assert found["P1"]["budget_to_date_pence"] == 10_00
    assert (found["P2"]["budget_to_date_pence"], found["P2"]["remaining_pence"]) == (0, -10_00)


def test_without_a_budget_spend_is_added_up_by_the_financial_year(run: Run) -> None:
    found = matched(run, paid("P1", date(2026, 3, 31), 10_00, "A"), paid("P2", STARTS, 20_00, "A"), paid("P3", DAY, 1_00, "A"))
    assert [found[name]["spent_to_date_pence"] for name in ("P1", "P2", "P3")] == [10_00, 20_00, 21_00]
    assert {row["budget_to_date_pence"] for row in found.values()} == {None}
    assert {row["holding_code"] for row in found.values()} == {"none_on_file"}


def test_one_budget_written_on_two_accounts_counts_once_and_two_parts_add_up(run: Run) -> None:
    second = {"account_id": "B2"}
    found = matched(run, paid("P1", DAY, 10_00, "A"), budgets=[budget(365_00), budget(365_00, **second)])
    assert found["P1"]["remaining_pence"] == 355_00
    other = "H0000000000000002"
    more = matched(
        run,
        paid("P2", DAY, 10_00, "A", holder_id=other),
        budgets=[budget(300_00, holder_id=other), budget(65_00, holder_id=other, **second)],
    )
    assert more["P2"]["remaining_pence"] == 355_00


def test_what_a_later_night_says_of_a_budget_counts(run: Run) -> None:
    found = matched(run, paid("P1", DAY, 10_00, "A"), budgets=[budget(365_00, run_id="QZZ-2026-01-31"), budget(730_00)])
    assert found["P1"]["remaining_pence"] == 720_00


def test_the_way_of_holding_is_the_accounts_on_the_day(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 10_00, "A"),
        paid("P2", date(2026, 9, 1), 10_00, "A"),
        paid("P3", DAY, 10_00, "A", account_id="B2"),
        paid("P4", date(2025, 1, 1), 10_00, "A"),
        budgets=[
            budget(365_00, care_group_code="CHC"),
            budget(365_00, date(2026, 8, 1), holding_code="third_party"),
            budget(365_00, account_id="B2", holding_code="notional"),
        ],
    )
    assert [found[name]["holding_code"] for name in ("P1", "P2", "P3", "P4")] == [
        "direct_payment",
        "third_party",
        "notional",
        "direct_payment",
    ]
    assert found["P1"]["care_group_code"] == "CHC"
    assert found["P4"]["budget_to_date_pence"] is None
