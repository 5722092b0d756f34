"""Every table and column, present and to come, is described as the house asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from phb_audit.tables import TABLES, Table
from phb_audit.tables.page import page
from phb_audit.warehouse import Warehouse

ROOT = Path(__file__).resolve().parents[2]
EVERY = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
ENDING = {pl.Date: "_on", pl.Boolean: ("is_", "has_")}


@EVERY
def test_a_table_says_what_one_row_is(table: Table) -> None:
    assert table.grain
    assert not table.grain.startswith(("a ", "an ", "the ", "one row"))


@EVERY
def test_every_column_has_a_meaning(table: Table) -> None:
    assert all(len(column.meaning) > 3 for column in table.columns)


@EVERY
def test_the_key_names_columns_of_the_table(table: Table) -> None:
    assert set(table.key) <= set(table.column_names)


@EVERY
def test_no_column_stands_twice(table: Table) -> None:
    assert len(set(table.column_names)) == len(table.column_names)


@EVERY
def test_dates_end_in_on_and_truths_begin_with_is_or_has(table: Table) -> None:
    for column in table.columns:
        if column.dtype == pl.Date:
            assert column.name.endswith("_on"), column.name
        if column.dtype == pl.Boolean:
            assert column.name.startswith(("is_", "has_")), column.name


@EVERY
def test_money_is_whole_pence(table: Table) -> None:
    for column in table.columns:
        if column.name.endswith("_pence"):
            assert (column.dtype, column.unit) == (pl.Int64, "pence"), column.name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A warehouse with every table, empty."""
    warehouse = Warehouse(tmp_path_factory.mktemp("made") / "w.duckdb")
    warehouse.make_tables()
    yield warehouse
    warehouse.close()


@EVERY
def test_the_warehouse_makes_the_table_as_described(table: Table, made: Warehouse) -> None:
    assert made.frame(f"SELECT * FROM {table.name}").schema == table.polars_schema


def test_the_reference_page_is_up_to_date() -> None:
    written = (ROOT / "docs/reference/tables.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m phb_audit.tables.page > docs/reference/tables.md"


def test_names_of_people_and_numbers_that_identify_are_marked_personal() -> None:
    telling = ("payee_text", "holder_ref", "account_ref", "person_ref", "ni_ref", "surname_ref", "plan_words", "outcome_text")
    for table in TABLES.values():
        for column in table.columns:
            if column.name in telling:
                assert column.personal, f"{table.name}.{column.name}"
