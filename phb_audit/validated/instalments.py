"""Landed instalments to `validated.instalments`: one row per payment by the commissioner into a budget."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.reading import code, holder, read_days, read_pence
from phb_audit.validated.steps import Part, Step

KINDS = {"regular": "regular", "startup": "start-up", "oneoff": "one-off", "contingency": "contingency", "uplift": "uplift"}
KINDS |= {"recoveryoffset": "recovery offset"}


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row. A kind that is not known is null."""
    read = read_days(
        read_pence(landed, amount_pence="amount_text", health_pence="health_amount_text", council_pence="council_amount_text"),
        paid_on="paid_on_text",
        period_from_on="period_from_text",
        period_to_on="period_to_text",
    )
    letters = code(pl.col("type_text")).str.replace_all(r"[^a-z]", "")
    return read.with_columns(
        instalment_id=pl.concat_str(pl.lit("T"), "row_id"),
        holder_id=holder(),
        reference="reference_text",
        kind_code=letters.replace_strict(KINDS, default=None, return_dtype=pl.String),
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.instalments",
    (Part("validated.instalments"),),
    candidates,
    same_row=(("reference_text",), ("holder_ref", "paid_on_text", "type_text"), ("holder_ref", "amount_text", "period_from_text")),
    pence="amount_pence",
    holds_back=True,  # what is missing because it was refused must not be asked for
)
