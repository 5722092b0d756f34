"""Measures of what the commissioner pays beside budgets: double running, and whether budgets cost more than what they replace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from phb_audit.finance import neutrality
from phb_audit.finance.double_running import SAME, by_months, double_running, live, person_weeks
from phb_audit.finance.period import Period
from phb_audit.reports.measures_spending import group_label, interval_of
from phb_audit.reports.months import months_to
from phb_audit.tables.measures import Measure, measures_frame
from phb_audit.warehouse import Warehouse, sql

Row = dict[str, Any]
TWICE, NEUTRAL = "Are we double running?", "Is it cost neutral?"
running = partial(Measure, source="finance/double_running.py")
neutral = partial(Measure, source="finance/neutrality.py")
MONTHS = 12

COST = running(
    "double.cost",
    TWICE,
    "Paid twice for one need",
    "What services by contract cost on days on which they were still paid for while a direct payment or a third party's budget met the "
    "same need: ours to end, never the person's",
    "pence",
    "pence paid twice",
)
BEYOND = running(
    "double.beyond",
    TWICE,
    "Of it, after the weeks of change",
    "The part of it later than the first 28 days of a budget",
    "pence",
    "pence paid twice after the weeks of change",
)
PEOPLE = running(
    "double.people",
    TWICE,
    "People whose need we paid for twice",
    "People with such a day in the period, out of all with a direct payment or a third party's budget in it",
    "share",
    "people whose need was paid for twice",
    denominator_words="people with a direct payment or a third party's budget",
    target_code="at_most",
)
WEEKS = running(
    "double.weeks",
    TWICE,
    "Weeks paid for twice",
    "Weeks of people with such days, out of all weeks of people with a live budget; two services in one week are one week of a person",
    "share",
    "weeks of people paid for twice",
    denominator_words="weeks of people with a live budget",
    target_code="at_most",
)
A_WEEK = running(
    "double.a_week",
    TWICE,
    "A week paid for twice costs",
    "What was paid twice, for each week of a person",
    "pence",
    "pence paid twice",
    denominator_words="weeks of people paid for twice",
)
NOT_KNOWN = running(
    "double.not_known",
    TWICE,
    "Services that cannot be judged",
    "People with a service by contract beside a budget, of which no category or no plan is on file, so that nobody can say whether it "
    "meets the same need; out of all with a service beside a budget",
    "share",
    "people with a service that cannot be judged",
    denominator_words="people with a service by contract beside a budget",
)
FULL = neutral(
    "neutral.cost",
    NEUTRAL,
    "Full cost against the alternative",
    "Budget of the first year, support beside it and set-up, out of what was quoted for a commissioned service when the budget began; "
    "below 100%: budgets cost less. Not in it: our staff's time, money that came back, what was paid twice, changes after the start",
    "share",
    "pence of full cost",
    denominator_words="pence of commissioned alternatives",
)
DEARER = neutral(
    "neutral.dearer",
    NEUTRAL,
    "Budgets dearer than the alternative",
    "People whose full cost is above the alternative, out of all with one on file",
    "share",
    "people with a dearer budget",
    denominator_words="people with an alternative on file",
)
NOT_QUOTED = neutral(
    "neutral.not_quoted",
    NEUTRAL,
    "Budgets without an alternative on file",
    "People with a budget in the period of whom no alternative was quoted within 92 days of its first day: of them nothing can be said",
    "share",
    "people without an alternative on file",
    denominator_words="people with a budget",
    target_code="at_most",
)
BY = {"holding": "holding_code", "care_group": "care_group_code"}


def measures(warehouse: Warehouse, first_on: date, last_on: date) -> pl.DataFrame:
    """Rows of tables.measures for the period, its groups, and months up to it; no values where no contracts were ever sent."""
    if not warehouse.frame(sql(__file__, "measures_running")).item():
        everything = (COST, BEYOND, PEOPLE, WEEKS, A_WEEK, NOT_KNOWN, FULL, DEARER, NOT_QUOTED)
        return measures_frame(one.row(first_on, last_on) for one in everything)
    period = Period(first_on, last_on)
    return measures_frame([*_twice(warehouse, period), *_neutral(warehouse, period)])


def _twice(warehouse: Warehouse, period: Period) -> Iterator[Row]:
    days = (period.first, period.last)
    beside = double_running(warehouse, period)
    twice = beside.filter(standing_code=SAME)
    people, everyone = _people(twice), _people(live(warehouse, period))
    pence, weeks = int(twice["twice_pence"].sum()), person_weeks(warehouse, period)
    beyond = twice.filter(pl.col("twice_pence") > pl.col("change_over_pence"))
    yield COST.row(*days, numerator=pence, n=people)
    for code, column in BY.items():
        for (key,), part in twice.with_columns(pl.col(column).fill_null("not_told")).sort(column).group_by(column, maintain_order=True):
            yield COST.row(*days, numerator=int(part["twice_pence"].sum()), n=_people(part), group=_group(code, str(key)))
    series = months_to(period.last, MONTHS)
    months = by_months(warehouse, [Period(first, min(last, period.last)) for first, last, _ in series])
    for (first, last, label), month in zip(series, months, strict=True):
        group = ("month", f"{first:%Y-%m}", label)
        yield COST.row(first, last, numerator=int(month["pence"].sum()), n=_people(month), group=group)
    later = int((beyond["twice_pence"] - beyond["change_over_pence"]).sum())
    yield BEYOND.row(*days, numerator=later, n=_people(beyond))
    yield PEOPLE.row(*days, numerator=people, denominator=everyone, interval=interval_of(PEOPLE, people, everyone))
    yield WEEKS.row(*days, numerator=round(weeks[0], 1), denominator=round(weeks[1], 1), n=people, denominator_n=everyone)
    yield A_WEEK.row(*days, numerator=pence, denominator=round(weeks[0], 1), n=people, denominator_n=people)
    asked, unknown = _people(beside), _people(beside.filter(standing_code="not_known"))
    yield NOT_KNOWN.row(*days, numerator=unknown, denominator=asked, interval=interval_of(NOT_KNOWN, unknown, asked))


def _neutral(warehouse: Warehouse, period: Period) -> Iterator[Row]:
    days = (period.first, period.last)
    for row in neutrality.by_type(neutrality.cost_neutrality(warehouse, period)).iter_rows(named=True):
        group = ("all", "", "") if row["group_code"] == neutrality.ALL else _group(row["group_code"], row["group_key"])
        quoted, full, alternative = row["people_count"], row["full_pence"], row["alternative_pence"]
        interval = (row["lower"], row["upper"])
        yield FULL.row(*days, numerator=full, denominator=alternative, n=quoted, denominator_n=quoted, interval=interval, group=group)
        if row["group_code"] == neutrality.ALL:
            dearer, missing = row["dearer_count"], row["not_quoted_count"]
            yield DEARER.row(*days, numerator=dearer, denominator=quoted, interval=interval_of(DEARER, dearer, quoted))
            everyone = quoted + missing
            yield NOT_QUOTED.row(*days, numerator=missing, denominator=everyone, interval=interval_of(NOT_QUOTED, missing, everyone))


def _people(frame: pl.DataFrame) -> int:
    return int(frame["holder_id"].n_unique()) if frame.height else 0


def _group(code: str, key: str) -> tuple[str, str, str]:
    return code, key, group_label(code, key)
