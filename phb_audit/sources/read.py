"""One file to cells of our columns: what kind of file, which layout, which rows. Pieces with the same header are read together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from phb_audit.sources.date_order import HINT, HINT_IN_BYTES, NOTE, day_columns, iso, month_first
from phb_audit.sources.decoding import as_utf8, kind_of, unpacked
from phb_audit.sources.delimited import CONTEXT, Body, blank_is_null, is_empty, read_bodies
from phb_audit.sources.documents import document_rows, read_document, without_collecting
from phb_audit.sources.feeds import FEEDS
from phb_audit.sources.headers import Header, HeaderFinder
from phb_audit.sources.layouts import Layout, plain_header
from phb_audit.sources.papers import HEADERS as PAPER_HEADERS
from phb_audit.sources.papers import PaperRead, paper_rows
from phb_audit.sources.printed import PrintedLine, lines_of, printed_layout
from phb_audit.sources.statements import CELLS_OF_LINES as PRINTED_CELLS
from phb_audit.sources.statements import HEADERS, form_of, line_frame, statement_rows
from phb_audit.sources.workbooks import Grids, grids_of, read_workbook

CHUNK_BYTES = 96 * 1024 * 1024


@dataclass(frozen=True)
class Shape:
    """What pieces must share to be read together."""

    layout: Layout
    headers: tuple[str, ...]
    delimiter: str = ""
    month_first: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Piece:
    """Rows of one file in one shape: delimited bytes, or a frame of cells."""

    shape: Shape
    body: Body
    frame: pl.DataFrame | None = None

    @property
    def size(self) -> int:
        """About how many bytes it holds."""
        return len(self.body.data) if self.frame is None else int(self.frame.estimated_size())


@dataclass(frozen=True)
class Recognised:
    """A file that fits a layout: its pieces, the headers whose cells nothing uses, and what its sender should know."""

    layout_code: str
    feed: str
    pieces: tuple[Piece, ...]
    unmapped: tuple[str, ...] = ()
    feeds: frozenset[str] = field(default=frozenset())
    note: str = ""


class Reader:
    """Reads files with one set of layouts, those of the analyst's mapping files first."""

    def __init__(self, layouts: Sequence[Layout]) -> None:
        self.layouts = tuple(layouts)
        self.tables = tuple(layout for layout in self.layouts if layout.form == "table")
        self.sheets = tuple(layout for layout in self.layouts if layout.form in ("table", "form"))
        self.finder = HeaderFinder(self.tables)
        self.opened: dict[int, Grids] = {}

    def feed_at_a_glance(self, data: bytes) -> str:
        """The feed of a table from its head alone; empty for documents and for what cannot be told. Raises PhbAuditError."""
        data = unpacked(data)
        if form_of(data):
            return "bank"
        kind = kind_of(data)
        if kind == "document":
            return ""
        if kind == "workbook":
            self.opened[hash(data)] = grids_of(data)
            return read_workbook(self.opened[hash(data)], self.sheets)[0][0].layout.feed
        return self.finder.find(as_utf8(head_of(data))).layout.feed

    def read(self, data: bytes, file_index: int, file_name: str) -> Recognised:
        """The pieces of a file. Raises UnknownLayout or UnreadableFile, saying why and what to do."""
        data = unpacked(data)
        if form := form_of(data):
            return self.of_statement(data, form, file_index, file_name)
        kind = kind_of(data)
        if kind == "workbook":
            return in_one_order(self.of_workbook(data, file_index, file_name))
        text = as_utf8(data)
        if kind == "document":
            return in_one_order(self.of_document(text, file_index, file_name))
        header = self.finder.find(text)
        above = {**named_in_file(header.layout, file_name), **header.above}
        shape = Shape(header.layout, header.cells, header.delimiter)
        pieces = tuple(Piece(shape, body) for body in bodies_of(text, header, file_index, above))
        found = header.layout
        return in_one_order(Recognised(found.code, found.feed, pieces, unmapped(header.cells, found), frozenset({found.feed})))

    def of_workbook(self, data: bytes, file_index: int, file_name: str) -> Recognised:
        """The sheets that fit, as pieces; the others are named among the unmapped."""
        grids = self.opened.pop(hash(data), None)
        sheets, others = read_workbook(grids_of(data) if grids is None else grids, self.sheets)
        pieces = []
        for sheet in sheets:
            above = {**named_in_file(sheet.layout, file_name), **sheet.above}
            pieces.append(Piece(Shape(sheet.layout, sheet.cells), Body(file_index, 1, b"", above), sheet.rows))
        left = [header for sheet in sheets for header in unmapped(sheet.cells, sheet.layout)]
        names = (*dict.fromkeys(left), *(f"sheet {number}" for number in others))
        main = sheets[0].layout
        return Recognised(main.code, main.feed, tuple(pieces), names, frozenset(sheet.layout.feed for sheet in sheets))

    def of_statement(self, data: bytes, form: str, file_index: int, file_name: str) -> Recognised:
        """The lines of a statement in a bank's own format, as one piece."""
        layout, frame = statement_rows(data, form, self.layouts)
        body = Body(file_index, 1, b"", named_in_file(layout, file_name))
        return Recognised(
            layout.code, layout.feed, (Piece(Shape(layout, HEADERS), body, frame),), unmapped(HEADERS, layout), frozenset({layout.feed})
        )

    def of_print(self, lines: Sequence[PrintedLine], file_index: int, file_name: str) -> Recognised:
        """The lines of a printed statement, as one piece. Raises UnreadableFile where it does not prove itself."""
        layout = printed_layout(lines, self.layouts)
        assert layout is not None
        frame = line_frame(lines_of(lines, self.layouts))
        named = Layout(layout.code, layout.feed, PRINTED_CELLS, form=layout.form, amount_sign="in", file_name=layout.file_name)
        body = Body(file_index, 1, b"", named_in_file(layout, file_name))
        return Recognised(layout.code, layout.feed, (Piece(Shape(named, HEADERS), body, frame),), (), frozenset({layout.feed}))

    def of_paper(self, paper: PaperRead, file_index: int, file_name: str, received_on: str) -> Recognised:
        """A receipt or invoice as it was read, as one piece; whose it is may stand in the name of the file or its folder."""
        layout, frame = paper_rows(paper, self.layouts)
        above = {**named_in_file(layout, file_name), "received_on_text": received_on}
        piece = Piece(Shape(layout, PAPER_HEADERS), Body(file_index, 1, b"", above), frame)
        return Recognised(layout.code, layout.feed, (piece,), (), frozenset({layout.feed}))

    def of_document(self, text: bytes, file_index: int, file_name: str) -> Recognised:
        """The records in each of the layouts they fit, as pieces."""
        with without_collecting():
            layouts, records = read_document(text, self.layouts)
            made = [(layout, *document_rows(records, layout)) for layout in layouts]
            del records
        pieces = []
        for layout, headers, frame in made:
            pieces.append(Piece(Shape(layout, headers), Body(file_index, 1, b"", named_in_file(layout, file_name)), frame))
        return Recognised(layouts[0].code, layouts[0].feed, tuple(pieces), (), frozenset(layout.feed for layout in layouts))


