"""The pack's page of people: the two counts apart, by group, rates, growth, and the two charts; from protected measures only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from phb_audit.reports.chart import Chart
from phb_audit.reports.growth_chart import active_chart, year_chart
from phb_audit.reports.measure_words import out_of, shown
from phb_audit.reports.measures_people import QUARTER
from phb_audit.reports.page import DASH
from phb_audit.tables.measures import WHOLE

Row = tuple[str, ...]
HEADINGS = ("Measure", "Value", "Out of")
GROUP_HEADINGS = ("By", "Group", "Still active", "Active, of the year to date")
GROUPS = {"holding": "Way of holding", "care_group": "Care group", "area": "Area", "age_band": "Age band"}
APART = (
    "People of the year to date and people active on the day are two counts and are never added, and never set against one another over an "
    "April. Numbers of quarters before the first night are told by the register as it stands: people who had left before may be missing."
)


@dataclass(frozen=True)
class People:
    """The page in words and pictures."""

    key: tuple[Row, ...]
    groups: tuple[Row, ...]
    charts: tuple[Chart, ...]
    notes: tuple[str, ...]


def people_of(measured: pl.DataFrame) -> People | None:
    """The page; None where no room measured people."""
    rows = measured.filter(pl.col("measure_id").str.starts_with("people."))
    if rows.is_empty():
        return None
    whole = rows.filter(group_code=WHOLE).to_dicts()
    key = tuple((row["title"], shown(row), out_of(row) or DASH) for row in whole)
    grouped = rows.filter((pl.col("measure_id") == "people.active_share") & pl.col("group_code").is_in(list(GROUPS)))
    groups = tuple((GROUPS[row["group_code"]], row["group_label"], shown(row), out_of(row)) for row in grouped.iter_rows(named=True))
    return People(key, groups, _charts(rows), (APART, *_denominators(whole)))


def _charts(rows: pl.DataFrame) -> tuple[Chart, ...]:
    def of(name: str, *codes: str) -> list[dict[str, Any]]:
        return rows.filter((pl.col("measure_id") == f"people.{name}") & pl.col("group_code").is_in(codes)).sort("last_on").to_dicts()

    (check,) = of("forecast_inside", WHOLE)
    rate = of("year_to_date_per_100000", WHOLE)
    return (
        active_chart(of("active", WHOLE, QUARTER), of("forecast", QUARTER), of("stress", QUARTER), check),
        year_chart(of("year_to_date", WHOLE, QUARTER), of("aim", "aim"), rate[0]["denominator_words"] if rate else ""),
    )


def _denominators(whole: list[dict[str, Any]]) -> tuple[str, ...]:
    rates = [row for row in whole if row["unit_code"].startswith("per_")]
    if not rates:
        return ("No rates for 50,000 or 100,000 people: population.toml does not say how many people live here.",)
    return (f"Rates are {rates[0]['definition'][:1].lower()}{rates[0]['definition'][1:]}.",)
