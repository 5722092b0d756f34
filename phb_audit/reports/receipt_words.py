"""A receipt beside its payment, field by field: what was read, how surely, what the bank says, and whether the two agree."""

from __future__ import annotations

from typing import Any

from phb_audit.evidence.reading import Field, Reading
from phb_audit.evidence.verify import DAYS, LIKE_SHARE, likeness
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.flagged_cases import PERSON
from phb_audit.reports.page import counted, percent

SURE = 0.8  # below, a thing read is marked to be looked at


def compared(row: dict[str, Any], reading: Reading | None) -> list[tuple[str, str, str, str, str]]:
    """Company, date, total and VAT: on the receipt, how sure, on the bank line, and whether they agree."""
    fields: dict[str, Field | None] = (
        {"company": reading.company, "day": reading.day, "total": reading.total, "vat": reading.vat} if reading else {}
    )
    supplier = PERSON if row["is_person_paid"] else row["supplier_name"] or "not read"
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


def name_agrees(row: dict[str, Any]) -> str:
    """Whether the names are alike; a person's is not told."""
    if row["is_person_paid"] or not row["supplier_name"]:
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