def in_one_order(found: Recognised) -> Recognised:
    """The file, its dates with the month first known as such. Raises UnreadableFile where they are written both ways.

    The rows are read for it only where something looks like such a date.
    """
    if not any(may_write_months_first(piece) for piece in found.pieces):
        return found
    together: dict[Shape, list[Piece]] = {}
    for piece in found.pieces:
        together.setdefault(piece.shape, []).append(piece)
    shapes = {shape: replace(shape, month_first=month_first(rows_of(pieces), shape.layout)) for shape, pieces in together.items()}
    pieces = tuple(replace(piece, shape=shapes[piece.shape]) for piece in found.pieces)
    return replace(found, pieces=pieces, note=NOTE if any(shape.month_first for shape in shapes.values()) else "")


def may_write_months_first(piece: Piece) -> bool:
    """True where something in a piece looks like a date that can only have the month first."""
    if piece.frame is None:
        return HINT_IN_BYTES.search(piece.body.data) is not None
    columns = piece.shape.layout.columns
    wanted = {plain for name in day_columns(piece.shape.layout) for plain in columns[name].plain}
    names = [f"c{place}" for place, header in enumerate(piece.shape.headers) if plain_header(header) in wanted]
    return bool(names) and bool(piece.frame.select(pl.any_horizontal(pl.col(names).str.contains(HINT)).any()).item())


def head_of(data: bytes) -> bytes:
    """Enough of a file to see its header."""
    return data[: 2 * 65_536]


def bodies_of(text: bytes, header: Header, file_index: int, above: dict[str, str]) -> Iterator[Body]:
    """The rows below a header, cut where a line ends outside quotes so that no chunk is much over CHUNK_BYTES."""
    start, line = header.first_row_byte, header.first_row_line
    while True:
        end = chunk_end(text, start)
        data = text[start:end]
        yield Body(file_index, line, data, above, is_end=end == len(text))
        if end == len(text):
            return
        start, line = end, line + data.count(b"\n")


def chunk_end(text: bytes, start: int) -> int:
    """Where to cut: the first line end past CHUNK_BYTES with as many quotes opened as closed before it."""
    end = start + CHUNK_BYTES
    for _ in range(100):
        if end >= len(text):
            return len(text)
        found = text.find(b"\n", end)
        if found < 0:
            return len(text)
        end = found + 1
        if text.count(b'"', start, end) % 2 == 0:
            break
    return end


def named_in_file(layout: Layout, file_name: str) -> dict[str, str]:
    """The cells that the layout finds in the file's name."""
    if not layout.file_name or not (match := re.search(layout.file_name, file_name)):
        return {}
    return {name: value for name, value in match.groupdict().items() if value}


