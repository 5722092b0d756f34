"""Hours and rates read off the plan's own words; where the words leave a doubt nothing is held against anybody."""

from __future__ import annotations

import pytest

from phb_audit.rules.agreed_hours import agreed_hours
from phb_audit.rules.example import Example


def agreed(*lines: tuple[str, str, int]) -> tuple[float | None, int | None, bool]:
    """Hours a week, rate and live-in of one plan version with these lines (words, frequency, yearly pence)."""
    rows = tuple(
        {
            "plan_line_id": f"PL1/v1/{place}",
            "category_code": "C01",
            "description": words,
            "frequency_code": frequency,
            "annual_pence": pence,
        }
        for place, (words, frequency, pence) in enumerate(lines)
    )
    row = agreed_hours(Example("", "flagged", {"plan_lines": rows}, 0).spending()).collect().row(0, named=True)
    return row["agreed_hours"], row["agreed_rate_pence"], row["is_live_in"]


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("Personal assistants, 40 hours a week", 40.0),
        ("PA wages for 12.5 hours' support a week", 12.5),
        ("Own team of PAs, 54 hrs pw", 54.0),
        ("PA wages, 20 hours", None),
        ("20 hours a week, 30 hours a week in school holidays", None),
        ("Own team of PAs", None),
    ],
)
def test_hours_are_read_where_the_words_say_one_number_a_week(words: str, hours: float | None) -> None:
    assert agreed((words, "4-weekly", 0))[0] == hours


def test_a_weekly_line_need_not_say_week() -> None:
    assert agreed(("PA wages, 20 hours", "weekly", 0))[0] == 20.0


def test_lines_add_up_and_one_without_hours_leaves_all_open() -> None:
    day, night = ("Day team, 20 hours a week", "weekly", 0), ("Night team, 10 hours a week", "weekly", 0)
    assert agreed(day, night)[0] == 30.0
    assert agreed(day, ("Night team", "weekly", 0))[0] is None


def test_a_rate_in_words_comes_before_money_over_hours() -> None:
    assert agreed(("20 hours a week at £13.50 an hour", "weekly", 20_800_00))[1] == 13_50
    assert agreed(("20 hours a week", "weekly", 20_800_00))[1] == 20_00


def test_live_in_is_no_number_of_hours() -> None:
    hours, _, is_live_in = agreed(("Live-in team, 24 hour cover every week", "weekly", 0))
    assert is_live_in and hours is None
