"""What we pay beside budgets, as measures: finance's own numbers, and no number where no register of contracts has come."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.finance.double_running import double_running, person_weeks
from phb_audit.finance.period import Period
from phb_audit.reports.measure_words import out_of, shown
from phb_audit.reports.measures_running import A_WEEK, PEOPLE, WEEKS, measures
from phb_audit.reports.pack_money import money_words
from phb_audit.reports.protected import protect
from phb_audit.run import Run
from tests.builders import make_run
from tests.finance import worlds as a
from tests.reports.pack_world import pack_world

FIRST, LAST = date(2026, 8, 1), date(2026, 10, 31)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return pack_world(make_run(tmp_path_factory.mktemp("running")))


@pytest.fixture(scope="module")
def measured(run: Run) -> pl.DataFrame:
    return measures(run.warehouse, FIRST, LAST)


def whole(frame: pl.DataFrame, name: str) -> dict[str, object]:
    return frame.filter(measure_id=name, group_code="all").row(0, named=True)


def test_what_was_paid_twice_is_finances_and_comes_to_its_groups_and_months(run: Run, measured: pl.DataFrame) -> None:
    period = Period(FIRST, LAST)
    pence = double_running(run.warehouse, period)["twice_pence"].sum()
    assert pence
    assert whole(measured, "double.cost")["value"] == pence
    for code in ("holding", "care_group"):
        assert measured.filter(measure_id="double.cost", group_code=code)["value"].sum() == pence
    months = measured.filter((pl.col("measure_id") == "double.cost") & (pl.col("group_code") == "month") & (pl.col("first_on") >= FIRST))
    assert months["value"].sum() == pence
    weeks = person_weeks(run.warehouse, period)[0]
    assert whole(measured, "double.a_week")["value"] == pytest.approx(pence / weeks, rel=0.001)
    assert whole(measured, "double.people")["numerator"] == 14


def test_a_cost_for_each_of_something_reads_so(measured: pl.DataFrame) -> None:
    row = protect(measured).filter(measure_id="double.a_week").row(0, named=True)
    assert out_of(row).startswith("£")
    pence, weeks = (float(re.sub(r"[£,]", "", side)) for side in out_of(row).split(" for "))
    assert f"£{pence / weeks:,.2f}" == shown(row)


def test_weeks_are_told_to_a_tenth_and_counts_whole() -> None:
    row = A_WEEK.row(FIRST, LAST, numerator=18_868_29, denominator=70.6, n=14, denominator_n=14) | {"is_kept_back": False}
    assert (out_of(row), shown(row)) == ("£18,868.29 for 70.6", "£267.26")
    assert out_of(WEEKS.row(FIRST, LAST, numerator=70.6, denominator=1_234.0, n=14) | {"is_kept_back": False}) == "70.6 of 1,234.0"
    assert out_of(PEOPLE.row(FIRST, LAST, numerator=14, denominator=1_234) | {"is_kept_back": False}) == "14 of 1,234"


def test_full_cost_is_held_against_the_alternative_with_an_interval(measured: pl.DataFrame) -> None:
    row = whole(measured, "neutral.cost")
    assert row["n"] == 36
    assert row["numerator"] == 36 * 12_000_00
    assert row["lower"] < row["value"] < row["upper"]  # type: ignore[operator]
    assert whole(measured, "neutral.not_quoted")["numerator"] == 5


def test_without_a_register_of_contracts_there_is_no_number_and_the_pack_says_so(tmp_path: Path) -> None:
    empty = protect(measures(make_run(tmp_path).warehouse, FIRST, LAST))
    assert empty["value"].null_count() == empty.height
    assert all("cannot be told" in words for words in money_words(empty))


def test_nothing_paid_twice_and_too_few_people_are_said_in_words(run: Run, measured: pl.DataFrame) -> None:
    before = measures(run.warehouse, date(2024, 3, 1), date(2024, 3, 31))
    assert "No service by contract" in money_words(protect(before))[0]
    few = protect(measured.with_columns(n=pl.when(pl.col("measure_id").str.starts_with("double.")).then(3).otherwise("n")))
    assert "too few to print" in money_words(few)[0]
    assert "£" not in money_words(few)[0]


def test_no_word_puts_it_on_the_person(measured: pl.DataFrame) -> None:
    assert a.HOLDER not in measured.write_csv()
    assert "ours to end, never the person's" in str(whole(measured, "double.cost")["definition"])
