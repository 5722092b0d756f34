"""Wages, a benefit or a pension paid into the account: it is the person's own money, and the account can then not be read."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.names import OTHER_INCOME
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

SMALL = "small"
PENSION: dict[str, object] = {"kind_code": "credit", "amount_pence": -180_00, "is_spend": False, "payee_shown": "DWP STATE PENSION"}

RULE = Rule(
    id="A-02",
    title="Other money in the account",
    family="A4",
    basis="account_terms",
    severity=2,
    outcome="query",
    looks_at="money paid into direct payments that is neither an instalment nor a supplier's refund",
    sentence="{added_pence:pounds} came in from {payee_shown} on {paid_on:day}. By its name it is wages, a benefit or a pension, "
    "not money for care.",
    not_found="By its name, {payee_shown} pays no wages, benefit or pension.",
    usual="Only the budget goes into the account, and other money for care where that was agreed.",
    innocent="The number of the wrong account was given to an employer or an office once, and it has stayed so.",
    ask="Ask the holder to have it paid into their own account, and offer help. Money of their own that lies there stays theirs.",
    clears="The payer has the person's own account from now on, or the agreement allows it.",
    overtaken="The payment in was explained or put right.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    variants={SMALL: Variant(not_found="{added_pence:pounds} is less than the {least_pence:pounds} from which it is asked about.")},
    examples=(
        flagged("A state pension", payments=(PENSION,)),
        flagged(
            "Four weeks later again: one case",
            flags=2,
            payments=(PENSION, {**PENSION, "payment_id": "P2", "paid_on": date(2026, 8, 31)}),
        ),
        left_alone("A relative adds own money: another rule (A-20)", payments=({**PENSION, "payee_shown": "a named person (Y12ab)"},)),
        left_alone("A council's own direct payment", payments=({**PENSION, "payee_shown": "LEEDS CITY COUNCIL"},)),
        at_the_threshold("Exactly the least amount asked about", flags=1, payments=({**PENSION, "amount_pence": -20_00},)),
    ),
)


def find(spending: Spending, *, least_pence: int = 20_00) -> pl.LazyFrame:
    """One row per credit that is neither an instalment nor a supplier's refund; credits of one payer are one case."""
    is_income = pl.col("payee_shown").str.contains(OTHER_INCOME) & pl.col("payee_ref").is_null()
    is_small = is_income & (pl.col("added_pence") < least_pence)
    credits = (
        spending.payments.filter(
            (pl.col("kind_code") == "credit") & (pl.col("amount_pence") < 0) & (pl.col("holding_code") == "direct_payment")
        )
        .with_columns(added_pence=-pl.col("amount_pence"))
        .with_columns(is_income=is_income & ~is_small, variant_code=pl.when(is_small).then(pl.lit(SMALL)).otherwise(pl.lit("")))
    )
    is_found = pl.col("is_income")
    return about_payments(
        first_at(credits, is_found, "payee_id"), is_found, "case_payment_id", "added_pence", "variant_code", at_stake="added_pence"
    )
