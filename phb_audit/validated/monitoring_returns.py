"""Landed monitoring returns to `validated.monitoring_returns`: one row per return."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.reading import holder, is_yes, read_days, read_pence
from phb_audit.validated.steps import Part, Step


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row. A sum that is not given is null, never nought."""
    read = read_days(
        read_pence(
            landed,
            opening_pence="opening_text",
            received_pence="received_text",
            other_income_pence="other_income_text",
            wages_pence="wages_text",
            hmrc_pence="hmrc_text",
            pension_pence="pension_text",
            agency_pence="agency_text",
            equipment_pence="equipment_text",
            activity_pence="activity_text",
            other_spend_pence="other_spend_text",
            charges_pence="charges_text",
            closing_pence="closing_text",
            statement_balance_pence="statement_balance_text",
            unpaid_wages_pence="unpaid_wages_text",
            unpaid_invoices_pence="unpaid_invoices_text",
            contingency_pence="contingency_text",
        ),
        period_from_on="period_from_text",
        period_to_on="period_to_text",
        received_on="received_on_text",
        due_on="due_on_text",
    )
    return read.with_columns(
        return_id=pl.concat_str(pl.lit("M"), "row_id"),
        holder_id=holder(),
        is_declared=pl.when(pl.col("declared_text").is_not_null()).then(is_yes(pl.col("declared_text"))),
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.monitoring_returns",
    (Part("validated.monitoring_returns"),),
    candidates,
    same_row=(("holder_ref", "account_ref?", "period_from_text", "period_to_text"), ("file_name", "line_number")),
    is_optional=True,
    holds_back=True,  # what is missing because it was refused must not be asked for
)
