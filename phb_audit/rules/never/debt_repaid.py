"""A loan, credit card or arrears repaid from the budget, unless it is a debt for a service in the plan."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.names import PAY_LATER, business_names
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

ON_CREDIT, COLLECTOR = "on_credit", "collector"
COLLECTS = r"(?i)debt ?(recov|collect)"

RULE = Rule(
    id="L-04",
    title="Debt repaid",
    family="A1",
    basis="debts",
    severity=3,
    outcome="query",
    looks_at="purchases and transfers out of direct payments and third-party budgets",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. We read it as a loan, credit card or arrears "
    "repaid ({probability_share:percent} sure).",
    not_found="It does not read as a debt repaid, or the plan in force has a line it serves.",
    usual="Direct payments repay no debts. The exception is a debt for a service in the plan.",
    innocent="Care may have been paid by credit card in a hurry and the card settled from the budget, or it is rent the plan agrees.",
    ask="Ask the holder what the debt was for.",
    clears="Papers that show the debt was for a service in the plan, or the amount paid back.",
    overtaken="Our reading of the payment or the plan has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("plans", "plan_lines"),
    variants={
        COLLECTOR: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. The name is that of a firm that collects debts."
        ),
        ON_CREDIT: Variant(not_found="It was bought on credit, which another rule looks at (A-17)."),
    },
    examples=(
        flagged(
            "A credit card payment", payments=({"category_code": "X04", "payee_shown": "BIG BANK CREDIT CARD", "match_code": "no_match"},)
        ),
        flagged(
            "A firm that collects debts, by its name alone",
            payments=(
                {
                    "payee_shown": "Lists Debt Recov",
                    "category_code": "Z04",
                    "is_abstained": True,
                    "probability_share": 0.2,
                    "match_code": "unclear",
                },
            ),
        ),
        left_alone("A debt the plan names", payments=({"category_code": "X04", "match_code": "fits", "plan_line_id": "PL1/v1/1"},)),
        left_alone(
            "Bought now to be paid later: another rule (A-17) asks what was bought",
            payments=({"category_code": "X04", "payee_shown": "KLARNA*HOMEWARE", "match_code": "no_match"},),
        ),
        at_the_threshold(
            "Just less sure than asked for", payments=({"category_code": "X04", "match_code": "no_match", "probability_share": 0.69},)
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.7) -> pl.LazyFrame:
    """One row per purchase or transfer."""
    out = spending.payments.filter(
        pl.col("kind_code").is_in(["purchase", "transfer"]) & (pl.col("amount_pence") > 0) & (pl.col("holding_code") != "notional")
    )
    collectors = business_names(spending).filter(pl.col("payee_shown").str.contains(COLLECTS)).with_columns(collects=pl.lit(True))
    out = out.join(collectors, on="payee_shown", how="left")
    is_read = (pl.col("category_code") == "X04") & ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share)
    is_collector = ~is_read & pl.col("collects").fill_null(False)
    is_unplanned = (is_read | is_collector) & (pl.col("match_code") != "fits")
    is_on_credit = pl.when(is_unplanned).then(pl.col("payee_shown")).str.contains(PAY_LATER).fill_null(False)
    variant = pl.when(is_on_credit).then(pl.lit(ON_CREDIT)).when(is_collector).then(pl.lit(COLLECTOR)).otherwise(pl.lit(""))
    found = is_unplanned & ~is_on_credit
    return about_payments(out, found, "category_code", "probability_share", variant_code=variant.alias("variant_code"))
