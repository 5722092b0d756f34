"""Contingency has been used. That is what it is for; the team only wants to know, since something may have gone wrong with the care."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

RESERVE: dict[str, object] = {"kind_code": "contingency", "amount_pence": 400_00, "paid_on": date(2026, 5, 1)}
HELD: dict[str, object] = {"balance_pence": 100_00, "weekly_pence": 200_00}

RULE = Rule(
    id="A-08",
    title="Contingency used",
    family="A4",
    basis="contingency",
    severity=1,
    outcome="information",
    looks_at="accounts of direct payments whose statement gives a balance, with {least_pence:pounds} or more of contingency paid "
    "in within a year",
    sentence="{contingency_pence:pounds} of contingency was paid in within a year. On {subject_on:day} the whole account held "
    "{balance_pence:pounds}, so most of the contingency has been used.",
    not_found="On {subject_on:day} the account held {balance_pence:pounds}; {contingency_pence:pounds} of it is contingency.",
    usual="Contingency lies in the account until care breaks down; the team is told when it is used.",
    innocent="A worker was ill, an agency had to step in, or the team was told and it was not written down.",
    ask="Tell the care co-ordinator, so that they can see whether something has gone wrong with the care. Nothing to ask the holder.",
    clears="A note of what it was used for, or money paid in again.",
    overtaken="The balance has gone up again, or the contingency is older than a year.",
    same_flag=("subject_id",),
    decides="plan",
    owner="Continuing healthcare lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("bank", "card", "instalments"),
    examples=(
        flagged("100 pounds left of 400 pounds of contingency", accounts=(HELD,), instalments=(RESERVE,)),
        left_alone("The contingency is there", accounts=({**HELD, "balance_pence": 900_00},), instalments=(RESERVE,)),
        left_alone("A small reserve", accounts=({**HELD, "balance_pence": 10_00},), instalments=({**RESERVE, "amount_pence": 50_00},)),
        left_alone("No contingency was paid", accounts=(HELD,), instalments=({},)),
        left_alone("Contingency of two years ago", accounts=(HELD,), instalments=({**RESERVE, "paid_on": date(2024, 5, 1)},)),
        at_the_threshold("Exactly half of it is there", accounts=({**HELD, "balance_pence": 200_00},), instalments=(RESERVE,)),
    ),
)


def find(spending: Spending, *, left_share: float = 0.5, kept_days: int = 365, least_pence: int = 100_00) -> pl.LazyFrame:
    """One row per account whose statement gives a balance, of a holder with contingency paid in within the days."""
    since = pl.col("last_line_on").dt.offset_by(f"-{kept_days}d")
    contingency = spending.instalments.filter((pl.col("kind_code") == "contingency") & (pl.col("amount_pence") > 0)).select(
        "holder_id", "paid_on", contingency_pence="amount_pence"
    )
    accounts = spending.accounts.filter((pl.col("holding_code") == "direct_payment") & pl.col("is_balance_given"))
    paid_in = (
        accounts.select("account_id", "holder_id", "last_line_on")
        .join(contingency, on="holder_id")
        .filter((pl.col("paid_on") > since) & (pl.col("paid_on") <= pl.col("last_line_on")))
        .group_by("account_id", "holder_id")
        .agg(pl.col("contingency_pence").sum())
        .filter(pl.col("contingency_pence") >= least_pence)
    )
    rows = accounts.join(paid_in, on=["account_id", "holder_id"]).with_columns(
        NO_PAYMENT, at_stake_pence=(pl.col("contingency_pence") - pl.col("balance_pence")).clip(0)
    )
    is_found = pl.col("balance_pence") < pl.col("contingency_pence") * left_share
    return about(rows, "account", "account_id", "last_line_on", is_found, "contingency_pence", "balance_pence")
