"""Landed budgets to `validated.budgets`: one row per holder, budget period and account."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.reading import code, holder, read_days, read_pence
from phb_audit.validated.steps import Part, Step

HOLDINGS = {
    "direct payment": "direct_payment",
    "direct_payment": "direct_payment",
    "dp": "direct_payment",
    "third party": "third_party",
    "third_party": "third_party",
    "notional": "notional",
}


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row: the budget, with unread amounts and dates null."""
    read = read_days(
        read_pence(landed, annual_pence="annual_amount_text"),
        starts_on="starts_on_text",
        ends_on="ends_on_text",
        agreement_signed_on="agreement_signed_on_text",
        last_audit_on="last_audit_on_text",
    )
    return read.with_columns(
        budget_id=pl.concat_str(pl.lit("G"), "row_id"),
        holder_id=holder(),
        account_id="account_ref",
        holding_code=code(pl.col("holding_text")).replace_strict(HOLDINGS, default=None, return_dtype=pl.String),
        account_kind_code=code(pl.col("account_kind_text")),
        care_group_code="care_group_text",
        area_name="area_text",
        age_band="age_band_text",
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.budgets",
    (Part("validated.budgets"),),
    candidates,
    same_row=(
        ("account_ref", "starts_on_text"),
        ("holder_ref", "account_kind_text", "starts_on_text"),
        ("file_name", "line_number", "account_ref"),
    ),
    latest_by=("holder_id", "account_id", "starts_on"),
    holds_back=True,
)
