"""The receipts of an item: what was read of each beside the bank line, how sure, what agrees and what does not; and their pages.

A page is named by the item and its place on it, never by a file: whoever may not see the item finds no paper, and no name leads
elsewhere. What is shown is made anew from the sealed original (evidence/pictures.py); the original itself is never served.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.responses import Response

from phb_audit.errors import UnreadableFile
from phb_audit.evidence.pictures import page_as_jpeg
from phb_audit.evidence.reading import Reading
from phb_audit.evidence.verify import verify
from phb_audit.identity import IdentityKey, read_or_make_key
from phb_audit.landed.papers import KeptReadings
from phb_audit.landed.sealed import open_sealed
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.flagged_items import category_names
from phb_audit.reports.page import percent
from phb_audit.reports.receipt_words import compared
from phb_audit.review.cases import LiveCase
from phb_audit.review.desk import Desk, Refused, Visit, not_found

MOST_PAPERS, MOST_LINES = 6, 12
LINKS = {
    "one": "",
    "split": "One of several receipts that come to this payment together.",
    "combined": "This receipt is for several payments together.",
    "open": "It may belong to this payment: more than one would do as well. A person must say which.",
}
BUSY = threading.Semaphore(2)
KEPT_PAGES = 24
_pages: OrderedDict[tuple[str, int], bytes] = OrderedDict()
_lock = threading.Lock()


def show(visit: Visit) -> Response:
    """One page of one paper, as a picture made anew."""
    case = visit.case(visit.request.path_params["ref"])
    number, page = (_whole(visit.request.path_params[name]) for name in ("number", "page"))
    rows = rows_of(visit, case)
    if not 1 <= number <= len(rows) or not rows[number - 1]["is_paper"]:
        raise not_found()
    file_id = rows[number - 1]["file_id"]
    picture = page_of(visit.desk, file_id, page)
    visit.keep("view_paper", case_ref=case.ref, holder_id=case.told["holder_id"], sha256=file_id, paper_page=page)
    policy = "default-src 'none'; sandbox"
    return Response(picture, media_type="image/jpeg", headers={"Content-Security-Policy": policy, "Content-Disposition": "inline"})


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def page_of(desk: Desk, file_id: str, page: int) -> bytes:
    """The page as a JPEG; the last few stay in memory. Raises Refused where there is none to show."""
    with _lock:
        if (kept := _pages.get((file_id, page))) is not None:
            _pages.move_to_end((file_id, page))
            return kept
    key = key_of(desk)
    original = desk.settings.folder("landing", desk.commissioner_code) / file_id
    if key is None or not original.is_file():
        raise not_found()
    try:
        with BUSY:
            made = page_as_jpeg(open_sealed(original, key), page)
    except UnreadableFile as error:
        raise Refused(404, "The paper cannot be shown", error.do) from error
    with _lock:
        _pages[(file_id, page)] = made
        while len(_pages) > KEPT_PAGES:
            _pages.popitem(last=False)
    return made


def key_of(desk: Desk) -> IdentityKey | None:
    """The key originals and readings are sealed with; None where this app may not read it."""
    path = desk.settings.key_path(desk.commissioner_code)
    try:
        return read_or_make_key(path) if path.is_file() else None
    except OSError:
        return None


def rows_of(visit: Visit, case: LiveCase) -> list[dict[str, Any]]:
    """The receipts beside a case's payments, or that may be."""
    return list(visit.item(case).papers[:MOST_PAPERS])


def papers_of(visit: Visit, case: LiveCase) -> list[dict[str, Any]]:
    """What the page tells of each. The lines of a receipt stay out where a person was paid: they may name them."""
    rows = rows_of(visit, case)
    lines = visit.item(case).paper_lines
    return [
        told_of(number, row, [line for line in lines if line["receipt_id"] == row["receipt_id"]], reading_of(visit.desk, row))
        for number, row in enumerate(rows, start=1)
    ]


def reading_of(desk: Desk, row: dict[str, Any]) -> Reading | None:
    """What the night read of the paper, with how sure; None for a receipt that a sender typed in."""
    key = key_of(desk) if row["is_paper"] else None
    if key is None:
        return None
    kept = KeptReadings(desk.settings.folder("readings", desk.commissioner_code), key).of(row["file_id"], Path(row["file_id"]))
    return kept.reading if kept else None


def told_of(number: int, row: dict[str, Any], lines: Sequence[dict[str, Any]], reading: Reading | None) -> dict[str, Any]:
    """One receipt in words: field by field beside the bank line, its lines, where it came from, and what speaks for the pair."""
    used = row["times_used_count"]
    received = f"Received {plain_day(row['received_on'])}." if row["received_on"] else ""
    told = [
        LINKS[row["link_code"]],
        "" if row["is_readable"] else "The paper could not be read: look at it yourself.",
        f"This paper is on file {used} times." if used > 1 else "",
        received,
    ]
    return {
        "number": number,
        "pages": list(range(1, reading.pages + 1)) if reading else [1] if row["is_paper"] else [],
        "is_folded": row["is_person_paid"],
        "source": source_of(row, reading),
        "is_read": reading is not None,
        "rows": [_said(cells, reading) for cells in compared(row, reading)],
        "lines": [_said(cells, reading) for cells in told_lines(lines, reading)[:MOST_LINES]],
        "more_lines": max(len(lines) - MOST_LINES, 0),
        "words": " ".join(words for words in told if words),
        "because": row["because"],
        "says": said_of(row, reading),
        "sha256": row["file_id"] if row["is_paper"] else "",
    }


def _said(cells: tuple[str, ...], reading: Reading | None) -> tuple[str, ...]:
    """The cells of a row, without how sure each was read where nothing was read."""
    return cells if reading else (*cells[:2], *cells[3:])


def source_of(row: dict[str, Any], reading: Reading | None) -> str:
    """Where what is told of it comes from, and what to do about that."""
    if row["is_paper"]:
        by = f"Read by machine ({reading.read_by})." if reading else "Read by machine."
        remarks = " ".join(reading.remarks) if reading else ""
        return f"{by} Check it against the picture. {remarks}".strip()
    if row["image_hash"]:
        return f"Typed in by the sender, who names a picture that was not sent to us (SHA-256 {row['image_hash'][:16]})."
    return "Typed in by the sender; no picture came with it."


def said_of(row: dict[str, Any], reading: Reading | None) -> list[str]:
    """Whether the paper bears the payment out: the amount, wherever it is printed, for a total may be read wrongly."""
    return list(verify(reading, pence=row["amount_pence"]).says) if reading else []


def told_lines(lines: Sequence[dict[str, Any]], reading: Reading | None) -> list[tuple[str, str, str, str]]:
    """Each line: its words, what it comes to, how surely it was read, and what it was taken to be."""
    items = reading.items if reading else ()
    names = category_names()
    told = []
    for place, line in enumerate(lines):
        sure = f"{percent(items[place].sure_share)} sure" if len(items) == len(lines) else ""
        code, share = line["category_code"], line["probability_share"]
        taken_for = (
            "The words do not settle it" if line["is_abstained"] else f"{names.get(code, code)}, {percent(share)} sure" if code else ""
        )
        pence = line["line_total_pence"]
        told.append((line["description"] or "no words", "" if pence is None else pounds(pence), sure, taken_for))
    return told
