"""The manifest of a night: one row for every file that lay in the folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from phb_audit.landed.arrivals import Arrival
from phb_audit.landed.contents import MONEY
from phb_audit.landed.rows import TALLY
from phb_audit.sources.headers import cells_of_line
from phb_audit.sources.layouts import plain_header
from phb_audit.sources.read import Piece
from phb_audit.tables.landed import FILES as TABLE

CUT_SHORT = "The file ends in the middle of a line, so its last row may lack letters or figures. Send the file again."
TWO_DECIMALS = re.compile(r"\d\.\d\d\D*$")
UNKNOWN_FEED = "unknown"
LEFT_OUT = "left out"


@dataclass
class Entry:
    """What became of one file; rows and pence of a repeat are those of the file it repeats."""

    arrival: Arrival
    state_code: str
    feed_code: str = UNKNOWN_FEED
    layout_code: str | None = None
    reason: str | None = None
    unmapped_columns: str | None = None
    repeats: int | None = None
    rows_read: int = 0
    pence_read: int = 0


def is_cut_short(piece: Piece) -> bool:
    """True for the last piece of a file without a line end, where a cell of its last row is missing or its amount lacks decimals.

    Many files that are whole end without a line end, so the absence alone says nothing.
    """
    if piece.frame is not None or not piece.body.data or not piece.body.is_cut:
        return False
    cells = cells_of_line(piece.body.data[piece.body.data.rfind(b"\n") + 1 :].decode("utf-8", errors="replace"), piece.shape.delimiter)
    if len(cells) != len(piece.shape.headers):
        return len(cells) < len(piece.shape.headers)
    last = plain_header(piece.shape.headers[-1])
    is_money = any(last in cell.plain for name, cell in piece.shape.layout.columns.items() if name in MONEY)
    return is_money and bool(cells[-1]) and not TWO_DECIMALS.search(cells[-1])


def manifest(run_id: str, entries: Sequence[Entry], tallies: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Rows of landed.files from what became of each file and what was tallied of its rows."""
    tallied = pl.concat([pl.DataFrame(schema=TALLY), *tallies])
    sums = {(index, repeat): (rows, pence) for index, repeat, rows, pence in summed(tallied).rows()}
    settled = [entry if entry.repeats is None else copy_of(entry, entries[entry.repeats]) for entry in entries]
    rows = [manifest_row(run_id, index, entry, sums) for index, entry in enumerate(settled) if entry.state_code != LEFT_OUT]
    return pl.DataFrame(rows, schema=TABLE.polars_schema).sort("file_name", "file_id")


def summed(tallied: pl.DataFrame) -> pl.DataFrame:
    """One row a file and kind (landed or repeat) with rows and pence."""
    return tallied.group_by("file_index", "is_repeat").agg(pl.col("rows").sum(), pl.col("pence").sum())


def copy_of(entry: Entry, original: Entry) -> Entry:
    """What became of a second copy: it repeats a file that landed, and shares the fate of one that did not."""
    told = replace(original, arrival=entry.arrival, repeats=entry.repeats)
    if original.state_code != "landed":
        return told
    return replace(told, state_code="repeat", reason=f"The same bytes as {original.arrival.shown_name}.")


def manifest_row(run_id: str, index: int, entry: Entry, sums: dict[tuple[int, bool], tuple[int, int]]) -> dict[str, object]:
    """One row of landed.files."""
    landed, repeated = sums.get((index, False), (0, 0)), sums.get((index, True), (0, 0))
    if entry.state_code == "repeat" and entry.repeats is None:
        repeated = (entry.rows_read, entry.pence_read)
    elif entry.state_code == "repeat" and entry.repeats is not None:
        both = [sums.get((entry.repeats, kind), (0, 0)) for kind in (False, True)]
        repeated = (sum(rows for rows, _ in both), sum(pence for _, pence in both))
    arrival = entry.arrival
    return {
        "run_id": run_id,
        "file_id": arrival.file_id,
        "file_name": arrival.shown_name,
        "feed_code": entry.feed_code,
        "layout_code": entry.layout_code,
        "state_code": entry.state_code,
        "reason": entry.reason,
        "size_bytes": arrival.size_bytes,
        "rows_read": landed[0] + repeated[0],
        "rows_landed": landed[0],
        "rows_repeated": repeated[0],
        "pence_read": landed[1] + repeated[1],
        "pence_landed": landed[1],
        "pence_repeated": repeated[1],
        "unmapped_columns": entry.unmapped_columns,
    }
