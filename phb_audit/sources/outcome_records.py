"""Outcomes rated at reviews, scores of questionnaires, and hospital, A&E and GP care used."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.pseudonyms import Identity, holder_refs
from phb_audit.tables.beside import LANDED_OUTCOME_RECORDS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number",)
DAYS = ("to_on_text",)


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.outcome_records."""
    return cells.with_columns(holder_ref=holder_refs(cells["nhs_number"], identity.key))
