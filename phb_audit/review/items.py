"""What the night says of an item, for its page: read for many items at once, since planning a statement takes far longer than its rows.

A reader goes through the list in its order, and so do others: items that stand together there are read together. A process of its own
reads all of them ahead (ahead.py).
"""

from __future__ import annotations

import pickle
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import polars as pl

from phb_audit.cases import seen
from phb_audit.cases.decisions import SeenCase
from phb_audit.cases.workbook import digest_of
from phb_audit.reports.flagged_cases import evidence_of, tell_cases
from phb_audit.reports.flagged_items import category_names
from phb_audit.review.overtaken import overtaken
from phb_audit.warehouse import Warehouse, sql

if TYPE_CHECKING:
    from phb_audit.review.night import ShownNight

TOGETHER = 100  # items of a list that are read at once: it takes no longer than one does
PACKED_TOGETHER = 10  # neighbours say much alike, and take less room together; a whole number of these is TOGETHER
MOST_KEPT = 500  # items, or people, as they are: some forty kilobytes each
MOST_PACKED_BYTES = 80 * 2**20  # of those read ahead: two kilobytes each where neighbours say nothing alike


T = TypeVar("T")


@dataclass(frozen=True)
class Item:
    """One item. Whoever asks must not change what they get."""

    told: dict[str, Any]
    seen: SeenCase
    reading: tuple[dict[str, Any], ...]
    papers: tuple[dict[str, Any], ...]
    paper_lines: tuple[dict[str, Any], ...]
    parts: tuple[dict[str, Any], ...]
    goals: tuple[str, ...]
    overtaken: tuple[dict[str, Any], ...] = ()

    @cached_property
    def digest(self) -> str:
        """What is on the screen, in short: a form that carries another one was filled in before something changed."""
        return digest_of(self.seen)


