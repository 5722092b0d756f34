"""The receipts of an item: what was read of each beside the bank line, how sure, what agrees and what does not; and their pages.

A page is named by the item and its place on it, never by a file: whoever may not see the item finds no paper, and no name leads
elsewhere. What is shown is made anew from the sealed original (evidence/pictures.py); the original itself is never served.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from phb_audit.errors import UnreadableFile
from phb_audit.evidence.pictures import page_as_jpeg
from phb_audit.evidence.reading import Reading
from phb_audit.identity import IdentityKey
from phb_audit.landed.sealed import open_sealed
from phb_audit.reports import receipt_pictures
from phb_audit.reports.flagged_items import category_names
from phb_audit.reports.receipt_words import tell_receipt
from phb_audit.review.cases import LiveCase
from phb_audit.review.desk import Desk, Refused, Visit, not_found

MOST_PAPERS = 6
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
    return receipt_pictures.key_of(desk.settings, desk.commissioner_code)


def rows_of(visit: Visit, case: LiveCase) -> list[dict[str, Any]]:
    """The receipts beside a case's payments, or that may be."""
    return list(visit.item(case).papers[:MOST_PAPERS])


def papers_of(visit: Visit, case: LiveCase) -> list[dict[str, Any]]:
    """What the page tells of each. The lines of a receipt stay out where a person was paid: they may name them."""
    rows = rows_of(visit, case)
    lines = visit.item(case).paper_lines
    originals = receipt_pictures.Originals(visit.desk.settings, visit.desk.commissioner_code)
    return [
        told_of(number, row, [line for line in lines if line["receipt_id"] == row["receipt_id"]], originals.reading(row))
        for number, row in enumerate(rows, start=1)
    ]


def told_of(number: int, row: dict[str, Any], lines: Sequence[dict[str, Any]], reading: Reading | None) -> dict[str, Any]:
    """One receipt in words, as receipt_words.tell_receipt has it, with the pages the app can show."""
    return tell_receipt(row, lines, reading, category_names()) | {
        "number": number,
        "pages": list(range(1, reading.pages + 1)) if reading else [1] if row["is_paper"] else [],
        "is_folded": row["is_person_paid"],
        "sha256": row["file_id"] if row["is_paper"] else "",
    }
