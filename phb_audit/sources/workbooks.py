"""Excel workbooks to cells: every cell as text, dates as ISO; the sheet's own row numbers."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow as pa

from phb_audit.errors import UnreadableFile
from phb_audit.sources.decoding import ASK, OLE
from phb_audit.sources.headers import HEAD_LINES, named_above
from phb_audit.sources.layouts import Layout, fitting, plain_header, unknown_layout

MOST_CELLS = 50_000_000
MOST_FORM_ROWS = 200
MOST_UNPACKED_BYTES = 400 * 1024 * 1024
PART_BYTES = 4 * 1024 * 1024
PLACE = re.compile(rb'\br="([A-Z]{0,3})(\d{1,7})"')
LONGEST_PLACE = 16
SECONDS = 120


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet below a header that fits a layout: columns line_number, c0 ..."""

    cells: tuple[str, ...]
    layout: Layout
    rows: pl.DataFrame
    above: dict[str, str]


Grids = list[pl.DataFrame]


def read_workbook(grids: Grids, layouts: tuple[Layout, ...]) -> tuple[list[Sheet], list[int]]:
    """The sheets that fit a layout, and the numbers of those with rows that do not. Raises UnknownLayout where no sheet fits."""
    sheets: list[Sheet] = []
    others: list[int] = []
    seen: list[str] = []
    for number, grid in enumerate(grids, start=1):
        found = sheet_of(grid, layouts) or form_of_sheet(grid, layouts)
        if found:
            sheets.append(found)
        elif grid.height:
            others.append(number)
            seen = seen or [cell or "" for cell in fullest_row(grid)]
    if not sheets:
        raise unknown_layout(seen, layouts)
    return sheets, others


def grids_of(data: bytes) -> Grids:
    """Every sheet as text cells c0 ... with `line_number`; blank cells are null. Raises UnreadableFile for what cannot be opened."""
    return grids_of_legacy(data) if data.startswith(OLE) else grids_of_modern(data)


def grids_of_modern(data: bytes) -> Grids:
    """The sheets of an .xlsx workbook."""
    import fastexcel

    require_sane_size(data)
    try:
        book: Any = fastexcel.read_excel(data)
        return [texts(book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()) for name in book.sheet_names]
    except fastexcel.FastExcelError as error:
        raise refusal() from error


def require_sane_size(data: bytes) -> None:
    """Refuse a workbook that unfolds to too much, or whose farthest cell spans more cells than any sender's: reading it would end the
    process. What a workbook says of itself is not believed: its parts are unfolded piece by piece."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unfolded = 0
            for name in archive.namelist():
                if not name.startswith("xl/"):
                    continue
                column = row = 0
                for part in parts_of(archive, name):
                    unfolded += len(part)
                    if unfolded > MOST_UNPACKED_BYTES:
                        raise UnreadableFile("The workbook unfolds to too much.", do="Ask the sender to send it in parts, or as CSV.")
                    if name.startswith("xl/worksheets/"):
                        column, row = farthest(part, column, row)
                if column * row > MOST_CELLS:
                    raise UnreadableFile("The workbook has cells in its farthest rows and columns.", do="Ask the sender to clear them.")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise refusal() from error


def parts_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part of a workbook, piece by piece; each piece begins with the last letters of the one before."""
    before = b""
    with archive.open(name) as opened:
        while piece := opened.read(PART_BYTES):
            yield before + piece
            before = piece[-LONGEST_PLACE:]


def farthest(part: bytes, column: int, row: int) -> tuple[int, int]:
    """The farthest column and row of the cells of a piece, and of those before."""
    places = set(PLACE.findall(part))
    columns = {letters for letters, _ in places}
    column = max(column, 1, *(sum((letter - 64) * 26**at for at, letter in enumerate(reversed(letters))) for letters in columns or {b""}))
    return column, max(row, 1, *(int(number) for _, number in places or {(b"", b"1")}))


def grids_of_legacy(data: bytes) -> Grids:
    """The sheets of an .xls workbook, read in a process of its own (see legacy_workbook)."""
    program = str(Path(__file__).with_name("legacy_workbook.py"))
    try:
        done = subprocess.run([sys.executable, program], input=data, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise refusal() from error
    if done.returncode:
        raise refusal()
    source = pa.BufferReader(done.stdout)
    grids = []
    while source.tell() < source.size():
        grids.append(texts(cast("pl.DataFrame", pl.from_arrow(pa.ipc.open_stream(source).read_all()))))
    return grids


def refusal() -> UnreadableFile:
    """The error for a workbook that cannot be opened."""
    return UnreadableFile("The workbook cannot be opened: it is damaged, locked with a password, or no workbook.", do=ASK)


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


def sheet_of(grid: pl.DataFrame, layouts: tuple[Layout, ...]) -> Sheet | None:
    """The sheet below the first of its rows that fits a layout; None when no row does."""
    head = grid.drop("line_number").head(HEAD_LINES).rows()
    for place, row in enumerate(head):
        cells = tuple((cell or "").strip() for cell in row)
        if fit := fitting(cells, layouts):
            above = named_above(fit[0], [[cell or "" for cell in before] for before in head[:place]])
            return Sheet(cells, fit[0], grid.slice(place + 1), above)
    return None


def form_of_sheet(grid: pl.DataFrame, layouts: tuple[Layout, ...]) -> Sheet | None:
    """A sheet that is a form: a name in the first filled cell of a row, and what it is in the next; as one row. None for others."""
    forms = [layout for layout in layouts if layout.form == "form"]
    if not forms or grid.height > MOST_FORM_ROWS:
        return None
    pairs: dict[str, tuple[int, str | None]] = {}
    for number, *row in grid.rows():
        filled = [cell.strip() for cell in row if cell and cell.strip()]
        if filled:
            pairs.setdefault(filled[0].rstrip(" :"), (number, filled[1] if len(filled) > 1 else None))
    fit = fitting(tuple(pairs), forms, form="form")
    if not fit:
        return None
    used = fit[0].used()
    first = min(number for name, (number, _) in pairs.items() if plain_header(name) in used)
    cells = {f"c{place}": value for place, (_, value) in enumerate(pairs.values())}
    schema = {"line_number": pl.Int64, **dict.fromkeys(cells, pl.String)}
    return Sheet(tuple(pairs), fit[0], pl.DataFrame([{"line_number": first, **cells}], schema=schema), {})


def fullest_row(grid: pl.DataFrame) -> tuple[str | None, ...]:
    """The row of the sheet's head with the most filled cells."""
    rows = grid.drop("line_number").head(HEAD_LINES).rows()
    return max(rows, key=lambda row: sum(cell is not None for cell in row), default=())
