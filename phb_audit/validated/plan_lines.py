"""Landed plan lines to `validated.plan_lines`: one row per line of a version of a plan."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.free_text import masked
from phb_audit.validated.plans import plan_version_id
from phb_audit.validated.reading import code, holder, is_yes, read_days, read_pence
from phb_audit.validated.reference import codes
from phb_audit.validated.steps import Part, Step

# How often, and how many times that comes to in a year.
TIMES_A_YEAR = {"weekly": 52, "4-weekly": 13, "monthly": 12, "annual": 1, "one-off": 1}
FREQUENCIES = {"week": "weekly", "4 weekly": "4-weekly", "four weekly": "4-weekly", "four-weekly": "4-weekly", "month": "monthly"}
FREQUENCIES |= {"annually": "annual", "yearly": "annual", "year": "annual", "one off": "one-off", "once": "one-off"}
FREQUENCIES |= {name: name for name in TIMES_A_YEAR}
EVIDENCE = ("receipt", "invoice", "payslip", "none")


def typed(landed: pl.DataFrame, categories: pl.Series) -> pl.DataFrame:
    """One row per landed row, numbers in its words masked. `annual_pence` is the amount times its frequency.

    A category that is not among `categories` stands in `category_given` only.
    """
    read = masked(landed, "description_text", "risk_note_text", "alternative_text")
    read = read_pence(
        read, amount_pence="amount_text", most_at_once_pence="most_at_once_text", alternative_annual_pence="alternative_cost_text"
    )
    read = read_days(read, starts_on="starts_on_text", ends_on="ends_on_text")
    evidence = code(pl.col("evidence_text"))
    return read.with_columns(
        plan_version_id=plan_version_id(),
        plan_line_id=pl.concat_str(plan_version_id(), pl.lit("/"), "line_ref_text"),
        outcome_id=pl.concat_str(plan_version_id(), pl.lit("/"), "outcome_ref_text"),
        holder_id=holder(),
        line_ref="line_ref_text",
        category_given=pl.col("category_text").str.to_uppercase(),
        description="description_text",
        frequency_code=code(pl.col("frequency_text")).replace_strict(FREQUENCIES, default=None, return_dtype=pl.String),
        is_preapproved=is_yes(pl.col("is_preapproved_text")),
        supplier_name="supplier_text",
        evidence_code=pl.when(evidence.is_in(EVIDENCE)).then(evidence),
        risk_note="risk_note_text",
        alternative="alternative_text",
    ).with_columns(
        category_code=pl.when(pl.col("category_given").is_in(categories.implode())).then("category_given"),
        annual_pence=pl.col("amount_pence") * pl.col("frequency_code").replace_strict(TIMES_A_YEAR, default=None, return_dtype=pl.Int64),
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed, codes("taxonomy.csv", "code")["code"])


STEP = Step(
    "landed.plan_lines",
    (Part("validated.plan_lines"),),
    candidates,
    same_row=(("plan_ref_text", "version_text", "line_ref_text"), ("holder_ref", "version_text", "line_ref_text")),
    latest_by=("plan_line_id",),
    holds_back=True,
)
