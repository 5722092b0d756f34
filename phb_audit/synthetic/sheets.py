"""Files as senders write them: a dialect (dates, delimiter, encoding, header) and an open file that counts its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, TextIO

from phb_audit.synthetic.days import written

BUFFER_BYTES = 1 << 16


@dataclass(frozen=True)
class Dialect:
    """How one sender writes: date style, delimiter, encoding, thousands commas, brackets for negatives, header case and order."""

    dates: str = "%d/%m/%Y"
    delimiter: str = ","
    encoding: str = "utf-8"
    has_commas: bool = False
    has_brackets: bool = False
    sign: str = ""
    header: str = "as is"
    is_shuffled: bool = False
    line_end: str = "\n"

    def money(self, pence: int) -> str:
        """Pence as this sender writes pounds."""
        size = -pence if pence < 0 else pence
        text = f"{self.sign}{size // 100:,}.{size % 100:02d}" if self.has_commas else f"{self.sign}{size // 100}.{size % 100:02d}"
        if pence >= 0:
            return text
        return f"({text})" if self.has_brackets else f"-{text}"

    def day(self, ordinal: int) -> str:
        """A day as this sender writes it; 0 is blank."""
        return written(ordinal, self.dates) if ordinal else ""

    def heading(self, name: str) -> str:
        """A header as this sender writes it."""
        if self.header == "upper":
            return name.upper()
        if self.header == "lower":
            return name.lower()
        return name.replace(" ", "_").lower() if self.header == "snake" else name


class Sheet:
    """An open text file with a header; `add` returns the line number of the row it wrote."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str], dialect: Dialect, preamble: Sequence[str] = ()) -> None:
        self.name, self.dialect = name, dialect
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file: TextIO = path.open("w", encoding=dialect.encoding, newline="", buffering=BUFFER_BYTES)
        order = list(range(len(columns)))
        if dialect.is_shuffled:
            Random(f"order of {name}").shuffle(order)
        self.arrange = itemgetter(*order)
        self.breaks = len(columns) - 1
        self.line = 0
        for text in preamble:
            self._put(text)
        self.add([dialect.heading(column) for column in columns])

    def _put(self, text: str) -> None:
        self.file.write(text + self.dialect.line_end)
        self.line += 1

    def add(self, cells: Sequence[str]) -> int:
        """Write one row of cells (quoted where they must be) and return its line number, the first line being 1."""
        row = self.arrange(cells)
        text = self.dialect.delimiter.join(row)
        if text.count(self.dialect.delimiter) != self.breaks or '"' in text:
            text = self.dialect.delimiter.join([self._quoted(cell) for cell in row])
        self.file.write(text + self.dialect.line_end)
        self.line += 1
        return self.line

    def _quoted(self, cell: str) -> str:
        if self.dialect.delimiter in cell or '"' in cell:
            return '"' + cell.replace('"', '""') + '"'
        return cell


class Records:
    """An open JSON file of records, as one list or one record a line; `add` returns the record's number, the first being 1."""

    def __init__(self, folder: Path, name: str, *, is_list: bool) -> None:
        self.name, self.is_list, self.count = name, is_list, 0
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file: TextIO = path.open("w", encoding="utf-8", newline="", buffering=BUFFER_BYTES)
        if is_list:
            self.file.write("[\n")

    def add(self, text: str) -> int:
        """Write one record, given as JSON text."""
        if self.is_list and self.count:
            self.file.write(",\n")
        self.file.write(text if self.is_list else text + "\n")
        self.count += 1
        return self.count


class Workbook:
    """An Excel file of one sheet with real dates and numbers; small, for it is kept in memory until closed."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str], sheet: str) -> None:
        from datetime import datetime

        import xlsxwriter  # type: ignore[import-untyped]

        self.name, self.row = name, 1
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book: Any = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        self.book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - xlsxwriter writes it as it stands
        self.sheet = self.book.add_worksheet(sheet)
        self.dates = self.book.add_format({"num_format": "dd/mm/yyyy"})
        self.sheet.write_row(0, 0, list(columns))

    def add(self, cells: Sequence[str | float | Any]) -> int:
        """Write one row (date objects as dates) and return its row in the sheet, the header being 1."""
        from datetime import date

        for place, cell in enumerate(cells):
            if isinstance(cell, date):
                self.sheet.write_datetime(self.row, place, cell, self.dates)
            elif cell != "":
                self.sheet.write(self.row, place, cell)
        self.row += 1
        return self.row


class Shelf:
    """All open files of one world, closed together: use with `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sheets: dict[str, Sheet] = {}
        self.records: dict[str, Records] = {}
        self.books: dict[str, Workbook] = {}

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for records in self.records.values():
            records.file.write("\n]\n" if records.is_list else "")
            records.file.close()
        for sheet in self.sheets.values():
            sheet.file.close()
        for book in self.books.values():
            book.book.close()
