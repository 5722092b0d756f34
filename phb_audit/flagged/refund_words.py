"""Refunds beside their purchases, in words, for either side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.warehouse import Warehouse, sql

NO_PURCHASE = "No purchase was found that this money came back for."
Row = dict[str, Any]


def refunds_of(warehouse: Warehouse, payment_ids: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of matched.refund_links that any of these payments is in, by payment, in order of day."""
    asked = pl.DataFrame({"payment_id": sorted(set(payment_ids))}, schema={"payment_id": pl.String})
    found: dict[str, list[Row]] = {}
    for row in warehouse.frame(sql(__file__, "explain_refunds"), asked=asked).iter_rows(named=True):
        found.setdefault(row["payment_id"], []).append(row)
    return found


def refund_words(rows: Sequence[Row], payment_id: str) -> list[str]:
    """What its refunds say of a payment: what came back of it, or what it came back for; where it cannot be told, that."""
    back = [row for row in rows if row["refund_id"] == payment_id]
    if back:
        return [_of_refund(back)]
    return [_of_purchase(row) for row in rows]


def _of_purchase(row: Row) -> str:
    came = f"{pounds(row['back_pence'])} came back on {plain_day(row['refund_on'])} ({row['refund_id']})"
    if row["link_code"] == "open":
        return f"{came}: for this purchase or for another like it; nobody can tell from the lines."
    cost = "it cost nothing in the end" if row["left_pence"] == 0 else f"it cost {pounds(row['left_pence'])} then"
    return f"{came}: {cost}. Why we think so: {row['because']}."


def _of_refund(rows: Sequence[Row]) -> str:
    bought = [f"{pounds(row['bought_pence'])} paid on {plain_day(row['bought_on'])} ({row['purchase_id']})" for row in rows]
    if rows[0]["link_code"] == "one":
        return f"It gives money back for {bought[0]}. Why we think so: {rows[0]['because']}."
    return f"It gives money back for one of these, and nobody can tell which from the lines: {'; '.join(bought)}."
