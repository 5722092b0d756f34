"""Delimited text to cells. True line numbers; a row with too many or too few cells lands too, and says so.

Lines that hold exactly one well-made row (nearly all) are read by Polars at once. The others (quotes that run over a line end,
stray quotes, too many or too few cells) are read one by one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

MOST_LINES_IN_A_ROW = 100
WIDE_BLANKS = (b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a\x80", b"\xe2\x80", b"\xe2\x81\x9f", b"\xe3\x80\x80")  # in UTF-8, or how they begin
PLACE = {"file_index": pl.Int32, "line_number": pl.Int64}
CONTEXT = {**PLACE, "problem_text": pl.String}


@dataclass(frozen=True)
class Body:
    """The rows of one file, below its header: UTF-8 bytes, and the line of the file the first of them stands on."""

    file_index: int
    first_line: int
    data: bytes
    above: dict[str, str] = field(default_factory=dict)
    is_end: bool = True

    @property
    def is_cut(self) -> bool:
        """True when the file ends without a line end: its last line may be half a line."""
        return self.is_end and not self.data.endswith(b"\n")


def read_bodies(bodies: Sequence[Body], delimiter: str, width: int) -> pl.DataFrame:
    """Rows of several files with one header, in the order given.

    Columns file_index, line_number, problem_text and c0 ... c<width-1>; blank cells are null, rows without any cell are left out.
    """
    names = [f"c{place}" for place in range(width)]
    data = b"".join(body.data if body.data.endswith(b"\n") or not body.data else body.data + b"\n" for body in bodies)
    if not data:
        return pl.DataFrame(schema={**CONTEXT, **dict.fromkeys(names, pl.String)})
    counts = [body.data.count(b"\n") + (not body.data.endswith(b"\n") and bool(body.data)) for body in bodies]
    places = places_of(bodies, counts)
    if (whole := read_whole(data, sum(counts), delimiter, names)) is not None:
        rows = pl.concat([places, whole], how="horizontal").with_columns(problem_text=pl.lit(None, dtype=pl.String))
        return without_blanks(rows.select([*CONTEXT, *names]), names, data)
    lines = pl.scan_lines(data).collect().to_series()
    if sum(counts) != len(lines):
        raise AssertionError(f"{len(lines)} lines read where {sum(counts)} were counted")
    is_blank = lines.str.strip_chars() == ""
    is_plain = plain_lines(lines, delimiter, width) & ~is_blank
    plain = read_plain(data, lines, is_plain, delimiter, names)
    numbered = plain.with_columns(places.filter(is_plain)).with_columns(problem_text=pl.lit(None, dtype=pl.String))
    odd = (~is_plain & ~is_blank).arg_true()
    if odd.is_empty():
        rows = numbered.select([*CONTEXT, *names])
    else:
        rows = with_odd_lines(numbered, lines, odd.to_list(), places, bodies, delimiter, names)
    return without_blanks(rows, names, data)


def read_whole(data: bytes, lines: int, delimiter: str, names: list[str]) -> pl.DataFrame | None:
    """The rows of text without a single quote whose lines all have as many cells as the header; None for any other text.

    As many delimiters as whole lines need, and no line with more (Polars would refuse it): so none has fewer.
    """
    if len(names) == 1 or b'"' in data or data.count(delimiter.encode()) != lines * (len(names) - 1):
        return None
    try:
        read = pl.read_csv(data, has_header=False, separator=delimiter, quote_char=None, schema=dict.fromkeys(names, pl.String))
    except pl.exceptions.PolarsError:
        return None
    return read if read.height == lines else None


def without_blanks(rows: pl.DataFrame, names: Sequence[str], data: bytes) -> pl.DataFrame:
    """Rows with blank cells as null, and without the rows that have no cell at all."""
    return rows.with_columns(blank_is_null(names_with_blanks(rows, names, data))).filter(~is_empty(names))


def names_with_blanks(rows: pl.DataFrame, names: Sequence[str], data: bytes) -> list[str]:
    """The columns that may hold a cell of nothing but blanks: the smallest cell of the others begins with a letter or figure."""
    if not data.isascii() and any(blank in data for blank in WIDE_BLANKS):
        return list(names)
    least = rows.select(pl.col(names).min()).row(0) if rows.height else ()
    return [name for name, cell in zip(names, least, strict=False) if cell is not None and cell[:1] <= " "]


def is_empty(names: Sequence[str]) -> pl.Expr:
    """True for a row without any cell and without a problem to tell of."""
    return pl.all_horizontal(pl.col(name).is_null() for name in names) & pl.col("problem_text").is_null()


def blank_is_null(names: Sequence[str]) -> list[pl.Expr]:
    """Cells of nothing but blanks become null."""
    return [pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).alias(name) for name in names]


def places_of(bodies: Sequence[Body], counts: Sequence[int]) -> pl.DataFrame:
    """For every line: which file it is of, and its number there. `counts` are the lines of each body."""
    starts = pl.DataFrame(
        {"file_index": [body.file_index for body in bodies], "first_line": [body.first_line for body in bodies], "count": counts},
        schema={"file_index": pl.Int32, "first_line": pl.Int64, "count": pl.Int64},
    )
    numbers = pl.int_ranges(pl.col("first_line"), pl.col("first_line") + pl.col("count"))
    return starts.filter(pl.col("count") > 0).select("file_index", line_number=numbers).explode("line_number", empty_as_null=False)


def plain_lines(lines: pl.Series, delimiter: str, width: int) -> pl.Series:
    """True for each line that holds one whole row of `width` cells, quoted by the book or not at all."""
    counted = lines.str.count_matches(delimiter, literal=True) == width - 1
    quoted = lines.str.contains('"', literal=True)
    if not quoted.any():
        return counted
    mark = re.escape(delimiter)
    cell = rf'(?:[^"{mark}]*|"(?:[^"]|"")*")'
    by_the_book = lines.set(~quoted, "").str.contains(rf"^{cell}(?:{mark}{cell}){{{width - 1}}}$")
    return (quoted & by_the_book) | (~quoted & counted)


def read_plain(data: bytes, lines: pl.Series, is_plain: pl.Series, delimiter: str, names: list[str]) -> pl.DataFrame:
    """The plain lines as cells, in order."""
    schema = dict.fromkeys(names, pl.String)
    good = int(is_plain.sum())
    if good == 0:
        return pl.DataFrame(schema=schema)
    if good < len(lines):
        data = "\n".join(lines.filter(is_plain).to_list()).encode()
    quote = '"' if b'"' in data else None
    if len(names) == 1 and quote is None:
        return lines.filter(is_plain).alias(names[0]).to_frame()
    try:
        read = pl.read_csv(data, has_header=False, separator=delimiter, quote_char=quote, schema=schema)
    except pl.exceptions.PolarsError:
        read = pl.DataFrame(schema=schema)
    if read.height == good:
        return read
    rows = [strict_cells(line, delimiter) for line in lines.filter(is_plain).to_list()]  # slow, and never yet needed
    return pl.DataFrame(rows, schema=schema, orient="row")


def with_odd_lines(
    plain: pl.DataFrame,
    lines: pl.Series,
    odd: list[int],
    places: pl.DataFrame,
    bodies: Sequence[Body],
    delimiter: str,
    names: list[str],
) -> pl.DataFrame:
    """The plain rows together with the odd ones, by file and line; lines inside a quoted cell are not rows of their own."""
    text, width = lines.to_list(), len(names)
    files, numbers = places["file_index"].to_list(), places["line_number"].to_list()
    cut = {body.file_index for body in bodies if body.is_cut}
    last_of = {index: place for place, index in enumerate(files)}
    found: list[tuple[object, ...]] = []
    swallowed: set[int] = set()
    for at, end, cells in odd_rows(text, odd, files, delimiter, width):
        swallowed.update(range(at + 1, end))
        half = files[at] in cut and last_of[files[at]] == end - 1
        kept = [*cells, *[None] * (width - len(cells))][:width]
        found.append((files[at], numbers[at], shape_problem(cells, width, is_half=half), *kept))
    schema = {**CONTEXT, **dict.fromkeys(names, pl.String)}
    inside = pl.DataFrame([(files[at], numbers[at]) for at in sorted(swallowed)], schema=PLACE, orient="row")
    whole = pl.concat(
        [
            plain.select(list(schema)).join(inside, on=list(PLACE), how="anti", maintain_order="left"),
            pl.DataFrame(found, schema=schema, orient="row"),
        ]
    )
    order = {body.file_index: place for place, body in enumerate(bodies)}
    return whole.sort(pl.col("file_index").replace_strict(order, return_dtype=pl.Int32), "line_number", maintain_order=True)


def odd_rows(text: list[str], odd: list[int], files: list[int], delimiter: str, width: int) -> Iterator[tuple[int, int, list[str]]]:
    """For each odd line that begins a row: where it begins, where the next begins, and its cells."""
    after = 0
    for at in odd:
        if at >= after:
            after, cells = row_at(text, at, files, delimiter, width)
            yield at, after, cells


def row_at(text: list[str], at: int, files: list[int], delimiter: str, width: int) -> tuple[int, list[str]]:
    """The row that begins at a line: the line after it, and its cells.

    A quote left open is followed over line ends, within the file, as long as that gives a row of the right width; else the line is
    taken for itself, so that one stray quote never swallows the rows below it.
    """
    line = text[at]
    if '"' not in line:
        return at + 1, line.split(delimiter)
    for cells in (strict_cells(line, delimiter), strict_cells(line, delimiter, blank_before=True)):
        if cells is not None and len(cells) == width:
            return at + 1, cells
    joined, quotes = line, line.count('"')
    for end in range(at + 1, min(at + MOST_LINES_IN_A_ROW, len(text))):
        if files[end] != files[at]:
            break
        joined, quotes = joined + "\n" + text[end], quotes + text[end].count('"')
        if quotes % 2 == 0 and text[end].count('"'):
            cells = strict_cells(joined, delimiter)
            if cells is not None and len(cells) == width:
                return end + 1, cells
    return at + 1, loose_cells(line, delimiter, width)


def strict_cells(text: str, delimiter: str, *, blank_before: bool = False) -> list[str] | None:
    """The cells of one row quoted by the book; None where the quoting is broken or still open."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=blank_before)
    try:
        rows = list(reader)
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def loose_cells(line: str, delimiter: str, width: int) -> list[str]:
    """The cells of one line whose quotes mean nothing: cut at every delimiter where that fits, else as a spreadsheet would."""
    cut = line.split(delimiter)
    if len(cut) == width:
        return cut
    try:
        return next(csv.reader([line], delimiter=delimiter), cut)
    except csv.Error:
        return cut


def shape_problem(cells: Sequence[str | None], width: int, *, is_half: bool) -> str | None:
    """Why a row of this many cells cannot be trusted; None when it can."""
    extra = [cell for cell in cells[width:] if cell and cell.strip()]
    if extra:
        return f"{len(cells)} cells where the header has {width}"
    if len(cells) < width and is_half:
        return f"the file ends in the middle of this row: {len(cells)} cells where the header has {width}"
    return None
