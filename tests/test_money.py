"""Amounts as senders write them: read to the penny or not at all, and written for people in one way."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.money import MOST_PENCE, pence, pence_of, pence_series, pounds, pounds_expr

patient = settings(deadline=None)  # a busy machine is not a wrong answer
AMOUNTS = st.integers(-MOST_PENCE, MOST_PENCE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.30", 12_30),
        ("12.3", 12_30),
        ("12", 12_00),
        ("12.", 12_00),
        (".50", 50),
        ("1,234.56", 1_234_56),
        ("12,345,678.90", 12_345_678_90),
        ("£12.30", 12_30),
        ("GBP 12.30", 12_30),
        (" 12.30 ", 12_30),
        ("12.3000", 12_30),
        ("-12.30", -12_30),
        ("-£12.30", -12_30),
        ("12.30-", -12_30),
        ("(12.30)", -12_30),
        ("(£1,234.56)", -1_234_56),
        ("12.30CR", -12_30),
        ("12.30 DR", 12_30),
        ("+12.30", 12_30),
        ("−12.30", -12_30),  # noqa: RUF001 - a true minus sign, as some exports write it
        ("0.00", 0),
    ],
)
def test_an_amount_is_read_to_the_penny(text: str, expected: int) -> None:
    assert pence_of(text) == expected


@pytest.mark.parametrize("text", ["", "abc", "12.345", "1,23.45", "12,3.4", "1.2.3", "--5", "12 x", "1e5", "£", "5%", "9999999999999.00"])
def test_what_is_no_amount_is_never_guessed_at(text: str) -> None:
    assert pence_of(text) is None


def test_null_stays_null() -> None:
    assert pl.DataFrame({"text": [None]}, schema={"text": pl.String}).select(pence(pl.col("text"))).item() is None


@patient
@given(AMOUNTS)
def test_what_is_written_for_people_reads_back_as_the_same_pence(amount: int) -> None:
    assert pence_of(pounds(amount)) == amount


@patient
@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_both_writers_write_alike(amounts: list[int]) -> None:
    written = pl.DataFrame({"pence": amounts}).select(pounds_expr(pl.col("pence"))).to_series().to_list()
    assert written == [pounds(amount) for amount in amounts]


@patient
@given(AMOUNTS)
def test_brackets_minus_and_cr_all_make_an_amount_negative(amount: int) -> None:
    size = pounds(abs(amount))
    assert {pence_of(f"({size})"), pence_of(f"-{size}"), pence_of(f"{size}-"), pence_of(f"{size}CR")} == {-abs(amount)}


@patient
@given(st.text(max_size=12))
def test_any_text_is_read_or_null_and_never_an_error(text: str) -> None:
    value = pence_of(text)
    assert value is None or abs(value) <= MOST_PENCE


def test_a_plus_is_written_only_where_it_is_asked_for() -> None:
    assert [pounds(5_00), pounds(5_00, sign=True), pounds(-5_00, sign=True), pounds(0, sign=True)] == ["£5.00", "+£5.00", "-£5.00", "£0.00"]


def test_a_column_of_amounts_reads_as_each_of_its_texts_does() -> None:
    texts = ["1.00", "-12.34", "£1,000.50", None, "x", "", "(5)", "1.5", "12 CR", " 3.20", "1.000", "999999999.99", "1000000000.01", "1.00"]
    column = pl.Series("amount_text", texts, dtype=pl.String)
    for some in (column, column.drop_nulls(), column.head(2), column.head(0), column.filter(column.is_null())):
        assert pence_series(some).to_list() == [None if text is None else pence_of(text) for text in some]
        assert (pence_series(some).name, pence_series(some).dtype) == ("amount_text", pl.Int64)
