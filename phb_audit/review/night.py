"""The newest published night, as pages read it: opened read-only, and taken up anew when the pointer `current` moves."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from phb_audit.cases.seen import published_file
from phb_audit.errors import OtherVersion
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse, sql

Key = tuple[str, int, int]
T = TypeVar("T")
MOST_KEPT = 4_000  # some seven things of an item, a few kilobytes each
# What statements read, and the table of the night that has it for every case, whichever night wrote it.
SHOWN = {
    "matched.payments": "shown.payments",
    "matched.receipts": "shown.receipts",
    "matched.receipt_links": "shown.receipt_links",
    "validated.receipts": "shown.receipts",
    "validated.receipt_lines": "shown.receipt_lines",
    "classified.receipt_lines": "shown.receipt_lines",
}
LISTED = ("flagged.findings", "flagged.cases")


@dataclass
class Kept:
    """What was read of the night lately, by what it is and whom it is about."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    found: OrderedDict[tuple[str, str], Any] = field(default_factory=OrderedDict)


@dataclass(frozen=True)
class ShownNight:
    """One published night. `run_id` is '<commissioner>-<as_of>'."""

    run_id: str
    as_of: date
    folder: Path
    warehouse: Warehouse
    _kept: Kept = field(default_factory=Kept, repr=False, compare=False)

    @contextmanager
    def reading(self) -> Iterator[Warehouse]:
        """A connection for one request."""
        with self.warehouse.beside() as own:
            yield own

    def once(self, what: str, about: str, read: Callable[[Warehouse], T]) -> T:
        """What the night says of a case or a holder, read once while it is among the last that were asked for: a night never changes.

        Whoever asks must not change what they get.
        """
        with self._kept.lock:
            if (what, about) in self._kept.found:
                self._kept.found.move_to_end((what, about))
                kept: T = self._kept.found[(what, about)]
                return kept
        with self.reading() as warehouse:
            told = read(warehouse)
        with self._kept.lock:
            self._kept.found[(what, about)] = told
            if len(self._kept.found) > MOST_KEPT:
                self._kept.found.popitem(last=False)
        return told

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
    """A night's file behind a database in memory, whose views carry the names statements use.

    Raises OtherVersion for a night of a version that showed less.
    """
    run_id = path.parent.name
    warehouse = Warehouse(Path(":memory:"), threads=1)  # a page asks many small things: handing each to threads costs more than it saves
    warehouse.run(f"ATTACH '{_quoted(path)}' AS night (READ_ONLY)")
    there = set(warehouse.frame(sql(__file__, "night_tables"))["name"])
    if not there.issuperset(SHOWN.values()):
        raise OtherVersion("The newest night was published by an earlier version of phb_audit.", do="Run a night with this version.")
    for table in (table for table in TABLES.values() if table.is_published and table.name not in LISTED):
        name = SHOWN.get(table.name, table.name)
        if name in there:
            warehouse.run(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            warehouse.run(f"CREATE VIEW {table.name} AS FROM night.{name}")
    # Purchases to be read stand among flagged ones, and nothing on a page tells which is which. Put together once, and found by case.
    for name in LISTED:
        warehouse.run(sql(__file__, name.replace("flagged.", "listed_")))
        warehouse.run(f"CREATE INDEX {name.replace('.', '_')}_by_case ON {name} (case_id)")
    as_of = date.fromisoformat(run_id.removeprefix(f"{commissioner_code}-"))
    return ShownNight(run_id, as_of, path.parent, warehouse)


def rows_of(name: str, **asked: str) -> Callable[[Warehouse], list[dict[str, Any]]]:
    """What reads the rows of a statement of this room, for `ShownNight.once`."""
    return lambda warehouse: warehouse.frame(sql(__file__, name), asked).to_dicts()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
