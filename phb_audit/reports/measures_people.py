"""Measures of people: the year to date and the active counted apart, by group and quarter, rates, growth, forecast and lines.

All of them are told of a day, the last one of the period, and dated from 1 April to that day, so that the same number is the same cell
wherever it stands. What is worked out of the active (growth, forecast, stress) is kept back with them: see `FOLLOWS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from phb_audit.finance import growth, lines
from phb_audit.finance.people import GROUPS, NOT_TOLD, Register, counts, people_on
from phb_audit.periods import financial_year, plain_day
from phb_audit.reports.measures_spending import group_label
from phb_audit.tables.measures import Measure, measures_frame
from phb_audit.warehouse import Warehouse, sql

Row = dict[str, Any]
QUESTION = "Who has a budget?"
QUARTER = "quarter"
ACTIVE, IN_YEAR = "people active", "people of the year to date"
measure = partial(Measure, question=QUESTION, source="finance/people.py")

YEAR_TO_DATE = measure(
    "people.year_to_date",
    title="People of the year to date",
    definition="People with a budget on any day from 1 April to the last day of the period; begins again each April, so it is set only "
    "against the same quarter of another year",
    unit_code="count",
    numerator_words=IN_YEAR,
)
ACTIVE_ON = measure(
    "people.active",
    title="People active on the day",
    definition="People whose budget runs on the last day of the period and counts as ongoing: wheelchair budgets while reviewed within a "
    "year, one-off ones never",
    unit_code="count",
    numerator_words=ACTIVE,
)
ACTIVE_SHARE = measure(
    "people.active_share",
    title="Still active, of the year to date",
    definition="People active on the last day of the period, out of the people of the year to date",
    unit_code="share",
    numerator_words=ACTIVE,
    denominator_words=IN_YEAR,
)
NEW_SHARE = measure(
    "people.new_share",
    title="New this year, of the year to date",
    definition="People of the year to date who had no budget on 31 March",
    unit_code="share",
    numerator_words="people new this year",
    denominator_words=IN_YEAR,
)
LEFT_OUT = measure(
    "people.left_out",
    title="Open in the register, not counted",
    definition="Wheelchair budgets older than a year and not reviewed within it, and one-off budgets of earlier years: our own register to "
    "bring up to date, or reviews to do",
    unit_code="count",
    numerator_words="people left out",
    target_code="at_most",
)
GROWTH_QUARTER, GROWTH_YEAR, GROWTH_IN_YEAR = (
    Measure(
        f"people.{name}", QUESTION, title, definition, "share", "", "finance/growth.py"
    )
    for name, title, definition in (
        ("growth_quarter", "Growth on the quarter", "People active, against those at the end of the quarter before"),
        ("growth_year", "Growth on the year", "People active, against the same day of the year before"),
        ("growth_year_to_date", "Growth of the year to date", "People of the year to date, against the same day of the year before"),
    )
)  # fmt: skip
FORECAST = Measure(
    "people.forecast",
    QUESTION,
    "People active, forecast",
    "The mean growth of the last quarters carried on, less of it each quarter, with an interval meant to hold 95 of 100; it knows no plans",
    "count",
    "",
    "finance/growth.py",
)
INSIDE = Measure(
    "people.forecast_inside",
    QUESTION,
    "Past forecasts that held",
    "Of every forecast the quarters before would have allowed: how often its interval held what came",
    "share",
    "forecasts whose interval held",
    "finance/growth.py",
    denominator_words="forecasts that came due",
    small_number_code="free",
)
STRESS = Measure(
    "people.stress",
    QUESTION,
    "Line of stress",
    "Where the active would be if they grew ten-fold in eight years from the last whole quarter; no aim, and no forecast",
    "count",
    "",
    "finance/growth.py",
)
AIM = Measure(
    "people.aim",
    QUESTION,
    "National aim, our share",
    "A national aim for people of the year to date, by its share of our population; free of anybody's data",
    "count",
    "",
    "finance/lines.py",
    small_number_code="free",
)
# What would give a kept-back number of the active away: kept back where any of the active's wholes or quarters is.
FOLLOWS = {
    "people.growth_quarter": "people.active",
    "people.growth_year": "people.active",
    "people.forecast": "people.active",
    "people.forecast_inside": "people.active",
    "people.stress": "people.active",
    "people.growth_year_to_date": "people.year_to_date",
}


def rate(counts_what: str, per: int, population: lines.Population) -> Measure:
    """A rate of the active or of the year to date, with its denominator in words."""
    of = ACTIVE_ON if counts_what == "active" else YEAR_TO_DATE
    return Measure(
        f"people.{counts_what}_per_{per}",
        QUESTION,
        f"{of.title}, per {per:,}",
        f"Out of {population.people:,} {population.words}, {plain_day(population.on)} ({population.source})",
        f"per_{per}",
        of.numerator_words,
        "finance/people.py",
        denominator_words=population.words,
    )


def measures(warehouse: Warehouse, first_on: date, last_on: date, *, population: lines.Population | None) -> pl.DataFrame:
    """Rows of tables.measures: who has a budget on the last day, and the quarters up to it."""
    register = Register.read(warehouse, last_on)
    first_night = warehouse.frame(sql(growth.__file__, "first_night")).item()
    return measures_frame(_rows(register, last_on, first_night, population))


def _rows(register: Register, last_on: date, first_night: date | None, population: lines.Population | None) -> Iterator[Row]:
    people = people_on(register, last_on)
    told = counts(people, last_on)
    active, in_year = int(str(told["active_count"])), int(str(told["year_to_date_count"]))
    april = date(financial_year(last_on), 4, 1)
    yield YEAR_TO_DATE.row(april, last_on, numerator=in_year)
    yield ACTIVE_ON.row(april, last_on, numerator=active)
    yield ACTIVE_SHARE.row(april, last_on, numerator=active, denominator=in_year)
    yield NEW_SHARE.row(april, last_on, numerator=told["new_count"], denominator=in_year)  # type: ignore[arg-type]
    yield LEFT_OUT.row(april, last_on, numerator=told["left_out_count"])  # type: ignore[arg-type]
    yield from _groups(people, april, last_on)
    if population:
        for name, number in (("active", active), ("year_to_date", in_year)):
            for per in (50_000, 100_000):
                yield rate(name, per, population).row(april, last_on, numerator=number, denominator=population.people)
        for aim in lines.lines():
            yield AIM.row(aim.by_on, aim.by_on, value=round(aim.here(population.people)), group=("aim", aim.code, aim.words))
    yield from _quarters(growth.Series.of(register, last_on), last_on, first_night)


def _groups(people: pl.DataFrame, april: date, last_on: date) -> Iterator[Row]:
    for code, column in GROUPS.items():
        for (key,), part in people.with_columns(pl.col(column).fill_null(NOT_TOLD)).sort(column).group_by(column, maintain_order=True):
            told = counts(part, last_on)
            group = (code, str(key), group_label(code, str(key)))
            yield ACTIVE_SHARE.row(april, last_on, numerator=told["active_count"], denominator=told["year_to_date_count"], group=group)  # type: ignore[arg-type]


def _quarters(series: growth.Series, last_on: date, first_night: date | None) -> Iterator[Row]:
    """The active by quarter, the year to date of the same quarters, growth, the forecast and the line of stress."""
    line = lines.stress()
    table = growth.growth(series, first_night, times=line.times, years=line.years)
    for row in table.iter_rows(named=True):
        day = row["last_on"]
        group = (QUARTER, f"{day}", plain_day(day))
        if row["is_forecast"]:
            interval = (row["lower"], row["upper"])
            yield FORECAST.row(day, day, value=row["active"], interval=interval, n=round(row["active"]), group=group)
            yield STRESS.row(day, day, value=row["stress"], n=round(row["stress"]), group=group)
            continue
        if day != last_on:
            april = date(financial_year(day), 4, 1)
            yield ACTIVE_ON.row(april, day, numerator=int(row["active"]), group=group)
            yield YEAR_TO_DATE.row(april, day, numerator=row["year_to_date_count"], group=group)
        else:
            for one, name in (
                (GROWTH_QUARTER, "quarter_growth"),
                (GROWTH_YEAR, "year_growth"),
                (GROWTH_IN_YEAR, "year_to_date_growth"),
            ):
                yield one.row(last_on, last_on, value=row[name])
    check = growth.forecast_check(series)
    inside, made = int(check["inside_count"].sum()), int(check["forecasts_count"].sum())
    yield INSIDE.row(last_on, last_on, numerator=inside, denominator=made)
