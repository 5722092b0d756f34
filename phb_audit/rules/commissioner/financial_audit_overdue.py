"""The yearly financial audit of a direct payment is overdue: the commissioner's own delay."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

OLD: dict[str, object] = {"starts_on": date(2024, 1, 1), "last_audit_on": date(2025, 3, 1)}

RULE = Rule(
    id="G-03",
    title="Financial audit overdue",
    family="A6",
    basis="financial_audit",
    severity=2,
    outcome="information",
    looks_at="open direct payments",
    sentence="The last financial audit on file was on {last_on:day}. The next was due by {subject_on:day}.",
    not_found="The last financial audit, or the start, was on {last_on:day}; the next is due by {subject_on:day}.",
    usual="A financial audit each year, and {months} months at the most, the first counted from the start.",
    innocent="The audit may have been done and not yet recorded.",
    ask="Ask the finance team to record or to do the audit. Nothing to ask the holder.",
    clears="An audit on record.",
    overtaken="An audit was recorded, or the budget ended.",
    same_flag=("holder_id", "last_on"),
    decides="organisation",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the finance team's audit lead",
    is_commissioners=True,
    is_on_the_clock=True,
    waits_for=("budgets", "holder_events"),
    examples=(
        flagged("Last audited in March 2025", budgets=(OLD,)),
        left_alone("An audit in the events", budgets=(OLD,), events=({"event_code": "financial_audit", "from_on": date(2026, 6, 1)},)),
        left_alone("A notional budget has no such audit", budgets=({**OLD, "holding_code": "notional"},)),
        at_the_threshold("Due tomorrow", budgets=({**OLD, "last_audit_on": date(2025, 5, 1)},)),
    ),
)


def find(spending: Spending, *, months: int = 18) -> pl.LazyFrame:
    """One row per holder with an open direct payment."""
    audits = (
        spending.events.filter(pl.col("event_code") == "financial_audit")
        .group_by("holder_id")
        .agg(pl.col("from_on").max().alias("event_on"))
    )
    opened = (
        open_budgets(spending)
        .filter(pl.col("holding_code").str.contains("direct_payment"))
        .join(audits, on="holder_id", how="left")
        .with_columns(
            NO_PAYMENT, last_on=pl.max_horizontal("last_audit_on", "event_on", "starts_on"), at_stake_pence=pl.lit(0, dtype=pl.Int64)
        )
        .filter(pl.col("last_on").is_not_null())
        .with_columns(due_on=pl.col("last_on").dt.offset_by(f"{months}mo"))
    )
    return about(opened, "holder", "holder_id", "due_on", pl.col("due_on") < spending.as_of, "last_on")
