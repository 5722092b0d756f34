"""The account is overdrawn or nearly empty long before the next instalment: is the budget enough?

The question goes to the care co-ordinator. An empty account is first of all a risk to the person's care.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

OVERDRAWN, SOON = "overdrawn", "soon"
LOW: dict[str, object] = {"balance_pence": 50_00, "weekly_pence": 200_00}
PAID: tuple[dict[str, object], ...] = ({"kind_code": "regular", "period_from_on": date(2026, 10, 26), "period_to_on": date(2026, 11, 22)},)
OPEN: tuple[dict[str, object], ...] = ({"starts_on": date(2025, 4, 1)},)

RULE = Rule(
    id="A-06",
    title="Account nearly empty",
    family="A4",
    basis="sufficiency",
    severity=2,
    outcome="clinician",
    looks_at="accounts of open direct payments of {least_weekly_pence:pounds} a week or more (one bill empties a smaller one) "
    "whose statement gives a balance and has a recent line",
    sentence="On {subject_on:day} the account held {balance_pence:pounds}, less than {weeks} week of the budget of {weekly_pence:pounds} a "
    "week. What was paid in has to last until {covered_to_on:day}.",
    not_found="On {subject_on:day} the account held {balance_pence:pounds}; the budget is {weekly_pence:pounds} a week.",
    usual="At least {weeks} week of the budget is left, but for the last {soon_days} days before the next instalment.",
    innocent="A yearly bill has just been paid, a wage fell early, or the next instalment is late.",
    ask="Ask the care co-ordinator whether the planned care is bought and whether the budget is enough. Nothing to ask the holder.",
    clears="A later balance, an instalment on its way, or a budget that covers the plan.",
    overtaken="The balance has gone up again.",
    same_flag=("subject_id",),
    decides="plan",
    owner="Continuing healthcare lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("bank", "card", "instalments", "budgets"),
    explained_by=("G-09",),
    variants={
        OVERDRAWN: Variant(
            sentence="On {subject_on:day} the account was overdrawn: its balance was {balance_pence:pounds}.",
            usual="An account holds some money.",
            innocent="A bill was taken before the instalment came, or an instalment is late.",
        ),
        SOON: Variant(not_found="The next instalment was due within {soon_days} days: what was paid in covers up to {covered_to_on:day}."),
    },
    examples=(
        flagged("50 pounds left for three weeks", accounts=(LOW,), budgets=OPEN, instalments=PAID),
        flagged("Overdrawn", accounts=({**LOW, "balance_pence": -12_00},), budgets=OPEN, instalments=PAID),
        left_alone(
            "A week before the next instalment",
            accounts=(LOW,),
            budgets=OPEN,
            instalments=({**PAID[0], "period_to_on": date(2026, 11, 7)},),
        ),
        left_alone("The sender gives no balance", accounts=({**LOW, "is_balance_given": False},), budgets=OPEN, instalments=PAID),
        left_alone("The budget has ended", accounts=(LOW,), budgets=({**OPEN[0], "ends_on": date(2026, 9, 30)},), instalments=PAID),
        left_alone(
            "A small budget for a gym, paid once a month",
            accounts=({**LOW, "balance_pence": 5_00, "weekly_pence": 10_00},),
            budgets=OPEN,
            instalments=PAID,
        ),
        at_the_threshold("Exactly a week's money", accounts=({**LOW, "balance_pence": 200_00},), budgets=OPEN, instalments=PAID),
        at_the_threshold(
            "Nothing, but not overdrawn: less than a week", flags=1, accounts=({**LOW, "balance_pence": 0},), budgets=OPEN, instalments=PAID
        ),
    ),
)


def find(
    spending: Spending, *, weeks: float = 1.0, least_weekly_pence: int = 50_00, soon_days: int = 14, fresh_days: int = 35
) -> pl.LazyFrame:
    """One row per account with a weekly budget, a balance given and a recent line, of a holder with an open budget."""
    covered = (
        spending.instalments.filter((pl.col("amount_pence") > 0) & (pl.col("paid_on") <= spending.as_of))
        .group_by("holder_id")
        .agg(pl.col("period_to_on").max().alias("covered_to_on"))
    )
    accounts = (
        spending.accounts.filter(
            (pl.col("holding_code") == "direct_payment")
            & pl.col("is_balance_given")
            & (pl.col("weekly_pence") >= least_weekly_pence)
            & (pl.col("last_line_on") >= pl.lit(spending.as_of).dt.offset_by(f"-{fresh_days}d"))
        )
        .join(open_budgets(spending).select("holder_id"), on="holder_id", how="semi")
        .join(covered, on="holder_id", how="left")
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64))
    )
    is_low = pl.col("balance_pence") < pl.col("weekly_pence") * weeks
    is_soon = ((pl.col("covered_to_on") - pl.col("last_line_on")).dt.total_days() <= soon_days).fill_null(True)
    variant = (
        pl.when(pl.col("balance_pence") < 0)
        .then(pl.lit(OVERDRAWN))
        .when(is_low & is_soon)
        .then(pl.lit(SOON))
        .otherwise(pl.lit(""))
        .alias("variant_code")
    )
    rows = accounts.with_columns(variant)
    is_found = (pl.col("variant_code") == OVERDRAWN) | (is_low & (pl.col("variant_code") == ""))
    measured = ("balance_pence", "weekly_pence", "covered_to_on", "variant_code")
    return about(rows, "account", "account_id", "last_line_on", is_found, *measured)
