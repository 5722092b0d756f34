"""A hold, a refusal or a reversal of a card is no spending: its purchase comes as a line of its own.

A night stops where one of them was counted. The rule is there so that `explain` says why such a line was left alone.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about_payments

NO_SPENDING = ("authorisation", "declined", "reversed")
HOLD: dict[str, object] = {"kind_code": "authorisation", "feed_code": "card", "is_spend": False}

RULE = Rule(
    id="Q-06",
    title="Hold or refusal counted as spending",
    family="A8",
    basis="data_quality",
    severity=3,
    outcome="information",
    looks_at="holds, refusals and reversals of cards",
    sentence="{amount_pence:pounds} at {payee_shown} on {paid_on:day} is a card line of the kind '{kind_code}' and was "
    "counted as spending.",
    not_found="{amount_pence:pounds} at {payee_shown} is a card line of the kind '{kind_code}'. It is not counted as spending.",
    usual="A hold and the purchase it became are one purchase; what was refused or reversed is none.",
    innocent="The card provider may have begun to write its kinds in another way.",
    ask="Ask the data steward to look at the card provider's layout. Nothing to ask the holder.",
    clears="A layout that knows the card provider's kinds.",
    overtaken="The line was read again.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Data steward",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    is_commissioners=True,
    examples=(
        flagged("A hold that counts as spending", payments=({**HOLD, "is_spend": True},)),
        left_alone("A hold beside its purchase", payments=(HOLD, {"payment_id": "P2", "feed_code": "card"})),
        left_alone("A refused purchase", payments=({**HOLD, "kind_code": "declined"},)),
        at_the_threshold("A purchase of nothing but a hold's pound", payments=({"feed_code": "card", "amount_pence": 1_00},)),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per hold, refusal and reversal of a card."""
    lines = spending.payments.filter(pl.col("kind_code").is_in(NO_SPENDING))
    return about_payments(lines, pl.col("is_spend"), "kind_code")
