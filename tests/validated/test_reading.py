"""Columns of text read at once give the answers that reading them one by one gives."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.money import pence_of
from phb_audit.validated.reading import holder, is_yes, number, read_days, read_pence, read_utc_days

patient = settings(deadline=None, max_examples=60)
TEXTS = st.lists(
    st.one_of(
        st.none(),
        st.text(alphabet="0123456789.,-()£ CR", max_size=10),
        st.decimals(-1000, 1000, places=2).map(str),
        st.just("12,3.4"),
    ),
    max_size=12,
)


def texts(*values: str | None) -> pl.DataFrame:
    return pl.DataFrame({"text": values}, schema={"text": pl.String})


@patient
@given(TEXTS)
def test_the_quick_way_of_reading_money_answers_as_the_careful_one(values: list[str | None]) -> None:
    read = read_pence(texts(*values), pence="text")["pence"].to_list()
    assert read == [None if value is None else pence_of(value) for value in values]


def test_order_and_repeats_are_kept() -> None:
    read = read_days(texts("02/01/2026", None, "01/01/2026", "rubbish", "02/01/2026"), on="text")["on"].to_list()
    assert read == [date(2026, 1, 2), None, date(2026, 1, 1), None, date(2026, 1, 2)]


def test_an_empty_column_is_read() -> None:
    assert read_pence(texts(), pence="text").schema["pence"] == pl.Int64
    assert read_days(texts(None), on="text")["on"].to_list() == [None]


def test_minutes_are_cut_without_moving_a_day() -> None:
    read = read_utc_days(
        texts("2026-07-01 22:59:59", "2026-07-01 23:00:00", "2026-07-01T23:59Z", "2026-07-01", "01/12/2026 23:59"), on="text"
    )
    assert read["on"].to_list() == [date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 2), date(2026, 7, 1), date(2026, 12, 1)]


def test_yes_is_yes_in_every_hand() -> None:
    read = texts("Yes", " y ", "TRUE", "1", "no", "", None).select(is_yes(pl.col("text"))).to_series().to_list()
    assert read == [True, True, True, True, False, False, False]


def test_numbers_are_rounded_before_they_are_kept() -> None:
    assert texts("1,040.1234567", "x", None).select(number(pl.col("text"))).to_series().to_list() == [1040.123457, None, None]


def test_a_number_that_failed_its_check_digit_is_nobody() -> None:
    frame = pl.DataFrame({"holder_ref": ["Habc", "!abc", None]})
    assert frame.select(holder()).to_series().to_list() == ["Habc", None, None]
