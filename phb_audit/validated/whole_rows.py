"""Whole rows as JSON and back: how a refused row is kept, and how a row that was replaced comes back when a night is run again."""

from __future__ import annotations

from phb_audit.tables import Table
from phb_audit.tables.describe import SQL_TYPES


def from_json(table: Table, source: str) -> str:
    """The select list that reads a table's columns, typed, out of the JSON column `source`."""
    return ", ".join(f"CAST({source} ->> '$.{column.name}' AS {SQL_TYPES[column.dtype]}) AS {column.name}" for column in table.columns)
