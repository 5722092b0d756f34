"""Receipts and invoices, one row a line."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.names import described, payees
from phb_audit.sources.pseudonyms import Identity, holder_refs
from phb_audit.tables.landed import RECEIPTS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number",)
DAYS = ("dated_on_text", "received_on_text")


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.receipts."""
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        supplier_name_text=payees(cells["supplier_name_text"], identity)["text"],
        line_description_text=described(cells["line_description_text"], identity),
    )
