"""The words for describing a table: a `Column` is described once, a `Table` says what one row is."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from polars._typing import PolarsDataType

SQL_TYPES: dict[PolarsDataType, str] = {
    pl.String: "VARCHAR",
    pl.Int64: "BIGINT",
    pl.Int32: "INTEGER",
    pl.Float64: "DOUBLE",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
}


@dataclass(frozen=True)
class Column:
    """One column: its type, what it means, its unit, the codes it may hold, and whether it may show who a person is."""

    name: str
    dtype: PolarsDataType
    meaning: str
    personal: bool = False
    nullable: bool = True
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: `name` is 'schema.table'; `grain` completes 'one row per ...'; `key` names the columns that make a row unique."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_published: bool = False

    @property
    def schema(self) -> str:
        """The stage that writes it."""
        return self.name.split(".")[0]

    @property
    def short_name(self) -> str:
        """The name within its schema."""
        return self.name.split(".")[1]

    @property
    def column_names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def polars_schema(self) -> pl.Schema:
        """Names and Polars types in order: an empty frame of this table is `pl.DataFrame(schema=table.polars_schema)`."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def ddl(self) -> str:
        """The statement that makes the table when it is absent."""
        body = ", ".join(f"{column.name} {SQL_TYPES[column.dtype]}{'' if column.nullable else ' NOT NULL'}" for column in self.columns)
        return f"CREATE TABLE IF NOT EXISTS {self.name} ({body})"

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def text(name: str, meaning: str, **more: object) -> Column:
    """A String column."""
    return Column(name, pl.String, meaning, **more)  # type: ignore[arg-type]


def money(name: str, meaning: str, **more: object) -> Column:
    """An Int64 column in pence; the name ends in `_pence`."""
    return Column(name, pl.Int64, meaning, unit="pence", **more)  # type: ignore[arg-type]


def on(name: str, meaning: str, **more: object) -> Column:
    """A Date column; the name ends in `_on`."""
    return Column(name, pl.Date, meaning, **more)  # type: ignore[arg-type]


def count(name: str, meaning: str, **more: object) -> Column:
    """An Int64 column of whole numbers."""
    return Column(name, pl.Int64, meaning, **more)  # type: ignore[arg-type]


def share(name: str, meaning: str, **more: object) -> Column:
    """A Float64 column, usually from 0 to 1, rounded to six places before it is stored."""
    return Column(name, pl.Float64, meaning, **more)  # type: ignore[arg-type]


def yes_no(name: str, meaning: str, **more: object) -> Column:
    """A Boolean column; the name begins with `is_` or `has_`."""
    return Column(name, pl.Boolean, meaning, **more)  # type: ignore[arg-type]


# Where a landed row came from; the first columns of every landed table.
PROVENANCE = (
    text("run_id", "The night that landed the row", nullable=False),
    text("file_id", "SHA-256 of the file, 64 hex digits", nullable=False),
    count(
        "line_number", "Line of the file (the header is line 1); for workbooks the sheet row, for JSON the record's number", nullable=False
    ),
    text(
        "row_id",
        "16 hex digits: hash of feed and content (of a payment: account, day, pence and words), and of the number of equal rows before it",
        nullable=False,
    ),
    text("layout_code", "The layout that was recognised", nullable=False),
    text("problem_text", "Why the row as a whole cannot be trusted: more cells than the header, half a line, not readable; empty for most"),
)

# Where a validated row came from.
ORIGIN = (
    text("run_id", "The night that admitted the row", nullable=False),
    text("file_id", "SHA-256 of the file it came in", nullable=False),
    count("line_number", "Its line in that file", nullable=False),
    text("row_id", "The landed row it was made from", nullable=False),
)
