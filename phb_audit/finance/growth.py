"""Growth of the people active: counted, forecast with an interval, and every forecast of the past held against what came.

The forecast goes on with the mean growth of the last quarters, less of it each quarter (growth rarely lasts). Its interval comes from
how much the quarters differed, holds undamped growth too, and is never narrower than chance makes numbers of people. It knows nothing
of plans or policy: a push that begins tomorrow is outside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import exp, log, sqrt
from statistics import fmean, median

import polars as pl
from scipy.stats import t as students_t  # type: ignore[import-untyped, unused-ignore]

from phb_audit.finance.people import QUARTERS, Register, counts, days_of, people_on
from phb_audit.periods import quarter_end, quarter_ends, quarter_named_by, year_before
from phb_audit.tables.people import FORECAST_CHECK, GROWTH

STEPS = 4
LEAST_GROWTHS = 4  # with fewer quarters an interval would be a guess
LOOK_BACK = 12
DAMPED = 0.85
TURNS = 0.15  # growth changes from quarter to quarter: the spread of a sum of them grows faster than its length
TURNOVER = 0.08  # people who come or go in a quarter, as a share of those there: what chance alone moves
LEVEL = 0.95


@dataclass(frozen=True)
class Forecast:
    """What is expected, and the ends of its 95% interval."""

    value: float
    lower: float
    upper: float


def forecast(values: Sequence[float], steps: int = STEPS) -> tuple[Forecast, ...]:
    """The next values of a series counted at even distances; none where it is too short or has ever been empty."""
    if len(values) <= LEAST_GROWTHS or min(values) <= 0:
        return ()
    growths = [log(after / before) for before, after in pairwise(values)][-LOOK_BACK:]
    drift, number = fmean(growths), len(growths)
    spread = sum((growth - drift) ** 2 for growth in growths) / (number - 1)
    chance = TURNOVER / values[-1]
    wide = float(students_t.ppf(0.5 + LEVEL / 2, number - 1))
    made, expected, weight = [], log(values[-1]), 0.0
    for step in range(1, steps + 1):
        weight += DAMPED ** (step - 1)
        middle = expected + drift * weight
        off = wide * sqrt(max(spread, chance) * (step * (1 + TURNS * (step - 1)) + weight**2 / number)) + abs(drift) * (step - weight)
        made.append(Forecast(exp(middle), exp(middle - off), exp(middle + off)))
    return tuple(made)


def line_of_stress(latest: float, quarters: float, *, times: float, years: float) -> float:
    """Where the latest number would be so many quarters on, if it grew `times`-fold in so many years."""
    return float(latest * times ** (quarters / 4 / years))


def growth_of(now: float | None, before: float | None) -> float | None:
    """Growth as a share of what was before: 10,824 after 4,706 is 1.30; none from nothing."""
    return None if now is None or not before else now / before - 1


def back_test(values: Sequence[float], steps: int = STEPS) -> list[dict[str, object]]:
    """Every forecast the series would have allowed, held against what came: one row for each number of quarters ahead that came due."""
    found: dict[int, list[tuple[bool, float, float]]] = {}
    for until in range(LEAST_GROWTHS + 1, len(values)):
        for step, made in enumerate(forecast(values[:until], min(steps, len(values) - until)), start=1):
            came = values[until + step - 1]
            no_change = abs(values[until - 1] - came) / came
            found.setdefault(step, []).append((made.lower <= came <= made.upper, abs(made.value - came) / came, no_change))
    return [
        {
            "steps": step,
            "forecasts_count": len(told),
            "inside_count": sum(inside for inside, _, _ in told),
            "error_share": round(median(error for _, error, _ in told), 6),
            "no_change_share": round(median(error for _, _, error in told), 6),
        }
        for step, told in sorted(found.items())
    ]


@dataclass(frozen=True)
class Series:
    """What was counted on `days`: quarters' ends, then the day itself. `told` has each of them, and the day a year before."""

    days: tuple[date, ...]
    told: dict[date, dict[str, object]]

    @classmethod
    def of(cls, register: Register, as_of: date, number: int = QUARTERS) -> Series:
        """The counts of quarters' ends up to the day, from the first on which anyone was active."""
        days = days_of(as_of, number)
        told = {day: counts(people_on(register, day), day) for day in {*days, year_before(as_of)}}
        first = next((place for place, day in enumerate(days) if told[day]["active_count"]), len(days) - 1)
        return cls(tuple(days[first:]), told)

    @property
    def whole(self) -> tuple[date, ...]:
        """The days that end a quarter."""
        return tuple(day for day in self.days if day == quarter_end(day))

    @property
    def active(self) -> tuple[int, ...]:
        """People active at the end of each whole quarter: what is forecast from."""
        return tuple(int(str(self.told[day]["active_count"])) for day in self.whole)


def growth(series: Series, first_night: date | None, *, times: float, years: float) -> pl.DataFrame:
    """finance.growth: the quarters counted, then the forecast from the last whole quarter."""
    rows = [_counted(series, day, first_night) for day in series.days]
    made = forecast(series.active)
    for step, (day, ahead) in enumerate(zip(_next_ends(series.whole, len(made)), made, strict=True), start=1):
        stress = line_of_stress(series.active[-1], step, times=times, years=years)
        told = {"active": round(ahead.value, 1), "lower": round(ahead.lower, 1), "upper": round(ahead.upper, 1), "stress": round(stress, 1)}
        rows.append({"quarter": quarter_named_by(day), "last_on": day, "is_forecast": True, "is_before_first_night": False, **told})
    return pl.DataFrame(rows, schema=GROWTH.polars_schema)


def _counted(series: Series, day: date, first_night: date | None) -> dict[str, object]:
    now = series.told[day]
    before, year = (series.told.get(one, {}) for one in (_end_before(day), _day_a_year_before(day)))
    return {
        "quarter": now["quarter"],
        "last_on": day,
        "is_forecast": False,
        "is_before_first_night": first_night is None or day < first_night,
        "active": now["active_count"],
        "quarter_growth": _share(now, before, "active_count"),
        "year_growth": _share(now, year, "active_count"),
        "year_to_date_count": now["year_to_date_count"],
        "year_to_date_growth": _share(now, year, "year_to_date_count"),
    }


def _share(now: dict[str, object], before: dict[str, object], name: str) -> float | None:
    told = growth_of(_number(now.get(name)), _number(before.get(name)))
    return None if told is None else round(told, 6)


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _end_before(day: date) -> date:
    """The end of the quarter before that of the day; a quarter that still runs is set against the last whole one."""
    return quarter_ends(day, 2)[0] if day == quarter_end(day) else quarter_ends(day, 1)[0]


def _day_a_year_before(day: date) -> date:
    """The same quarter's end of the year before, or the same day."""
    return quarter_ends(day, 5)[0] if day == quarter_end(day) else year_before(day)


def _next_ends(whole: Sequence[date], number: int) -> list[date]:
    ends = list(whole[-1:])
    while whole and len(ends) <= number:
        ends.append(quarter_end(ends[-1] + timedelta(days=1)))
    return ends[1:]


def forecast_check(series: Series) -> pl.DataFrame:
    """finance.forecast_check: how well such forecasts would have done here."""
    return pl.DataFrame(back_test(series.active), schema=FORECAST_CHECK.polars_schema)
