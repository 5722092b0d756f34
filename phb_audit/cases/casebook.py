"""The casebook: what people decided, as events that are only ever added, each carrying the hash of the one before.

One casebook a commissioner: SQLite (write-ahead log) in `home/casebook/<commissioner>/casebook.sqlite`, or a schema on PostgreSQL
(casebook_store.py). The night never writes to it.
The database itself refuses to change or delete an event, to take two moves of a case for the same place, and to let one person
make and check the same proposal, or be both readers of a case that is read twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from phb_audit.cases.casebook_store import BrokenCasebook, bring_up_to_date, engine_for, hold_for_writing, is_kept, reading
from phb_audit.errors import UsageError
from phb_audit.settings import Settings

CASE = "case"
FIRST = "0" * 64
metadata = MetaData()
EVENTS = Table(
    "events",
    metadata,
    Column("event_number", Integer, primary_key=True, autoincrement=False),
    Column("kind_code", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous_hash", Text, nullable=False, unique=True),
    Column("event_hash", Text, nullable=False, unique=True),
)
# One row an event of kind `case`: what the database itself watches over.
CASE_MOVES = Table(
    "case_moves",
    metadata,
    Column("event_number", Integer, ForeignKey("events.event_number"), primary_key=True, autoincrement=False),
    Column("case_id", Text, nullable=False),
    Column("case_version", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("checks_by", Text),
    UniqueConstraint("case_id", "case_version", name="one_move_for_a_place"),
    CheckConstraint("checks_by IS NULL OR lower(trim(checks_by)) <> lower(trim(decided_by))", name="four_eyes"),
)


# Asked with every page, so that they are put together once.
HASH_OF_NUMBER = select(EVENTS.c.event_hash).where(EVENTS.c.event_number == bindparam("number"))
ADDED_AFTER = select(EVENTS).where(EVENTS.c.event_number > bindparam("number")).order_by(EVENTS.c.event_number)
LAST = select(EVENTS.c.event_number, EVENTS.c.event_hash).where(
    EVENTS.c.event_number == select(func.max(EVENTS.c.event_number)).scalar_subquery()
)
OF_CASE = (
    select(EVENTS)
    .join(CASE_MOVES, CASE_MOVES.c.event_number == EVENTS.c.event_number)
    .where(CASE_MOVES.c.case_id == bindparam("case_id"))
    .order_by(EVENTS.c.event_number)
)
ADDED = insert(EVENTS)


@dataclass(frozen=True)
class Event:
    """One decision: its number, what kind, who, when (UTC, to the second), its particulars, and its hash."""

    event_number: int
    kind_code: str
    decided_by: str
    decided_at: str
    body: dict[str, Any]
    event_hash: str


@dataclass(frozen=True)
class Entry:
    """What is to be added: bodies of one kind, by one person, at one moment as the casebook writes it."""

    kind_code: str
    bodies: Sequence[dict[str, Any]]
    who: str
    when: str

    @classmethod
    def made(cls, kind_code: str, bodies: Sequence[dict[str, Any]], *, by: str, at: datetime | None) -> Entry:
        """One of now, unless `at` is given. Raises UsageError where nobody is named."""
        who = " ".join(by.split())
        if not who:
            raise UsageError("A decision needs the name of the person who made it.", do="Give it with --by.")
        return cls(kind_code, bodies, who, (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


class StaleCase(UsageError):
    """Somebody else moved the case since the person opened it."""


class Casebook:
    """The decisions of one commissioner. Close it, or use it as a block: `with open_casebook(settings, code) as casebook`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def append(self, kind_code: str, bodies: Sequence[dict[str, Any]], *, by: str, at: datetime | None = None) -> list[Event]:
        """Add one event for each body, all or none, in order. `by` is the person's name; `at` is now unless given.

        Raises UsageError where nobody is named, and StaleCase where an event of kind `case` takes a place that is taken.
        """
        return self.append_together([Entry.made(kind_code, bodies, by=by, at=at)])[0]

    def append_together(self, entries: Sequence[Entry]) -> list[list[Event]]:
        """Add the events of several entries in one transaction, all or none, in order; returns those of each."""
        with self.engine.begin() as connection:
            hold_for_writing(connection, self.engine)
            head, told = last_of(connection), list[list[Event]]()
            for entry in entries:
                told.append(_added(connection, entry, head))
                head = (told[-1][-1].event_number, told[-1][-1].event_hash) if told[-1] else head
        return told

    def events(self, kind_code: str | None = None, *, up_to: int | None = None) -> list[Event]:
        """The events in order, of one kind, up to a number. Raises BrokenCasebook where the chain does not hold."""
        return [row for row in self.verified() if (kind_code in (None, row.kind_code)) and (up_to is None or row.event_number <= up_to)]

    def of_kind(self, kind_code: str) -> list[Event]:
        """The events of one kind in order, each checked against its own hash; the others are not read, so the chain is not.

        Raises BrokenCasebook where an event does not carry its hash.
        """
        kept = select(EVENTS).where(EVENTS.c.kind_code == kind_code).order_by(EVENTS.c.event_number)
        return self._each_by_itself(kept)

    def of_case(self, case_id: str) -> list[Event]:
        """The moves of one case in order, checked as `of_kind` checks: a decision on it does not wait for all the others to be read."""
        return self._each_by_itself(OF_CASE, {"case_id": case_id})

    def _each_by_itself(self, kept: Select[Any], told: dict[str, Any] | None = None) -> list[Event]:
        with reading(self.engine) as connection:
            rows = connection.execute(kept, told or {}).mappings().all()
        return [event for row in rows for event in chained([row], previous=row["previous_hash"], expected=row["event_number"])]

    def after(self, head: tuple[int, str]) -> list[Event] | None:
        """The events added since the one of that number and hash; None where that one is not in the casebook any more.

        Raises BrokenCasebook where what was added does not continue its chain.
        """
        number, digest = head
        with reading(self.engine) as connection:
            if number and connection.execute(HASH_OF_NUMBER, {"number": number}).scalar() != digest:
                return None
            rows = connection.execute(ADDED_AFTER, {"number": number}).mappings().all()
        return list(chained(rows, previous=digest, expected=number + 1))

    def verified(self) -> Iterator[Event]:
        """Every event, each checked against the hash of the one before."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(EVENTS).order_by(EVENTS.c.event_number)).mappings().all()
        yield from chained(rows)

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()


def _added(connection: Connection, entry: Entry, head: tuple[int, str]) -> list[Event]:
    """The events of an entry, written after the one of that number and hash."""
    (number, previous), added = head, list[Event]()
    for body in entry.bodies:
        number += 1
        text = json.dumps(body, sort_keys=True, ensure_ascii=False)
        row = {"event_number": number, "kind_code": entry.kind_code, "decided_by": entry.who, "decided_at": entry.when, "body": text}
        row |= {"previous_hash": previous, "event_hash": hash_of(row, previous)}
        connection.execute(ADDED, row)
        if entry.kind_code == CASE:
            _watch(connection, number, entry.who, body)
        previous = str(row["event_hash"])
        added.append(Event(number, entry.kind_code, entry.who, entry.when, body, previous))
    return added


def _watch(connection: Connection, number: int, who: str, body: dict[str, Any]) -> None:
    """The event's row of `case_moves`. Raises StaleCase, or UsageError where one person would check, or read again, their own decision."""
    row = {"event_number": number, "case_id": body["case_id"], "case_version": body["case_version"]}
    try:
        connection.execute(insert(CASE_MOVES), row | {"decided_by": who, "checks_by": body["checks_by"]})
    except IntegrityError as error:
        if "four_eyes" in str(error.orig):
            what = "One person cannot make and check the same proposal, or read one case twice."
            raise UsageError(what, do="Another person must do it.") from error
        raise StaleCase("The case has been changed by somebody else since you opened it.", do="Open it again.") from error


