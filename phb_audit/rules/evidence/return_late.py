"""No statement of the account has come for longer than a quarter and the days agreed."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

FEED_BEHIND = "feed_behind"
BUDGET: dict[str, object] = {"account_kind_code": "bank", "starts_on": date(2025, 4, 1)}
FEED: tuple[dict[str, object], ...] = ({"feed_code": "bank"},)
OLD: dict[str, object] = {"last_line_on": date(2026, 6, 1)}

RULE = Rule(
    id="E-11",
    title="Monitoring return late",
    family="A3",
    basis="returns",
    severity=2,
    outcome="query",
    looks_at="the person's own bank accounts for open direct payments, of which statements have come before",
    sentence="The last line we have of the account is of {subject_on:day}. A return is due each quarter, {days} days after its end.",
    not_found="The last line we have of the account is of {subject_on:day}, within a quarter and {days} days.",
    usual="Statements of a quarter come in within {days} days of its end.",
    innocent="The holder was ill, the helper changed, the statements lie with somebody who has not passed them on, or nothing was spent.",
    ask="Ring or write to ask whether help is needed with the return, and offer the support service. Do not stop a payment for it.",
    clears="The statements, or a note that nothing moved on the account.",
    overtaken="A statement came.",
    same_flag=("subject_id", "subject_on"),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("bank", "budgets"),
    explained_by=("G-12", "G-03", "G-05"),
    variants={FEED_BEHIND: Variant(not_found="The statements we hold of any account end before the return is due: the feed is behind.")},
    examples=(
        flagged("No statement since June", accounts=(OLD,), budgets=(BUDGET,), feeds=FEED),
        left_alone("A statement of September", accounts=({"last_line_on": date(2026, 9, 30)},), budgets=(BUDGET,), feeds=FEED),
        left_alone(
            "The card provider sends its lines itself", accounts=(OLD,), budgets=({**BUDGET, "account_kind_code": "card"},), feeds=FEED
        ),
        left_alone(
            "No account has come since June: the feed is behind",
            accounts=(OLD,),
            budgets=(BUDGET,),
            feeds=({**FEED[0], "last_data_on": date(2026, 6, 3)},),
        ),
        left_alone("The budget has ended", accounts=(OLD,), budgets=({**BUDGET, "ends_on": date(2026, 6, 30)},), feeds=FEED),
        at_the_threshold(
            "The last day of a quarter and 28 days", accounts=({"last_line_on": date(2026, 7, 3)},), budgets=(BUDGET,), feeds=FEED
        ),
    ),
)


def find(spending: Spending, *, days: int = 28, return_days: int = 92) -> pl.LazyFrame:
    """One row per bank account of an open direct payment with a line on file."""
    day = pl.lit(spending.as_of)
    reached = spending.feeds.filter(pl.col("feed_code") == "bank").select(reached_on=pl.min_horizontal(pl.col("last_data_on").max(), day))
    is_open = pl.col("ends_on").is_null() | (pl.col("ends_on") >= day)
    banks = (
        spending.budgets.filter(is_open & (pl.col("holding_code") == "direct_payment") & (pl.col("account_kind_code") == "bank"))
        .select("holder_id", "account_id")
        .unique()
    )
    rows = (
        spending.accounts.filter(pl.col("last_line_on").is_not_null())
        .join(banks, on=["holder_id", "account_id"], how="semi")
        .join(open_budgets(spending).select("holder_id"), on="holder_id", how="semi")
        .join(reached, how="cross")
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64), late_days=(day - pl.col("last_line_on")).dt.total_days())
    )
    is_late = pl.col("late_days") > days + return_days
    is_behind = ((pl.col("reached_on") - pl.col("last_line_on")).dt.total_days() <= days + return_days).fill_null(True)
    rows = rows.with_columns(variant_code=pl.when(is_late & is_behind).then(pl.lit(FEED_BEHIND)).otherwise(pl.lit("")))
    return about(rows, "account", "account_id", "last_line_on", is_late & ~is_behind, "variant_code")
