"""Calendar months: the last so many up to a day, and one by its name."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from phb_audit.errors import UsageError

Month = tuple[date, date, str]


def months_to(last_on: date, count: int) -> list[Month]:
    """The first day, last day and name ('October 2026') of so many months, the last one that of `last_on`."""
    whole = last_on.year * 12 + last_on.month - 1
    return [_month(*divmod(number, 12)) for number in range(whole - count + 1, whole + 1)]


def month_named(text: str) -> Month:
    """The month 'YYYY-MM'. Raises UsageError for anything else."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise UsageError(f"--month {text!r} is no month.", do="Write it as 2026-10.")
    return _month(int(text[:4]), int(text[5:]) - 1)


def _month(year: int, zero_based: int) -> Month:
    first = date(year, zero_based + 1, 1)
    return first, first.replace(day=monthrange(year, first.month)[1]), f"{first:%B} {year}"
