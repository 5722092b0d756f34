"""JSON documents and JSON lines to cells. Amounts keep the digits they were written with."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl

from phb_audit.errors import UnreadableFile, UsageError
from phb_audit.sources.decoding import ASK
from phb_audit.sources.layouts import Layout, fitting, plain_header, unknown_layout

Record = dict[str, Any]
BEFORE_CELLS = 2  # a row begins with its number and its problem
NOT_A_RECORD = "this record cannot be read as JSON"


@contextmanager
def without_collecting() -> Iterator[None]:
    """Hold Python's search for cycles off: records have none, and while they are many it looks at all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_document(data: bytes, layouts: tuple[Layout, ...]) -> tuple[tuple[Layout, ...], list[tuple[int, Record | None]]]:
    """The layouts that fit the records, and the records with their numbers (None where a record cannot be read).

    Raises UnreadableFile where the whole is not JSON, UnknownLayout where no layout fits.
    """
    records = list(numbered_records(data))
    names = key_paths(record for _, record in records if record)
    fit = fitting(names, layouts, form="document")
    if not fit:
        raise unknown_layout(names, [layout for layout in layouts if layout.form == "document"])
    return fit, records


def numbered_records(data: bytes) -> Iterator[tuple[int, Record | None]]:
    """Records from 1: the items of a list, the one object, the list an object holds, or one object a line."""
    try:
        whole = load(data)
    except ValueError:
        yield from records_of_lines(data)
        return
    items = whole if isinstance(whole, list) else only_list(whole)
    yield from ((number, item if isinstance(item, dict) else None) for number, item in enumerate(items, start=1))


def only_list(whole: Any) -> list[Any]:
    """The one list of records an object wraps ({"receipts": [...]}), else the object as the only record."""
    if isinstance(whole, dict) and len(whole) == 1:
        (inside,) = whole.values()
        if isinstance(inside, list):
            return inside
    return [whole]


def records_of_lines(data: bytes) -> Iterator[tuple[int, Record | None]]:
    """JSON lines: the record's number is its line. Raises UnreadableFile where no line is JSON."""
    rows: list[tuple[int, Record | None]] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                item = load(line)
            except ValueError:
                item = None
            rows.append((number, item if isinstance(item, dict) else None))
    if not any(record for _, record in rows):
        raise UnreadableFile("The file begins like JSON and is not.", do=ASK)
    yield from rows


DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)  # made once: a decoder a line costs as much as the line


def load(data: bytes) -> Any:
    """JSON with numbers kept as the text they were written in."""
    try:
        return DECODER.decode(data.decode("utf-8", errors="surrogatepass"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def key_paths(records: Iterable[Record]) -> list[str]:
    """The headers of records: their keys, and 'key inner' for keys inside objects and lists of objects; each once, in order."""
    paths: dict[tuple[str, ...], None] = {}
    seen: set[tuple[object, ...]] = set()
    for record in records:
        for key, value in record.items():
            if (key,) not in paths:
                paths[(key,)] = None
            if isinstance(value, dict):
                note_keys(paths, seen, key, value)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, dict):
                        note_keys(paths, seen, key, item)
                paths[key, "number"] = None
    return list(dict.fromkeys(" ".join(path) for path in paths))


def note_keys(paths: dict[tuple[str, ...], None], seen: set[tuple[object, ...]], key: str, inside: Record) -> None:
    """Add the keys of an object inside a record; objects with the same keys, nearly all, are looked at once."""
    shape = (key, *inside)
    if shape not in seen:
        seen.add(shape)
        paths.update(dict.fromkeys((key, inner) for inner in inside))


def document_rows(records: Iterable[tuple[int, Record | None]], layout: Layout) -> tuple[tuple[str, ...], pl.DataFrame]:
    """Rows of one layout: the headers it uses, and columns line_number, problem_text, c0 ... in the records' order."""
    headers = tuple(dict.fromkeys(header for cell in layout.columns.values() for header in cell.headers))
    places = Places({plain_header(header): place for place, header in enumerate(headers)})
    if layout.rows_of and any(" " not in header and plain_header(header) == plain_header(layout.rows_of) for header in headers):
        raise UsageError(f"Layout {layout.code}: a column is the whole list '{layout.rows_of}'.", do="Name a key inside the list.")
    rows: list[list[Any]] = []
    for number, record in records:
        if record is None:
            if not layout.only_with_rows:
                rows.append([number, NOT_A_RECORD, *[None] * len(headers)])
            continue
        rows.extend(rows_of_record(number, record, layout, places, len(headers)))
    schema = {"line_number": pl.Int64, "problem_text": pl.String, **{f"c{place}": pl.String for place in range(len(headers))}}
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)  # by column: by row takes Polars ten times as long
    return headers, pl.DataFrame([pl.Series(name, cells, dtype) for (name, dtype), cells in zip(schema.items(), columns, strict=True)])


class Places(dict[str, int | None]):
    """Where the value of a key goes in a row, None where no header wants it; each key below one prefix is compared once."""

    def __init__(self, wanted: dict[str, int], prefix: str = "") -> None:
        super().__init__()
        self.wanted, self.prefix = wanted, prefix
        self.inside: dict[str, Places] = {}

    def __missing__(self, key: str) -> int | None:
        found = self[key] = self.wanted.get(plain_header(f"{self.prefix} {key}"))
        return found

    def below(self, key: str) -> Places:
        """The places of the keys of an object under this key."""
        if key not in self.inside:
            self.inside[key] = Places(self.wanted, f"{self.prefix} {key}")
        return self.inside[key]


def rows_of_record(number: int, record: Record, layout: Layout, places: Places, width: int) -> Iterator[list[Any]]:
    """One row, or one for each item of the list the layout's rows are of."""
    top: list[Any] = [number, None, *[None] * width]
    fill(top, record, places)
    inside = record.get(layout.rows_of) if layout.rows_of else None
    items = [item for item in inside if isinstance(item, dict)] if isinstance(inside, list) else []
    if not items:
        if not layout.only_with_rows:
            yield top
        return
    here = places.below(layout.rows_of)
    counted = here["number"]
    for place, item in enumerate(items, start=1):
        row = top.copy()
        if counted is not None:
            row[counted + BEFORE_CELLS] = str(place)
        fill(row, item, here)
        yield row


def fill(row: list[Any], record: Record, places: Places) -> None:
    """Put the values of a record, and of objects inside it, where the headers want them."""
    for key, value in record.items():
        if type(value) is str:
            if (place := places[key]) is not None:
                row[place + BEFORE_CELLS] = value if value.isascii() and value.strip() else as_text(value)
        elif isinstance(value, dict):
            fill(row, value, places.below(key))
        elif (place := places[key]) is not None and not isinstance(value, list):
            row[place + BEFORE_CELLS] = as_text(value)


def as_text(value: object) -> str | None:
    """A JSON value as text; yes and no for true and false, nothing for null and blanks."""
    if value is None:
        return None
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    if not text.isascii():
        text = text.encode("utf-8", errors="replace").decode()  # JSON can escape half a character
    return text if text.strip() else None
