"""Refunds beside the purchase they give money back for: same payee, bought before, and no more given back than was paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

BACK_DAYS = 120  # a refund comes within the weeks in which things can be taken back, and the days a card needs


@dataclass(frozen=True)
class Refund:
    """One refund, and its purchase where one is found; `cost_pence` is what the purchase came to after all that was given back by then."""

    on: date
    payment_id: str
    payee_shown: str
    refund_pence: int
    bought_on: date | None = None
    purchase_id: str | None = None
    bought_pence: int | None = None
    cost_pence: int | None = None


def refunds_beside_purchases(lines: pl.DataFrame) -> list[Refund]:
    """Every refund of one account, from its lines (`payment_id, paid_on, amount_pence, kind_code, payee_id, payee_shown`).

    The purchase of which exactly so much is left comes first (all of it or the rest of it), then the one nearest in time.
    """
    bought = {row["payment_id"]: row for row in lines.filter((pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0)).to_dicts()}
    left = {name: row["amount_pence"] for name, row in bought.items()}
    found = []
    refunds = lines.filter((pl.col("kind_code") == "refund") & (pl.col("amount_pence") < 0)).sort("paid_on", "payment_id")
    for row in refunds.iter_rows(named=True):
        back = -row["amount_pence"]
        told = Refund(row["paid_on"], row["payment_id"], row["payee_shown"], back)
        able = [
            (left[name] != back, (row["paid_on"] - one["paid_on"]).days, name)
            for name, one in bought.items()
            if one["payee_id"] == row["payee_id"] and left[name] >= back and 0 <= (row["paid_on"] - one["paid_on"]).days <= BACK_DAYS
        ]
        if able:
            purchase = bought[min(able)[2]]
            left[purchase["payment_id"]] -= back
            rest = left[purchase["payment_id"]]
            given = (purchase["paid_on"], purchase["payment_id"], purchase["amount_pence"], rest)
            told = Refund(told.on, told.payment_id, told.payee_shown, back, *given)
        found.append(told)
    return found
