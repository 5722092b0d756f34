"""Finding the header of delimited text: which line, which delimiter, which layout, and what stands above it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from phb_audit.sources.layouts import Layout, fitting, plain_header, unknown_layout

DELIMITERS = (",", ";", "\t", "|")
HEAD_LINES, HEAD_BYTES = 60, 65_536


@dataclass(frozen=True)
class Header:
    """A header that fits a layout: its cells, the delimiter, where the rows begin, and the cells named above it."""

    cells: tuple[str, ...]
    delimiter: str
    layout: Layout
    first_row_line: int
    first_row_byte: int
    above: dict[str, str]


class HeaderFinder:
    """Finds headers for one set of layouts; a header line seen before is not compared again."""

    def __init__(self, layouts: Sequence[Layout]) -> None:
        self.layouts = layouts
        self.seen: dict[tuple[str, str], tuple[tuple[str, ...], Layout] | None] = {}

    def find(self, data: bytes) -> Header:
        """The header of UTF-8 text. Raises UnknownLayout with the likeliest header line where none fits."""
        head = data[:HEAD_BYTES].decode("utf-8", errors="replace")
        lines = head.split("\n")[:HEAD_LINES]
        for place, line in enumerate(lines):
            for delimiter in DELIMITERS:
                if found := self.fit(line, delimiter):
                    return self.header(data, lines, place, place + 1, delimiter, *found)
        for place, after, text, delimiter in headers_over_lines(lines):
            if found := self.fit(text, delimiter):
                return self.header(data, lines, place, after, delimiter, *found)
        raise unknown_layout(likeliest(lines), self.layouts)

    def fit(self, line: str, delimiter: str) -> tuple[tuple[str, ...], Layout] | None:
        """The cells and layout of a line read with a delimiter, or None."""
        if delimiter not in line:
            return None
        asked = (line, delimiter)
        if asked not in self.seen:
            if len(self.seen) > 100_000:
                self.seen.clear()
            cells = cells_of_line(line, delimiter)
            layouts = fitting(cells, self.layouts)
            self.seen[asked] = (tuple(cells), layouts[0]) if layouts else None
        return self.seen[asked]

    def header(
        self, data: bytes, lines: list[str], place: int, after: int, delimiter: str, cells: tuple[str, ...], layout: Layout
    ) -> Header:
        """The header with where its rows begin."""
        start = 0
        for _ in range(after):
            end = data.find(b"\n", start)
            start = len(data) if end < 0 else end + 1
        above = named_above(layout, [cells_of_line(line, delimiter) for line in lines[:place]]) if layout.above else {}
        return Header(cells, delimiter, layout, after + 1, start, above)


def cells_of_line(line: str, delimiter: str) -> list[str]:
    """The cells of one line, without blanks around them; a line that is no row is one cell."""
    try:
        return [cell.strip() for cell in next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, skipinitialspace=True), [])]
    except csv.Error:
        return [line.strip()]


def headers_over_lines(lines: list[str]) -> Iterator[tuple[int, int, str, str]]:
    """Rows that run over line ends inside quotes: first line, line after, the row on one line, delimiter."""
    for place, line in enumerate(lines):
        if line.count('"') % 2:
            for end in range(place + 1, min(place + 10, len(lines))):
                text = " ".join(part.rstrip("\r") for part in lines[place : end + 1])
                if text.count('"') % 2 == 0:
                    yield from ((place, end + 1, text, delimiter) for delimiter in DELIMITERS)
                    break


def named_above(layout: Layout, rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """What the lines above the header name: 'Account Number:,12345678' or 'Account number: 12345678'."""
    wanted = {plain_header(name): cell for cell, name in layout.above.items()}
    found: dict[str, str] = {}
    for cells in rows:
        if named := name_and_value(cells):
            name, value = named
            if (cell := wanted.get(plain_header(name))) and value:
                found[cell] = value
    return found


def name_and_value(cells: Sequence[str]) -> tuple[str, str] | None:
    """The name and value a line of the kind 'name: value' holds."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if not filled:
        return None
    name, colon, value = filled[0].partition(":")
    if colon and value.strip():
        return name, value.strip()
    return (name, filled[1]) if len(filled) > 1 else None


def likeliest(lines: Sequence[str]) -> list[str]:
    """The line most like a header: the one with the most filled cells, the first of equals."""
    best: list[str] = []
    for line in lines:
        for delimiter in DELIMITERS:
            cells = cells_of_line(line, delimiter)
            if sum(bool(cell.strip()) for cell in cells) > sum(bool(cell.strip()) for cell in best):
                best = cells
    return best
