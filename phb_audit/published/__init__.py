"""Published: what a night hands to readers. Nothing in it is ever changed; the next night writes new files beside it.

`home/published/<commissioner>/<run_id>/` holds one Parquet file a table, a slim `night.duckdb` for readers and the review app
(all tables but those of single rows that matched.payments sums up), and `datapackage.json`. The pointer `current` names the newest.
A night published again replaces its folder in one rename.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from phb_audit.errors import PhbAuditError
from phb_audit.published.datapackage import write_datapackage
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables import TABLES, Table
from phb_audit.warehouse import sql

# The state of today, whole. Of every other published table: the rows this night wrote.
WHOLE = frozenset({"flagged.findings", "flagged.suppressed", "flagged.cases"})
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
# Rows of one holder stand together, in the order of days: near to how they are kept, so sorting costs little and files are small.
ORDER = ("holder_id", "paid_on", "subject_on")


def build(run: Run) -> StageTotals:
    """Write tonight's immutable files and move the pointer. Books: matched payments written tonight = payments published."""
    place = run.settings.folder("published", run.commissioner_code)
    half_made = place / f".{run.run_id}.new"
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir()
    tables = [table for table in TABLES.values() if table.is_published]
    _write_tables(run, tables, half_made)
    totals = _totals(run, half_made)
    run.keep_books(totals)
    _write_tables(run, [TABLES["nights.control_totals"]], half_made)  # now with this stage's own books in it
    _write_duckdb(run, [table for table in tables if table.name not in PARQUET_ONLY], half_made)
    write_datapackage(run, tables, half_made)
    _replace_folder(half_made, place / run.run_id)
    _move_pointer(place, run.run_id)
    return totals


def _query(table: Table) -> str:
    tonight = "" if table.name in WHOLE or "run_id" not in table.column_names else "WHERE run_id = $run_id"
    return f"SELECT {', '.join(table.column_names)} FROM {table.name} {tonight} ORDER BY {', '.join(_order(table))}"


def _order(table: Table) -> list[str]:
    return [*(name for name in ORDER if name in table.column_names and name not in table.key), *table.key]


def _write_tables(run: Run, tables: list[Table], folder: Path) -> None:
    for table in tables:
        path = folder / f"{table.name.replace('.', '_')}.parquet"
        statement = f"COPY ({_query(table)}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        run.warehouse.run(statement, _parameters(run, table))


def _parameters(run: Run, table: Table) -> dict[str, object] | None:
    return {"run_id": run.run_id} if "$run_id" in _query(table) else None


def _write_duckdb(run: Run, tables: list[Table], folder: Path) -> None:
    path = folder / "night.duckdb"
    run.warehouse.run(f"ATTACH '{path}' AS readers")
    try:
        for schema in dict.fromkeys(table.schema for table in tables):
            run.warehouse.run(f"CREATE SCHEMA IF NOT EXISTS readers.{schema}")
        for table in tables:
            parquet = folder / f"{table.name.replace('.', '_')}.parquet"
            run.warehouse.run(f"CREATE TABLE readers.{table.name} AS FROM read_parquet('{parquet}')")
            _describe(run, table)
    finally:
        run.warehouse.run("DETACH readers")


def _describe(run: Run, table: Table) -> None:
    def quoted(words: str) -> str:
        return "'" + words.replace("'", "''") + "'"

    run.warehouse.run(f"COMMENT ON TABLE readers.{table.name} IS {quoted('One row per ' + table.grain)}")
    for column in table.columns:
        run.warehouse.run(f"COMMENT ON COLUMN readers.{table.name}.{column.name} IS {quoted(column.meaning)}")


def _totals(run: Run, folder: Path) -> StageTotals:
    counted = run.warehouse.frame(sql(__file__, "payments_matched"), {"run_id": run.run_id}).row(0)
    written = run.warehouse.frame(sql(__file__, "payments_published"), {"path": str(folder / "matched_payments.parquet")}).row(0)
    return StageTotals("published", (Total("in", "payments matched", *counted), Total("out", "payments published", *written)))


def _replace_folder(new: Path, final: Path) -> None:
    """Put the finished folder in place; a kill between the renames leaves the old one beside it, and the rerun clears it."""
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _move_pointer(place: Path, run_id: str) -> None:
    pointer = place / "current"
    if pointer.is_dir() and not pointer.is_symlink():
        raise PhbAuditError("'current' in the published folder is a folder, not a link.", do="Remove it (a copy made it so) and run again.")
    new = place / f".current.{os.getpid()}"
    new.unlink(missing_ok=True)
    new.symlink_to(run_id)
    new.replace(pointer)
