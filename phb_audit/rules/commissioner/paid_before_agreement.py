"""The first payment came before the agreement was signed: the commissioner's own haste."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SIGNED: dict[str, object] = {"starts_on": date(2026, 3, 1), "agreement_signed_on": date(2026, 3, 20)}
FIRST: tuple[dict[str, object], ...] = ({"paid_on": date(2026, 3, 5)},)

RULE = Rule(
    id="G-04",
    title="Paid before the agreement",
    family="A6",
    basis="agreement",
    severity=3,
    outcome="information",
    looks_at="open direct payments that began within fifteen months and whose agreement has a date",
    sentence="The first instalment was paid on {subject_on:day}; the agreement was signed on {agreement_signed_on:day}.",
    not_found="The first instalment was paid on {subject_on:day}, not before the agreement of {agreement_signed_on:day}.",
    usual="The agreement is signed before the first instalment.",
    innocent="Care could not wait, or the agreement was renewed and the first one is not on file.",
    ask="Ask the continuing healthcare team for the first agreement. Nothing to ask the holder.",
    clears="An agreement of an earlier day.",
    overtaken="An earlier agreement was recorded.",
    same_flag=("holder_id", "agreement_signed_on"),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    duty_of="the finance team's payments lead",
    is_commissioners=True,
    waits_for=("budgets", "instalments"),
    examples=(
        flagged("Paid on 5 March, signed on 20 March", budgets=(SIGNED,), instalments=FIRST),
        left_alone(
            "A budget of long ago, whose agreement was renewed", budgets=({**SIGNED, "starts_on": date(2023, 3, 1)},), instalments=FIRST
        ),
        at_the_threshold("Signed and paid on one day", budgets=({**SIGNED, "agreement_signed_on": date(2026, 3, 5)},), instalments=FIRST),
    ),
)


def find(spending: Spending, *, look_back_months: int = 15) -> pl.LazyFrame:
    """One row per holder with an open direct payment, a signed agreement and an instalment, begun within the look-back."""
    first = spending.instalments.filter(pl.col("amount_pence") > 0).group_by("holder_id").agg(pl.col("paid_on").min().alias("first_on"))
    opened = (
        open_budgets(spending)
        .filter(pl.col("holding_code").str.contains("direct_payment") & pl.col("agreement_signed_on").is_not_null())
        .filter(pl.col("starts_on") >= pl.lit(spending.as_of).dt.offset_by(f"-{look_back_months}mo"))
        .join(first, on="holder_id")
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64))
    )
    return about(opened, "holder", "holder_id", "first_on", pl.col("first_on") < pl.col("agreement_signed_on"), "agreement_signed_on")
