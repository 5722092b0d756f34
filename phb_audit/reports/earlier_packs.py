"""What earlier packs printed, so that a new one beside them gives no small number away.

Packs overlap (a month and its quarter) or follow one another (August to October, September to November). A reader subtracts them. So each
pack that is written leaves what it printed in `HOME/packs/CODE/printed.json`, and the next one is protected together with it: the days are
cut where any pack begins or ends, and no piece between two cuts may come out as 1 to 4. What was printed cannot be taken back, so only the
new pack's numbers are kept back for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.reports.grid import Grid
from phb_audit.reports.small_numbers import Cell, Sum
from phb_audit.tables.measures import WHOLE

NAME = "printed.json"
SIDES = ("numerator", "denominator")
Row = dict[str, Any]
Key = tuple[str, str, str]
Days = tuple[date, date]


# What adds up over days. What is told of a day (the queue, balances, people active) does not, and cannot be subtracted over days.
ADDS_UP = frozenset(
    {
        "checked.payments", "items.rate", "plan.outside_count", "plan.none", "evidence.receipts", "decisions.count", "decisions.in_time",
        "decisions.agreed", "decisions.sent_back", "rules.items", "learning.exceptions", "learning.plans", "people.year_to_date",
    }
)  # fmt: skip
OF_A_DAY = frozenset({"people.active"})  # stands beside the year to date of its day, so the same day again is the same cell
OWN_WHOLES = (WHOLE, "month", "quarter")  # a month is a whole of its own days


@dataclass(frozen=True)
class Printed:
    """A number an earlier pack printed, or kept back (`amount` is None): of which words and group, over which days."""

    words: str
    group_code: str
    group_key: str
    first_on: date
    last_on: date
    amount: float | None

    @property
    def key(self) -> Key:
        """What it counts, of whom."""
        return self.words, self.group_code, self.group_key

    @property
    def days(self) -> Days:
        """From which day to which."""
        return self.first_on, self.last_on


def flows(rows: Iterable[Row]) -> Iterator[tuple[int, str, Printed]]:
    """The counts of rows that are held against other packs: with the row's number and the side."""
    for number, row in enumerate(rows):
        if row["measure_id"] not in ADDS_UP | OF_A_DAY:
            continue
        code, key = (WHOLE, "") if row["group_code"] in OWN_WHOLES else (row["group_code"], row["group_key"])
        for side in SIDES:
            if row[f"{side}_words"]:
                yield number, side, Printed(row[f"{side}_words"], code, key, row["first_on"], row["last_on"], row[side])


def read_printed(folder: Path, *, other_than: str) -> tuple[Printed, ...]:
    """What the packs of the folder printed, without the one of that name: it is written again, and replaces its former self."""
    path = folder / NAME
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return tuple(
        Printed(words, code, key, date.fromisoformat(first), date.fromisoformat(last), amount)
        for name, rows in sorted(told.items())
        if name != other_than
        for words, code, key, first, last, amount in rows
    )


