"""The refunds of an account, each beside its purchase (matched.refund_links), as the account page tells them."""

from __future__ import annotations

from typing import Any

import polars as pl

from phb_audit.flagged.refund_words import refunds_of
from phb_audit.warehouse import Warehouse


def refunds_beside_purchases(warehouse: Warehouse, lines: pl.DataFrame) -> list[dict[str, Any]]:
    """Every refund among the lines (`payment_id, paid_on, amount_pence, kind_code, payee_shown`), in order of day.

    `links`: the purchase it gives money back for, or each of those it may be for.
    """
    refunds = lines.filter((pl.col("kind_code") == "refund") & (pl.col("amount_pence") < 0)).sort("paid_on", "payment_id")
    links = refunds_of(warehouse, refunds["payment_id"])
    return [row | {"back_pence": -row["amount_pence"], "links": links.get(row["payment_id"], [])} for row in refunds.to_dicts()]
