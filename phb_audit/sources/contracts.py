"""Services the commissioner pays by contract, and what it pays or would have paid beside a budget."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.names import payees
from phb_audit.sources.pseudonyms import Identity, holder_refs
from phb_audit.tables.beside import LANDED_CONTRACTS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number",)
DAYS = ("paid_to_on_text", "starts_on_text")


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.contracts. A provider that is a person is written as PERSON."""
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key), supplier_name_text=payees(cells["supplier_name_text"], identity)["text"]
    )