def unmapped(headers: Iterable[str], layout: Layout) -> tuple[str, ...]:
    """Headers whose cells land in no column."""
    used = layout.used()
    return tuple(header.strip() for header in headers if header.strip() and plain_header(header) not in used)


def rows_of(pieces: Sequence[Piece]) -> pl.DataFrame:
    """The cells of pieces of one shape: the columns of CONTEXT, and every cell of the feed (null where the layout has none)."""
    shape = pieces[0].shape
    width = len(shape.headers)
    if pieces[0].frame is None:
        raw = read_bodies([piece.body for piece in pieces], shape.delimiter, width)
    else:
        raw = pl.concat([framed(piece, width) for piece in pieces])
    return cells_of(without_headers(raw, shape.headers), shape, {piece.body.file_index: piece.body.above for piece in pieces})


def framed(piece: Piece, width: int) -> pl.DataFrame:
    """A piece that is a frame already, with context, blanks as null, and no empty rows."""
    assert piece.frame is not None
    names = [f"c{place}" for place in range(width)]
    problem = pl.col("problem_text") if "problem_text" in piece.frame.columns else pl.lit(None, dtype=pl.String)
    frame = piece.frame.with_columns(*blank_is_null(names), file_index=pl.lit(piece.body.file_index, dtype=pl.Int32), problem_text=problem)
    return frame.select([*CONTEXT, *names]).filter(~is_empty(names))


def without_headers(raw: pl.DataFrame, headers: Sequence[str]) -> pl.DataFrame:
    """The rows without those that say the header again."""
    first = next((place for place, header in enumerate(headers) if header.strip()), 0)

    def same(place: int) -> pl.Expr:
        return pl.col(f"c{place}").fill_null("").str.strip_chars().str.to_lowercase() == headers[place].strip().lower()

    if not raw.select(same(first).any()).item():
        return raw
    return raw.filter(~pl.all_horizontal(same(place) for place in range(len(headers))))


def cells_of(raw: pl.DataFrame, shape: Shape, above: dict[int, dict[str, str]]) -> pl.DataFrame:
    """Cells under their headers to cells under our names."""
    layout = shape.layout
    places: dict[str, int] = {}
    for place, header in enumerate(shape.headers):
        places.setdefault(plain_header(header), place)
    cells: dict[str, pl.Expr] = {name: pl.lit(None, dtype=pl.String) for name in FEEDS[layout.feed].cells}
    for name, cell in layout.columns.items():
        there = [pl.col(f"c{places[plain]}") for plain in cell.plain if plain in places]
        if there:
            cells[name] = pl.concat_str(there, separator=" ", ignore_nulls=True) if cell.joins and len(there) > 1 else pl.coalesce(there)
    for name in shape.month_first:
        cells[name] = iso(cells[name])
    for name, value in layout.constants.items():
        cells[name] = pl.coalesce(cells[name], pl.lit(value))
    raw, named = with_named(raw, layout, above)
    for name in named:
        cells[name] = pl.coalesce(cells[name], pl.col(f"above_{name}"))
    sign = pl.lit(layout.amount_sign or None, dtype=pl.String).alias("amount_sign_code")
    chosen = raw.select(*CONTEXT, *(cell.alias(name) for name, cell in cells.items()), sign)
    return chosen.with_columns(blank_is_null([name for name, cell in layout.columns.items() if cell.joins]))


def with_named(raw: pl.DataFrame, layout: Layout, above: dict[int, dict[str, str]]) -> tuple[pl.DataFrame, list[str]]:
    """Rows with what the lines above (or the file's name) name, as columns 'above_<cell>'.

    A line 'Account Number:,...' further down begins another account's section: it is no row, and holds for the rows below it.
    """
    names = sorted({name for cells in above.values() for name in cells} | set(layout.above))
    if not names:
        return raw, []
    per_file = pl.DataFrame(
        [(index, *(cells.get(name) for name in names)) for index, cells in above.items()],
        schema={"file_index": pl.Int32, **{f"above_{name}": pl.String for name in names}},
        orient="row",
    )
    joined = raw.join(per_file, on="file_index", how="left", maintain_order="left")
    if not layout.above or not joined.select(is_named_line().any()).item():
        return joined, names
    wanted = {cell: plain_header(name) for cell, name in layout.above.items()}
    plain = pl.col("c0").str.replace(r":.*$", "").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    value = pl.coalesce(pl.col("c0").str.extract(r":\s*(\S.*)$"), pl.col("c1"))
    below = {
        cell: pl.when(is_named_line() & (plain == name)).then(value).forward_fill().over("file_index") for cell, name in wanted.items()
    }
    sections = [pl.coalesce(value_below, f"above_{cell}").alias(f"above_{cell}") for cell, value_below in below.items()]
    return joined.with_columns(sections).filter(~is_named_line()), names


def is_named_line() -> pl.Expr:
    """True for a row 'name: value': a colon after the words of its first cell, and no letters before a digit."""
    return pl.col("c0").str.contains(r"^\s*\p{L}[\p{L} ]*:").fill_null(False)
