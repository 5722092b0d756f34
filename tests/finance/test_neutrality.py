"""Cost neutrality, by hand: what is in the full cost, what it is held against, and how sure the ratio is."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.finance.ratios import ratio_interval
from phb_audit.run import Run
from tests.builders import fill
from tests.finance import worlds as a


def test_full_cost_is_the_first_budget_with_support_and_set_up_and_stands_against_what_was_quoted_then(run: Run) -> None:
    start = date(2026, 4, 1)
    fill(run, {
        "validated.budgets": [a.budget(10_000_00), a.budget(14_000_00, starts=date(2027, 4, 1))],
        "validated.contracts": [
            a.contract(1, 9_000_00, kind_code="alternative", starts=start),
            a.contract(2, 2_500_00, kind_code="alternative", starts=date(2026, 5, 1), category_code="C10"),
            a.contract(3, 99_000_00, kind_code="alternative", starts=date(2026, 10, 1)),
            a.contract(4, 520_00, kind_code="support", starts=start),
            a.contract(5, 300_00, kind_code="set_up", starts=date(2026, 3, 15), frequency_code="one-off"),
            a.contract(6, 5_000_00, starts=start),
        ],
    })  # fmt: skip
    (row,) = a.asked(run, "cost_neutrality", a.TO_DATE)
    assert (row["annual_pence"], row["support_pence"], row["set_up_pence"], row["full_pence"]) == (10_000_00, 520_00, 300_00, 10_820_00)
    assert (row["alternative_pence"], row["difference_pence"]) == (11_500_00, -680_00)


def test_somebody_without_an_alternative_is_counted_and_in_no_sum(run: Run) -> None:
    holders = [f"H{number:016d}" for number in range(8)]
    fill(run, {
        "validated.budgets": [
            a.budget(10_000_00 + 500_00 * place, holder_id=holder, holding_code="direct_payment" if place < 6 else "notional")
            for place, holder in enumerate(holders)
        ],
        "validated.contracts": [
            a.contract(place, 12_500_00, holder_id=holder, kind_code="alternative", starts=date(2026, 4, 1))
            for place, holder in enumerate(holders[:7])
        ],
    })  # fmt: skip
    rows = {(row["group_code"], row["group_key"]): row for row in a.asked(run, "neutrality_by_type", a.TO_DATE)}
    whole = rows["all", ""]
    assert (whole["people_count"], whole["not_quoted_count"], whole["dearer_count"]) == (7, 1, 1)
    assert whole["full_pence"] == 7 * 10_000_00 + 500_00 * 21
    assert whole["cost_ratio"] == pytest.approx(80_500 / 87_500)
    assert whole["lower"] < whole["cost_ratio"] < whole["upper"]  # type: ignore[operator]
    notional = rows["holding", "notional"]
    assert (notional["people_count"], notional["not_quoted_count"], notional["lower"]) == (1, 1, None)
    assert rows["care_group", "not_told"]["people_count"] == 7


def test_the_interval_is_fiellers() -> None:
    """Worked by hand: means 2.4 and 3, variances of the means 0.26 and 0.1 and covariance 0.15, t of 4 degrees 2.776."""
    tops, bottoms = pl.Series([1, 2, 2, 3, 4]), pl.Series([2, 3, 3, 3, 4])
    low, high = ratio_interval(tops, bottoms)
    t2 = 2.7764451**2
    a_, b, c = 9 - t2 * 0.1, 7.2 - t2 * 0.15, 5.76 - t2 * 0.26
    root = (b * b - a_ * c) ** 0.5
    assert (low, high) == (pytest.approx((b - root) / a_), pytest.approx((b + root) / a_))


def test_four_people_and_sums_that_could_be_nought_have_no_interval() -> None:
    assert ratio_interval(pl.Series([1, 2, 3, 4]), pl.Series([1, 2, 3, 4])) == (None, None)
    assert ratio_interval(pl.Series([1, 2, 3, 4, 5]), pl.Series([100, 0, 0, 0, 0])) == (None, None)


def test_where_everybody_has_the_same_ratio_nothing_is_unsure() -> None:
    assert ratio_interval(pl.Series([9, 18, 27, 36, 45]), pl.Series([10, 20, 30, 40, 50])) == (pytest.approx(0.9), pytest.approx(0.9))
