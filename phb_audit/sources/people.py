"""People connected with a holder's budget."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.pseudonyms import Identity, bank_account, holder_refs, payee_refs, person_refs, refs, surname_refs
from phb_audit.tables.landed import PEOPLE as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number", "person_name", "sort_code", "account_number")
DAYS: tuple[str, ...] = ()


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.people."""
    accounts = cells.select(bank_account(pl.col("sort_code"), pl.col("account_number"))).to_series()
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        person_ref=person_refs(cells["person_name"], identity.key),
        surname_ref=surname_refs(cells["person_name"], identity.key),
        payee_ref=payee_refs(cells["person_name"], identity.key),
        account_ref=refs(accounts, "B", identity.key),
    )
