"""A one-off item of the plan is bought a second time.

The first may have broken, been stolen or not fitted: a clinician is asked whether a second is needed, not the holder what they did.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.on_lines import one_off_items
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

FIRST = "first"
LINE: dict[str, object] = {
    "plan_line_id": "PL1/v1/1",
    "plan_line_words": "Games console",
    "line_frequency_code": "one-off",
    "line_amount_pence": 300_00,
    "amount_pence": 299_00,
}
AGAIN: dict[str, object] = {**LINE, "payment_id": "P2", "paid_on": date(2026, 9, 20)}
ONE_LINE: tuple[dict[str, object], ...] = ({"frequency_code": "one-off", "category_code": "A03", "amount_pence": 300_00},)

RULE = Rule(
    id="P-07",
    title="One-off item bought again",
    family="A2",
    basis="outcome_test",
    severity=2,
    outcome="clinician",
    looks_at="payments that surely belong to the only line of the plan that agrees such an item once",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for '{plan_line_words}', which the plan agrees once, for "
    "{agreed_pence:pounds}. {before_pence:pounds} had been spent on it before, last on {before_on:day}.",
    not_found="{before_pence:pounds} had been spent before on '{plan_line_words}', for which the plan agrees {agreed_pence:pounds}; this "
    "payment is a part of it, or something small that goes with it.",
    usual="An item agreed once is bought once, at times in two parts.",
    innocent="The first may have broken, been stolen, been the wrong size or been sent back, with the refund still to come.",
    ask="Ask the care co-ordinator or clinician if the old one was replaced, and if a second one serves the outcome.",
    clears="A note that it was replaced or agreed anew, or a refund of one of the two.",
    overtaken="The plan or the payments on its line have changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    explained_by=("P-14", "G-02", "G-01", "G-13", "G-09", "G-03", "G-05"),
    variants={FIRST: Variant(not_found="Nothing had been spent on '{plan_line_words}' before this payment.")},
    examples=(
        flagged("A second console on a line that agreed one", payments=(LINE, AGAIN), plan_lines=ONE_LINE),
        left_alone("The first console", payments=(LINE,), plan_lines=ONE_LINE),
        left_alone(
            "Deposit and balance", payments=({**LINE, "amount_pence": 100_00}, {**AGAIN, "amount_pence": 200_00}), plan_lines=ONE_LINE
        ),
        left_alone("A game for it", payments=(LINE, {**AGAIN, "amount_pence": 40_00}), plan_lines=ONE_LINE),
        left_alone(
            "The first was sent back",
            payments=(LINE, {**LINE, "payment_id": "P3", "paid_on": date(2026, 8, 20), "amount_pence": -299_00}, AGAIN),
            plan_lines=ONE_LINE,
        ),
        left_alone(
            "The first came back whole, in a line that names no item",
            payments=(LINE, AGAIN),
            refund_links=({"back_pence": 299_00, "bought_pence": 299_00},),
            plan_lines=ONE_LINE,
        ),
        flagged(
            "A part of the first came back",
            payments=(LINE, AGAIN),
            refund_links=({"back_pence": 20_00, "bought_pence": 299_00, "left_pence": 279_00},),
            plan_lines=ONE_LINE,
        ),
        left_alone(
            "The plan agrees two of the kind", payments=(LINE, AGAIN), plan_lines=(*ONE_LINE, {**ONE_LINE[0], "plan_line_id": "PL1/v1/2"})
        ),
        at_the_threshold(
            "80 percent had been spent, and half is paid anew",
            flags=1,
            payments=({**LINE, "amount_pence": 240_00}, {**AGAIN, "amount_pence": 150_00}),
            plan_lines=ONE_LINE,
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.8) -> pl.LazyFrame:
    """One row per payment on a line agreed once."""
    rows = one_off_items(spending, least_share)
    variant = pl.when(pl.col("before_on").is_null()).then(pl.lit(FIRST)).otherwise(pl.lit("")).alias("variant_code")
    rows = rows.with_columns(amount_pence="paid_pence")
    return about_payments(rows, pl.col("is_again"), "plan_line_words", "agreed_pence", "before_pence", "before_on", variant_code=variant)
