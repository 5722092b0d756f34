"""The minimum wage as it is shipped: dated, in order, and part of what makes rules new."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.wage_rates import minimum_wages


def test_each_row_is_a_rise_on_the_first_of_april() -> None:
    rates = minimum_wages()
    assert rates["rate_from_on"].is_sorted() and rates["rate_from_on"].n_unique() == rates.height
    assert {(day.month, day.day) for day in rates["rate_from_on"]} == {(4, 1)}
    assert all(rates[name].diff().drop_nulls().min() > 0 for name in ("adult_pence", "young_pence"))


def test_younger_people_may_be_paid_less() -> None:
    assert minimum_wages().filter(pl.col("young_pence") >= pl.col("adult_pence")).is_empty()


def test_the_rate_of_a_day_is_that_of_the_last_rise_before_it() -> None:
    days = pl.DataFrame({"on": [date(2026, 3, 31), date(2026, 4, 1), date(2030, 1, 1)]})
    rates = days.join_asof(minimum_wages(), left_on="on", right_on="rate_from_on")
    assert rates["adult_pence"].to_list() == [12_21, 12_71, 12_71]
