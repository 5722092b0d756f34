from __future__ import annotations

from datetime import date

import pytest

from phb_audit.periods import easter
from phb_audit.synthetic import days


def number(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(("year", "sunday"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28")])
def test_easter(year: int, sunday: str) -> None:
    assert easter(year).isoformat() == sunday


def test_bank_holidays_of_2026() -> None:
    assert sorted(days.iso(day) for day in days.bank_holidays(2026)) == [
        "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
    ]  # fmt: skip


def test_a_payment_due_on_good_friday_is_made_on_tuesday() -> None:
    assert days.iso(days.working_day(number("2026-04-03"))) == "2026-04-07"
    assert days.iso(days.working_day(number("2026-04-08"))) == "2026-04-08"


def test_terms() -> None:
    assert days.is_term(number("2026-03-10"))
    assert not days.is_term(number("2026-08-10"))
    assert not days.is_term(number("2026-10-27"))


def test_summer_time() -> None:
    assert [days.is_summer_time(number(day)) for day in ("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25")] == [
        False,
        True,
        True,
        False,
    ]


def test_a_window_of_whole_months() -> None:
    assert days.months_before(date(2026, 10, 31), 12) == date(2025, 11, 1)
    assert days.months_before(date(2026, 3, 15), 1) == date(2026, 3, 1)
    assert days.month_name(days.month_of(number("2026-03-15"))) == "2026-03"


def test_prices_rise_once_each_april() -> None:
    assert days.prices_since(number("2026-10-31"), number("2026-04-05")) == 1
    assert days.prices_since(number("2026-10-31"), number("2026-04-06")) == 0
    assert days.prices_since(number("2026-10-31"), number("2024-01-01")) == 3


def test_every_style_of_a_day() -> None:
    assert [days.written(number("2026-03-05"), style) for style in days.DATE_STYLES] == [
        "05/03/2026", "2026-03-05", "05 Mar 2026", "05-Mar-26", "05/03/26",
    ]  # fmt: skip
