"""Landed people to `validated.people`: one row per person connected with a holder's budget."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.reading import code, holder, is_yes, read_days
from phb_audit.validated.steps import Part, Step

ROLES = ("holder", "nominee", "representative", "pa", "family")


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row. A role that is not known is null."""
    role = code(pl.col("role_text"))
    return read_days(landed, paid_care_approved_on="paid_care_approved_on_text").with_columns(
        connection_id=pl.concat_str(pl.lit("C"), "row_id"),
        holder_id=holder(),
        role_code=pl.when(role.is_in(ROLES)).then(role),
        relationship="relationship_text",
        is_same_household=is_yes(pl.col("same_household_text")),
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.people",
    (Part("validated.people"),),
    candidates,
    same_row=(("holder_ref", "person_ref"), ("file_name", "line_number", "person_ref")),
    latest_by=("holder_id", "person_ref", "role_code"),
    holds_back=True,
)
