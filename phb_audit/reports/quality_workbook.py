"""The data-quality workbook: text stays text, whatever a merchant's name looks like, and the same night gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]

from phb_audit.periods import plain_day
from phb_audit.reports.quality_rows import ROWS_AT_MOST, heading, landed_columns
from phb_audit.run import Run
from phb_audit.validated.free_text import masked_text

if TYPE_CHECKING:
    from phb_audit.reports.quality import Quality

# Nothing a sender wrote becomes a formula, a link or a number.
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": False}
READ_ME = (
    "Every row that could not be admitted, and every row admitted with a remark, as it came. People and accounts appear as pseudonyms.",
    f"Where one owner has more than {ROWS_AT_MOST:,} refused rows, the first are here; all are in the night's published table "
    "validated_quarantine.",
    "Mend the row where it was made, and send the file again. Rows that were right are recognised and not counted twice.",
    "A row refused because something else is missing (a budget, a plan version) is tried again every night.",
    "Sheets: one for each kind of row; then the checks, the feeds, the files, the people held back and the books.",
)
FOUND = ("What became of it", "Who can mend it", "File", "Line", "What is wrong", "Rules", "Refused since", "Amount (£)")


class Book:
    """A workbook of plain tables: a bold frozen heading row, a filter, text that is never read as anything else."""

    def __init__(self, path: Path, as_of: date) -> None:
        self.book = xlsxwriter.Workbook(str(path), SAFE)
        self.book.set_properties({"title": "Data quality", "created": datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)})
        self.bold = self.book.add_format({"bold": True, "bg_color": "#D8DDE0", "text_wrap": True, "valign": "top"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(self, name: str, headings: Sequence[str], rows: Iterable[Sequence[object]], wide: Sequence[str] = ()) -> None:
        """One sheet. Whole numbers and pounds are numbers; everything else is text."""
        made = self.book.add_worksheet(name)
        for place, words in enumerate(headings):
            made.write_string(0, place, words, self.bold)
            made.set_column(place, place, 60 if words in wide else max(12, min(24, len(words) + 4)))
        last = 0
        for last, cells in enumerate(rows, start=1):
            for place, value in enumerate(cells):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    made.write_number(last, place, value, self.wrapped)
                elif value is not None and str(value) != "":
                    made.write_string(last, place, str(value), self.wrapped)
        made.freeze_panes(1, 0)
        if last:
            made.autofilter(0, 0, last, len(headings) - 1)

    def close(self) -> None:
        """Write the file."""
        self.book.close()


def write_workbook(path: Path, run: Run, seen: Quality) -> Path:
    """Write the workbook in one move, so that no reader ever meets half of it."""
    part = path.with_suffix(".part")
    book = Book(part, run.as_of)
    about = [f"Data quality of {run.commissioner_code}, {plain_day(run.as_of)}. Run {run.run_id}.", *READ_ME]
    book.sheet("Read me", ["About this workbook"], [[words] for words in about], wide=["About this workbook"])
    for table in sorted({*seen.refused["table_name"], *seen.remarks["table_name"]}):
        columns = landed_columns(table)
        headings = [*FOUND, *(heading(name) for name in columns)]
        both = (("refused", seen.refused), ("admitted with a remark", seen.remarks))
        rows = [found for words, frame in both for found in _whole(frame.filter(pl.col("table_name") == table), words, columns)]
        book.sheet(table.removeprefix("landed."), headings, rows, wide=["What is wrong"])
    _night_sheets(book, seen)
    book.close()
    return part.replace(path)


def _whole(frame: pl.DataFrame, words: str, columns: list[str]) -> Iterable[list[object]]:
    for row in frame.iter_rows(named=True):
        landed: dict[str, Any] = json.loads(row["row"])
        since = row["run_id"][-10:]
        found = [words, row["fix_owner"], row["file_name"], row["line_number"], row["reason"], row["rule_ids"], since]
        yield [*found, row["amount_pence"] / 100, *(_shown(landed.get(name)) for name in columns)]


def _shown(value: object) -> str:
    return "" if value is None else masked_text(str(value))


def _night_sheets(book: Book, seen: Quality) -> None:
    checks = seen.checks.select(
        "suite_name", "expectation_name", "reason", "what_follows", "rule_ids", "fix_owner", "rows_checked", "rows_failed"
    )
    book.sheet(
        "Checks",
        ["Table", "Check", "What we expect, and why", "If it fails", "Rules", "Who can mend it", "Rows checked", "Rows failed"],
        checks.rows(),
        wide=["What we expect, and why"],
    )
    feeds = seen.feeds.with_columns(pl.col("last_data_on").cast(pl.String).fill_null("nothing yet"), late=_yes("is_late")).drop("is_late")
    book.sheet("Feeds", ["Feed", "Sent by", "Latest day it speaks of", "Usual days between", "Late"], feeds.rows())
    files = ["File", "Feed", "What became of it", "Why", "Rows read", "Landed", "Sent before", "Hash"]
    book.sheet("Files", files, seen.files.rows(), wide=["Why"])
    book.sheet(
        "Needs a look", ["Table", "Feed", "File", "What to look at", "Who can mend it"], seen.arrivals.rows(), wide=["What to look at"]
    )
    book.sheet("Held back", ["Person", "Feed", "Rows refused", "Why"], seen.held_back.rows(), wide=["Why"])
    books = seen.books.with_columns(pl.col("sum_pence") / 100)
    book.sheet("Books", ["Stage", "Side", "What", "Rows", "Pounds"], books.rows(), wide=["What"])


def _yes(name: str) -> pl.Expr:
    return pl.when(name).then(pl.lit("late")).otherwise(pl.lit("in time"))
