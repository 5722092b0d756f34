"""`phb-audit bi`: tables and views for dashboards, without anybody in them: Parquet, one DuckDB file, and `datapackage.json`.

The measures are the pack's, with small numbers kept back. The rest is for inside: rows that name nobody, with a month and a kind.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl

from phb_audit.errors import CLEAN
from phb_audit.finance.positions import taxonomy
from phb_audit.published.datapackage import write_package
from phb_audit.published.readers import describe
from phb_audit.reports.pack_command import Asked, Say, measured_for
from phb_audit.reports.protected import protect
from phb_audit.settings import Settings
from phb_audit.tables.bi import FEEDS, ITEMS, MEASURES, PURCHASES, TABLES, VIEWS
from phb_audit.tables.describe import Table
from phb_audit.warehouse import Warehouse, sql


def make_bi(settings: Settings, code: str, *, out: Path | None, say: Say) -> int:
    """Write the folder of the newest night and say where it is."""
    folder = written_bi(settings, code, out=out)
    say(f"{folder}\nFor inside the organisation. What each table and view holds: docs/reference/tables.md, For dashboards.")
    return CLEAN


def written_bi(settings: Settings, code: str, *, out: Path | None = None) -> Path:
    """The folder, written beside itself and put in place by one rename; made again it replaces its former self."""
    asked = measured_for(settings, code, month=None, months=1)
    folder = out or settings.folder("bi", code) / asked.run_id
    new = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    _write(frames(settings, code, asked), new, asked, code)
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)
    return folder


def frames(settings: Settings, code: str, asked: Asked) -> dict[Table, pl.DataFrame]:
    """Every table as it is written: the columns described, in their order, and no other."""
    warehouse = Warehouse(settings.home / "warehouse" / code / "night.duckdb", read_only=True)
    try:
        purchases = warehouse.frame(sql(__file__, "bi_purchases")).join(taxonomy(), on="category_code", how="left", maintain_order="left")
        found = {
            MEASURES: protect(asked.measured),
            PURCHASES: purchases.with_columns(pl.col("category_name").fill_null("Not told")),
            ITEMS: warehouse.frame(sql(__file__, "bi_items")),
            FEEDS: warehouse.frame(sql(__file__, "bi_feeds"), {"run_id": asked.run_id}),
        }
    finally:
        warehouse.close()
    return {table: frame.select(pl.col(column.name).cast(column.dtype) for column in table.columns) for table, frame in found.items()}


def _write(found: dict[Table, pl.DataFrame], folder: Path, asked: Asked, code: str) -> None:
    paths = {table: folder / f"{table.short_name}.parquet" for table in TABLES}
    for table, path in paths.items():
        found[table].write_parquet(path, compression="zstd")
    title = f"Personal health budgets of {code} for dashboards, night of {asked.as_of.isoformat()}"
    write_package(f"{asked.run_id.lower()}-bi", title, list(paths.items()), folder)
    book = Warehouse(folder / "dashboards.duckdb")
    try:
        with book.transaction():
            book.run("CREATE SCHEMA bi")
            for table, path in paths.items():
                book.run(f"CREATE TABLE {table.name} AS FROM read_parquet('{path}')")
                describe(book, table, table.name)
            for view in VIEWS:
                book.run(sql(__file__, f"bi_view_{view.short_name}"))
                describe(book, view, view.name, "VIEW")
    finally:
        book.close()
