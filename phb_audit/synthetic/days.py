"""Days of the made-up world: bank holidays, school terms, month ends, and fast texts of a day in every style senders use.

A day is its proleptic ordinal (`date.toordinal()`): whole numbers add and compare quickly in the loop over lines.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from phb_audit import periods

DATE_STYLES = ("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%d-%b-%y", "%d/%m/%y")
WEEK = 7
# School terms of a made-up county: (month, day) of the first and last day, the same every year.
TERMS = (((1, 5), (2, 13)), ((2, 23), (3, 27)), ((4, 13), (5, 22)), ((6, 1), (7, 21)), ((9, 3), (10, 23)), ((11, 2), (12, 18)))


@cache
def written(ordinal: int, style: str) -> str:
    """The day in one style: `written(d, '%d/%m/%Y')` is '03/11/2025'."""
    return date.fromordinal(ordinal).strftime(style)


@cache
def iso(ordinal: int) -> str:
    """The day as '2025-11-03'."""
    return date.fromordinal(ordinal).isoformat()


@cache
def month_of(ordinal: int) -> int:
    """Months since year 0: the same for two days of one month, one more for the next."""
    day = date.fromordinal(ordinal)
    return day.year * 12 + day.month - 1


def month_start(month: int) -> int:
    """First day of a month given as `month_of` counts."""
    return date(month // 12, month % 12 + 1, 1).toordinal()


def month_name(month: int) -> str:
    """'2025-11' for a month given as `month_of` counts."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def months_before(last: date, months: int) -> date:
    """First day of a window of whole months that ends with the month of `last`."""
    return date.fromordinal(month_start(last.year * 12 + last.month - months))


@cache
def bank_holidays(year: int) -> frozenset[int]:
    """Bank holidays of England in a year (without one-off ones)."""
    return frozenset(day.toordinal() for day in periods.bank_holidays(year))


@cache
def working_day(ordinal: int) -> int:
    """The day itself, or the next on which banks work."""
    while (ordinal - 1) % WEEK >= 5 or ordinal in bank_holidays(date.fromordinal(ordinal).year):
        ordinal += 1
    return ordinal


@cache
def is_term(ordinal: int) -> bool:
    """True on a day within a school term."""
    day = date.fromordinal(ordinal)
    return any(first <= (day.month, day.day) <= last for first, last in TERMS)


@cache
def is_summer_time(ordinal: int) -> bool:
    """True where clocks in London are an hour before UTC (last Sunday of March to last Sunday of October)."""
    day = date.fromordinal(ordinal)
    march, october = date(day.year, 3, 31), date(day.year, 10, 31)
    spring, autumn = (last - timedelta((last.weekday() + 1) % WEEK) for last in (march, october))
    return spring <= day < autumn


@cache
def april_6(year: int) -> int:
    """First day of the tax year, when wages and prices rise."""
    return date(year, 4, 6).toordinal()


@cache
def prices_since(ordinal: int, base: int) -> int:
    """How many Aprils lie between `base` and the day: prices rise once in each."""
    first, last = date.fromordinal(base), date.fromordinal(ordinal)
    return sum(base < april_6(year) <= ordinal for year in range(first.year, last.year + 1))
