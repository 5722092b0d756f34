"""Excel workbooks to cells: every cell as text, dates as ISO; the sheet's own row numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from phb_audit.errors import UnreadableFile
from phb_audit.sources.decoding import ASK
from phb_audit.sources.headers import HEAD_LINES, named_above
from phb_audit.sources.layouts import Layout, fitting, unknown_layout


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet below a header that fits a layout: columns line_number, c0 ..."""

    name: str
    cells: tuple[str, ...]
    layout: Layout
    rows: pl.DataFrame
    above: dict[str, str]


def read_workbook(data: bytes, layouts: tuple[Layout, ...]) -> tuple[list[Sheet], list[str]]:
    """The sheets that fit a layout, and the numbers of those with rows that do not.

    Raises UnreadableFile for a damaged or locked workbook, UnknownLayout where no sheet fits.
    """
    sheets: list[Sheet] = []
    others: list[str] = []
    seen: list[str] = []
    for number, (name, grid) in enumerate(grids(data), start=1):
        found = sheet_of(name, grid, layouts)
        if found:
            sheets.append(found)
        elif grid.height:
            others.append(str(number))
            seen = seen or [cell or "" for cell in fullest_row(grid)]
    if not sheets:
        raise unknown_layout(seen, layouts)
    return sheets, others


def grids(data: bytes) -> list[tuple[str, pl.DataFrame]]:
    """Every sheet as text cells c0 ... with `line_number`; blank cells are null."""
    import fastexcel

    try:
        book: Any = fastexcel.read_excel(data)
        loaded = ((name, book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")) for name in book.sheet_names)
        return [(name, texts(sheet.to_polars())) for name, sheet in loaded]
    except fastexcel.FastExcelError as error:
        raise UnreadableFile("The workbook cannot be opened: it is damaged, locked with a password, or no workbook.", do=ASK) from error


def texts(raw: pl.DataFrame) -> pl.DataFrame:
    """Cells as a person would type them: no midnight after a date, no noise of binary fractions, blank is null."""
    named = raw.rename({name: f"c{place}" for place, name in enumerate(raw.columns)})
    cells = [as_typed(pl.col(name)).alias(name) for name in named.columns]
    return named.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("line_number"), *cells)


def as_typed(cell: pl.Expr) -> pl.Expr:
    """One column of text cells as a person would type them."""
    text = cell.cast(pl.String).str.replace(r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(\.0+)?$", "$1")
    noisy = text.str.contains(r"^-?\d+\.\d{9,}$")
    rounded = text.cast(pl.Float64, strict=False).round(6).cast(pl.String)
    return pl.when(noisy).then(rounded).when(text.str.strip_chars() != "").then(text)


def sheet_of(name: str, grid: pl.DataFrame, layouts: tuple[Layout, ...]) -> Sheet | None:
    """The sheet below the first of its rows that fits a layout; None when no row does."""
    head = grid.drop("line_number").head(HEAD_LINES).rows()
    for place, row in enumerate(head):
        cells = tuple((cell or "").strip() for cell in row)
        if fit := fitting(cells, layouts):
            above = named_above(fit[0], [[cell or "" for cell in before] for before in head[:place]])
            return Sheet(name, cells, fit[0], grid.slice(place + 1), above)
    return None


def fullest_row(grid: pl.DataFrame) -> tuple[str | None, ...]:
    """The row of the sheet's head with the most filled cells."""
    rows = grid.drop("line_number").head(HEAD_LINES).rows()
    return max(rows, key=lambda row: sum(cell is not None for cell in row), default=())
