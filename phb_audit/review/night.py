"""The newest published night, as pages read it: opened read-only, and taken up anew when the pointer `current` moves."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from phb_audit.cases.seen import published_file
from phb_audit.errors import OtherVersion
from phb_audit.review.items import Item, Together, items_of, persons_of
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse, sql

Stamp = tuple[int, int]
T = TypeVar("T")
MOST_REMEMBERED = 64  # lists of at most every case
# What statements read, and the table of the night that has it for every case, whichever night wrote it.
SHOWN = {
    "matched.payments": "shown.payments",
    "matched.receipts": "shown.receipts",
    "matched.receipt_links": "shown.receipt_links",
    "validated.receipts": "shown.receipts",
    "validated.receipt_lines": "shown.receipt_lines",
    "classified.receipt_lines": "shown.receipt_lines",
}
LISTED = ("flagged.findings", "flagged.cases", "flagged.clearings", "flagged.score_parts")


class Remembered:
    """What was worked out lately, by what it is; the one asked for longest ago is forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def once(self, what: Hashable, work: Callable[[], T]) -> T:
        """What `work` gives, worked out at the first time. Whoever asks must not change what they get."""
        with self._lock:
            if what in self._found:
                self._found.move_to_end(what)
                kept: T = self._found[what]
                return kept
        made = work()
        with self._lock:
            self._found[what] = made
            if len(self._found) > MOST_REMEMBERED:
                self._found.popitem(last=False)
        return made


class Places:
    """Where the cases of a night stand in its list: by id, by reference, by person, and in other orders. What does not change in a day."""

    def __init__(self, cases: Sequence[dict[str, Any]]) -> None:
        self.by_id = {told["case_id"]: place for place, told in enumerate(cases)}
        self.by_ref = {told["case_ref"]: place for place, told in enumerate(cases)}
        self.by_holder: dict[str, list[int]] = {}
        for place, told in enumerate(cases):
            self.by_holder.setdefault(told["holder_id"], []).append(place)
        self.kept = Remembered()


@dataclass(frozen=True)
class ShownNight:
    """One published night. `run_id` is '<commissioner>-<as_of>'; `stamp` tells its file from another that was put in its place."""

    run_id: str
    as_of: date
    path: Path
    stamp: Stamp
    warehouse: Warehouse

    @contextmanager
    def reading(self) -> Iterator[Warehouse]:
        """A connection for one request."""
        with self.warehouse.beside() as own:
            yield own

    @property
    def is_in_place(self) -> bool:
        """Whether its file still stands where it was opened."""
        try:
            return stamp_of(self.path) == self.stamp
        except OSError:
            return False

    @contextmanager
    def _reading_apart(self) -> Iterator[Warehouse]:
        """A database of its own for a statement that takes much memory: that is given back when it is closed, and not before.

        Where another file stands in its place by now, a connection as any other.
        """
        if self.is_in_place:
            own = database_of(self.path)
            try:
                if self.is_in_place:
                    yield own
                    return
            finally:
                own.close()
        with self.reading() as warehouse:
            yield warehouse

    @cached_property
    def cases(self) -> tuple[dict[str, Any], ...]:
        """Every case of the night that is in no lane of its own, in the night's order, with what lists say of it."""
        with self._reading_apart() as warehouse:
            return tuple(_lean(row) for row in warehouse.frame(sql(__file__, "night_cases")).iter_rows(named=True))

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
    def places(self) -> Places:
        """Where its cases stand in its list."""
        return Places(self.cases)

    @cached_property
    def items(self) -> Together[Item]:
        """What its cases' own pages say."""
        return items_of(self)

    @cached_property
    def persons(self) -> Together[dict[str, Any]]:
        """What the pages of its people say."""
        return persons_of(self)

    def held(self, kind: Literal["items", "persons"]) -> Together[Any]:
        """The one or the other."""
        return self.items if kind == "items" else self.persons

    @cached_property
    def people_shown(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of people, by the name reports show."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.people:
            found.setdefault(row["holder_shown"], []).append(row)
        return found

    @cached_property
    def person_of(self) -> dict[str, dict[str, Any]]:
        """The row of a holder."""
        return {row["holder_id"]: row for row in self.people}


class Nights:
    """The newest night of one commissioner; `newest` is cheap when nothing has changed."""

    def __init__(self, settings: Settings, commissioner_code: str) -> None:
        self.settings, self.commissioner_code = settings, commissioner_code
        self._lock = threading.Lock()
        self._key: tuple[Path, Stamp] | None = None
        self._night: ShownNight | None = None

    def newest(self) -> ShownNight:
        """The night `current` points to now. Raises UsageError where none was published.

        One that is no longer the newest is let go when the last request that reads it has ended.
        """
        path = published_file(self.settings, self.commissioner_code)
        key = (path, stamp_of(path))
        with self._lock:
            if self._night is None or key != self._key:
                self._night, self._key = opened(path, self.commissioner_code), key
            return self._night


def opened(path: Path, commissioner_code: str) -> ShownNight:
    """A night's file. Raises OtherVersion for a night of a version that showed less."""
    run_id, stamp = path.parent.name, stamp_of(path)
    as_of = date.fromisoformat(run_id.removeprefix(f"{commissioner_code}-"))
    return ShownNight(run_id, as_of, path, stamp, database_of(path))


def database_of(path: Path) -> Warehouse:
    """A night's file behind a database in memory, whose views carry the names statements use. Raises as `opened` does."""
    warehouse = Warehouse(
        Path(":memory:"), memory_limit="256MB", threads=1
    )  # a page asks many small things: handing each to threads costs more than it saves
    warehouse.run(f"ATTACH '{_quoted(path)}' AS night (READ_ONLY)")
    there = set(warehouse.frame(sql(__file__, "night_tables"))["name"])
    if not there.issuperset(SHOWN.values()):
        raise OtherVersion("The newest night was published by an earlier version of phb_audit.", do="Run a night with this version.")
    for table in (table for table in TABLES.values() if table.is_published and table.name not in LISTED):
        name = SHOWN.get(table.name, table.name)
        if name in there:
            warehouse.run(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            warehouse.run(f"CREATE VIEW {table.name} AS FROM night.{name}")
    # Purchases to be read stand among flagged ones, and nothing on a page tells which is which.
    # The order is worked out once; the flags, with all their words, stay in the file.
    for name in LISTED:
        warehouse.run(sql(__file__, name.replace("flagged.", "listed_")))
    return warehouse


def stamp_of(path: Path) -> Stamp:
    """Which file stands there now."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def _lean(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its words kept once for all rows that say the same."""
    return {
        name: sys.intern(value) if isinstance(value, str) else [sys.intern(one) for one in value] if isinstance(value, list) else value
        for name, value in row.items()
    }


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
