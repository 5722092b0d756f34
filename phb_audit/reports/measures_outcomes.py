"""Measures of what came of budgets: outcomes met, scores, care used before and after. Associations with intervals, and never a cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from phb_audit.finance.outcomes import MET, SCORES, USE, outcome_change, summary
from phb_audit.finance.period import Period
from phb_audit.reports.small_numbers import LEAST
from phb_audit.tables.measures import Measure, measures_frame
from phb_audit.warehouse import Warehouse, sql

Row = dict[str, Any]
QUESTION = "What came of it? (association, not cause)"
outcome = partial(Measure, source="finance/outcomes.py")
SIZES = {"large": "First budget of £1,000 a year or more", "small": "Smaller first budget"}
NOT_CAUSE = "Association, not cause: nobody was drawn by lot, and many begin when things are at their worst"

OUTCOMES_MET = outcome(
    "outcomes.met",
    QUESTION,
    "Outcomes met at review",
    f"Outcomes rated as met, out of all rated, at each person's latest review within 400 days; met in part is not met. {NOT_CAUSE}",
    "share",
    "outcomes met",
    denominator_words="outcomes rated",
)
PARTLY = outcome(
    "outcomes.partly",
    QUESTION,
    "Outcomes met in part",
    "Outcomes rated as met in part at the same reviews",
    "share",
    "outcomes met in part",
    denominator_words="outcomes rated",
)
DIFFERENCE = outcome(
    "outcomes.met_difference",
    QUESTION,
    "Outcomes met: larger budgets less smaller",
    f"Share of outcomes met by people with a first budget of £1,000 a year or more, less that of people with a smaller one. {NOT_CAUSE}",
    "share",
    "share of outcomes met",
)
NAMES = {
    "quality_of_life": "Quality of life",
    "wellbeing": "Wellbeing",
    "admissions": "Hospital admissions",
    "bed_days": "Days in hospital",
    "ae_visits": "A&E visits",
    "gp_contacts": "GP contacts",
}
CHANGES = {
    name: outcome(
        f"outcomes.{name}",
        QUESTION,
        f"{NAMES[name]}: mean change of the score",
        f"Latest score within 400 days less the first on the same scale, of people with two or more. {NOT_CAUSE}",
        "score",
        "change of the score",
    )
    for name in SCORES
} | {
    name: outcome(
        f"outcomes.{name}",
        QUESTION,
        f"{NAMES[name]}: after as a share of before",
        f"Mean times a year since the first budget began, out of the same people's mean before it. {NOT_CAUSE}",
        "share",
        "times a year after",
    )
    for name in USE
}


def measures(warehouse: Warehouse, first_on: date, last_on: date) -> pl.DataFrame:
    """Rows of tables.measures as known on the last day; no values where no outcome records were ever sent."""
    if not warehouse.frame(sql(__file__, "measures_outcomes")).item():
        return measures_frame(one.row(first_on, last_on) for one in (OUTCOMES_MET, PARTLY, DIFFERENCE, *CHANGES.values()))
    rows = summary(outcome_change(warehouse, Period(first_on, last_on))).to_dicts()
    return measures_frame(_rows({(row["measure_code"], row["size_code"]): row for row in rows}, first_on, last_on))


def _rows(told: dict[tuple[str, str], Row], first_on: date, last_on: date) -> Iterator[Row]:
    days = (first_on, last_on)
    for size in ("all", *SIZES):
        row = told[MET, size]
        met = {"numerator": row["met_count"], "denominator": row["rated_count"], "interval": (row["lower"], row["upper"])}
        yield OUTCOMES_MET.row(*days, **met, group=_group(size))
    whole = told[MET, "all"]
    yield PARTLY.row(*days, numerator=whole["partly_count"], denominator=whole["rated_count"])
    between = told[MET, "difference"]
    if _may_be_told(told[MET, size] for size in SIZES) and between["estimate"] is not None:
        interval = (between["lower"], between["upper"])
        yield DIFFERENCE.row(*days, value=between["estimate"], interval=interval, n=between["people_count"])
    else:
        yield DIFFERENCE.row(*days, n=1 if whole["rated_count"] else None)
    for name, one in CHANGES.items():
        for size in ("all", *SIZES):
            row = told[name, size]
            interval = (row["lower"], row["upper"])
            yield one.row(*days, value=row["estimate"], interval=interval, n=row["people_count"], group=_group(size))


def _may_be_told(groups: Iterator[Row]) -> bool:
    """Whether nothing of the groups is small: else the difference would give away the group that is kept back."""
    return all(part >= LEAST for row in groups for part in (row["met_count"] or 0, (row["rated_count"] or 0) - (row["met_count"] or 0)))


def _group(size: str) -> tuple[str, str, str]:
    return ("all", "", "") if size == "all" else ("size", size, SIZES[size])
