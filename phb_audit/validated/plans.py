"""Landed plans to `validated.plans`: one row per version of a care plan."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.reading import code, holder, read_days
from phb_audit.validated.steps import Part, Step

STATUSES = ("approved", "draft", "superseded")
NOT_NAMED = ("no", "n", "none", "n/a", "false", "0", "not named", "blank", "tbc", "vacant")


def version() -> pl.Expr:
    """The version as a whole number: 'v2', '2' and '2.0' are 2."""
    return pl.col("version_text").str.extract(r"^\s*[vV]?(\d{1,4})(?:\.0*)?\s*$").cast(pl.Int64, strict=False)


def plan_version_id() -> pl.Expr:
    """Plan number, '/v', version; null where either is missing."""
    return pl.concat_str("plan_ref_text", pl.lit("/v"), version().cast(pl.String))


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row."""
    read = read_days(
        landed,
        effective_from_on="effective_from_text",
        effective_to_on="effective_to_text",
        approved_on="approved_on_text",
        review_due_on="review_due_on_text",
    )
    status = code(pl.col("status_text"))
    return read.with_columns(
        plan_version_id=plan_version_id(),
        holder_id=holder(),
        plan_ref="plan_ref_text",
        version=version(),
        status_code=pl.when(status.is_in(STATUSES)).then(status),
        approver_role="approver_role_text",
        has_care_coordinator=(~code(pl.col("care_coordinator_text")).is_in(NOT_NAMED)).fill_null(False),
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.plans",
    (Part("validated.plans"),),
    candidates,
    same_row=(("plan_ref_text", "version_text"), ("holder_ref", "version_text")),
    latest_by=("plan_version_id",),
    holds_back=True,
)
