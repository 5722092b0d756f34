"""The plan names this very item and agrees it: what is unusual about it is settled.

Settles what the plan-match and statistical rules find on the payment. Never the never-list, evidence, transfers to oneself, or pay.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about_payments

ONE_OFF = {"payment_id": "P1", "is_preapproved": True, "plan_line_id": "PL1/v1/1", "line_frequency_code": "one-off"}

RULE = Rule(
    id="P-04",
    title="Agreed by name in the plan",
    family="A2",
    basis="outcome_test",
    severity=0,
    outcome="information",
    looks_at="purchases that a line of the plan in force names and agrees",
    sentence="The plan agrees this item by name ('{plan_line_words}') for {agreed_pence:pounds}; {used_pence:pounds} has been "
    "spent on it with this payment.",
    not_found="The plan names this item ('{plan_line_words}') for {agreed_pence:pounds}, but with this payment "
    "{used_pence:pounds} has been spent on it.",
    usual="An agreed item, bought once and within its amount, needs no question however unusual it looks.",
    innocent="Nothing to explain: it was agreed.",
    ask="Ask nothing.",
    clears="It is clear already.",
    overtaken="The plan on file has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    settles=("A2", "A7"),
    examples=(
        flagged(
            "A hot tub the plan agrees by name, within its amount",
            payments=({**ONE_OFF, "amount_pence": 899_00, "line_amount_pence": 900_00, "category_code": "E11"},),
        ),
        left_alone(
            "A second console on a line that agreed one",
            payments=({**ONE_OFF, "amount_pence": 400_00, "line_amount_pence": 300_00},),
        ),
        at_the_threshold(
            "Deposit and balance that together come to the agreed amount",
            flags=2,
            payments=(
                {**ONE_OFF, "amount_pence": 100_00, "line_amount_pence": 300_00},
                {**ONE_OFF, "payment_id": "P2", "amount_pence": 200_00, "line_amount_pence": 300_00, "paid_on": date(2026, 8, 20)},
            ),
        ),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per purchase whose plan line is agreed by name; a one-off line is used up by all that was spent on it so far."""
    is_once = pl.col("line_frequency_code").is_in(["one-off", "annual"])
    named = (
        spending.payments.filter(pl.col("is_preapproved") & pl.col("is_spend") & pl.col("plan_line_id").is_not_null())
        .sort("paid_on", "payment_id")
        .with_columns(
            agreed_pence=pl.coalesce(pl.when(is_once).then("line_amount_pence"), "line_most_at_once_pence", "line_amount_pence"),
            used_pence=pl.when(is_once).then(pl.col("amount_pence").cum_sum().over("plan_line_id")).otherwise("amount_pence"),
        )
        .filter(pl.col("amount_pence") > 0)
    )
    is_within = (pl.col("used_pence") <= pl.col("agreed_pence")).fill_null(True)
    return about_payments(named, is_within, "plan_line_id", "plan_line_words", "agreed_pence", "used_pence")
