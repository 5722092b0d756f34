"""The pack's page of people: two counts apart, the same numbers in chart and table, and nothing worked out of what is kept back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.finance.lines import Population
from phb_audit.reports.earlier_packs import Printed, flows
from phb_audit.reports.growth_chart import runs
from phb_audit.reports.measures_people import (
    ACTIVE,
    ACTIVE_ON,
    ACTIVE_SHARE,
    FOLLOWS,
    GROWTH_IN_YEAR,
    GROWTH_YEAR,
    IN_YEAR,
    QUARTER,
    YEAR_TO_DATE,
    measures,
)
from phb_audit.reports.pack_people import people_of
from phb_audit.reports.protected import protect
from phb_audit.run import Run
from phb_audit.tables.measures import WHOLE, measures_frame
from tests.builders import fill, make_run
from tests.finance import worlds as a

LAST, DECEMBER = date(2026, 10, 31), date(2025, 12, 31)
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


def quarters(few_left: int, earlier: tuple[Printed, ...] = ()) -> pl.DataFrame:
    """42 active at the end of December, and so many more of the year to date; 60 of both in June."""
    rows = [YEAR_TO_DATE.row(date(2026, 4, 1), LAST, numerator=80), ACTIVE_ON.row(date(2026, 4, 1), LAST, numerator=70)]
    rows += [GROWTH_YEAR.row(LAST, LAST, value=0.1), GROWTH_IN_YEAR.row(LAST, LAST, value=0.2)]
    for april, day, in_year, active in ((2025, DECEMBER, 42 + few_left, 42), (2026, date(2026, 6, 30), 60, 60)):
        group = (QUARTER, f"{day}", f"{day}")
        rows += [one.row(date(april, 4, 1), day, numerator=n, group=group) for one, n in ((YEAR_TO_DATE, in_year), (ACTIVE_ON, active))]
    return protect(measures_frame(rows), earlier=earlier)


def number(told: pl.DataFrame, name: str, day: date) -> object:
    return told.filter(pl.col("measure_id") == f"people.{name}", pl.col("last_on") == day)["value"].item()


@pytest.mark.parametrize(("few_left", "printed"), [(0, 42), (1, None), (4, None), (5, 47)])
def test_who_left_by_a_quarter_cannot_be_had_by_subtraction(few_left: int, printed: int | None) -> None:
    told = quarters(few_left)
    assert (number(told, "active", DECEMBER), number(told, "year_to_date", DECEMBER)) == (42, printed)
    assert number(told, "year_to_date", date(2026, 6, 30)) == 60
    assert number(told, "growth_year", LAST) == 0.1
    assert (number(told, "growth_year_to_date", LAST) is None) is (printed is None)


def test_quarters_of_the_register_come_apart_by_no_1_to_4(tmp_path: Path) -> None:
    rows = register(60, 0)
    rows[0]["ends_on"], rows[1]["ends_on"] = date(2025, 11, 30), date(2024, 8, 31)
    few = fill(make_run(tmp_path), {"validated.budgets": rows})
    raw = measures(few.warehouse, date(2026, 8, 1), LAST, population=None).filter(group_code=QUARTER)
    told = protect(measures(few.warehouse, date(2026, 8, 1), LAST, population=None)).filter(group_code=QUARTER)

    def rests(frame: pl.DataFrame) -> list[float]:
        year, active = (frame.filter(measure_id=one.measure_id) for one in (YEAR_TO_DATE, ACTIVE_ON))
        both = year.join(active, on="last_on").with_columns(rest=pl.col("value") - pl.col("value_right"))
        return both["rest"].drop_nulls().to_list()

    assert [rest for rest in rests(raw) if 0 < rest < 5]
    assert [rest for rest in rests(told) if 0 < rest < 5] == []
    assert rests(told)


def test_what_an_earlier_pack_printed_of_the_active_keeps_the_year_to_date_back() -> None:
    both = {"group_code": WHOLE, "group_key": "", "first_on": date(2025, 4, 1), "last_on": DECEMBER}
    out = {words: Printed(words, amount=amount, **both) for words, amount in ((ACTIVE, 42), (IN_YEAR, 43))}  # type: ignore[arg-type]
    assert number(quarters(1, (out[ACTIVE],)), "year_to_date", DECEMBER) is None
    told = quarters(1, (out[IN_YEAR],))
    assert (number(told, "active", DECEMBER), number(told, "growth_year", LAST)) == (None, None)
    whole = measures_frame([one.row(date(2025, 4, 1), DECEMBER, numerator=n) for one, n in ((YEAR_TO_DATE, 43), (ACTIVE_ON, 42))])
    share = measures_frame([ACTIVE_SHARE.row(date(2025, 4, 1), DECEMBER, numerator=42, denominator=43)])
    kept = [one for _, _, one in flows(quarters(1).to_dicts())]
    pack = pl.concat([whole, share])
    assert number(protect(pack), "year_to_date", DECEMBER) == 43
    assert number(protect(pack, earlier=kept), "year_to_date", DECEMBER) is None


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
