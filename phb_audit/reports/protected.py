"""Measures as they may be printed: small numbers kept back with whatever would give them away, others rounded for outside readers.

Every text, chart, table, workbook and PDF is made from the frame this returns; nobody prints from the measures themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from phb_audit.assurance.intervals import wilson
from phb_audit.reports.earlier_packs import Printed, beside
from phb_audit.reports.grid import MONTH, Grid
from phb_audit.reports.measures_people import ACTIVE_ON, FOLLOWS, QUARTER, YEAR_TO_DATE
from phb_audit.reports.small_numbers import ROUNDED_TO, Cell, Sum, is_small, kept_back, rounded
from phb_audit.tables.measures import SCALES, WHOLE

Row = dict[str, Any]


def protect(measured: pl.DataFrame, *, outside: bool = False, earlier: Sequence[Printed] = ()) -> pl.DataFrame:
    """The measures with what may not be printed taken out, and `is_kept_back` where something was; `outside` rounds the rest to 5.

    `earlier` is what packs printed before: what this one would give away beside them is taken out too.
    """
    rows: list[Row] = measured.to_dicts()
    grid = grid_of(rows)
    hidden = kept_back(grid.cells, grid.sums)
    if earlier:
        size = len(grid.cells)
        beside(rows, grid, earlier)
        hidden |= {place for place in kept_back(grid.cells, grid.sums) if place < size}
    shown = _without_followers([_shown(number, row, grid, hidden) for number, row in enumerate(rows)])
    if outside:
        shown = [_rounded(row) if counts_things(before) else _blunt(row) for before, row in zip(rows, shown, strict=True)]
    return pl.DataFrame(shown, schema={**measured.schema, "is_kept_back": pl.Boolean}).drop("denominator_n")


def grid_of(rows: list[Row]) -> Grid:
    """Every number that tells of people as a cell, and every sum that a reader can see or guess."""
    grid = Grid()
    for number, row in enumerate(rows):
        if row["small_number_code"] != "people" or row["numerator"] is None:
            continue
        counted = counts_things(row)
        top = grid.numerators[number] = grid.place(row, "numerator", small=is_of_few(row, "numerator"), money=not counted)
        if row["denominator"] is None:
            continue
        counts_itself = row["denominator"] == row["denominator_n"]
        bottom = grid.place(row, "denominator", small=is_of_few(row, "denominator"), money=not counts_itself)
        grid.denominators[number] = bottom
        if row["unit_code"] == "share" and counted and counts_itself:
            rest = row["denominator"] - row["numerator"]
            grid.cells.append(Cell(rest, is_small(rest), is_printed=False))
            grid.sums.append(Sum(bottom, (top, len(grid.cells) - 1)))
    for side in (grid.numerators, grid.denominators):
        grid.sums.extend(_sums(rows, side, grid))
    _tie_quarters(rows, grid)
    return grid


def _tie_quarters(rows: list[Row], grid: Grid) -> None:
    """In a quarter the year to date is the active and a rest. It goes before the active, on which growth and forecast hang."""
    told = {(rows[number]["measure_id"], rows[number]["last_on"]): place for number, place in grid.numerators.items()}
    quarters = [row["last_on"] for row in rows if row["measure_id"] == YEAR_TO_DATE.measure_id and row["group_code"] == QUARTER]
    for day in quarters:
        whole, active = told.get((YEAR_TO_DATE.measure_id, day)), told.get((ACTIVE_ON.measure_id, day))
        if whole is None or active is None:
            continue
        grid.cells[active] = replace(grid.cells[active], is_whole=True)
        rest = grid.cells[whole].amount - grid.cells[active].amount
        grid.sums.append(Sum(whole, (active, grid.add(Cell(rest, is_small(rest), is_printed=False)))))


def counts_things(row: Row) -> bool:
    """Whether a row counts people or things of theirs, and not pounds or days that belong to `n` of them."""
    return row["unit_code"] in ("count", *SCALES) and row["n"] == row["numerator"]


def is_of_few(row: Row, side: str) -> bool:
    """Whether a row's numerator, denominator or value is of 1 to 4 people or things, whatever its unit.

    A group's is also where nobody told of how many it is; of a whole's denominator the numerator's number is taken then.
    """
    behind = row["denominator_n" if side == "denominator" else "n"]
    if behind is not None:
        return is_small(behind)
    return bool(row[side]) if row["group_code"] != WHOLE else side == "denominator" and is_small(row["n"])


def _sums(rows: list[Row], side: dict[int, int], grid: Grid) -> list[Sum]:
    """Groups of a measure and period that come to its whole, and months that come to a longer period."""
    wholes: dict[tuple[object, ...], int] = {}
    parts: dict[tuple[object, ...], dict[str, list[int]]] = {}
    for number, place in side.items():
        row = rows[number]
        key = (row["measure_id"], row["first_on"], row["last_on"])
        if row["group_code"] == WHOLE:
            wholes[key] = place
        elif row["group_code"] != MONTH:
            parts.setdefault(key, {}).setdefault(row["group_code"], []).append(place)
    for measure_id, first_on, last_on in wholes:
        months = [place for number, place in side.items() if _is_month_of(rows[number], measure_id, first_on, last_on)]
        parts.setdefault((measure_id, first_on, last_on), {})[MONTH] = months
    return [
        Sum(wholes[key], tuple(places))
        for key, groups in parts.items()
        if key in wholes
        for places in groups.values()
        if places and wholes[key] not in places and sum(grid.cells[place].amount for place in places) == grid.cells[wholes[key]].amount
    ]


def _is_month_of(row: Row, measure_id: object, first_on: Any, last_on: Any) -> bool:
    """Whether a row is a month of the measure that begins within the days (the last one may run on past the night)."""
    return bool(row["group_code"] == MONTH and row["measure_id"] == measure_id and first_on <= row["first_on"] <= last_on)


def _shown(number: int, row: Row, grid: Grid, hidden: frozenset[int]) -> Row:
    """A row without the numbers that are kept back: a value goes with its numerator, and with its denominator."""
    top, bottom = grid.numerators.get(number) in hidden, grid.denominators.get(number) in hidden
    alone = number not in grid.numerators and row["small_number_code"] == "people" and is_of_few(row, "value")
    taken = ["value", "lower", "upper", "n"] if top or bottom or alone else []
    taken += (["numerator"] if top or alone else []) + (["denominator"] if bottom else [])
    return row | dict.fromkeys(taken) | {"is_kept_back": bool(taken)}


def _without_followers(shown: list[Row]) -> list[Row]:
    """The rows without what was worked out of a measure whose whole or quarters are kept back somewhere."""
    back = {row["measure_id"] for row in shown if row["is_kept_back"] and row["group_code"] in (WHOLE, QUARTER)}
    taken = dict.fromkeys(("value", "lower", "upper", "numerator", "n"))
    return [row | taken | {"is_kept_back": True} if FOLLOWS.get(row["measure_id"]) in back else row for row in shown]


def _blunt(row: Row) -> Row:
    """A row that counts nothing itself, for readers outside: what is worked out of counts no finer than rounded counts make it."""
    told = row | {"n": None}
    if row["measure_id"] not in FOLLOWS or row["value"] is None:
        return told
    step = 0.05 if row["unit_code"] == "share" else float(ROUNDED_TO)
    return told | {side: None if row[side] is None else round(row[side] / step) * step for side in ("value", "lower", "upper")}


def _rounded(row: Row) -> Row:
    """A row that counts things, for readers outside: counts to the nearest 5, and what is made of them made again."""
    if row["small_number_code"] != "people":
        return row | {"n": None}
    top, bottom = (None if row[side] is None else rounded(row[side]) for side in ("numerator", "denominator"))
    told = row | {"numerator": top, "denominator": bottom, "n": None, "lower": None, "upper": None}
    if row["value"] is None:
        return told
    if bottom is None or top is None:
        return told | {"value": top}
    scale = SCALES[row["unit_code"]]
    again = wilson(int(min(top, bottom)), int(bottom))
    if row["lower"] is None or again.value is None or again.low is None or again.high is None:
        return told | {"value": top / bottom * scale if bottom else None}
    return told | {"value": again.value * scale, "lower": again.low * scale, "upper": again.high * scale}