def keep_printed(folder: Path, name: str, protected: pl.DataFrame) -> None:
    """Add what a pack printed to the folder's list, in one move. It holds only what stands in the pack."""
    path = folder / NAME
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    rows = {(*one.key, one.first_on.isoformat(), one.last_on.isoformat()): one.amount for _, _, one in flows(protected.to_dicts())}
    told[name] = [[*key, amount] for key, amount in sorted(rows.items())]
    part = path.with_suffix(".part")
    part.write_text(json.dumps(told, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)


def beside(rows: list[Row], grid: Grid, earlier: Sequence[Printed]) -> None:
    """Add to a pack's grid what earlier packs printed over days that meet its own, and the pieces between them.

    Where the pack itself has the number again, it is one cell: out already where it was printed and has not changed since. Numbers that
    changed are left out, for subtracting them tells nothing. In every piece a whole is its groups, and a bottom its top and a rest.
    """
    own = _own(rows, grid)
    of_a_day = {row["numerator_words"] for row in rows if row["measure_id"] in OF_A_DAY}
    whole = _partitions(own, grid)
    spans = {key: dict(cells) for key, cells in own.items()}
    met: set[str] = set()
    for one in _linked(own, earlier):
        mine = own[one.key]
        if one.days in mine:
            place = mine[one.days]
            if one.amount is not None and grid.cells[place].amount == one.amount:
                grid.cells[place] = replace(grid.cells[place], is_out=True)
        elif one.words not in of_a_day and one.days not in spans[one.key]:
            spans[one.key][one.days] = grid.add(_cell(one.amount))
            met.add(one.words)
    placed = {words: _pieces_of(grid, {key: cells for key, cells in spans.items() if key[0] == words}, whole) for words in sorted(met)}
    for top, bottom in sorted({(row["numerator_words"], row["denominator_words"]) for row in rows if row["unit_code"] == "share"}):
        _rests(grid, placed.get(top, {}), placed.get(bottom, {}))


def _linked(own: dict[Key, dict[Days, int]], earlier: Sequence[Printed]) -> list[Printed]:
    """Of what was printed, whatever meets the pack's days, or meets something that does."""
    by_key: dict[Key, list[Printed]] = {}
    for one in earlier:
        by_key.setdefault(one.key, []).append(one)
    found: list[Printed] = []
    for key, rest in by_key.items():
        reached = list(own.get(key, {}))
        while near := [one for one in rest if any(_meet(one.days, days) for days in reached)]:
            found += near
            rest = [one for one in rest if one not in near]
            reached = [one.days for one in near]
    return found


def _own(rows: list[Row], grid: Grid) -> dict[Key, dict[Days, int]]:
    """The pack's own cells that add up over days, by what they count and over which days."""
    found: dict[Key, dict[Days, int]] = {}
    for number, side, one in flows(rows):
        place = (grid.numerators if side == "numerator" else grid.denominators).get(number)
        if place is not None:
            found.setdefault(one.key, {})[one.days] = place
    return found


def _partitions(own: dict[Key, dict[Days, int]], grid: Grid) -> frozenset[tuple[str, str]]:
    """Words and ways of grouping whose groups come to the whole over some days of the pack, and never to anything else."""
    sums: dict[tuple[str, str], set[bool]] = {}
    codes = {(words, code) for words, code, _ in own if code != WHOLE}
    for words, code in codes:
        groups = [cells for key, cells in own.items() if key[:2] == (words, code)]
        for days, place in own.get((words, WHOLE, ""), {}).items():
            parts = [cells[days] for cells in groups if days in cells]
            if parts:
                sums.setdefault((words, code), set()).add(sum(grid.cells[part].amount for part in parts) == grid.cells[place].amount)
    return frozenset(one for one, held in sums.items() if held == {True})


def _cell(amount: float | None) -> Cell:
    """A number of an earlier pack: out, or kept back then and not known to us now."""
    return Cell(0.0, False, is_printed=False, is_piece=True, was_kept_back=True) if amount is None else Cell(amount, False, is_out=True)


def _pieces_of(grid: Grid, spans: dict[Key, dict[Days, int]], whole: frozenset[tuple[str, str]]) -> dict[tuple[str, str], dict[Days, int]]:
    """Tie all spans of one count through the pieces between their days; the cells of the pieces, by group."""
    grouped = [days for (_, code, _), cells in spans.items() for days in cells if code != WHOLE] or list(next(iter(spans.values())))
    cut = pieces([days for cells in spans.values() for days in cells if any(_meet(days, one) for one in grouped)])
    found: dict[tuple[str, str], dict[Days, int]] = {}
    for (_, code, key), cells in spans.items():
        place_of = {days: cells[days] if days in cells else grid.add(Cell(0.0, False, is_printed=False, is_piece=True)) for days in cut}
        for days, place in cells.items():
            parts = tuple(place_of[one] for one in cut if days[0] <= one[0] and one[1] <= days[1])
            if parts and parts != (place,):
                grid.sums.append(Sum(place, parts))
        found[code, key] = place_of
    words = next(iter(spans))[0]
    for code in sorted(code for told, code in whole if told == words):
        parts_of = [place_of for (of, _), place_of in found.items() if of == code]
        for days, place in found.get((WHOLE, ""), {}).items():
            grid.sums.append(Sum(place, tuple(place_of[days] for place_of in parts_of)))
    return found


def _rests(grid: Grid, tops: dict[tuple[str, str], dict[Days, int]], bottoms: dict[tuple[str, str], dict[Days, int]]) -> None:
    """In every piece, the rest of a share is a count too."""
    for group in sorted(tops.keys() & bottoms.keys()):
        for days in sorted(tops[group].keys() & bottoms[group].keys()):
            rest = grid.add(Cell(0.0, False, is_printed=False, is_piece=True))
            grid.sums.append(Sum(bottoms[group][days], (tops[group][days], rest)))


def _meet(one: Days, other: Days) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def pieces(spans: Sequence[Days]) -> list[Days]:
    """The days of some spans cut wherever one of them begins or ends; only pieces that lie in a span."""
    cuts = sorted({first for first, _ in spans} | {last + timedelta(days=1) for _, last in spans})
    found = [(first, following - timedelta(days=1)) for first, following in pairwise(cuts)]
    return [one for one in found if any(first <= one[0] and one[1] <= last for first, last in spans)]
