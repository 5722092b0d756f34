"""The papers behind paid help, as a support service or the commissioner has seen them."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.names import payees
from phb_audit.sources.pseudonyms import Identity, holder_refs, payee_refs, person_refs, refs
from phb_audit.tables.support import LANDED_SUPPORT_RECORDS as TABLE

__all__ = ["DAYS", "IDENTITY_CELLS", "TABLE", "land"]

IDENTITY_CELLS = ("nhs_number", "person_name", "employee_number")
DAYS = ("seen_on_text", "valid_from_on_text")


def land(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.support_records. A supplier that is a person is a pseudonym, as in a payment."""
    suppliers = payees(cells["supplier_name_text"], identity)
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        employee_ref=refs(cells["employee_number"], "E", identity.key),
        person_ref=person_refs(cells["person_name"], identity.key),
        payee_ref=payee_refs(cells["person_name"], identity.key),
        supplier_name_text=suppliers["text"],
    ).with_columns(payee_ref=pl.coalesce("payee_ref", suppliers["payee_ref"]))
