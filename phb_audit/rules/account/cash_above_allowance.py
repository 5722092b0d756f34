"""Cash drawn in a month beyond what was agreed.

Only the withdrawals that pass the allowance are asked about, and only for the part beyond it.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

WITHIN = "within"

RULE = Rule(
    id="A-04",
    title="Cash above the allowance",
    family="A4",
    basis="cash",
    severity=2,
    outcome="query",
    looks_at="cash withdrawals from direct payments",
    sentence="Cash in {month_on:month} came to {month_pence:pounds}; the allowance is {allowed_pence:pounds} a month. "
    "Of the {amount_pence:pounds} drawn on {paid_on:day}, {beyond_pence:pounds} is beyond it (small withdrawals are counted first).",
    not_found="Cash drawn in {month_on:month} was {month_pence:pounds}; the allowance is {allowed_pence:pounds}.",
    usual="Cash up to what the plan agrees, or {allowance_pence:pounds} a month where the plan says nothing.",
    innocent="Buses, markets, small clubs and helpers at events often take only cash, and a card can be lost for a month.",
    ask="Ask the holder what the cash was for and for any slips. If cash is needed, agree an amount in the plan.",
    clears="Slips or a short note of what was bought, or a cash amount agreed in the plan.",
    overtaken="The cash allowance in the plan changed, or a withdrawal was put right.",
    same_flag=("payment_id",),
    decides="cash",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("plans", "plan_lines"),
    explained_by=("P-01", "G-02", "G-01", "G-03", "G-05"),
    variants={
        WITHIN: Variant(
            not_found="Cash drawn in {month_on:month} was {month_pence:pounds}; the allowance is {allowed_pence:pounds}. Counting small "
            "withdrawals first, this one is within it."
        )
    },
    examples=(
        flagged(
            "Two withdrawals of 30 pounds in August: the second passes the allowance",
            payments=(
                {"payment_id": "P1", "kind_code": "cash", "amount_pence": 30_00},
                {"payment_id": "P2", "kind_code": "cash", "amount_pence": 30_00, "paid_on": date(2026, 8, 9)},
            ),
        ),
        left_alone(
            "The plan agrees 20 pounds of cash a week",
            payments=({"kind_code": "cash", "amount_pence": 80_00},),
            plan_lines=({"category_code": "Z01", "annual_pence": 1_040_00},),
        ),
        flagged(
            "A large withdrawal and a small one after it: only the large one is asked about",
            payments=(
                {"payment_id": "P1", "kind_code": "cash", "amount_pence": 90_00},
                {"payment_id": "P2", "kind_code": "cash", "amount_pence": 10_00, "paid_on": date(2026, 8, 20)},
            ),
        ),
        at_the_threshold("Exactly the allowance", payments=({"kind_code": "cash", "amount_pence": 50_00},)),
    ),
)


def find(spending: Spending, *, allowance_pence: int = 50_00) -> pl.LazyFrame:
    """One row per cash withdrawal of a direct payment."""
    month = pl.col("paid_on").dt.truncate("1mo")
    agreed = (
        spending.plan_lines.filter(pl.col("category_code") == "Z01")
        .group_by("plan_version_id")
        .agg((pl.col("annual_pence").sum() // 12).alias("agreed_pence"))
    )
    cash = (
        spending.payments.filter(
            (pl.col("kind_code") == "cash") & (pl.col("amount_pence") > 0) & (pl.col("holding_code") == "direct_payment")
        )
        .join(agreed, on="plan_version_id", how="left")
        # Small withdrawals fill the allowance first, so that the question is about the large ones.
        .sort("amount_pence", "paid_on", "payment_id")
        .with_columns(
            month_on=month,
            allowed_pence=pl.max_horizontal(pl.col("agreed_pence").fill_null(0), pl.lit(allowance_pence)),
            drawn_pence=pl.col("amount_pence").cum_sum().over("holder_id", month),
            month_pence=pl.col("amount_pence").sum().over("holder_id", month),
        )
        .with_columns(beyond_pence=pl.min_horizontal("amount_pence", pl.col("drawn_pence") - pl.col("allowed_pence")).clip(0))
    )
    is_found = pl.col("beyond_pence") > 0
    is_within = ~is_found & (pl.col("month_pence") > pl.col("allowed_pence"))
    cash = cash.with_columns(variant_code=pl.when(is_within).then(pl.lit(WITHIN)).otherwise(pl.lit("")))
    measured = ("month_on", "month_pence", "allowed_pence", "beyond_pence", "variant_code")
    return about_payments(cash, is_found, *measured, at_stake="beyond_pence")
