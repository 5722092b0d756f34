"""Workbooks in which text stays text: no formula, link or number is made of anything a sender wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDE, NARROW, WIDEST_NARROW = 60, 12, 30


class Sheet:
    """Adds plain tables to a workbook: a bold frozen heading row with a filter, numbers as numbers, everything else as text."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "bg_color": "#D8DDE0", "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def add(self, name: str, headings: Sequence[str], rows: Iterable[Sequence[object]], wide: Sequence[str] = ()) -> Any:
        """One sheet; returns it. Without rows there are headings alone."""
        made = self.book.add_worksheet(name)
        for place, words in enumerate(headings):
            made.write_string(0, place, words, self.bold)
            made.set_column(place, place, WIDE if words in wide else max(NARROW, min(WIDEST_NARROW, len(words) + 4)))
        last = 0
        for last, cells in enumerate(rows, start=1):
            for place, value in enumerate(cells):
                self.cell(made, last, place, value)
        made.freeze_panes(1, 0)
        if last:
            made.autofilter(0, 0, last, len(headings) - 1)
        return made

    def cell(self, made: Any, row: int, place: int, value: object, form: Any = None) -> None:
        """One cell: a number as a number, nothing as nothing, the rest as text."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            made.write_number(row, place, value, form or self.wrapped)
        elif value is not None and str(value) != "":
            made.write_string(row, place, str(value), form or self.wrapped)
