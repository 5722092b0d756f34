"""The pack's page of people: two counts apart, the same numbers in chart and table, and nothing worked out of what is kept back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.finance.lines import Population
from phb_audit.reports.growth_chart import runs
from phb_audit.reports.measures_people import FOLLOWS, measures
from phb_audit.reports.pack_people import people_of
from phb_audit.reports.protected import protect
from phb_audit.run import Run
from tests.builders import fill, make_run
from tests.finance import worlds as a

LAST = date(2026, 10, 31)
HERE = Population(1_000_000, "people registered with a GP practice", date(2026, 10, 1), "made up")


def register(many: int, few_in_north: int) -> list[dict[str, object]]:
    rows = []
    for place in range(many):
        starts = date(2023, 7, 1) if place < 30 else date(2023 + (place + 3) // 12 % 3, (place + 3) % 12 + 1, 15)
        area = "North" if place < few_in_north else ("Coast", "Valley")[place % 2]
        ends = date(2026, 8, 31) if place % 7 == 6 else None
        more = {"holding_code": ("direct_payment", "notional")[place % 2], "care_group_code": "CHC adult"}
        rows.append(a.budget(1, holder_id=f"H{place:016d}", starts=starts, area_name=area, ends_on=ends, **more))
    return rows  # type: ignore[return-value]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    made = fill(make_run(tmp_path_factory.mktemp("people")), {"validated.budgets": register(90, 3)})
    yield made
    made.warehouse.close()


@pytest.fixture(scope="module")
def measured(run: Run) -> pl.DataFrame:
    return measures(run.warehouse, date(2026, 8, 1), LAST, population=HERE)


def test_rates_name_their_denominator_and_are_the_two_counts_over_it(measured: pl.DataFrame) -> None:
    by_name = {row["measure_id"]: row for row in measured.filter(group_code="all").iter_rows(named=True)}
    active, year = by_name["people.active"]["value"], by_name["people.year_to_date"]["value"]
    assert active < year
    assert by_name["people.active_per_100000"]["value"] == pytest.approx(active / 10)
    assert by_name["people.year_to_date_per_50000"]["value"] == pytest.approx(year / 20)
    assert "1,000,000 people registered with a GP practice, 1 October 2026" in by_name["people.active_per_50000"]["definition"]


def test_without_a_population_there_is_no_rate_and_no_aim(run: Run) -> None:
    bare = measures(run.warehouse, date(2026, 8, 1), LAST, population=None)
    assert not [name for name in bare["measure_id"].unique() if "per_" in name or "aim" in name]
    page = people_of(protect(bare))
    assert page is not None
    assert any("does not say how many people live here" in note for note in page.notes)


def test_groups_come_to_both_counts_of_the_whole(measured: pl.DataFrame) -> None:
    rows = measured.filter(measure_id="people.active_share")
    whole = rows.filter(group_code="all").row(0, named=True)
    for code in ("holding", "care_group", "area"):
        part = rows.filter(group_code=code)
        assert (part["numerator"].sum(), part["denominator"].sum()) == (whole["numerator"], whole["denominator"]), code


def test_charts_tell_the_numbers_of_their_tables_and_break_in_april(measured: pl.DataFrame) -> None:
    page = people_of(protect(measured))
    assert page is not None
    active, year = page.charts
    for chart in page.charts:
        assert all(f"<title>{row[0]}: {row[1]}" in chart.svg for row in chart.rows if row[1] != "kept back"), chart.chart_id
    assert [row[4] for row in active.rows][-4:] == ["forecast"] * 4
    rows = measured.filter((pl.col("measure_id") == "people.year_to_date") & pl.col("group_code").is_in(["all", "quarter"]))
    for line in runs(rows.sort("last_on").to_dicts(), True):
        days = [row["last_on"] for row in line]
        assert not [day for day in days[:-1] if day.month == 3], days
    assert "begins again each April" in year.alt
    assert "by their share of people registered" in " ".join(year.notes)


def test_a_group_of_three_is_kept_back_with_another(measured: pl.DataFrame) -> None:
    rows = protect(measured).filter(measure_id="people.active_share", group_code="area")
    assert rows.filter(group_key="North")["value"].to_list() == [None]
    assert rows["is_kept_back"].sum() >= 2


@pytest.mark.parametrize(("many", "is_told"), [(60, True), (4, False)])
def test_where_the_active_are_too_few_nothing_worked_out_of_them_is_told(tmp_path: Path, many: int, is_told: bool) -> None:
    few = fill(make_run(tmp_path), {"validated.budgets": register(many, 0)})
    told = protect(measures(few.warehouse, date(2026, 8, 1), LAST, population=HERE))
    followers = told.filter(pl.col("measure_id").is_in([name for name in FOLLOWS if name != "people.forecast_inside"]))
    assert (followers["value"].drop_nulls().len() > 0) is is_told


def test_outside_what_is_worked_out_is_no_finer_than_rounded_counts(measured: pl.DataFrame) -> None:
    told = protect(measured, outside=True)
    ahead = told.filter(pl.col("measure_id").is_in(["people.forecast", "people.stress"]))
    assert ahead.filter(pl.col("value") % 5 != 0).is_empty()
    assert ahead.height == 8
    shares = told.filter(pl.col("measure_id").str.starts_with("people.growth"))["value"].drop_nulls()
    assert all(abs(value * 20 - round(value * 20)) < 1e-9 for value in shares)
