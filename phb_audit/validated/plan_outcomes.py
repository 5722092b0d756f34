"""Landed plan outcomes to `validated.plan_outcomes`: one row per outcome of a version of a plan."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.free_text import masked
from phb_audit.validated.plans import plan_version_id
from phb_audit.validated.reading import holder
from phb_audit.validated.steps import Part, Step


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row, numbers in the outcome's words masked."""
    return masked(landed, "outcome_text").with_columns(
        plan_version_id=plan_version_id(),
        outcome_id=pl.concat_str(plan_version_id(), pl.lit("/"), "outcome_ref_text"),
        holder_id=holder(),
        outcome_ref="outcome_ref_text",
        goal_type="goal_type_text",
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.plan_outcomes",
    (Part("validated.plan_outcomes"),),
    candidates,
    same_row=(("plan_ref_text", "version_text", "outcome_ref_text"), ("holder_ref", "version_text", "outcome_ref_text")),
    latest_by=("outcome_id",),
    holds_back=True,
)
