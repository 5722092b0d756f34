"""Landed payroll to `validated.pay_slips`: one row per pay slip."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.reading import code, holder, number, read_days, read_pence
from phb_audit.validated.steps import Part, Step

HOURS_KINDS = ("worked", "retainer", "holiday", "sick")


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row. Hours of a kind that is not known have a null kind; no kind given is 'worked'."""
    read = read_pence(
        landed,
        rate_pence="rate_text",
        gross_pence="gross_text",
        tax_pence="tax_text",
        employee_ni_pence="employee_ni_text",
        employer_ni_pence="employer_ni_text",
        pension_pence="pension_text",
        net_pence="net_text",
    )
    read = read_days(
        read,
        started_on="started_on_text",
        left_on="left_on_text",
        period_from_on="period_from_text",
        period_to_on="period_to_text",
        paid_on="paid_on_text",
        hmrc_paid_on="hmrc_paid_on_text",
    )
    kind = code(pl.col("hours_kind_text")).fill_null("worked")
    return read.with_columns(
        pay_slip_id=pl.concat_str(pl.lit("W"), "row_id"),
        holder_id=holder(),
        employee_id="employee_ref",
        hours_count=number(pl.col("hours_text")),
        hours_kind_code=pl.when(kind.is_in(HOURS_KINDS)).then(kind),
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.payroll",
    (Part("validated.pay_slips"),),
    candidates,
    same_row=(
        ("employee_ref", "period_from_text", "hours_kind_text?"),
        ("employee_ref", "period_to_text", "hours_kind_text?", "hours_text?"),
    ),
    holds_back=True,  # what is missing because it was refused must not be asked for
)
