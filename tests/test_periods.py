"""Dates as senders write them, London's days, and the periods an audit counts in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.periods import EARLIEST, LATEST, day, financial_year, plain_day, plain_day_expr, utc_day, year_after

patient = settings(deadline=None)  # a busy machine is not a wrong answer
DAYS = st.dates(EARLIEST, LATEST - timedelta(days=1))


def read(text: str | None) -> date | None:
    found: date | None = pl.DataFrame({"text": [text]}, schema={"text": pl.String}).select(day(pl.col("text"))).item()
    return found


def read_utc(text: str) -> date | None:
    found: date | None = pl.DataFrame({"text": [text]}).select(utc_day(pl.col("text"))).item()
    return found


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01",
        "01/07/2026",
        "1/7/2026",
        "01/07/26",
        "1/7/26",
        "01-Jul-2026",
        "1-Jul-26",
        "1 Jul 2026",
        "01 July 2026",
        "01.07.2026",
        "01-07-2026",
        "20260701",
        "2026-07-01 23:59:00",
        "2026-07-01T10:00:00Z",
        "01/07/2026 09:30",
        " 01/07/2026 ",
    ],
)
def test_the_first_of_july_in_every_style(text: str) -> None:
    assert read(text) == date(2026, 7, 1)


@pytest.mark.parametrize("text", ["", "not known", "00/00/0000", "31/02/2026", "13/13/2026", "01/07/1999", "2126-07-01", "7", None])
def test_what_is_no_day_of_our_time_is_null(text: str | None) -> None:
    assert read(text) is None


def test_a_day_is_read_before_a_month_as_the_uk_writes() -> None:
    assert read("03/04/2026") == date(2026, 4, 3)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%b-%Y", "%d %B %Y", "%d.%m.%Y", "%Y%m%d"])
@patient
@given(on=DAYS)
def test_every_day_reads_back_in_every_style(form: str, on: date) -> None:
    if form != "%d/%m/%y" or on.year < 2069:  # two digits above 68 are read as the last century
        assert read(on.strftime(form)) == on


@patient
@given(st.text(max_size=14))
def test_any_text_is_a_day_or_null_and_never_an_error(text: str) -> None:
    found = read(text)
    assert found is None or EARLIEST <= found < LATEST


def test_half_past_eleven_at_night_in_summer_is_the_next_day_in_london() -> None:
    assert read_utc("2026-07-01 23:30:00") == date(2026, 7, 2)
    assert read_utc("2026-07-01T22:59:59Z") == date(2026, 7, 1)


def test_in_winter_london_keeps_the_utc_day() -> None:
    assert read_utc("2026-12-01 23:59:59") == date(2026, 12, 1)


def test_a_bare_day_stays_as_it_is() -> None:
    assert read_utc("2026-07-01") == date(2026, 7, 1)


@patient
@given(st.datetimes(datetime(2006, 1, 1), datetime(2036, 12, 31)))  # noqa: DTZ001 - taken as UTC below
def test_the_day_in_london_is_what_the_time_zone_says(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    expected = moment.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/London")).date()
    assert read_utc(moment.strftime("%Y-%m-%d %H:%M:%S")) == expected


@patient
@given(DAYS)
def test_a_financial_year_begins_on_the_first_of_april(on: date) -> None:
    year = financial_year(on)
    assert date(year, 4, 1) <= on < date(year + 1, 4, 1)


def test_a_year_after_a_leap_day_is_the_twenty_eighth() -> None:
    assert [year_after(date(2024, 2, 29)), year_after(date(2026, 10, 31))] == [date(2025, 2, 28), date(2027, 10, 31)]


@patient
@given(DAYS)
def test_both_writers_of_days_write_alike(on: date) -> None:
    assert pl.DataFrame({"on": [on]}).select(plain_day_expr(pl.col("on"))).item() == plain_day(on)


def test_a_day_for_people_has_no_leading_nought() -> None:
    assert plain_day(date(2026, 5, 3)) == "3 May 2026"
