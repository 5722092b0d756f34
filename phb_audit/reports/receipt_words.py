"""A receipt beside its payment, field by field: what was read, how surely, what the bank says, and whether the two agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from phb_audit.evidence.reading import Field, Reading
from phb_audit.evidence.verify import DAYS, LIKE_SHARE, likeness, lines_in_words, verify
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.flagged_cases import PERSON
from phb_audit.reports.page import counted, percent

SURE = 0.8  # below, a thing read is marked to be looked at
MOST_LINES = 12
LINKS = {
    "one": "",
    "split": "One of several receipts that come to this payment together.",
    "combined": "This receipt is for several payments together.",
    "open": "It may belong to this payment: more than one would do as well. A person must say which.",
}


def tell_receipt(
    row: dict[str, Any], lines: Sequence[dict[str, Any]], reading: Reading | None, categories: Mapping[str, str]
) -> dict[str, Any]:
    """A row of receipts_beside.sql in words: where it comes from, field by field beside the bank line, its lines, what speaks for the pair.

    `rows` and `lines` have a cell for how sure each thing was read only where `is_read`. Whoever calls leaves out the lines where a
    person was paid: they may name them.
    """
    return {
        "source": source_of(row, reading),
        "headings": ["Field", "On the receipt", *(["How sure"] if reading else []), "At the bank", "Do they agree?"],
        "is_read": reading is not None,
        "rows": [_cells(cells, reading) for cells in compared(row, reading)],
        "lines": [_cells(cells, reading) for cells in told_lines(lines, reading, categories)[:MOST_LINES]],
        "more_lines": max(len(lines) - MOST_LINES, 0),
        "words": " ".join(words for words in _remarks(row) if words),
        "because": row["because"],
        "says": [said for said in (*verify(reading, pence=row["amount_pence"]).says, lines_in_words(reading)) if said] if reading else [],
    }


def _cells(cells: tuple[str, ...], reading: Reading | None) -> tuple[str, ...]:
    """The cells of a row, without how sure each was read where nothing was read."""
    return cells if reading else (*cells[:2], *cells[3:])


def _remarks(row: dict[str, Any]) -> tuple[str, ...]:
    used = row["times_used_count"]
    return (
        LINKS[row["link_code"]],
        "" if row["is_readable"] else "The paper could not be read: look at it yourself.",
        f"This paper is on file {used} times." if used > 1 else "",
        f"Received {plain_day(row['received_on'])}." if row["received_on"] else "",
        f"Number on the receipt: {row['invoice_number']}." if row["invoice_number"] else "",
    )


def source_of(row: dict[str, Any], reading: Reading | None) -> str:
    """Where what is told of it comes from, and what to do about that."""
    if row["is_paper"]:
        by = f"Read by machine ({reading.read_by})." if reading else "Read by machine."
        remarks = " ".join(reading.remarks) if reading else ""
        return f"{by} Check it against the picture. {remarks}".strip()
    if row["image_hash"]:
        return f"Typed in by the sender, who names a picture that was not sent to us (SHA-256 {row['image_hash'][:16]})."
    return "Typed in by the sender; no picture came with it."


def told_lines(lines: Sequence[dict[str, Any]], reading: Reading | None, categories: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Each line: its words, what it comes to, how surely it was read, and what it was taken to be."""
    items = reading.items if reading else ()
    told = []
    for place, line in enumerate(lines):
        sure = f"{percent(items[place].sure_share)} sure" if len(items) == len(lines) else ""
        code, share = line["category_code"], line["probability_share"]
        taken_for = (
            "The words do not settle it" if line["is_abstained"] else f"{categories.get(code, code)}, {percent(share)} sure" if code else ""
        )
        pence = line["line_total_pence"]
        told.append((line["description"] or "no words", "" if pence is None else pounds(pence), sure, taken_for))
    return told


def compared(row: dict[str, Any], reading: Reading | None) -> list[tuple[str, str, str, str, str]]:
    """Company, date, total and VAT: on the receipt, how sure, on the bank line, and whether they agree."""
    fields: dict[str, Field | None] = (
        {"company": reading.company, "day": reading.day, "total": reading.total, "vat": reading.vat} if reading else {}
    )
    supplier = PERSON if is_of_person(row) else row["supplier_name"] or "not read"
    dated = plain_day(row["dated_on"]) if row["dated_on"] else "not read"
    total = "not read" if row["total_pence"] is None else pounds(row["total_pence"])
    told = [
        ("Company", supplier, sure_of(fields.get("company")), row["payee_shown"], name_agrees(row)),
        ("Date", dated, sure_of(fields.get("day")), plain_day(row["paid_on"]), day_agrees(row)),
        ("Total", total, sure_of(fields.get("total")), pounds(row["amount_pence"]), total_agrees(row)),
    ]
    return told + ([("VAT", pounds(row["vat_pence"]), sure_of(fields.get("vat")), "", "")] if row["vat_pence"] is not None else [])


def sure_of(field: Field | None) -> str:
    """'94% sure', and to look where it is not."""
    if field is None:
        return ""
    return f"{percent(field.sure_share)} sure" + ("" if field.sure_share >= SURE else ": look at it")


def is_of_person(row: dict[str, Any]) -> bool:
    """Whether a person was paid, or may have been, so that the bank line does not show the name: nor is the receipt's shown."""
    return bool(row["is_person_paid"]) or str(row["payee_shown"]).startswith(PERSON)


def name_agrees(row: dict[str, Any]) -> str:
    """Whether the names are alike; a person's is not told."""
    if is_of_person(row) or not row["supplier_name"]:
        return ""
    return "Alike" if likeness(row["supplier_name"], row["payee_shown"]) >= LIKE_SHARE else "Not alike"


def day_agrees(row: dict[str, Any]) -> str:
    """How far the days lie apart."""
    if row["dated_on"] is None:
        return ""
    days = (row["paid_on"] - row["dated_on"]).days
    if days == 0:
        return "The same"
    apart = f"{counted(abs(days), 'day')} {'before' if days > 0 else 'after'} the payment"
    return apart if abs(days) <= DAYS else f"{apart}: look at the dates"


def total_agrees(row: dict[str, Any]) -> str:
    """Whether the total is the amount paid."""
    if row["total_pence"] is None:
        return ""
    more = row["total_pence"] - row["amount_pence"]
    return "The same" if more == 0 else f"{pounds(abs(more))} {'more' if more > 0 else 'less'} than was paid"
