"""Monitoring returns of holders and their agents: a period of one account in sums, as a list or as a form in a workbook."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.pseudonyms import Identity, bank_account, holder_refs, refs
from phb_audit.tables.monitoring import LANDED_RETURNS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number", "sort_code", "account_number", "card_token", "managed_account")
DAYS = ("received_on_text", "period_to_text")


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.monitoring_returns."""
    account = pl.coalesce(bank_account(pl.col("sort_code"), pl.col("account_number")), "card_token", "managed_account")
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        account_ref=refs(cells.select(account).to_series(), "B", identity.key),
    )
