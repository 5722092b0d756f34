"""One table of measures: every number is defined once, made in one way, and stands there once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.reports.measures import measures
from phb_audit.tables.measures import MEASURES, Measure, measures_frame
from phb_audit.warehouse import Warehouse
from tests.builders import make_run

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
DECIDED = Measure(
    "decisions.in_time",
    "Timeliness",
    "Decided in time",
    "Cases decided within 28 days of being raised",
    "share",
    "cases decided within 28 days",
    "test",
    denominator_words="cases decided",
    target=0.9,
    target_code="at_least",
)
PER_HUNDRED = Measure(
    "flags.rate", "Use", "Items", "Items for every 100 payments", "per_100", "items", "test", denominator_words="payments"
)
MONEY = Measure("money.spent", "Money", "Spend", "Spend of the period", "pence", "spend", "test", small_number_code="free")


def test_a_value_is_its_numerator_over_its_denominator_in_its_unit() -> None:
    assert DECIDED.row(FIRST, LAST, numerator=9, denominator=12)["value"] == 0.75
    assert PER_HUNDRED.row(FIRST, LAST, numerator=5, denominator=200)["value"] == 2.5
    assert MONEY.row(FIRST, LAST, numerator=12_50)["value"] == 12_50


def test_out_of_nothing_comes_no_value() -> None:
    assert DECIDED.row(FIRST, LAST, numerator=0, denominator=0)["value"] is None


def test_n_is_the_numerator_of_what_counts_things_and_nobody_of_what_counts_pounds() -> None:
    assert DECIDED.row(FIRST, LAST, numerator=9, denominator=12)["n"] == 9
    assert MONEY.row(FIRST, LAST, numerator=12_50)["n"] is None


def test_a_row_has_every_column_of_the_table() -> None:
    assert set(DECIDED.row(FIRST, LAST, numerator=1, denominator=2)) == set(MEASURES.column_names)


@pytest.mark.parametrize("wrong", [{"unit_code": "percent"}, {"small_number_code": "some"}, {"target_code": "none"}])
def test_a_definition_with_an_unknown_code_or_half_a_target_is_refused(wrong: dict[str, object]) -> None:
    good = {name: getattr(DECIDED, name) for name in DECIDED.__dataclass_fields__}
    with pytest.raises(ValueError, match=r"decisions\.in_time"):
        Measure(**{**good, **wrong})  # type: ignore[arg-type]


def test_the_same_thing_measured_twice_is_refused() -> None:
    row = DECIDED.row(FIRST, LAST, numerator=9, denominator=12)
    with pytest.raises(ValueError, match="measured twice"):
        measures_frame([row, row])


def test_rooms_are_gathered_in_order_and_may_not_measure_the_same_thing(tmp_path: Path) -> None:
    def one(warehouse: Warehouse, first_on: date, last_on: date) -> pl.DataFrame:
        return measures_frame([MONEY.row(first_on, last_on, numerator=1)])

    def two(warehouse: Warehouse, first_on: date, last_on: date) -> pl.DataFrame:
        return measures_frame([DECIDED.row(first_on, last_on, numerator=1, denominator=2)])

    warehouse = make_run(tmp_path).warehouse
    assert measures(warehouse, FIRST, LAST, [one, two])["measure_id"].to_list() == ["money.spent", "decisions.in_time"]
    with pytest.raises(ValueError, match="measured twice"):
        measures(warehouse, FIRST, LAST, [one, one])