class Together(Generic[T]):
    """Things of a night, by their place in a list. Most were read ahead and lie here packed (see ahead.py); one that was not is read with
    the hundred it stands among."""

    def __init__(self, ids: Sequence[str], read: Callable[[slice], dict[str, T]]) -> None:
        self.ids, self._read = ids, read
        self._place_of = {name: place for place, name in enumerate(ids)}
        self._lock = threading.Lock()
        self._reading: dict[int, threading.Lock] = {}
        self._found: OrderedDict[str, T] = OrderedDict()
        self._packed: dict[int, bytes] = {}
        self._packed_bytes = 0

    def of(self, name: str) -> T:
        """One of them. Whoever asks must not change what they get."""
        if (kept := self._kept(name)) is not None:
            return kept
        part = self._place_of[name] // TOGETHER
        with self._lock:
            one_at_a_time = self._reading.setdefault(part, threading.Lock())
        with one_at_a_time:
            if (kept := self._kept(name)) is None:
                read = self._read(slice(part * TOGETHER, (part + 1) * TOGETHER))
                self._keep(read)
                kept = read[name]
        return kept

    @property
    def parts(self) -> range:
        """The hundreds there are."""
        return range(-(-len(self.ids) // TOGETHER))

    def packed(self, part: int) -> Iterator[tuple[int, bytes]]:
        """Everything of a hundred, packed by the ten, each with its number: what `take_in` takes."""
        first = part * TOGETHER
        read = self._read(slice(first, first + TOGETHER))
        for place in range(first, min(first + TOGETHER, len(self.ids)), PACKED_TOGETHER):
            ten = {name: read[name] for name in self.ids[place : place + PACKED_TOGETHER]}
            yield place // PACKED_TOGETHER, zlib.compress(pickle.dumps(ten), 1)

    def take_in(self, number: int, packed: bytes) -> bool:
        """Keep ten that were read ahead; whether there is room for more."""
        self._packed_bytes += len(packed) - len(self._packed.get(number, b""))
        self._packed[number] = packed
        return self._packed_bytes < MOST_PACKED_BYTES

    def _kept(self, name: str) -> T | None:
        with self._lock:
            if name in self._found:
                self._found.move_to_end(name)
                return self._found[name]
        if (packed := self._packed.get(self._place_of[name] // PACKED_TOGETHER)) is None:
            return None
        ten: dict[str, T] = pickle.loads(zlib.decompress(packed))  # packed by our own process from our own night: nobody else can reach it
        self._keep(ten)
        return ten[name]

    def _keep(self, read: dict[str, T]) -> None:
        with self._lock:
            self._found.update(read)
            while len(self._found) > MOST_KEPT:
                self._found.popitem(last=False)


def items_of(night: ShownNight) -> Together[Item]:
    """The night's items, in the order of its list."""

    def read(part: slice) -> dict[str, Item]:
        with night.reading() as warehouse:
            return read_items(warehouse, night.cases[part], night)

    return Together([told["case_id"] for told in night.cases], read)


def persons_of(night: ShownNight) -> Together[dict[str, Any]]:
    """What the pages of the night's people say: goals, lines, stories, what is settled, plan versions, events, budgets."""
    names = {"goals": "item_goals"} | {name: f"person_{name}" for name in ("lines", "stories", "settled", "plans", "events", "budgets")}

    def read(part: slice) -> dict[str, dict[str, Any]]:
        holders = [row["holder_id"] for row in night.people[part]]
        asked = pl.DataFrame({"holder_id": holders}, schema={"holder_id": pl.String})
        with night.reading() as warehouse:
            found = {
                name: _by(warehouse.frame(sql(__file__, file), shown_holders=asked).iter_rows(named=True), "holder_id")
                for name, file in names.items()
            }
        return {holder: {name: rows.get(holder, []) for name, rows in found.items()} for holder in holders}

    return Together([row["holder_id"] for row in night.people], read)


def read_items(warehouse: Warehouse, cases: Sequence[dict[str, Any]], night: ShownNight) -> dict[str, Item]:
    """These cases of the night as items, by case id."""
    frame = pl.DataFrame(cases, infer_schema_length=None)
    asked = frame.select("case_id")
    told = tell_cases(frame, evidence_of(warehouse, asked), run_id=night.run_id, as_of=night.as_of, categories=category_names())
    flags = warehouse.frame(sql(seen.__file__, "seen_flags"), shown_cases=asked)
    flags_of = _by(flags.iter_rows(named=True), "case_id")
    papers = warehouse.frame(sql(__file__, "item_papers"), shown_cases=asked)
    # The lines of a receipt stay out where a person was paid: they may name them.
    receipts = papers.filter(~pl.col("is_person_paid")).select("receipt_id").unique(maintain_order=True)
    lines = _by(warehouse.frame(sql(__file__, "item_paper_lines"), asked=receipts).iter_rows(named=True), "receipt_id")
    rows = {name: _by(_read(warehouse, f"item_{name}", asked), "case_id") for name in ("reading", "score_parts")}
    holders = frame.select("holder_id").unique(maintain_order=True)
    goals = _by(warehouse.frame(sql(__file__, "item_goals"), shown_holders=holders).iter_rows(named=True), "holder_id")
    gone = _by(overtaken(warehouse, asked), "case_id")
    of_case = _by(papers.iter_rows(named=True), "case_id")
    return {
        case_id: Item(
            told=words,
            seen=seen.seen_of(case, flags_of[case_id]),
            reading=tuple(rows["reading"].get(case_id, ())),
            papers=tuple(of_case.get(case_id, ())),
            paper_lines=tuple(line for paper in of_case.get(case_id, ()) for line in lines.get(paper["receipt_id"], ())),
            parts=tuple(rows["score_parts"].get(case_id, ())),
            goals=tuple(row["outcome_text"] for row in goals.get(case["holder_id"], ())),
            overtaken=tuple(gone.get(case_id, ())),
        )
        for case, words in zip(cases, told, strict=True)
        for case_id in (case["case_id"],)
    }


def _read(warehouse: Warehouse, name: str, shown_cases: pl.DataFrame) -> Iterable[dict[str, Any]]:
    return warehouse.frame(sql(__file__, name), shown_cases=shown_cases).iter_rows(named=True)


def _by(rows: Iterable[dict[str, Any]], name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
