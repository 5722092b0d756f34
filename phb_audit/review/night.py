"""The newest published night, as pages read it: opened read-only, and taken up anew when the pointer `current` moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from phb_audit.cases.seen import published_file
from phb_audit.errors import OtherVersion
from phb_audit.published.parquet import path_of
from phb_audit.published.readers import PARQUET_ONLY
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse, sql

Key = tuple[str, int, int]
# What statements read, and the table of the night that has it for every case, whichever night wrote it.
SHOWN = {
    "matched.payments": "shown.payments",
    "matched.receipts": "shown.receipts",
    "matched.receipt_links": "shown.receipt_links",
    "validated.receipts": "shown.receipts",
    "validated.receipt_lines": "shown.receipt_lines",
    "classified.receipt_lines": "shown.receipt_lines",
}


@dataclass(frozen=True)
class ShownNight:
    """One published night. `run_id` is '<commissioner>-<as_of>'."""

    run_id: str
    as_of: date
    folder: Path
    warehouse: Warehouse

    @contextmanager
    def reading(self) -> Iterator[Warehouse]:
        """A connection for one request."""
        with self.warehouse.beside() as own:
            yield own

    @cached_property
    def cases(self) -> tuple[dict[str, Any], ...]:
        """Every case of the night that is in no lane of its own, in the night's order, with what lists say of it."""
        with self.reading() as warehouse:
            return tuple(warehouse.frame(sql(__file__, "night_cases")).iter_rows(named=True))

    @cached_property
    def people(self) -> tuple[dict[str, Any], ...]:
        """Everyone with a budget on file."""
        with self.reading() as warehouse:
            return tuple(warehouse.frame(sql(__file__, "night_people")).iter_rows(named=True))

    @cached_property
    def reading_time(self) -> tuple[dict[str, Any], ...]:
        """The night's row of flagged.reading_time."""
        with self.reading() as warehouse:
            return tuple(warehouse.frame(sql(__file__, "night_reading_time"), {"run_id": self.run_id}).iter_rows(named=True))

    @cached_property
    def person_of(self) -> dict[str, dict[str, Any]]:
        """The row of a holder."""
        return {row["holder_id"]: row for row in self.people}


class Nights:
    """The newest night of one commissioner; `newest` is cheap when nothing has changed."""

    def __init__(self, settings: Settings, commissioner_code: str) -> None:
        self.settings, self.commissioner_code = settings, commissioner_code
        self._lock = threading.Lock()
        self._key: Key | None = None
        self._night: ShownNight | None = None

    def newest(self) -> ShownNight:
        """The night `current` points to now. Raises UsageError where none was published.

        One that is no longer the newest is let go when the last request that reads it has ended.
        """
        path = published_file(self.settings, self.commissioner_code)
        found = path.stat()
        key = (str(path), found.st_ino, found.st_mtime_ns)
        with self._lock:
            if self._night is None or key != self._key:
                self._night, self._key = opened(path, self.commissioner_code), key
            return self._night


def opened(path: Path, commissioner_code: str) -> ShownNight:
    """A night's file behind a database in memory, whose views carry the names statements use: published tables in
    `night.duckdb`, and those that stand in Parquet only. Raises OtherVersion for a night of a version that showed less."""
    run_id = path.parent.name
    warehouse = Warehouse(Path(":memory:"))
    warehouse.run(f"ATTACH '{_quoted(path)}' AS night (READ_ONLY)")
    there = set(warehouse.frame(sql(__file__, "night_tables"))["name"])
    if not there.issuperset(SHOWN.values()):
        raise OtherVersion("The newest night was published by an earlier version of phb_audit.", do="Run a night with this version.")
    for table in (table for table in TABLES.values() if table.is_published):
        name = SHOWN.get(table.name, table.name)
        source = f"night.{name}" if name in there else f"read_parquet('{_quoted(path_of(table, path.parent))}')"
        if name in there or name in PARQUET_ONLY:
            warehouse.run(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            warehouse.run(f"CREATE VIEW {table.name} AS FROM {source}")
    # Purchases to be read stand among flagged ones, and nothing on a page tells which is which.
    warehouse.run(sql(__file__, "listed_findings"))
    warehouse.run(sql(__file__, "listed_cases"))
    as_of = date.fromisoformat(run_id.removeprefix(f"{commissioner_code}-"))
    return ShownNight(run_id, as_of, path.parent, warehouse)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
