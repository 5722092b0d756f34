"""Care plans: versions, their outcomes and their lines."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.names import described, payees
from phb_audit.sources.pseudonyms import Identity, holder_refs
from phb_audit.tables.landed import PLAN_LINES, PLAN_OUTCOMES, PLANS

__all__ = ["DAYS", "IDENTITY_CELLS", "PLANS", "PLAN_LINES", "PLAN_OUTCOMES", "land_lines", "land_outcomes", "land_plans"]

IDENTITY_CELLS = ("nhs_number",)
DAYS = {"plans": ("effective_from_text", "approved_on_text"), "plan_outcomes": (), "plan_lines": ("starts_on_text",)}


def land_plans(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.plans."""
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        care_coordinator_text=named_or_blank(pl.col("care_coordinator_text")),
    )


def named_or_blank(text: pl.Expr) -> pl.Expr:
    """Who co-ordinates is not kept, only that somebody does: any name becomes 'named', nothing or 'blank' becomes 'blank'."""
    nobody = text.is_null() | text.str.strip_chars().str.to_lowercase().is_in(["", "blank", "none", "no", "tbc", "n/a"])
    return pl.when(nobody).then(pl.lit("blank")).otherwise(pl.lit("named"))


def land_outcomes(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.plan_outcomes."""
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key), outcome_text=described(cells["outcome_text"], identity)
    )


def land_lines(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Cells to columns of landed.plan_lines."""
    return cells.with_columns(
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        description_text=described(cells["description_text"], identity),
        risk_note_text=described(cells["risk_note_text"], identity),
        alternative_text=described(cells["alternative_text"], identity),
        supplier_text=payees(cells["supplier_text"], identity)["text"],
    )
