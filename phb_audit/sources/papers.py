"""What was read of papers to cells: a receipt or invoice with its lines, or a printed statement.

Reading itself (pictures, PDFs) is done elsewhere, in a process of its own; here is only what it told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from phb_audit.sources.layouts import Layout, fitting, unknown_layout

HEADERS = (
    "Receipt",
    "Supplier",
    "Date",
    "Total",
    "VAT",
    "Line",
    "Description",
    "Line total",
    "Image",
    "Readable",
    "Picture mark",
    "Numbers mark",
)
PAPER, PRINT = "paper", "print"


@dataclass(frozen=True)
class PaperRead:
    """A receipt or invoice as it was read; amounts as text, days as 2026-10-03, None where nothing could be read."""

    image_hash: str
    supplier: str | None
    on: str | None
    total: str | None
    vat: str | None
    lines: Sequence[tuple[str, str]] = ()
    picture_mark: str | None = None
    numbers_mark: str | None = None


def paper_rows(read: PaperRead, layouts: tuple[Layout, ...]) -> tuple[Layout, pl.DataFrame]:
    """The layout of papers and the rows of one: one for each of its lines, or one alone. `line_number` counts its lines from 1."""
    if not (fit := fitting(HEADERS, layouts, form=PAPER)):
        raise unknown_layout(HEADERS, layouts)
    is_read = bool(read.total or read.lines)
    whole = [read.image_hash[:16], read.supplier, read.on, read.total, read.vat]
    after = [read.image_hash, "yes" if is_read else "no", read.picture_mark, read.numbers_mark]
    lines: Sequence[tuple[str | None, str | None]] = read.lines or [(None, None)]
    rows = [
        [place, None, *whole, str(place) if name is not None else None, name, total, *after]
        for place, (name, total) in enumerate(lines, start=1)
    ]
    schema = {"line_number": pl.Int64, "problem_text": pl.String, **{f"c{place}": pl.String for place in range(len(HEADERS))}}
    return fit[0], pl.DataFrame(rows, schema=schema, orient="row")
