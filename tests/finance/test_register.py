"""Every finance table: described as the house asks, and answered as described, of an empty warehouse too."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.errors import UsageError
from phb_audit.finance.register import ANSWERS, Question, answer
from phb_audit.run import Run
from phb_audit.tables import TABLES, Table
from phb_audit.tables import asked as described
from tests.builders import fill
from tests.finance import worlds as a

EVERY = pytest.mark.parametrize("table", described.TABLES, ids=lambda table: table.short_name)


def test_every_described_table_can_be_asked_for_and_none_is_stored() -> None:
    assert {table.short_name for table in described.TABLES} == set(ANSWERS)
    assert not {table.name for table in described.TABLES} & set(TABLES)


@EVERY
def test_a_table_is_described_as_the_house_asks(table: Table) -> None:
    assert table.grain
    assert not table.grain.startswith(("a ", "an ", "the ", "one row"))
    assert set(table.key) <= set(table.column_names)
    for column in table.columns:
        assert len(column.meaning) > 3
        assert (column.name.endswith("_pence")) == (column.unit == "pence"), column.name
        assert (column.dtype == pl.Date) == column.name.endswith("_on"), column.name
        assert (column.dtype == pl.Boolean) == column.name.startswith(("is_", "has_")), column.name
        assert column.personal or column.name != "holder_id"


@EVERY
def test_it_is_answered_as_described_of_an_empty_warehouse_and_of_a_small_one(table: Table, run: Run) -> None:
    question = Question(run.warehouse, a.TO_DATE)
    assert answer(table.short_name, question).schema == table.polars_schema
    fill(run, {"validated.budgets": [a.budget(1_000_00), a.budget(2_000_00, holder_id=a.OTHER)]})
    a.with_spend(run, {"amount_pence": 10_00})
    found = answer(table.short_name, question)
    assert found.schema == table.polars_schema
    assert found.select(table.key).is_duplicated().sum() == 0
    for column in table.columns:
        assert column.nullable or found[column.name].null_count() == 0, column.name
    assert found.equals(answer(table.short_name, question)), "asked twice it says the same"


def test_a_name_that_is_none_is_told_with_those_that_are(run: Run) -> None:
    with pytest.raises(UsageError, match="person_position"):
        answer("nonsense", Question(run.warehouse, a.TO_DATE))
