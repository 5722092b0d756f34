"""A bank charge for a late or unpaid item, an overdraft, or interest charged. A monthly account fee is left alone.

Such charges tell more of an account run short than of a person: it is told, so that someone can help, and nobody is asked.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about_payments

AVOIDABLE = r"(?i)overdraft|overdrawn|unpaid|unarranged|unauthorised|returned|bounced|late (payment|fee|charge)|default|interest|excess"
FEE: dict[str, object] = {"kind_code": "fee", "category_code": "M02", "amount_pence": 12_00}

RULE = Rule(
    id="L-17",
    title="Bank charge or interest",
    family="A1",
    basis="bank_charges",
    severity=1,
    outcome="information",
    looks_at="fees and interest on the account of a direct payment",
    sentence="The bank charged {amount_pence:pounds} on {paid_on:day} ('{payee_shown}').",
    not_found="'{payee_shown}' of {amount_pence:pounds} is an ordinary fee of the account, or below {least_pence:pounds}.",
    usual="An account in credit costs a monthly fee at most.",
    innocent="An instalment may have come late, so that a standing order found too little money.",
    ask="Nothing. Help the holder to an account without such charges, and see whether an instalment came late.",
    clears="Nothing needs clearing. Where our own late payment caused it, refund it.",
    overtaken="The line was read anew.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("bank", "card"),
    examples=(
        flagged("An unpaid item", payments=({**FEE, "payee_shown": "UNPAID ITEM CHARGE"},)),
        flagged("Interest charged", payments=({**FEE, "kind_code": "interest", "payee_shown": "DEBIT INTEREST"},)),
        left_alone("The monthly fee", payments=({**FEE, "payee_shown": "ACCOUNT FEE"},)),
        left_alone("Interest the bank paid", payments=({**FEE, "kind_code": "interest", "payee_shown": "INTEREST", "amount_pence": -50},)),
        at_the_threshold("Exactly one pound", flags=1, payments=({**FEE, "payee_shown": "OVERDRAFT FEE", "amount_pence": 1_00},)),
    ),
)


def find(spending: Spending, *, least_pence: int = 1_00) -> pl.LazyFrame:
    """One row per fee or interest taken from the account of a direct payment."""
    taken = spending.payments.filter(
        pl.col("kind_code").is_in(["fee", "interest"]) & (pl.col("amount_pence") > 0) & (pl.col("holding_code") == "direct_payment")
    )
    is_avoidable = pl.col("payee_shown").str.contains(AVOIDABLE) | (pl.col("kind_code") == "interest")
    return about_payments(taken, is_avoidable & (pl.col("amount_pence") >= least_pence))
