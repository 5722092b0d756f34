"""Receipts were asked of somebody who holds no direct payment: the papers are the commissioner's or its agent's own."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

NOTIONAL: tuple[dict[str, object], ...] = ({"holding_code": "notional"},)
PAPER: tuple[dict[str, object], ...] = ({"received_on": date(2026, 8, 5)},)

RULE = Rule(
    id="G-20",
    title="Notional budget in the receipt audit",
    family="A6",
    basis="right_audit",
    severity=1,
    outcome="information",
    looks_at="holders of whom receipts have come, and how their budgets are held",
    sentence="{papers_count:many receipt} came in from a holder with no direct payment (the budget is {held}), the last on "
    "{subject_on:day}.",
    not_found="The holder has, or had, a direct payment.",
    usual="Receipts are asked only of people who hold a direct payment.",
    innocent="The way the budget is held may have changed, or somebody sent papers nobody had asked for.",
    ask="Ask the team to stop asking for receipts, or to put right how the budget is held. The holder owes no papers.",
    clears="A direct payment on the register, or the request for receipts withdrawn.",
    overtaken="The register shows a direct payment now.",
    same_flag=("holder_id",),
    decides="organisation",
    owner="Personal health budgets lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    duty_of="the finance team's audit lead",
    is_commissioners=True,
    waits_for=("budgets", "receipts"),
    examples=(
        flagged("A receipt for a notional budget", budgets=NOTIONAL, receipts=PAPER),
        left_alone("A direct payment", budgets=({},), receipts=PAPER),
        left_alone(
            "A direct payment that has become notional",
            budgets=({"ends_on": date(2026, 9, 1)}, {**NOTIONAL[0], "budget_id": "G2"}),
            receipts=PAPER,
        ),
        left_alone("No budget is on file at all", receipts=PAPER),
        at_the_threshold("One receipt is enough", flags=1, budgets=({"holding_code": "third_party"},), receipts=PAPER),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per holder with a receipt and a budget on file."""
    in_words = {"notional": "notional", "third_party": "held by a third party", "direct_payment": "a direct payment"}
    held = (
        spending.budgets.filter(pl.col("holding_code").is_in(list(in_words)))
        .group_by("holder_id")
        .agg(
            (pl.col("holding_code") == "direct_payment").any().alias("has_direct"),
            pl.col("holding_code").replace(in_words).unique().sort().str.join(" and ").alias("held"),
        )
    )
    papers = spending.receipts.group_by("holder_id").agg(
        pl.len().cast(pl.Int64).alias("papers_count"), pl.coalesce("received_on", "dated_on").max().alias("last_on")
    )
    rows = papers.join(held, on="holder_id").with_columns(
        NO_PAYMENT, pl.col("last_on").fill_null(spending.as_of), at_stake_pence=pl.lit(0, dtype=pl.Int64)
    )
    return about(rows, "holder", "holder_id", "last_on", ~pl.col("has_direct"), "papers_count", "held")
