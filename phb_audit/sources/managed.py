"""Managed-account and third-party returns."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.payments import IDENTITY_CELLS, payments
from phb_audit.sources.pseudonyms import Identity
from phb_audit.tables.landed import PAYMENTS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

DAYS = ("paid_on_text",)


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells as the sender wrote them to columns of landed.payments; one row a line."""
    return payments(cells, identity, "managed", pl.col("managed_account"))
