"""Periods: yearly amounts cut to days, and parts of a thousand, both to the penny."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.finance.period import Period, accrued_within, thousandths

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def within(annual: int, starts: date, ends: date | None, period: Period) -> int:
    frame = pl.DataFrame({"a": [annual], "s": [starts], "e": [ends]}, schema={"a": pl.Int64, "s": pl.Date, "e": pl.Date})
    return int(frame.select(accrued_within(pl.col("a"), pl.col("s"), pl.col("e"), period)).item())


def test_a_whole_budget_year_is_the_whole_budget_in_leap_years_too() -> None:
    for year in (2026, 2027, 2028):
        assert within(12_345_67, date(2026, 4, 1), None, Period(date(year, 4, 1), date(year + 1, 3, 31))) == 12_345_67


def test_a_budget_that_ends_counts_to_its_last_day() -> None:
    assert within(365_00, date(2026, 4, 1), date(2026, 4, 10), Period(date(2026, 4, 1), date(2027, 3, 31))) == 10_00
    assert within(365_00, date(2026, 4, 1), date(2026, 3, 1), Period(date(2026, 4, 1), date(2027, 3, 31))) == 0


def test_a_budget_that_has_not_begun_is_nothing() -> None:
    assert within(365_00, date(2027, 4, 1), None, Period(date(2026, 4, 1), date(2027, 3, 31))) == 0


@given(st.integers(0, 10**8), DAYS, DAYS, st.integers(0, 800), st.integers(1, 800))
def test_adjoining_periods_add_up_to_the_penny(annual: int, starts: date, first: date, one: int, two: int) -> None:
    middle = first + timedelta(days=one)
    last = middle + timedelta(days=two)
    parts = within(annual, starts, None, Period(first, middle)) + within(annual, starts, None, Period(middle + timedelta(days=1), last))
    assert parts == within(annual, starts, None, Period(first, last))


@given(st.lists(st.integers(-1_000, 10**9), min_size=1, max_size=40))
def test_a_thousand_pounds_divides_without_a_penny_lost(pence: list[int]) -> None:
    parts = thousandths(pl.Series("p", pence, dtype=pl.Int64))
    assert parts.sum() == (100_000 if sum(pence) > 0 else 0)


def test_thirds_of_a_thousand_pounds() -> None:
    assert thousandths(pl.Series("p", [1, 1, 1], dtype=pl.Int64)).to_list() == [33_334, 33_333, 33_333]


def test_a_period_has_a_day() -> None:
    with pytest.raises(ValueError, match="no day"):
        Period(date(2026, 5, 2), date(2026, 5, 1))
    assert Period.year_to(date(2026, 3, 31)).first == date(2025, 4, 1)
