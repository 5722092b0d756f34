"""Bought on credit, to be paid later in parts: the holder owes money for something the receipts may not show."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.names import PAY_LATER, named
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

IN_PLAN, SMALL = "in_plan", "small"
LATER: dict[str, object] = {"payee_shown": "KLARNA*HOMEWARE", "category_code": "X04", "match_code": "no_match"}

RULE = Rule(
    id="A-17",
    title="Bought on credit",
    family="A4",
    basis="exclusions",
    severity=2,
    outcome="query",
    looks_at="payments out of direct payments and third-party budgets to firms that let people buy now and pay later",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. The firm lets people buy now and pay later, so we do not "
    "see what was bought, nor what is still owed.",
    not_found="A receipt stands beside it and the plan in force has a line it serves.",
    usual="Things are bought with money that is there. A debt is paid from the budget only where it is for a service in the plan.",
    innocent="Such firms also take payment in full, and something in the plan may have cost more than was in the account that month.",
    ask="Ask the holder what was bought and whether more is to be paid. If the account ran short, tell the care co-ordinator.",
    clears="A receipt for something the plan agrees, or proof that it was paid in full.",
    overtaken="A receipt was added, or the plan now has a line for it.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("plans", "plan_lines", "receipts"),
    variants={
        IN_PLAN: Variant(),
        SMALL: Variant(not_found="{amount_pence:pounds} is less than the {least_pence:pounds} from which it is asked about."),
    },
    examples=(
        flagged("36 pounds to a buy-now-pay-later firm", payments=({**LATER, "amount_pence": 36_00},)),
        flagged(
            "Two parts of one purchase are one case",
            flags=2,
            payments=(LATER, {**LATER, "payment_id": "P2", "paid_on": date(2026, 9, 3)}),
        ),
        left_alone(
            "The receipt shows what was bought, and the plan has a line for it",
            payments=({**LATER, "match_code": "fits", "plan_line_id": "PL1/v1/1", "receipt_id": "R1"},),
        ),
        left_alone("A shop whose name only begins alike", payments=({"payee_shown": "CLEAR PAYROLL SERVICES"},)),
        at_the_threshold("Exactly the least amount asked about", flags=1, payments=({**LATER, "amount_pence": 10_00},)),
    ),
)


def find(spending: Spending, *, least_pence: int = 10_00) -> pl.LazyFrame:
    """One row per payment to a firm that lets people pay later; parts paid to one firm are one case."""
    out = spending.payments.filter(
        pl.col("kind_code").is_in(["purchase", "transfer"]) & (pl.col("amount_pence") > 0) & (pl.col("holding_code") != "notional")
    )
    is_in_plan = (pl.col("match_code") == "fits") & pl.col("receipt_id").is_not_null()
    variant = (
        pl.when(is_in_plan)
        .then(pl.lit(IN_PLAN))
        .when(pl.col("amount_pence") < least_pence)
        .then(pl.lit(SMALL))
        .otherwise(pl.lit(""))
        .alias("variant_code")
    )
    rows = named(spending, out, PAY_LATER).with_columns(variant)
    is_found = pl.col("variant_code") == ""
    return about_payments(first_at(rows, is_found, "payee_id"), is_found, "case_payment_id", "variant_code")
