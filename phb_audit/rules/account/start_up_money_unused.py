"""Money to start with still lies in the account months later: was it needed, and is it known what to do with it?"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

START: dict[str, object] = {"kind_code": "start-up", "amount_pence": 500_00, "paid_on": date(2026, 6, 1)}
HELD: dict[str, object] = {"balance_pence": 2_000_00, "weekly_pence": 200_00}

RULE = Rule(
    id="A-22",
    title="Start-up money unused",
    family="A4",
    basis="start_up",
    severity=1,
    outcome="information",
    looks_at="accounts of direct payments whose statement gives a balance, with {least_pence:pounds} or more of start-up money paid in "
    "{weeks} weeks ago or more",
    sentence="{start_pence:pounds} was paid on {start_on:day} to start with. On {subject_on:day} the account held {balance_pence:pounds}; "
    "after {due_pence:pounds} due and {kept_weeks} weeks of the budget all of it is still there.",
    not_found="On {subject_on:day} the account held {balance_pence:pounds}. After {due_pence:pounds} due and {kept_weeks} weeks of budget "
    "less is left than the {start_pence:pounds} paid to start with.",
    usual="Money to start with is used within {weeks} weeks for setting up: insurance, an advertisement, equipment.",
    innocent="The worker came without an advertisement, a bill is still on its way, or nobody said that it may be used for something else.",
    ask="Tell the care co-ordinator, who can agree with the holder what it is for. Nothing to reproach the holder with.",
    clears="An agreed use, a bill, or the money returned or offset.",
    overtaken="The balance has come down.",
    same_flag=("subject_id",),
    decides="surplus",
    owner="Head of finance",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    waits_for=("bank", "card", "instalments"),
    examples=(
        flagged("500 pounds of June beside eight weeks' money", accounts=(HELD,), instalments=(START,)),
        left_alone("It has been spent", accounts=({**HELD, "balance_pence": 1_000_00},), instalments=(START,)),
        left_alone("A small sum", accounts=(HELD,), instalments=({**START, "amount_pence": 14_00},)),
        left_alone("Paid in September", accounts=(HELD,), instalments=({**START, "paid_on": date(2026, 9, 1)},)),
        at_the_threshold("Exactly all of it is there", flags=1, accounts=({**HELD, "balance_pence": 1_300_00},), instalments=(START,)),
    ),
)


def find(spending: Spending, *, weeks: int = 12, kept_weeks: int = 4, least_pence: int = 100_00) -> pl.LazyFrame:
    """One row per account whose statement gives a balance, of a holder with start-up money older than the weeks."""
    start = (
        spending.instalments.filter(
            (pl.col("kind_code") == "start-up")
            & (pl.col("amount_pence") > 0)
            & (pl.col("paid_on") <= pl.lit(spending.as_of).dt.offset_by(f"-{weeks}w"))
        )
        .group_by("holder_id")
        .agg(pl.col("amount_pence").sum().alias("start_pence"), pl.col("paid_on").max().alias("start_on"))
        .filter(pl.col("start_pence") >= least_pence)
    )
    rows = (
        spending.accounts.filter((pl.col("holding_code") == "direct_payment") & pl.col("is_balance_given") & (pl.col("weekly_pence") > 0))
        .filter(pl.col("last_line_on").is_not_null())
        .join(start, on="holder_id")
        .with_columns(NO_PAYMENT, at_stake_pence="start_pence")
    )
    left = pl.col("balance_pence") - pl.col("due_pence") - pl.col("weekly_pence") * kept_weeks
    return about(
        rows,
        "account",
        "account_id",
        "last_line_on",
        left >= pl.col("start_pence"),
        "start_pence",
        "start_on",
        "balance_pence",
        "due_pence",
    )
