"""Invoices the NHS paid for notional budgets; the account is the person's notional one."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.payments import IDENTITY_CELLS, payments
from phb_audit.sources.pseudonyms import Identity, notional_account
from phb_audit.tables.landed import PAYMENTS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

DAYS = ("paid_on_text",)


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells as the sender wrote them to columns of landed.payments; one row a line."""
    return payments(cells, identity, "notional", notional_account(pl.col("nhs_number")))
