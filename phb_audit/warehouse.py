"""The one DuckDB file a night writes: opening it, making its tables, writing frames to them, reading SQL beside modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from phb_audit.errors import DamagedWarehouse, NightAlreadyRunning, OtherVersion
from phb_audit.tables import TABLES, Table

OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class Warehouse:
    """A connection to one DuckDB file. Not shared between processes: one writer, or many readers."""

    def __init__(self, path: Path, *, read_only: bool = False, memory_limit: str = "2GB", threads: int | None = None) -> None:
        settings: dict[str, Any] = {**OFFLINE, "memory_limit": memory_limit, "preserve_insertion_order": "true"}
        if threads:
            settings["threads"] = threads
        try:
            self.connection = duckdb.connect(str(path), read_only=read_only, config=settings)
        except duckdb.Error as error:
            if "lock" in str(error).lower():
                raise NightAlreadyRunning(
                    f"The warehouse {path.name} is in use by another process.",
                    do="Wait until that night has ended, or see `phb-audit status`.",
                ) from error
            raise DamagedWarehouse(
                f"The warehouse {path.name} cannot be opened: it is damaged, or not a warehouse.",
                do="Restore it from your backup, or move it away and run past nights again with `python -m flows.replay`.",
            ) from error
        self.path = path
        if read_only:
            try:
                self.check_version()
            except OtherVersion:
                self.connection.close()
                raise

    def make_tables(self) -> None:
        """Make every schema and table of `phb_audit.tables` that is absent.

        Raises OtherVersion where a table that is there has other columns: another version of phb_audit made it.
        """
        there = self.check_version()
        absent = [table for name, table in TABLES.items() if name not in there]
        for schema in dict.fromkeys(table.schema for table in absent):
            self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for table in absent:
            self.connection.execute(table.ddl)

    def check_version(self) -> set[str]:
        """The names of the tables that are there. Raises OtherVersion where one has other columns than `phb_audit.tables` says."""
        found: dict[str, set[str]] = {}
        for name, column in self.connection.execute(
            "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns()"
        ).fetchall():
            found.setdefault(name, set()).add(column)
        if other := [name for name, columns in found.items() if name in TABLES and columns != set(TABLES[name].column_names)]:
            raise OtherVersion(
                f"The warehouse {self.path.name} was made by another version of phb_audit (its {other[0]} has other columns).",
                do="Install the version that made it, or move its home away and run the nights again from their files.",
            )
        return set(found)

    def run(self, statement: str, parameters: Mapping[str, object] | None = None) -> None:
        """Run one statement with named parameters ($name)."""
        self.connection.execute(statement, dict(parameters) if parameters else None)

    def frame(self, statement: str, parameters: Mapping[str, object] | None = None, **frames: pl.DataFrame) -> pl.DataFrame:
        """The result of one statement as a Polars frame; `frames` are visible to it by their names."""
        with self.seeing(frames):
            answer: pl.DataFrame = self.connection.sql(statement, params=dict(parameters) if parameters else None).pl()
            return answer

    def execute_with(self, statement: str, parameters: Mapping[str, object] | None = None, **frames: pl.DataFrame) -> None:
        """Run one statement that reads the given frames by name."""
        with self.seeing(frames):
            self.run(statement, parameters)

    def write(self, table: Table, frame: pl.DataFrame) -> int:
        """Append a frame to a table by column name, in the frame's order; returns the rows written.

        Of an empty frame nothing is inserted: in DuckDB 2.0, after an INSERT of no rows, those of a large INSERT into the same table
        (over 122,880) in the same transaction are not found by their values until the file is opened again.
        Raises ValueError when the frame lacks a column or carries one the table does not have.
        """
        if set(frame.columns) != set(table.column_names):
            raise ValueError(f"{table.name}: columns differ: {sorted(set(frame.columns) ^ set(table.column_names))}")
        if frame.is_empty():
            return 0
        ordered = frame.select(pl.col(column.name).cast(column.dtype) for column in table.columns)
        self.execute_with(f"INSERT INTO {table.name} SELECT * FROM incoming_rows", incoming_rows=ordered)
        return ordered.height

    def replace_run(self, table: Table, run_id: str, frame: pl.DataFrame) -> int:
        """Write tonight's rows so that a second try of the night leaves them once: delete this run's rows, append the frame."""
        self.run(f"DELETE FROM {table.name} WHERE run_id = $run_id", {"run_id": run_id})
        return self.write(table, frame)

    @contextmanager
    def seeing(self, frames: Mapping[str, pl.DataFrame]) -> Iterator[None]:
        """Make frames visible to SQL under their names while the block runs."""
        for name, frame in frames.items():
            self.connection.register(name, frame.to_arrow(compat_level=pl.CompatLevel.newest()))  # text is lent, not copied
        try:
            yield
        finally:
            for name in frames:
                self.connection.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: a kill inside leaves the warehouse as it was before."""
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    @contextmanager
    def beside(self) -> Iterator[Warehouse]:
        """A second connection to the same file, for another thread: it sees what is committed, and no temporary table of this one."""
        other = copy(self)
        other.connection = self.connection.cursor()
        try:
            yield other
        finally:
            other.close()

    def close(self) -> None:
        """Close the connection, and with the last one the file."""
        self.connection.close()


@cache
def sql(module_file: str, name: str) -> str:
    """The statement in `<name>.sql` beside the module: `sql(__file__, "payments")`."""
    return (Path(module_file).parent / f"{name}.sql").read_text(encoding="utf-8")
