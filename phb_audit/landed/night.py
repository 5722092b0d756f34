"""One night's landing, file by file: kept sealed, recognised, read in batches, written."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from phb_audit.errors import PhbAuditError
from phb_audit.evidence.readings import Outcome
from phb_audit.identity import IdentityKey
from phb_audit.landed.arrivals import Arrival, arrived
from phb_audit.landed.files import CUT_SHORT, LEFT_OUT, Entry, is_cut_short
from phb_audit.landed.papers import KeptReadings, is_paper, papers_read, recognised_paper
from phb_audit.landed.rows import SEEN, Batch, prepare, with_ids, with_repeats, write_new
from phb_audit.landed.same_payments import settled
from phb_audit.landed.sealed import forget_half_made, seal
from phb_audit.landed.sent_again import lines_sent_again
from phb_audit.run import Run
from phb_audit.sources.pseudonyms import Identity
from phb_audit.sources.read import Piece, Reader, Recognised, Shape, rows_of
from phb_audit.tables import TABLES
from phb_audit.tables.landed import PAYMENTS
from phb_audit.warehouse import sql

log = logging.getLogger("phb_audit.landed")

NAMING_FEEDS = frozenset({"people", "payroll"})
BATCH_BYTES = 48 * 1024 * 1024
KEPT_IN_MEMORY_BYTES = 256 * 1024 * 1024
READY_BYTES = 512 * 1024 * 1024
SIDE_BY_SIDE = 2
MOST_SEALING = 8
UNREADABLE = "The file may not be read. Give the night the right to read it."
Before = tuple[str, str, int, int]
Progress = Callable[[int, int, str], None]


@dataclass
class Landing:
    """The state of one night's landing."""

    run: Run
    key: IdentityKey
    reader: Reader
    progress: Progress | None = None
    entries: list[Entry] = field(default_factory=list)
    tallies: list[pl.DataFrame] = field(default_factory=list)
    latest: dict[str, date] = field(default_factory=dict)
    pending: dict[Shape, list[Piece]] = field(default_factory=dict)
    pending_bytes: int = 0
    working: list[Future[Batch]] = field(default_factory=list)
    ready: dict[str, list[Batch]] = field(default_factory=dict)
    ready_bytes: int = 0
    open_file: int | None = None
    seen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SEEN))
    held: dict[int, bytes] = field(default_factory=dict)
    held_bytes: int = 0
    papers: set[int] = field(default_factory=set)
    outcomes: dict[int, Iterator[Outcome]] = field(default_factory=dict)

    def take_all(self) -> None:
        """Land every file of the folder: those that name people first, so that names in payee texts are known."""
        naming: list[int] = []
        others: list[int] = []
        self.note_arrivals(naming, others)
        identity = Identity(self.key)
        self.take(naming, identity)
        papers = [index for index in others if index in self.papers]
        reading = papers_read([self.entries[index].arrival for index in papers], self.kept_readings())
        self.outcomes = dict.fromkeys(papers, reading)
        try:
            self.take(others, self.knowing_people())
        finally:
            reading.close()

    def kept_readings(self) -> KeptReadings:
        """What earlier nights read of papers."""
        return KeptReadings(self.run.settings.folder("readings", self.run.commissioner_code), self.key)

    def note_arrivals(self, naming: list[int], others: list[int]) -> None:
        """Keep every file sealed; mark those that landed before; tell files that name people from the others."""
        earlier = self.run.warehouse.frame(sql(__file__, "earlier_files"), {"run_id": self.run.run_id})
        before = {row[0]: row[1:] for row in earlier.rows()}
        folder = self.run.settings.folder("landing", self.run.commissioner_code)
        forget_half_made(folder)
        tonight: dict[str, int] = {}
        with ThreadPoolExecutor(1) as pool:
            sealing: deque[Future[Path]] = deque()
            for arrival, data in arrived(self.run.inbox):
                if data is not None:
                    sealing.append(pool.submit(seal, data, arrival.file_id, folder, self.key))
                    if len(sealing) > MOST_SEALING:
                        sealing.popleft().result()
                index = len(self.entries)
                self.entries.append(self.entry_of(arrival, data, before, tonight))
                if data is not None and self.entries[index].state_code == "landed":
                    if is_paper(data):
                        self.papers.add(index)
                    (naming if index not in self.papers and self.glance(data) in NAMING_FEEDS else others).append(index)
                    if index not in self.papers:
                        self.hold(index, data)
            for sealed in sealing:
                sealed.result()

    def entry_of(self, arrival: Arrival, data: bytes | None, before: dict[str, Before], tonight: dict[str, int]) -> Entry:
        """What a file is as far as its bytes tell: refused, a repeat, or (so far) landed; `tonight` are the files met so far."""
        if data is None:
            return Entry(arrival, "refused", reason=arrival.refusal or UNREADABLE)
        if arrival.file_id in before:
            feed, layout, rows, pence = before[arrival.file_id]
            return Entry(arrival, "repeat", feed, layout, "This file landed on an earlier night.", rows_read=rows, pence_read=pence)
        if arrival.file_id in tonight:
            return Entry(arrival, "repeat", repeats=tonight[arrival.file_id])
        tonight[arrival.file_id] = len(self.entries)
        return Entry(arrival, "landed")

    def glance(self, data: bytes) -> str:
        """The feed of a file where its head tells; empty where not."""
        try:
            return self.reader.feed_at_a_glance(data)
        except PhbAuditError:
            return ""

    def hold(self, index: int, data: bytes) -> None:
        """Keep the bytes until they are read, as long as there is room."""
        if self.held_bytes + len(data) <= KEPT_IN_MEMORY_BYTES:
            self.held[index] = data
            self.held_bytes += len(data)

    def take(self, indexes: list[int], identity: Identity) -> None:
        """Read the files of these indexes and land their rows: while files are recognised, batches of those before are read."""
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for index in indexes:
                entry = self.entries[index]
                found = self.recognise(index, entry)
                if found:
                    for piece in found.pieces:
                        self.pending.setdefault(piece.shape, []).append(piece)
                        self.pending_bytes += piece.size
                        self.open_file = None if piece.body.is_end else index
                        if self.pending_bytes >= BATCH_BYTES:
                            self.read_pending(pool, identity)
                            if self.ready_bytes >= READY_BYTES:
                                self.write_ready(identity)
            self.read_pending(pool, identity)
            self.write_ready(identity)

    def recognise(self, index: int, entry: Entry) -> Recognised | None:
        """The pieces of a file, its entry filled in; None where it is refused or its feed is left out tonight."""
        arrival = entry.arrival
        try:
            found = self.read_one(index, arrival)
        except PhbAuditError as error:
            entry.state_code, entry.reason = "refused", str(error)
            self.tell(index, arrival, "refused")
            return None
        entry.feed_code, entry.layout_code = found.feed, found.layout_code
        entry.unmapped_columns = ", ".join(found.unmapped) or None
        entry.reason = " ".join(filter(None, (CUT_SHORT if is_cut_short(found.pieces[-1]) else "", found.note))) or None
        if found.feeds & self.run.without_feeds:
            entry.state_code = LEFT_OUT
            self.tell(index, arrival, f"left out: {found.feed}")
            return None
        self.tell(index, arrival, found.layout_code)
        return found

    def read_one(self, index: int, arrival: Arrival) -> Recognised:
        """The pieces of one file. Raises PhbAuditError where it cannot be read."""
        if index in self.outcomes:
            return recognised_paper(next(self.outcomes[index]), arrival, index, self.reader, self.run.as_of.isoformat())
        held = self.held.pop(index, None)
        return self.reader.read(arrival.path.read_bytes() if held is None else held, index, arrival.name)

    def read_pending(self, pool: ThreadPoolExecutor, identity: Identity) -> None:
        """Have what is pending read, one batch a layout and header; what was asked for before is ready first, in the files' order."""
        self.await_batches()
        groups = list(self.pending.values())
        largest_first = sorted(range(len(groups)), key=lambda place: -sum(piece.size for piece in groups[place]))
        asked = {place: pool.submit(read_batch, groups[place], identity, self.run.as_of) for place in largest_first}
        self.working = [asked[place] for place in range(len(groups))]
        self.pending.clear()
        self.pending_bytes = 0

    def await_batches(self) -> None:
        """Wait for the batches being read, and keep each until its table is written."""
        for batch in self.working:
            self.make_ready(batch.result())
        self.working = []

    def make_ready(self, batch: Batch) -> None:
        """Keep a batch until its table is written."""
        layout = batch.layout
        self.ready.setdefault(batch.feed.table.name, []).append(batch)
        self.ready_bytes += batch.size
        if batch.latest_on:
            self.latest[layout.feed] = max(batch.latest_on, self.latest.get(layout.feed, batch.latest_on))
        log.info("%s %s: %d rows read", self.run.run_id, layout.code, batch.rows.height)

    def write_ready(self, identity: Identity) -> None:
        """Land the batches that are ready, each table in one go: many small writes cost twice as much."""
        self.await_batches()
        seen = [pl.DataFrame(schema=SEEN)]
        file_ids = [entry.arrival.file_id for entry in self.entries]
        for name in list(self.ready):
            table = TABLES[name]
            rows = with_repeats(self.run, table, with_ids(self.run, self.ready.pop(name), self.seen))
            if table is PAYMENTS:
                rows = self.told_again(settled(self.run, rows, self.seen, identity), identity)
            if self.open_file is not None:
                seen += [part.filter(pl.col("file_index") == self.open_file).select(list(SEEN)) for part in (self.seen, rows)]
            self.tallies.append(write_new(self.run, table, rows, file_ids))
        self.seen = pl.concat(seen).unique(maintain_order=True)
        self.ready_bytes = 0

    def told_again(self, rows: pl.DataFrame, identity: Identity) -> pl.DataFrame:
        """Payments again, lines of statements sent again in other words marked as repeats; the files say so."""
        in_parts = frozenset({*self.seen["file_index"].to_list(), *([] if self.open_file is None else [self.open_file])})
        rows, reasons = lines_sent_again(self.run, rows, in_parts, identity)
        for index, reason in reasons.items():
            entry = self.entries[index]
            entry.reason = " ".join(filter(None, (entry.reason, reason)))
        return rows

    def knowing_people(self) -> Identity:
        """The key, with the pseudonyms of everybody that the people and payroll feeds name."""
        people = self.run.warehouse.frame(sql(__file__, "known_people"))
        return Identity(self.key, frozenset(people["payee_ref"].drop_nulls()), frozenset(people["person_ref"].drop_nulls()))

    def tell(self, index: int, arrival: Arrival, what: str) -> None:
        """Say how far it is; names are masked."""
        log.info("%s file %d of %d: %s (%s)", self.run.run_id, index + 1, len(self.entries), arrival.shown_name, what)
        if self.progress:
            self.progress(index + 1, len(self.entries), arrival.shown_name)


def read_batch(pieces: Sequence[Piece], identity: Identity, as_of: date) -> Batch:
    """The rows of pieces of one layout and header."""
    return prepare(rows_of(pieces), pieces[0].shape.layout, identity, as_of)
