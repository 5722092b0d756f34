"""Landed claims of the council to `validated.council_claims`: one row per receipt it counts against its own money."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.reading import holder, read_days, read_pence
from phb_audit.validated.steps import Part, Step


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row."""
    read = read_days(
        read_pence(landed, total_pence="total_text", claimed_pence="claimed_text"), dated_on="dated_on_text", claimed_on="claimed_on_text"
    )
    return read.with_columns(
        claim_id=pl.concat_str(pl.lit("J"), "row_id"),
        holder_id=holder(),
        claim_ref="claim_ref_text",
        supplier_name="supplier_name_text",
        invoice_number="invoice_number_text",
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.council_claims",
    (Part("validated.council_claims"),),
    candidates,
    same_row=(("claim_ref_text", "holder_ref"), ("file_name", "line_number", "total_text")),
    latest_by=("holder_id", "claim_ref", "supplier_name", "invoice_number", "dated_on", "total_pence"),
    is_optional=True,
)
