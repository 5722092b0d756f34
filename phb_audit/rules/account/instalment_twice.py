"""The commissioner paid an instalment twice: its own mistake, put right by notice."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.loads import instalments_with_payments
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about

JULY: dict[str, object] = {
    "kind_code": "regular",
    "period_from_on": date(2026, 7, 1),
    "period_to_on": date(2026, 7, 28),
    "paid_on": date(2026, 7, 1),
}

RULE = Rule(
    id="A-12",
    title="Instalment paid twice",
    family="A4",
    basis="instalments",
    severity=3,
    outcome="information",
    looks_at="regular instalments with a period",
    sentence="The instalment of {at_stake_pence:pounds} for {period_from_on:day} to {period_to_on:day} was paid again on {subject_on:day}.",
    not_found="The instalment for {period_from_on:day} to {period_to_on:day} was paid once.",
    usual="One regular instalment for a period.",
    innocent="A correction of an amount may have been paid as a second instalment.",
    ask="Ask the finance team to check, and to ask the amount back by notice with reasons. The holder has done nothing wrong.",
    clears="A record that the second payment was owed, or that it was returned or offset.",
    overtaken="The instalments on file have changed.",
    same_flag=("subject_id",),
    decides="organisation",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the finance team's payments lead",
    is_commissioners=True,
    examples=(
        flagged("July paid twice", instalments=(JULY, {**JULY, "instalment_id": "T2", "paid_on": date(2026, 7, 8)})),
        left_alone(
            "July and August",
            instalments=(JULY, {**JULY, "instalment_id": "T2", "period_from_on": date(2026, 7, 29), "period_to_on": date(2026, 8, 25)}),
        ),
        at_the_threshold(
            "The same period in another amount: an uplift, not a repeat",
            instalments=(JULY, {**JULY, "instalment_id": "T2", "amount_pence": 30_00}),
        ),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per regular instalment with a period; the second and later ones of one period and amount are found."""
    same = ["holder_id", "period_from_on", "period_to_on", "amount_pence"]
    returned = spending.instalments.filter(pl.col("amount_pence") < 0).select("holder_id", amount_pence=-pl.col("amount_pence")).unique()
    regular = (
        instalments_with_payments(spending)
        .filter(
            (pl.col("kind_code").fill_null("regular") == "regular") & pl.col("period_from_on").is_not_null() & (pl.col("amount_pence") > 0)
        )
        .join(returned.with_columns(is_returned=pl.lit(True)), on=["holder_id", "amount_pence"], how="left")
        .sort("paid_on", "instalment_id")
        .with_columns(place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(same), at_stake_pence="amount_pence")
    )
    is_found = (pl.col("place") > 1) & ~pl.col("is_returned").fill_null(False)
    return about(regular, "instalment", "instalment_id", "paid_on", is_found, "period_from_on", "period_to_on", "place")
