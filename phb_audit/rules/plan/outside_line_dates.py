"""A payment on a plan line after that line had ended."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import WHOLE_LINE_FEEDS, Rule
from phb_audit.rules.spending import Spending, about_payments

ON_LINE: dict[str, object] = {"plan_line_id": "PL1/v1/1", "plan_line_words": "Yoga class"}

RULE = Rule(
    id="P-06",
    title="Outside the dates of the plan line",
    family="A2",
    basis="care_plan",
    severity=2,
    outcome="query",
    looks_at="payments that fit a plan line with a last day",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for '{plan_line_words}'. That line of the plan "
    "ended on {line_ended_on:day}.",
    not_found="'{plan_line_words}' runs to {line_ended_on:day}; up to {grace_days} days after are left alone.",
    usual="Payments end with the plan line, give or take {grace_days} days for a last bill.",
    innocent="A standing order nobody had stopped, or a service that was carried on by word of mouth.",
    ask="Ask the holder whether the service goes on, and the care co-ordinator whether it should.",
    clears="A later end in the plan, or the payments stopped and the last returned.",
    overtaken="The plan's dates have changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=WHOLE_LINE_FEEDS,
    explained_by=("P-14", "G-02", "G-01", "G-13", "G-09", "G-03", "G-05"),
    examples=(
        flagged("Two months after the line ended", payments=(ON_LINE,), plan_lines=({"ends_on": date(2026, 6, 1)},)),
        left_alone("The line is open", payments=(ON_LINE,), plan_lines=({},)),
        left_alone("A last bill in the weeks after", payments=(ON_LINE,), plan_lines=({"ends_on": date(2026, 7, 28)},)),
        at_the_threshold("The last day of the weeks left alone", payments=(ON_LINE,), plan_lines=({"ends_on": date(2026, 7, 20)},)),
    ),
)


def find(spending: Spending, *, grace_days: int = 14) -> pl.LazyFrame:
    """One row per payment that fits a plan line with a last day; not found where another open line of the plan has the same category."""
    lines = spending.plan_lines.select("plan_line_id", "plan_version_id", "category_code", line_ended_on="ends_on")
    still = lines.select(
        "plan_version_id", line_category_code="category_code", still_on=pl.col("line_ended_on").fill_null(date(9999, 1, 1))
    )
    latest = still.group_by("plan_version_id", "line_category_code").agg(pl.col("still_on").max())
    ended = (
        spending.payments.filter((pl.col("match_code") == "fits") & pl.col("is_spend") & (pl.col("amount_pence") > 0))
        .join(lines.select("plan_line_id", "line_ended_on").drop_nulls(), on="plan_line_id")
        .join(latest, on=["plan_version_id", "line_category_code"], how="left")
        .with_columns(after_days=(pl.col("paid_on") - pl.max_horizontal("line_ended_on", "still_on")).dt.total_days())
    )
    return about_payments(ended, pl.col("after_days") > grace_days, "plan_line_words", "line_ended_on", "after_days")
