"""Published: what a night hands to readers. Nothing in it is ever changed; the next night writes new files beside it.

`home/published/<commissioner>/<run_id>/` holds one Parquet file a table, a slim `night.duckdb` for readers and the review app
(all tables but those of single rows that matched.payments sums up), and `datapackage.json`. The pointer `current` names the newest.
A night published again replaces its folder in one rename.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from phb_audit.errors import PhbAuditError
from phb_audit.published.datapackage import write_datapackage
from phb_audit.published.parquet import write_parquet
from phb_audit.published.readers import PARQUET_ONLY, write_readers
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables import TABLES, Table
from phb_audit.warehouse import Warehouse, sql

__all__ = ["PARQUET_ONLY", "build"]


def build(run: Run) -> StageTotals:
    """Write tonight's immutable files and move the pointer. Books: matched payments written tonight = payments published."""
    place = run.settings.folder("published", run.commissioner_code)
    half_made = place / f".{run.run_id}.new"
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir()
    tables = [table for table in TABLES.values() if table.is_published]
    totals = _write_all(run, tables, half_made)
    write_datapackage(run, tables, half_made)
    _replace_folder(half_made, place / run.run_id)
    _move_pointer(place, run.run_id)
    return totals


def _write_all(run: Run, tables: list[Table], folder: Path) -> StageTotals:
    """Write both kinds of file, two tables at a time: the widest one here, the others beside it on a second connection."""
    widest, books = TABLES["matched.payments"], TABLES["nights.control_totals"]
    others = [table for table in tables if table not in (widest, books)]
    with run.warehouse.beside() as second, ThreadPoolExecutor(1) as beside:
        written = beside.submit(_write_each, run, second, others, folder)
        write_parquet(run, run.warehouse, widest, folder)
        totals = _totals(run, folder)
        run.keep_books(totals)
        write_parquet(run, run.warehouse, books, folder)  # now with this stage's own books in it

        def as_they_come() -> Iterator[Sequence[Table]]:
            yield (widest, books)
            written.result()
            yield [table for table in others if table.name not in PARQUET_ONLY]

        write_readers(run, as_they_come(), folder)
    return totals


def _write_each(run: Run, warehouse: Warehouse, tables: list[Table], folder: Path) -> None:
    for table in tables:
        write_parquet(run, warehouse, table, folder)


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
