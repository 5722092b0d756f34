"""Events in a holder's care: admissions, absences, deaths, suspensions, reviews."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.names import described
from phb_audit.sources.pseudonyms import Identity, holder_refs
from phb_audit.tables.landed import HOLDER_EVENTS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number",)
DAYS = ("from_on_text", "noted_on_text")


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.holder_events."""
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key), detail_text=described(cells["detail_text"], identity)
    )
