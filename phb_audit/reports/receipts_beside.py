"""Receipts beside their payments: the rows that are told, which every page and `explain` share, and the receipts of the report's cases.

A person's name never reaches a page: where a person was paid, the company on the receipt, its lines and its picture stay out. That holds
for every payment of a receipt that stands beside a payment to a person, or may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from phb_audit.reports.receipt_pictures import Pictures
from phb_audit.reports.receipt_words import tell_receipt
from phb_audit.warehouse import Warehouse, sql

MOST_RECEIPTS = 6
PRIORITY = {"high": 0, "medium": 1, "low": 2}
Rows = list[dict[str, Any]]


def receipts_beside(warehouse: Warehouse, payment_ids: Iterable[str]) -> Rows:
    """One row per payment and receipt that stands beside it, or may, in the order of the payments' days."""
    asked = pl.DataFrame({"payment_id": list(dict.fromkeys(payment_ids))}, schema={"payment_id": pl.String})
    return warehouse.frame(sql(__file__, "receipts_beside"), asked=asked).to_dicts()


def lines_of(warehouse: Warehouse, rows: Rows) -> dict[str, Rows]:
    """The lines of the receipts of these rows, by receipt; none where a person was paid."""
    open_ones = list(dict.fromkeys(row["receipt_id"] for row in rows if not row["is_person_paid"]))
    asked = pl.DataFrame({"receipt_id": open_ones}, schema={"receipt_id": pl.String})
    found: dict[str, Rows] = {}
    for line in warehouse.frame(sql(__file__, "receipts_beside_lines"), asked=asked).iter_rows(named=True):
        found.setdefault(line["receipt_id"], []).append(line)
    return found


def receipts_of_cases(
    warehouse: Warehouse, cases: pl.DataFrame, pairs: pl.DataFrame, pictures: Pictures, categories: Mapping[str, str]
) -> dict[str, Rows]:
    """By case, what is told of each receipt beside its payments. `cases` (case_id, priority_code) in the order of the page; `pairs`: the
    payments of each (case_id, payment_id). Pictures are taken for the highest priority first, and then in the page's order."""
    rows = receipts_beside(warehouse, pairs["payment_id"])
    lines = lines_of(warehouse, rows)
    of_payment: dict[str, Rows] = {}
    for row in rows:
        of_payment.setdefault(row["payment_id"], []).append(row)
    of_case: dict[str, Rows] = {}
    for case_id, payment_id in pairs.unique(maintain_order=True).iter_rows():
        of_case.setdefault(case_id, []).extend(of_payment.get(payment_id, []))
    first = sorted(cases.select("case_id", "priority_code").iter_rows(), key=lambda case: PRIORITY.get(case[1], len(PRIORITY)))
    return {case_id: _told(of_case.get(case_id, []), lines, pictures, categories) for case_id, _ in first}


def _told(rows: Rows, lines: Mapping[str, Sequence[dict[str, Any]]], pictures: Pictures, categories: Mapping[str, str]) -> Rows:
    told = []
    for row in rows[:MOST_RECEIPTS]:
        picture = pictures.of(row)
        of_receipt = () if row["is_person_paid"] else lines.get(row["receipt_id"], ())
        words = tell_receipt(row, of_receipt, pictures.originals.reading(row), categories)
        told.append(words | {"picture": picture, "is_shown": isinstance(picture, Markup), "is_paper": row["is_paper"], "of": len(rows)})
    return told
