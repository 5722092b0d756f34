"""Small worlds for tests: frames and warehouses where only what matters to the test is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from phb_audit.run import Run
from phb_audit.settings import Settings
from phb_audit.tables import TABLES, Table
from phb_audit.warehouse import Warehouse

AS_OF = date(2026, 10, 31)
NEUTRAL: dict[object, object] = {pl.String: "", pl.Int64: 0, pl.Float64: 0.0, pl.Boolean: False, pl.Date: AS_OF}
Row = Mapping[str, object]


def rows(table_name: str, *given: Row) -> pl.DataFrame:
    """A frame of the named table; columns not given are null, or a neutral value where null is not allowed."""
    table: Table = TABLES[table_name]
    unknown = {name for row in given for name in row} - set(table.column_names)
    if unknown:
        raise KeyError(f"{table_name} has no column {sorted(unknown)}")
    full = [
        {column.name: row.get(column.name, None if column.nullable else NEUTRAL[column.dtype]) for column in table.columns} for row in given
    ]
    return pl.DataFrame(full, schema=table.polars_schema)


@cache
def empty_warehouse() -> bytes:
    """The file of a warehouse with every table, empty: making some hundred tables for each test takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        made = Warehouse(path)
        made.make_tables()
        made.close()
        return path.read_bytes()


def make_run(folder: Path, *, as_of: date = AS_OF, commissioner_code: str = "QZZ", **more: object) -> Run:
    """A run on an empty warehouse below `folder`."""
    settings = Settings(folder / "home")
    path = settings.warehouse_path(commissioner_code)
    if not path.exists():
        path.write_bytes(empty_warehouse())
    warehouse = Warehouse(path, threads=2)
    warehouse.make_tables()
    inbox = folder / "inbox" / commissioner_code
    inbox.mkdir(parents=True, exist_ok=True)
    return Run(commissioner_code, as_of, inbox, settings, warehouse, **more)  # type: ignore[arg-type]


def fill(run: Run, tables: Mapping[str, Sequence[Row]]) -> Run:
    """Write rows into tables of the run's warehouse; `run_id` is the run's unless given."""
    for name, given in tables.items():
        table = TABLES[name]
        with_run = [{"run_id": run.run_id, **row} if "run_id" in table.column_names else row for row in given]
        run.warehouse.write(table, rows(name, *with_run))
    return run