def last_of(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last event; (0, zeros) where there is none."""
    row = connection.execute(LAST).first()
    return (row.event_number, row.event_hash) if row else (0, FIRST)


def hash_of(row: Mapping[str, Any], previous: str) -> str:
    """SHA-256 over the previous hash and everything the event says."""
    told = [previous, str(row["event_number"]), row["kind_code"], row["decided_by"], row["decided_at"], row["body"]]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()


def chained(rows: Iterable[Any], *, previous: str = FIRST, expected: int = 1) -> Iterator[Event]:
    """Rows of the events table in order as events. Raises BrokenCasebook at the first that was changed, added or taken away.

    `previous` and `expected`: the hash before the first row, and its number.
    """
    for row in rows:
        if row["event_number"] != expected or row["previous_hash"] != previous or row["event_hash"] != hash_of(row, previous):
            raise BrokenCasebook(
                f"The casebook does not hold from event {expected} on: an event was changed, added or taken away.",
                do="Restore it from your backup, and find out who could write to it.",
            )
        previous, expected = row["event_hash"], expected + 1
        yield Event(row["event_number"], row["kind_code"], row["decided_by"], row["decided_at"], json.loads(row["body"]), previous)


@contextmanager
def open_casebook(settings: Settings, commissioner_code: str) -> Iterator[Casebook]:
    """The casebook of a commissioner, made when absent; closed again whatever happens."""
    casebook = Casebook(engine_for(settings, commissioner_code))
    try:
        bring_up_to_date(casebook.engine)
        yield casebook
    finally:
        casebook.close()


def casebook_events(settings: Settings, commissioner_code: str) -> list[Event]:
    """Every event of a commissioner's casebook; none where nobody has decided anything (nothing is made)."""
    if not is_kept(settings, commissioner_code):
        return []
    with open_casebook(settings, commissioner_code) as casebook:
        return casebook.events()
