"""The payroll agent's return: pay slips."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.pseudonyms import Identity, holder_refs, payee_refs, person_refs, refs
from phb_audit.tables.landed import PAYROLL as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number", "person_name", "ni_number", "employee_number")
DAYS = ("paid_on_text", "period_to_text")


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.payroll."""
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        employee_ref=refs(cells["employee_number"], "E", identity.key),
        person_ref=person_refs(cells["person_name"], identity.key),
        payee_ref=payee_refs(cells["person_name"], identity.key),
        ni_ref=refs(cells["ni_number"], "I", identity.key),
    )
