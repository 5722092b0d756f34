"""Which cells of published tables are kept back, so that nobody can work out a number from 1 to 4 from what is left.

Cells that count 1 to 4 are kept back, and then as many others (the smallest first) as it takes: an attacker who knows every total,
knows that no kept-back cell is zero, and solves for the rest must still find anything from 1 to 4 possible. Zeros are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped, unused-ignore]

LEAST = 5
ROUNDED_TO = 5
SLACK = 1e-6
Attack = tuple[float, float]
PIECE: Attack = (0.0, np.inf)  # what a piece must allow: anything, unless it is settled as 1 to 4


@dataclass(frozen=True)
class Cell:
    """A number in a table. `is_small`: it counts 1 to 4, or is money of 1 to 4 people. `is_printed`: it stands in a table itself.

    A cell that is not printed (the rest of a share) must be protected too, where others give it away. A `is_whole` cell is hidden last.
    """

    amount: float
    is_small: bool
    is_money: bool = False
    is_printed: bool = True
    is_whole: bool = False
    is_out: bool = False  # an earlier pack printed it: it cannot be kept back any more
    is_piece: bool = False  # not printed and not known to us: linear algebra must not settle it as 1 to 4
    was_kept_back: bool = False  # by an earlier pack, so a reader knows that it is not zero

    @property
    def must_allow(self) -> tuple[float, float]:
        """What the attacker must still find possible: the lower end at most, the upper end at least."""
        return (self.amount / 2, self.amount * 1.5) if self.is_money else (1, LEAST - 1)

    @property
    def least(self) -> float | None:
        """What an attacker knows of it while it is hidden: counts are at least one, money may be anything where some is negative."""
        if self.is_money:
            return 0 if self.amount >= 0 else None
        return 1 if self.is_printed or self.was_kept_back else 0


@dataclass(frozen=True)
class Sum:
    """A relation everybody knows: one cell is the sum of others; each is given by its place."""

    whole: int
    parts: tuple[int, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """All cells of it."""
        return (self.whole, *self.parts)


def is_small(count: float | None) -> bool:
    """Whether a count is from 1 to 4."""
    return count is not None and 0 < count < LEAST


def kept_back(cells: Sequence[Cell], sums: Sequence[Sum]) -> frozenset[int]:
    """The places of the cells to keep back: the small ones, and what would give them away."""
    hidden = {place for place, cell in enumerate(cells) if cell.is_small or not cell.is_printed}
    for family in families(len(cells), sums):
        small = sorted(place for place in family if cells[place].is_small)
        theirs = [one for one in sums if one.whole in family]
        allowed = must_allow(cells, theirs, small) | dict.fromkeys(sorted(place for place in family if cells[place].is_piece), PIECE)
        others: list[int] = []
        while (exposed := _exposed(cells, theirs, hidden, allowed)) is not None:
            more = _next_to_hide(cells, theirs, hidden, exposed)
            if more is None:
                del allowed[exposed]  # everything that could help is hidden, or out already
                continue
            hidden.add(more)
            others.append(more)
        hidden -= _not_needed(cells, theirs, hidden, allowed, others)
    return frozenset(place for place in hidden if cells[place].is_printed)


def _not_needed(cells: Sequence[Cell], sums: Sequence[Sum], hidden: set[int], allowed: dict[int, Attack], others: list[int]) -> set[int]:
    """Of the other cells that went, those that can be shown after all: wholes first, then the largest. (What was hidden early may not
    be what helped.)"""
    back: set[int] = set()
    for place in sorted(others, key=lambda one: (cells[one].is_whole, cells[one].amount, one), reverse=True):
        if _exposed(cells, sums, hidden - back - {place}, allowed) is None:
            back.add(place)
    return back


def must_allow(cells: Sequence[Cell], sums: Sequence[Sum], small: Sequence[int]) -> dict[int, Attack]:
    """The range of each small cell that an attacker must still find possible: 1 to 4, less what would be known with everything hidden.

    (A total of two cells that are not zero is known to be at least two, whatever is hidden.)
    """
    everything = {
        place
        for one in sums
        for place in one.places
        if not cells[place].is_out and (cells[place].amount != 0 or not cells[place].is_printed)
    }
    known = attack(cells, sums, everything, small)
    return {place: (max(cells[place].must_allow[0], known[place][0]), min(cells[place].must_allow[1], known[place][1])) for place in small}


def families(size: int, sums: Sequence[Sum]) -> list[frozenset[int]]:
    """Cells that hang together through sums; cells in no sum are left out."""
    of = list(range(size))

    def root(place: int) -> int:
        while of[place] != place:
            of[place] = of[of[place]]
            place = of[place]
        return place

    for one in sums:
        for part in one.parts:
            of[root(part)] = root(one.whole)
    found: dict[int, set[int]] = {}
    for place in {place for one in sums for place in one.places}:
        found.setdefault(root(place), set()).add(place)
    return [frozenset(found[key]) for key in sorted(found)]


def _exposed(cells: Sequence[Cell], sums: Sequence[Sum], hidden: set[int], allowed: dict[int, Attack]) -> int | None:
    """The first piece of a family that is settled as 1 to 4, or small cell an attacker narrows down too far; None where there is none."""
    pieces = [place for place in allowed if cells[place].is_piece]
    for place, value in settled(cells, sums, hidden, pieces).items():
        if 0.5 < value < LEAST - 0.5:
            return place
    small = [place for place in allowed if not cells[place].is_piece]
    for place, (low, high) in attack(cells, sums, hidden, small).items():
        if low > allowed[place][0] + SLACK or high < allowed[place][1] - SLACK:
            return place
    return None


def settled(cells: Sequence[Cell], sums: Sequence[Sum], hidden: set[int] | frozenset[int], places: Sequence[int]) -> dict[int, float]:
    """Those of `places` that the sums settle by linear algebra, and what they come to."""
    if not places:
        return {}
    column, rows, known = equations(cells, sums, hidden)
    asked = [place for place in places if place in column]
    if not rows or not asked:
        return {}
    _, sizes, ways = np.linalg.svd(np.array(rows))
    free = ways[int((sizes > SLACK).sum()) :]
    least, *_ = np.linalg.lstsq(np.array(rows), np.array(known), rcond=None)
    return {place: float(least[column[place]]) for place in asked if np.abs(free[:, column[place]]).max(initial=0.0) < SLACK}


def _next_to_hide(cells: Sequence[Cell], sums: Sequence[Sum], hidden: set[int], exposed: int) -> int | None:
    """The smallest cell still shown that shares a sum with the exposed one, groups before wholes; else with any hidden one; zeros stay."""
    for near in ({exposed}, hidden):
        met = (place for one in sums if near & set(one.places) for place in one.places)
        shown = {place for place in met if place not in hidden and cells[place].amount != 0 and not cells[place].is_out}
        if shown:
            return min(shown, key=lambda place: (cells[place].is_whole, cells[place].amount, place))
    return None


def equations(
    cells: Sequence[Cell], sums: Sequence[Sum], hidden: set[int] | frozenset[int]
) -> tuple[dict[int, int], list[np.ndarray], list[float]]:
    """What a reader knows of the hidden cells: the column of each, a row for each sum with one in it, and what the row comes to."""
    unknown = sorted(place for place in hidden if any(place in one.places for one in sums))
    column = {place: number for number, place in enumerate(unknown)}
    rows, known = [], []
    for one in sums:
        row = np.zeros(len(unknown))
        total = 0.0
        for place, sign in ((one.whole, 1.0), *((part, -1.0) for part in one.parts)):
            if place in column:
                row[column[place]] += sign
            else:
                total -= sign * cells[place].amount
        if row.any():
            rows.append(row)
            known.append(total)
    return column, rows, known


def attack(cells: Sequence[Cell], sums: Sequence[Sum], hidden: set[int] | frozenset[int], places: Sequence[int]) -> dict[int, Attack]:
    """The least and the most each of `places` can be, to somebody who knows all sums and every cell that is not hidden."""
    column, rows, known = equations(cells, sums, hidden)
    unknown = list(column)
    found: dict[int, Attack] = {}
    for place in places:
        if place not in column:
            found[place] = (-np.inf, np.inf)
            continue
        aim = np.zeros(len(unknown))
        aim[column[place]] = 1.0
        bounds = [(cells[other].least, None) for other in unknown]
        found[place] = (_extreme(aim, rows, known, bounds, 1.0), _extreme(aim, rows, known, bounds, -1.0))
    return found


def _extreme(aim: np.ndarray, rows: list[np.ndarray], known: list[float], bounds: list[tuple[float | None, None]], sign: float) -> float:
    """The least (sign 1) or the most (sign -1) the aim can be; without end where the sums set none."""
    given = {"A_eq": np.array(rows), "b_eq": np.array(known)} if rows else {}
    answer = linprog(sign * aim, bounds=bounds, method="highs", **given)
    return sign * float(answer.fun) if answer.status == 0 else -sign * np.inf


def rounded(count: float) -> float:
    """A count to the nearest 5, for readers outside the organisation; halves away from zero do not occur with whole numbers."""
    return float(ROUNDED_TO * round(count / ROUNDED_TO))
