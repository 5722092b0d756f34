"""The flagged items as a workbook people can decide in: a drop-down of decisions, a reason, and a hidden key that ties a row to its case.

Nothing a sender wrote becomes a formula, a link or a number. It comes back through the app (Reports, Upload decisions).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from phb_audit import __version__
from phb_audit.cases.decisions import REASON_AT_LEAST, REASON_AT_MOST
from phb_audit.cases.workbook import WORDS
from phb_audit.periods import plain_day
from phb_audit.reports.flagged_list import COLUMNS, DECIDED_IN, GROUPS, FlaggedList
from phb_audit.reports.safe_workbook import SAFE, Sheet

DECISION, REASON, KEY = "Decision", "Reason", "Row key"
WIDE = (
    "What",
    "Why",
    "What we saw",
    "What is usual",
    "The plan",
    "Why it may be right",
    "What to ask",
    "What would clear it",
    "What helps to decide",
    REASON,
)
SPLIT_HEADINGS = ("Group", "Key", "What", "Reasons", "Items", "Payments asked about", "People", "In question (£)", "Share of items")
READ_ME = (
    "A flag is a prompt to look, not a finding. Unusual purchases can be right for the person.",
    "On the sheets 'Needs a look' and 'To be read', choose a decision in the yellow column and write the reason beside it, "
    "for the budget holder to read.",
    "'Not agreed' and a referral are proposals: a second person checks them. Nothing is preselected, and an empty row decides nothing.",
    "The sheet is protected so that no row loses its key; the yellow cells are open, and the filter works. Rows cannot be sorted.",
    "Nothing here is recorded by itself. Bring the workbook back in the review app: Reports, Upload decisions. You record what is yours "
    "to decide; each row is checked, and you see what will be recorded before it is.",
    "An item that somebody decided, or about which a night found something new, since this workbook was made is not recorded. To ask for "
    "more information, use the app.",
)


def write_workbook(told: FlaggedList, path: Path) -> None:
    """Write the workbook."""
    book = xlsxwriter.Workbook(str(path), SAFE | {"constant_memory": False})
    day = told.as_of
    created = datetime(day.year, day.month, day.day, tzinfo=UTC)
    book.set_properties({"title": f"Flagged items, {told.commissioner_code}", "created": created})
    sheet = Sheet(book)
    about = [f"Flagged items of {told.commissioner_code}, {plain_day(day)}.", *READ_ME, *told.opening]
    about.append(f"Run {told.run_id}. List {told.list_hash}. phb_audit {__version__}.")
    sheet.add("Read me", ("About this workbook",), [(words,) for words in about], wide=("About this workbook",))
    for group in GROUPS:
        _items(book, sheet, told, group)
    numbers = ("flags_count", "cases_count", "payments_count", "holders_count")
    rows = [
        (row["group_code"], row["key"], row["label"], *(row[name] for name in numbers), row["at_stake_pence"] / 100, row["cases_share"])
        for row in told.totals.iter_rows(named=True)
    ]
    sheet.add("Totals", SPLIT_HEADINGS, rows, wide=("What",))
    lists = sheet.add("Lists", ("Decisions",), [(words,) for words in WORDS.values()])
    lists.hide()
    book.define_name("decisions", f"=Lists!$A$2:$A${len(WORDS) + 1}")
    book.close()


def _items(book: Any, sheet: Sheet, told: FlaggedList, group: str) -> None:
    names = [name for name in COLUMNS if name != "group"]
    is_open = group in DECIDED_IN
    headings = [*(COLUMNS[name] for name in names), *((DECISION, REASON, KEY) if is_open else ())]
    items = told.of(group)

    def cells(row: dict[str, Any]) -> list[object]:
        told_of = [row["at_stake_pence"] / 100 if name == "at_stake" and row[name] else row[name] for name in names]
        return [*told_of, "", "", told.row_keys.get(row["case_id"], "")] if is_open else told_of

    rows = (cells(row) for row in items.iter_rows(named=True))
    made = sheet.add(group, headings, rows, wide=WIDE)
    if not is_open:
        return
    at = len(names)
    open_cell = {"bg_color": "#FFF9C4", "locked": False, "border": 1, "border_color": "#AEB7BD"}
    yellow = book.add_format({"text_wrap": True, "valign": "top", **open_cell})
    for row in range(1, items.height + 1):
        made.write_blank(row, at, None, yellow)
        made.write_blank(row, at + 1, None, yellow)
    if items.height:
        _checks(made, at, items.height)
    made.set_column(at, at, 32)
    made.set_column(at + 2, at + 2, 24, None, {"hidden": True})
    made.protect("", {"autofilter": True, "format_columns": True, "format_rows": True, "select_locked_cells": True})


def _checks(made: Any, at: int, last: int) -> None:
    made.data_validation(
        1,
        at,
        last,
        at,
        {
            "validate": "list",
            "source": "=decisions",
            "error_title": "Not a decision",
            "error_message": "Choose one from the list, or leave the cell empty.",
        },
    )
    made.data_validation(
        1,
        at + 1,
        last,
        at + 1,
        {
            "validate": "length",
            "criteria": "between",
            "minimum": REASON_AT_LEAST,
            "maximum": REASON_AT_MOST,
            "error_title": "The reason",
            "error_message": f"Write between {REASON_AT_LEAST} and {REASON_AT_MOST} letters, so that the budget holder could read it.",
        },
    )
