"""More weeks of money held than agreed, after what is due, and after instalments paid in advance.

Unused money is often care that could not be bought. The first question is whether the person gets the care they need.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

AWAY = "away"
STARTED: tuple[dict[str, object], ...] = ({"starts_on": date(2025, 4, 1)},)
FULL: dict[str, object] = {"balance_pence": 2_000_00, "weekly_pence": 200_00}
UNPAID: dict[str, object] = {"period_to_on": date(2026, 9, 30), "unpaid_wages_pence": 600_00}

RULE = Rule(
    id="A-07",
    title="Unused money",
    family="A4",
    basis="surplus",
    severity=2,
    outcome="query",
    looks_at="accounts of direct payments and third-party budgets that have run for some weeks and have a recent line",
    sentence="On {subject_on:day} the account held {balance_pence:pounds}. After {due_pence:pounds} due, "
    "{planned_pence:pounds} the plan has the person save for and {ahead_pence:pounds} paid in advance, {free_pence:pounds} is left: "
    "{weeks_held} weeks of the budget. Up to {weeks} weeks is usual.",
    not_found="On {subject_on:day} the account held {free_pence:pounds} after what is due, saved for and paid in advance: {weeks_held} "
    "weeks; up to {weeks} is usual.",
    usual="Up to {weeks} weeks of the budget is held, after wages, invoices, tax, contingency and savings the plan asks for.",
    innocent="Care could not be found, a worker left, the person was in hospital, or money is saved for something agreed.",
    ask="Ask the care co-ordinator first whether the person gets the care in the plan; then the holder what the money is for.",
    clears="Bills that are due, savings agreed in the plan, or an agreed offset or return of the money.",
    overtaken="The balance has come down.",
    same_flag=("subject_id",),
    decides="surplus",
    owner="Head of finance",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    explained_by=("G-02", "G-01", "P-01", "A-12", "G-13", "P-09", "G-08", "G-05"),
    variants={
        AWAY: Variant(
            not_found="The person was in hospital or away in the last three months, which explains {free_pence:pounds} of unspent money."
        )
    },
    examples=(
        flagged("Ten weeks of money", accounts=(FULL,), budgets=STARTED),
        left_alone(
            "A year's money paid in one instalment in April",
            accounts=({**FULL, "balance_pence": 5_000_00},),
            budgets=STARTED,
            instalments=({"amount_pence": 10_400_00, "period_from_on": date(2026, 4, 1), "period_to_on": date(2027, 3, 31)},),
        ),
        left_alone("A budget that started in September", accounts=(FULL,), budgets=({"starts_on": date(2026, 9, 1)},)),
        left_alone(
            "In hospital in September",
            accounts=(FULL,),
            budgets=STARTED,
            events=({"event_code": "admission", "from_on": date(2026, 9, 1), "to_on": date(2026, 9, 20)},),
        ),
        at_the_threshold("Exactly eight weeks", accounts=({**FULL, "balance_pence": 1_600_00},), budgets=STARTED),
        left_alone(
            "Five weeks of it are saved for a hoist the plan names", accounts=({**FULL, "planned_pence": 1_000_00},), budgets=STARTED
        ),
        left_alone("The return says 600 pounds of wages are not paid yet", accounts=(FULL,), budgets=STARTED, returns=(UNPAID,)),
        left_alone("The account's last line is half a year old", accounts=({**FULL, "last_line_on": date(2026, 4, 30)},), budgets=STARTED),
    ),
)


def find(spending: Spending, *, weeks: float = 8.0, started_weeks: int = 12, fresh_days: int = 70, told_days: int = 31) -> pl.LazyFrame:
    """One row per account with a weekly budget and a recent line, whose budget has run long enough. What a return of these days says is
    due counts where it is more than we know of.
    """
    on = pl.col("last_line_on")
    started = spending.budgets.group_by("holder_id").agg(pl.col("starts_on").min())
    was_away = (
        spending.events.filter(
            pl.col("event_code").is_in(["admission", "absence"])
            & (pl.col("to_on").is_null() | (pl.col("to_on") >= pl.lit(spending.as_of).dt.offset_by("-90d")))
        )
        .select("holder_id", was_away=pl.lit(True))
        .unique()
    )
    accounts = (
        spending.accounts.filter(
            pl.col("holding_code").is_in(["direct_payment", "third_party"])
            & (pl.col("weekly_pence") > 0)
            & (on >= pl.lit(spending.as_of).dt.offset_by(f"-{fresh_days}d"))
        )
        .join(started, on="holder_id", how="left")
        .filter(pl.col("starts_on").dt.offset_by(f"{started_weeks}w") <= spending.as_of)
        .join(_paid_ahead(spending), on="account_id", how="left")
        .join(was_away, on="holder_id", how="left")
        .with_columns(NO_PAYMENT, pl.col("ahead_pence").fill_null(0), pl.col("was_away").fill_null(False))
        .join(_told_due(spending, told_days), on="account_id", how="left")
        .with_columns(due_pence=pl.max_horizontal("due_pence", "told_due_pence"))
        .with_columns(free_pence=pl.col("balance_pence") - pl.col("due_pence") - pl.col("planned_pence") - pl.col("ahead_pence"))
        .with_columns(weeks_held=(pl.col("free_pence") / pl.col("weekly_pence")).round(1))
        .with_columns(at_stake_pence=(pl.col("free_pence") - (pl.col("weekly_pence") * weeks).cast(pl.Int64)).clip(0))
    )
    variant = pl.when("was_away").then(pl.lit(AWAY)).otherwise(pl.lit("")).alias("variant_code")
    return about(
        accounts,
        "account",
        "account_id",
        "last_line_on",
        (pl.col("weeks_held") > weeks) & ~pl.col("was_away"),
        "balance_pence",
        "due_pence",
        "planned_pence",
        "ahead_pence",
        "free_pence",
        "weeks_held",
        variant_code=variant,
    )


def _paid_ahead(spending: Spending) -> pl.LazyFrame:
    """One row per account with instalments that reach past its last line: the part of them that is for the days to come."""
    on = pl.col("last_line_on")
    share_left = (pl.col("period_to_on") - on).dt.total_days() / ((pl.col("period_to_on") - pl.col("period_from_on")).dt.total_days() + 1)
    return (
        spending.instalments.join(spending.accounts.select("holder_id", "account_id", "last_line_on"), on="holder_id")
        .filter((pl.col("period_to_on") > on) & (pl.col("paid_on") <= on))
        .group_by("account_id")
        .agg(((pl.col("amount_pence") * share_left.clip(0, 1)).round(0).cast(pl.Int64)).sum().alias("ahead_pence"))
    )


def _told_due(spending: Spending, days: int) -> pl.LazyFrame:
    """One row per account with a return about the days of its last line: wages, invoices and contingency it says are due."""
    return (
        spending.returns.join(spending.accounts.select("account_id", "last_line_on"), on="account_id")
        .filter((pl.col("last_line_on") - pl.col("period_to_on")).dt.total_days().abs() <= days)
        .sort("period_to_on", "return_id")
        .group_by("account_id", maintain_order=True)
        .agg(told_due_pence=pl.sum_horizontal("unpaid_wages_pence", "unpaid_invoices_pence", "contingency_pence").last())
    )
