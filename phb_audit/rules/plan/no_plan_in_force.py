"""Spending on days when no approved plan was in force: a question to the commissioner's own team first."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.ends import budget_ends
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending

NONE_ON_FILE, NO_BUDGET, IN_FORCE = "none_on_file", "no_budget", "in_force"
NO_PLAN: dict[str, object] = {"plan_version_id": None, "match_code": "no_plan"}

RULE = Rule(
    id="P-01",
    title="No plan in force",
    family="A2",
    basis="care_plan",
    severity=3,
    outcome="query",
    looks_at="money spent from budgets that need a care plan",
    sentence="Between {first_on:day} and {last_on:day}, {gap_pence:pounds} was spent in {payments_count:many payment} on days "
    "without an approved plan in force. "
    "The plan before it ended on {ended_on:day}.",
    not_found="A plan was in force on {subject_on:day}.",
    usual="A plan is in force on every day money is spent.",
    innocent="The plan was probably renewed late. The person could not know, and the care had to go on.",
    ask="Ask the continuing healthcare team for the plan that covers those days, or to agree one. Nothing to ask the holder.",
    clears="An approved plan that covers those days.",
    overtaken="A plan that covers those days was received.",
    same_flag=("holder_id", "ended_on"),
    decides="plan",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's care planning lead",
    is_commissioners=True,
    waits_for=ALL_FEEDS,
    variants={
        IN_FORCE: Variant(),
        NONE_ON_FILE: Variant(
            sentence="Between {first_on:day} and {last_on:day}, {gap_pence:pounds} was spent in {payments_count:many payment}. "
            "We do not hold a plan that was in force then, or any before it.",
            innocent="The plan may never have been sent to us.",
        ),
        NO_BUDGET: Variant(
            sentence="No plan and no budget are on file for this account. {gap_pence:pounds} was spent in "
            "{payments_count:many payment} between {first_on:day} and {last_on:day}, "
            "so nothing can be held against a plan.",
            usual="Accounts of personal health budgets have a budget and a plan on file.",
            innocent="The account may not belong to a personal health budget at all.",
            ask="Ask the commissioner whether a budget and a plan exist for this account.",
            outcome="information",
            severity=1,
        ),
    },
    examples=(
        flagged(
            "Two payments after the plan ended: one flag",
            payments=({"payment_id": "P1", **NO_PLAN}, {"payment_id": "P2", **NO_PLAN}),
            plans=({"effective_to_on": date(2026, 7, 31)},),
        ),
        flagged(
            "An account no budget and no plan are on file for: told once",
            payments=(
                {"payment_id": "P1", **NO_PLAN, "holding_code": "none_on_file"},
                {"payment_id": "P2", **NO_PLAN, "holding_code": "none_on_file"},
            ),
        ),
        left_alone("The plan was in force", payments=({},), plans=({},)),
        left_alone(
            "The person has died, and the plan ended with that",
            payments=(NO_PLAN,),
            plans=({"effective_to_on": date(2026, 7, 1)},),
            events=({"event_code": "death", "from_on": date(2026, 7, 1)},),
        ),
        left_alone("Bank charges need no plan", payments=({**NO_PLAN, "kind_code": "fee", "category_code": "M02"},)),
        at_the_threshold(
            "Two gaps between plans are two flags",
            flags=2,
            payments=({"payment_id": "P1", **NO_PLAN}, {"payment_id": "P2", "paid_on": date(2026, 2, 1), **NO_PLAN}),
            plans=(
                {"effective_from_on": date(2025, 1, 1), "effective_to_on": date(2026, 1, 15)},
                {"plan_version_id": "PL1/v2", "effective_from_on": date(2026, 3, 1), "effective_to_on": date(2026, 7, 31)},
            ),
        ),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per payment; those in one gap between plans carry the gap's sum, so that they are one flag."""
    needed = spending.payments.filter(
        pl.col("kind_code").is_in(["purchase", "cash", "transfer"]) & (pl.col("amount_pence") > 0) & (pl.col("holding_code") != "notional")
    )
    # After the end of a budget no plan is due; what is paid then is another rule's question.
    needed = needed.join(budget_ends(spending), on="holder_id", how="left").filter(
        (pl.col("paid_on") <= pl.col("stopped_on")).fill_null(True)
    )
    uncovered = _in_gaps(spending, needed.filter(pl.col("plan_version_id").is_null()))
    covered = needed.filter(pl.col("plan_version_id").is_not_null()).with_columns(
        gap_pence=pl.lit(0, dtype=pl.Int64), variant_code=pl.lit(IN_FORCE), is_found=pl.lit(False)
    )
    return pl.concat([uncovered, covered], how="diagonal").select(
        pl.lit("plan").alias("subject_code"),
        pl.col("holder_id").alias("subject_id"),
        "payment_id",
        "holder_id",
        pl.col("paid_on").alias("subject_on"),
        pl.col("gap_pence").alias("at_stake_pence"),
        "is_found",
        "gap_pence",
        "payments_count",
        "first_on",
        "last_on",
        "ended_on",
        "variant_code",
    )


def _in_gaps(spending: Spending, uncovered: pl.LazyFrame) -> pl.LazyFrame:
    """The payments without a plan in force, each with the end of the plan before it (ended_on) and the sums of its gap."""
    gap = ["holder_id", "ended_on"]
    ends = (
        spending.plans.filter(pl.col("status_code") != "draft")
        .select("holder_id", paid_on="effective_to_on", ended_on="effective_to_on")
        .drop_nulls()
        .sort("paid_on")
    )
    variant = (
        pl.when(pl.col("holding_code") == "none_on_file")
        .then(pl.lit(NO_BUDGET))
        .when(pl.col("ended_on").is_null())
        .then(pl.lit(NONE_ON_FILE))
        .otherwise(pl.lit(""))
    )
    return (
        uncovered.sort("paid_on", "payment_id")
        .join_asof(ends, on="paid_on", by="holder_id", strategy="backward", check_sortedness=False)
        .with_columns(
            gap_pence=pl.col("amount_pence").sum().over(gap),
            payments_count=pl.len().cast(pl.Int64).over(gap),
            first_on=pl.col("paid_on").min().over(gap),
            last_on=pl.col("paid_on").max().over(gap),
            variant_code=variant,
            is_found=pl.lit(True),
        )
    )
