"""Growth, the forecast and its back-test, the national numbers it is held against, and the quarters of the NHS year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from phb_audit.errors import UsageError
from phb_audit.finance import lines
from phb_audit.finance.growth import back_test, forecast, growth_of, line_of_stress
from phb_audit.finance.people_command import tell_people
from phb_audit.periods import quarter_end, quarter_ends, quarter_named_by, year_before
from phb_audit.run import Run
from phb_audit.settings import Settings
from tests.builders import fill
from tests.finance import worlds as a

HERE = '[QZZ]\npeople = 50_000\nwords = "people registered with a GP practice"\non = 2026-10-01\nsource = "made up"\n'


def test_the_second_quarter_of_2016_17_is_130_percent_more_than_the_year_before() -> None:
    by_quarter = {one.quarter: one.people for one in lines.published()}
    grown = growth_of(by_quarter["2016/17 Q2"], by_quarter["2015/16 Q2"])
    assert by_quarter["2016/17 Q2"] == 10_824
    assert grown is not None
    assert f"{grown:+.0%}" == "+130%"


def test_published_numbers_are_in_order_and_name_their_own_quarter() -> None:
    told = lines.published()
    assert [one.on for one in told] == sorted(one.on for one in told)
    assert [quarter_named_by(one.on) for one in told] == [one.quarter for one in told]
    assert all(one.on == quarter_end(one.on) for one in told)


def test_an_aim_is_the_same_share_of_the_people_here() -> None:
    aims = {one.code: one for one in lines.lines()}
    assert aims["long_term_plan"].here(aims["long_term_plan"].england_people) == 200_000
    assert aims["aim_2020_low"].here(563_260) == pytest.approx(500)


def test_the_line_of_stress_is_ten_fold_after_eight_years() -> None:
    line = lines.stress()
    assert line_of_stress(130, 32, times=line.times, years=line.years) == pytest.approx(1_300)
    assert line_of_stress(130, 0, times=line.times, years=line.years) == 130


def test_steady_growth_goes_on_more_slowly_and_the_interval_holds_it_undamped() -> None:
    values = [100 * 1.05**quarter for quarter in range(13)]
    ahead = forecast(values)
    assert len(ahead) == 4
    for step, one in enumerate(ahead, start=1):
        undamped = values[-1] * 1.05**step
        assert one.lower < one.value <= undamped * 1.000001
        assert undamped < one.upper
    widths = [one.upper / one.lower for one in ahead]
    assert widths == sorted(widths)


def test_numbers_that_never_moved_still_have_an_interval_as_wide_as_chance() -> None:
    few, many = forecast([40] * 9, 1)[0], forecast([4_000] * 9, 1)[0]
    assert few.value == pytest.approx(40)
    assert few.lower < 37 < 43 < few.upper
    assert 3_900 < many.lower < many.upper < 4_100


def test_too_short_or_empty_a_series_is_not_forecast() -> None:
    assert forecast([10, 12, 13, 15]) == ()
    assert forecast([0, 12, 13, 15, 16, 18]) == ()
    assert back_test([10, 12, 13, 15, 16]) == []


def test_the_back_test_holds_every_forecast_against_what_came_and_sees_a_leap() -> None:
    steady = back_test([100 + 5 * quarter for quarter in range(13)])
    assert [row["forecasts_count"] for row in steady] == [8, 7, 6, 5]
    assert all(row["inside_count"] == row["forecasts_count"] for row in steady)
    leap = back_test([100, 101, 102, 103, 104, 105, 300, 301])
    assert (leap[0]["steps"], leap[0]["forecasts_count"], leap[0]["inside_count"]) == (1, 3, 2)


def test_quarters_are_those_of_the_nhs_year() -> None:
    assert quarter_ends(date(2026, 10, 31), 4) == [date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]
    assert quarter_ends(date(2026, 3, 31), 1) == [date(2026, 3, 31)]
    assert quarter_ends(date(2026, 1, 15), 2) == [date(2025, 9, 30), date(2025, 12, 31)]
    assert quarter_end(date(2026, 12, 1)) == date(2026, 12, 31)
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def grown(run: Run) -> Run:
    starts = [date(2023 + (place + 3) // 12, (place + 3) % 12 + 1, 15) for place in range(40)]
    return fill(run, {
        "nights.runs": [{"commissioner_code": "QZZ", "as_of_on": run.as_of, "state_code": "published"}],
        "validated.budgets": [a.budget(1, holder_id=f"H{place:016d}", starts=start) for place, start in enumerate(starts)],
    })  # fmt: skip


def test_growth_is_counted_then_forecast_and_no_quarter_stands_against_one_before_april(run: Run) -> None:
    rows = a.asked(grown(run), "growth")
    counted = [row for row in rows if not row["is_forecast"]]
    assert [row["quarter"] for row in rows][-4:] == ["2026/27 Q3", "2026/27 Q4", "2027/28 Q1", "2027/28 Q2"]
    assert counted[-1]["last_on"] == date(2026, 10, 31)
    assert not counted[-1]["is_before_first_night"]
    assert all(row["is_before_first_night"] for row in counted[:-1])
    at = {row["last_on"]: row for row in counted}
    june = at[date(2026, 6, 30)]
    before, march = at[date(2025, 6, 30)], at[date(2026, 3, 31)]
    assert june["quarter_growth"] == pytest.approx(float(str(june["active"])) / float(str(march["active"])) - 1, abs=1e-6)
    assert june["year_to_date_growth"] == pytest.approx(
        int(str(june["year_to_date_count"])) / int(str(before["year_to_date_count"])) - 1, abs=1e-6
    )
    assert all(row["lower"] < row["active"] < row["upper"] for row in rows if row["is_forecast"])  # type: ignore[operator]


def test_the_command_says_both_counts_rates_with_their_denominator_and_the_forecast(run: Run) -> None:
    settings = grown(run).settings
    run.warehouse.close()
    said: list[str] = []
    assert tell_people(settings, "QZZ", last=None, as_json=False, say=said.append) == 0
    assert "No rates and no aims" in said[0]
    (settings.home / "population.toml").write_text(HERE, encoding="utf-8")
    assert tell_people(settings, "QZZ", last=None, as_json=False, say=said.append) == 0
    for words in ("people of the year to date, since 1 April: 40", "people active on the day: 40", "40.0 per 50,000 = 80.0 per 100,000",
                  "Out of 50,000 people registered with a GP practice on 1 October 2026", "Long Term Plan", "95% interval"):  # fmt: skip
        assert words in said[1], words


@pytest.mark.parametrize("wrong", [HERE.replace("50_000", "0"), HERE.replace("source", "sauce"), HERE.replace("2026-10-01", '"October"')])
def test_a_population_that_cannot_be_used_is_refused_in_words(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "population.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(UsageError, match="what cannot be used"):
        lines.population(Settings(tmp_path), "QZZ")
    assert lines.population(Settings(tmp_path), "QYY") is None
