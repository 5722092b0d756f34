"""A supplier's refund note came, and the money has not come back to the account.

Looked at once the account's lines reach past the days in which a refund arrives: a late statement is the sender's delay.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

BEHIND = "behind"
NOTE: dict[str, object] = {"total_pence": -60_00, "dated_on": date(2026, 8, 10), "received_on": date(2026, 8, 20)}
BACK: dict[str, object] = {"payment_id": "P2", "kind_code": "refund", "amount_pence": -60_00, "paid_on": date(2026, 8, 14)}
ACCOUNT: tuple[dict[str, object], ...] = ({},)

RULE = Rule(
    id="E-10",
    title="Refund not credited",
    family="A3",
    basis="own_account",
    severity=3,
    outcome="query",
    looks_at="receipts with a total below nothing, which are refund notes",
    sentence="A refund note of {subject_on:day} is for {at_stake_pence:pounds}. No such amount has come back to the account within {days} "
    "days of it.",
    not_found="{at_stake_pence:pounds} came back to the account.",
    usual="A shop refunds to the card or account that paid, within {days} days.",
    innocent="The shop may have given a credit note or an exchange, or refunded to another card by mistake.",
    ask="Ask the holder how the refund was given.",
    clears="A line of the account that shows it, a credit note, or the receipt of the thing taken in exchange.",
    overtaken="The refund has arrived, or the note was read anew.",
    same_flag=("receipt_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts", "bank", "card"),
    variants={BEHIND: Variant(not_found="The lines of the account we hold do not reach {days} days past the refund note yet.")},
    examples=(
        flagged("A refund note of 60 pounds, and nothing came back", receipts=(NOTE,), accounts=ACCOUNT),
        left_alone("The money came back four days later", receipts=(NOTE,), payments=(BACK,), accounts=ACCOUNT),
        left_alone("The statement ends two weeks after the note", receipts=(NOTE,), accounts=({"last_line_on": date(2026, 8, 24)},)),
        left_alone("An ordinary receipt", receipts=({**NOTE, "total_pence": 60_00},), accounts=ACCOUNT),
        at_the_threshold(
            "It came on the last of the days", receipts=(NOTE,), payments=({**BACK, "paid_on": date(2026, 9, 9)},), accounts=ACCOUNT
        ),
        at_the_threshold(
            "It came a day later", flags=1, receipts=(NOTE,), payments=({**BACK, "paid_on": date(2026, 9, 10)},), accounts=ACCOUNT
        ),
    ),
)


def find(spending: Spending, *, days: int = 30) -> pl.LazyFrame:
    """One row per refund note with a day: has a credit of its amount come within the days?"""
    same = ["holder_id", "at_stake_pence"]
    notes = (
        spending.receipts.filter((pl.col("total_pence") < 0) & pl.col("dated_on").is_not_null())
        .select("receipt_id", "holder_id", "payment_id", "dated_on", at_stake_pence=-pl.col("total_pence"))
        .sort("dated_on", "receipt_id")
    )
    came = spending.payments.filter(pl.col("kind_code").is_in(["refund", "credit", "reversed"]) & (pl.col("amount_pence") < 0)).select(
        "holder_id", at_stake_pence=-pl.col("amount_pence"), came_on="paid_on"
    )
    credited = (
        notes.join(came, on=same)
        .filter((pl.col("came_on") - pl.col("dated_on")).dt.total_days().is_between(-days, days))
        .select("receipt_id", is_credited=pl.lit(True))
        .unique()
    )
    reached = spending.accounts.group_by("holder_id").agg(reached_on=pl.col("last_line_on").min())
    rows = (
        notes.join(credited, on="receipt_id", how="left")
        .join(reached, on="holder_id", how="left")
        .with_columns(
            is_credited=pl.col("is_credited").fill_null(False),
            is_behind=((pl.col("reached_on") - pl.col("dated_on")).dt.total_days() <= days).fill_null(True),
        )
    )
    is_found = ~pl.col("is_credited") & ~pl.col("is_behind")
    variant = pl.when(~pl.col("is_credited") & pl.col("is_behind")).then(pl.lit(BEHIND)).otherwise(pl.lit("")).alias("variant_code")
    return about(rows, "receipt", "receipt_id", "dated_on", is_found, "receipt_id", variant_code=variant)
