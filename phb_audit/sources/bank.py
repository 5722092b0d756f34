"""Bank statements of the holder's own direct-payment account."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.payments import IDENTITY_CELLS, payments
from phb_audit.sources.pseudonyms import Identity, bank_account
from phb_audit.tables.landed import PAYMENTS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

DAYS = ("paid_on_text",)


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells as the sender wrote them to columns of landed.payments; one row a line."""
    return payments(cells, identity, "bank", bank_account(pl.col("sort_code"), pl.col("account_number")))
