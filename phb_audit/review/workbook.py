"""The workbook of decisions: a person's own list to decide away from the screen. Text stays text, and each row carries what was seen.

`key` is the version and the digest of the item, as the item's own form carries them: it lets nobody decide what they may not, and tells
whether the item has changed since.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from starlette.responses import Response

from phb_audit.cases.decisions import REASON_AT_MOST
from phb_audit.cases.transitions import DECISIONS, refusal
from phb_audit.cases.workbook import WORDS, row_key
from phb_audit.review.accounts import Account
from phb_audit.review.cases import LiveCase, is_first_reader
from phb_audit.review.desk import Visit
from phb_audit.review.queue import SORTS, USUAL_SORT, row_of

MOST_ROWS = 200
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Nothing a sender wrote becomes a formula, a link or a number.
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
SHEET = "Decisions"
COLUMNS = (
    ("Ref", 12),
    ("Payee", 28),
    ("Person", 13),
    ("Amount (£)", 11),
    ("Paid", 12),
    ("Closest care plan goal", 36),
    ("Match", 10),
    ("Why flagged", 32),
    ("Decision", 30),
    ("Reason", 60),
    ("key", 4),
)
DECISION, REASON, KEY = 8, 9, 10
READ_ME = (
    "A flag is a prompt to look, not a finding. Unusual purchases can be right for the person.",
    "Choose a decision and write a reason of 10 to 1,000 letters that the budget holder could read. Leave out names.",
    "Rows without a decision are left alone.",
    "The plan, the receipt and what would clear an item are in the review app: open the item there before you decide.",
    "Bring the workbook back under Reports, Upload decisions. Each row is checked again, and you see what will be recorded before it is.",
    "An item that somebody decided, or about which a night found something new, since this workbook was made is not recorded.",
    "Not agreed and Refer wait for a second person. To ask for more information, use the app.",
    "Rows are locked but for the yellow cells, so they can be filtered and not sorted.",
)


def may_decide(case: LiveCase, person: Account) -> bool:
    """Whether a person may decide the case as it stands."""
    is_allowed = refusal(DECISIONS[0], state=case.state, kind=case.kind, role=person.role) is None
    return case.is_queued and is_allowed and not is_first_reader(case, person)


def key_of(visit: Visit, case: LiveCase) -> str:
    """What a row was filled in about."""
    return row_key(case.standing.version, visit.item(case).seen)


def take_away(visit: Visit) -> Response:
    """The first items of this person's that they may decide, in the order of the list."""
    mine = [case for case in visit.cases() if may_decide(case, visit.person)]
    shown = sorted(mine, key=SORTS[USUAL_SORT][1])[:MOST_ROWS]
    data = workbook_of([(row_of(case), key_of(visit, case)) for case in shown], visit.now)
    visit.keep("download_decisions", cases=[case.ref for case in shown])
    name = f"decisions-{visit.night().run_id}.xlsx"
    return Response(data, media_type=KIND, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def workbook_of(rows: list[tuple[dict[str, Any], str]], at: datetime) -> bytes:
    """The workbook's bytes."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, SAFE)
    book.set_properties({"title": "Decisions on flagged purchases", "created": at.astimezone(UTC).replace(microsecond=0)})
    text, open_cell = book.add_format({"text_wrap": True, "valign": "top"}), {"text_wrap": True, "valign": "top", "locked": False}
    yellow, bold = book.add_format(open_cell | {"bg_color": "#FFF9C4", "border": 1}), book.add_format({"bold": True, "bg_color": "#D8DDE0"})
    sheet = book.add_worksheet(SHEET)
    for place, (words, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width, None, {"hidden": place == KEY})
        sheet.write_string(0, place, words, bold)
    for line, (row, key) in enumerate(rows, start=1):
        told = [row["ref"], row["payee"], row["holder"], "", row["paid_on"].isoformat(), row["goal"], row["match"], "; ".join(row["why"])]
        for place, words in enumerate(told):
            sheet.write_string(line, place, words, text)
        sheet.write_number(line, 3, row["amount_pence"] / 100, text)
        sheet.write_blank(line, DECISION, None, yellow)
        sheet.write_blank(line, REASON, None, yellow)
        sheet.write_string(line, KEY, key, text)
    last = max(len(rows), 1)
    sheet.data_validation(1, DECISION, last, DECISION, {"validate": "list", "source": list(WORDS.values())})
    sheet.data_validation(1, REASON, last, REASON, {"validate": "length", "criteria": "<=", "value": REASON_AT_MOST})
    sheet.autofilter(0, 0, last, REASON)
    sheet.freeze_panes(1, 1)
    sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
    about = book.add_worksheet("Read me")
    about.set_column(0, 0, 110)
    for line, words in enumerate(READ_ME):
        about.write_string(line, 0, words, text)
    book.close()
    return kept.getvalue()
