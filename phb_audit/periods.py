"""Dates as senders write them, and the periods an audit counts in. Nothing here asks what day it is."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import polars as pl

# Day first, as the UK writes; ISO; named months; Excel's datetime text. Order matters: the first that fits wins.
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d")
MOMENT_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
EARLIEST = date(2005, 1, 1)
LATEST = date(2100, 1, 1)


def day(text: pl.Expr) -> pl.Expr:
    """Date text to Date; null where it is no date in 2005-2099. A time after the date is dropped (see `utc_day`)."""
    trimmed = text.str.strip_chars().str.replace(r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$", "")
    trimmed = trimmed.str.replace_all(r"\b(\d)\b", "0$1")
    return pl.coalesce([_in_our_time(trimmed.str.to_date(form, strict=False, exact=True)) for form in DATE_FORMATS])


def _in_our_time(tried: pl.Expr) -> pl.Expr:
    # '01/07/26' also reads as the year 26 under %Y: a reading outside our time is no reading.
    return pl.when(tried.is_between(EARLIEST, LATEST, closed="left")).then(tried)


def utc_day(text: pl.Expr) -> pl.Expr:
    """UTC timestamp text ('2026-07-01 23:30:00', with T or Z) to the Date it was in London; a bare date stays as it is."""
    trimmed = text.str.strip_chars().str.replace("T", " ").str.replace(r"(\.\d+)?\s*(Z|UTC|\+00:?00)?$", "")
    moment = pl.coalesce(
        [
            trimmed.str.to_datetime(form, strict=False)
            for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
        ]
    )
    london = moment.dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/London").dt.date()
    return pl.coalesce([london, day(text)])


def financial_year(on: date) -> int:
    """The year in which the financial year of `on` began: 31 March 2026 is 2025."""
    return on.year if (on.month, on.day) >= (4, 1) else on.year - 1


def year_after(on: date) -> date:
    """The same day next year; 29 February becomes 28 February."""
    try:
        return on.replace(year=on.year + 1)
    except ValueError:
        return on + timedelta(days=365)


def year_before(on: date) -> date:
    """The same day of the year before; 29 February becomes 28 February."""
    return on.replace(year=on.year - 1, day=28) if (on.month, on.day) == (2, 29) else on.replace(year=on.year - 1)


def plain_day(on: date) -> str:
    """A date as people read it: '3 May 2026'."""
    return f"{on.day} {on:%B} {on.year}"


def plain_day_expr(on: pl.Expr) -> pl.Expr:
    """A date as people read it, as an expression."""
    return on.dt.strftime("%-d %B %Y")


def is_day_off(on: pl.Expr) -> pl.Expr:
    """A Saturday, a Sunday or a bank holiday of England."""
    holidays = [day for year in range(EARLIEST.year, LATEST.year) for day in bank_holidays(year)]
    return (on.dt.weekday() > 5) | on.is_in(holidays)


@cache
def bank_holidays(year: int) -> tuple[date, ...]:
    """Bank holidays of England in a year (without one-off ones), in order."""
    sunday = easter(year)
    first_may, last_may, last_august = date(year, 5, 1), date(year, 5, 31), date(year, 8, 31)
    days = {sunday - timedelta(2), sunday + timedelta(1)}
    days |= {first_may + timedelta(-first_may.weekday() % 7)}
    days |= {last - timedelta(last.weekday()) for last in (last_may, last_august)}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while fixed.weekday() >= 5 or fixed in days:
            fixed += timedelta(1)
        days.add(fixed)
    return tuple(sorted(days))


def easter(year: int) -> date:
    """Easter Sunday (anonymous Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    extra = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * extra) // 451
    month, day = divmod(h + extra - 7 * m + 114, 31)
    return date(year, month, day + 1)


def quarter_named_by(on: date) -> str:
    """The NHS quarter of a day: '2026/27 Q2' is July to September 2026."""
    year = financial_year(on)
    return f"{year}/{(year + 1) % 100:02d} Q{((on.month - 4) % 12) // 3 + 1}"


def quarter_end(on: date) -> date:
    """The last day of the quarter of a day; NHS quarters end with those of the calendar."""
    following = (on.month - 1) // 3 * 3 + 4
    return date(on.year + following // 13, following % 12, 1) - timedelta(days=1)


def quarter_ends(up_to: date, number: int) -> list[date]:
    """So many quarters' last days, the last one on or before the day."""
    ends = [quarter_end(up_to)]
    if ends[0] > up_to:
        ends = [date(up_to.year, (up_to.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)]
    while len(ends) < number:
        ends.append(date(ends[-1].year, ends[-1].month - 2, 1) - timedelta(days=1))
    return ends[::-1]
