"""The commissioner's register of budgets, one row for each account of a holder."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.pseudonyms import Identity, bank_account, holder_refs, notional_account, refs
from phb_audit.tables.landed import BUDGETS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number", "sort_code", "account_number", "card_token", "managed_account")
DAYS = ("starts_on_text", "agreement_signed_on_text", "last_audit_on_text")


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.budgets; which identity names the account follows from the account's kind."""
    kind = pl.col("account_kind_text").str.strip_chars().str.to_lowercase()
    bank = bank_account(pl.col("sort_code"), pl.col("account_number"))
    by_kind = (
        pl.when(kind == "bank")
        .then(bank)
        .when(kind == "card")
        .then(pl.col("card_token"))
        .when(kind == "managed")
        .then(pl.col("managed_account"))
        .when(kind == "notional")
        .then(notional_account(pl.col("nhs_number")))
        .otherwise(pl.coalesce(bank, "card_token", "managed_account"))
    )
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        account_ref=refs(cells.select(by_kind).to_series(), "B", identity.key),
    )
