"""`night.duckdb`: the published tables in one file for readers and the review app, each with its words, made from the Parquet files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from phb_audit.published.parquet import path_of
from phb_audit.run import Run
from phb_audit.tables import Table
from phb_audit.warehouse import Warehouse

# Long tables of rows whose sense matched.payments carries: in Parquet only.
PARQUET_ONLY = frozenset(
    {
        "validated.payments",
        "validated.receipt_lines",
        "validated.pay_slips",
        "classified.payments",
        "classified.receipt_lines",
    }
)


def write_readers(run: Run, batches: Iterable[Sequence[Table]], folder: Path) -> None:
    """Write the tables of each batch to `night.duckdb` when the batch comes; one transaction, so the disk is waited for once."""
    run.warehouse.run(f"ATTACH '{folder / 'night.duckdb'}' AS readers")
    try:
        with run.warehouse.transaction():
            for table in chain.from_iterable(batches):
                run.warehouse.run(f"CREATE SCHEMA IF NOT EXISTS readers.{table.schema}")
                run.warehouse.run(f"CREATE TABLE readers.{table.name} AS FROM read_parquet('{path_of(table, folder)}')")
                describe(run.warehouse, table, f"readers.{table.name}")
    finally:
        run.warehouse.run("DETACH readers")


def describe(warehouse: Warehouse, table: Table, name: str, kind: str = "TABLE") -> None:
    """Write what one row is, and what each column means, beside a table or view of the file that is open."""

    def quoted(words: str) -> str:
        return "'" + words.replace("'", "''") + "'"

    warehouse.run(f"COMMENT ON {kind} {name} IS {quoted('One row per ' + table.grain)}")
    for column in table.columns:
        warehouse.run(f"COMMENT ON COLUMN {name}.{column.name} IS {quoted(column.meaning)}")
