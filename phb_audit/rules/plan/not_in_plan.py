"""A purchase of a kind that the plan in force does not name.

Asked only when the words say clearly what was bought, and neither the first nor the second reading of them is in the plan.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.plan_match import BESIDE, IN_PLAN, LISTED, NOT_CLEAR, OWN_RULE, SERVED, against_plan
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

SMALL = "small"

RULE = Rule(
    id="P-02",
    title="Kind of purchase not in the plan",
    family="A2",
    basis="care_plan",
    severity=2,
    outcome="query",
    looks_at="purchases from direct payments and third-party budgets on a day with a plan in force, leaving aside pay, fees, "
    "cash and transfers",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. We read it as {category_code:category} "
    "({probability_share:percent} sure), and no line of the plan in force on that day names that kind of purchase.",
    not_found="The plan in force names the first or the second reading of the words: {category_code:category}, or {second_code:category}.",
    usual="Nearly all purchases fit one of the kinds the plan names ({lines_count} in this plan).",
    innocent="The plan may be worded broadly, the purchase may replace a planned one at short notice, or we may have misread the words.",
    ask="Ask the holder what it was for. Ask the care co-ordinator whether it serves an outcome in the plan.",
    clears="A plan line or a note that agrees it, or a receipt that shows something the plan names.",
    overtaken="The plan on file or our reading of the purchase has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    explained_by=("G-01", "G-02", "G-09", "P-09"),
    variants={
        NOT_CLEAR: Variant(not_found="The words do not settle what was bought, so the plan cannot be held against it."),
        LISTED: Variant(not_found="Whether {category_code:category} serves the plan is a clinician's question (P-03)."),
        OWN_RULE: Variant(not_found="Whether the budget pays for {category_code:category} is asked by rules of their own (L-12, L-13)."),
        BESIDE: Variant(not_found="{category_code:category} goes with, or is near to, something the plan names."),
        IN_PLAN: Variant(),
        SMALL: Variant(not_found="{amount_pence:pounds} is below the {least_pence:pounds} from which this is asked."),
        SERVED: Variant(not_found="A line of the plan fits, or nearly fits, this purchase."),
    },
    examples=(
        flagged(
            "A sofa, and a plan for art classes",
            payments=({"amount_pence": 60_00, "category_code": "H04", "match_code": "no_match"},),
            plan_lines=({"category_code": "A05"},),
        ),
        left_alone(
            "The second reading of the words is in the plan",
            payments=({"category_code": "H04", "second_code": "A05", "match_code": "no_match"},),
            plan_lines=({"category_code": "A05"},),
        ),
        left_alone(
            "Rent is asked about by a rule of its own (L-13)",
            payments=({"amount_pence": 420_00, "category_code": "H03", "match_code": "no_match"},),
            plan_lines=({"category_code": "A05"},),
        ),
        left_alone(
            "Nothing can be shown of the payee but that it is a person",
            payments=({"amount_pence": 60_00, "category_code": "H04", "match_code": "no_match", "payee_shown": "a named person"},),
            plan_lines=({"category_code": "A05"},),
        ),
        left_alone(
            "The words do not settle what was bought",
            payments=({"category_code": "M04", "match_code": "no_match", "is_abstained": True},),
            plan_lines=({"category_code": "A05"},),
        ),
        left_alone(
            "The bus to the art class, with no line for travel",
            payments=({"category_code": "R03", "match_code": "no_match"},),
            plan_lines=({"category_code": "A05"},),
        ),
        at_the_threshold(
            "Exactly as sure as must be",
            flags=1,
            payments=({"amount_pence": 60_00, "category_code": "H04", "match_code": "no_match", "probability_share": 0.9},),
            plan_lines=({"category_code": "A05"},),
        ),
        agreed_exception(
            "The item was agreed by name, under another category",
            flags=0,
            payments=(
                {"category_code": "H04", "match_code": "fits", "is_preapproved": True, "plan_line_id": "PL1/v1/1", "amount_pence": 80_00},
            ),
            plan_lines=({"category_code": "A05", "amount_pence": 100_00, "frequency_code": "one-off", "is_preapproved": True},),
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.9, least_pence: int = 15_00) -> pl.LazyFrame:
    """One row per purchase made while a plan was in force."""
    looked_at = against_plan(spending, least_share)
    is_small = (pl.col("reason_code") == "") & (pl.col("amount_pence") < least_pence)
    is_found = pl.col("is_outside_plan") & (pl.col("reason_code") == "") & ~is_small
    variant = pl.when(is_small).then(pl.lit(SMALL)).when(~is_found).then(pl.col("reason_code")).otherwise(pl.lit("")).alias("variant_code")
    looked_at = first_at(looked_at, is_found, "payee_id")
    return about_payments(
        looked_at, is_found, "case_payment_id", "category_code", "second_code", "probability_share", "lines_count", variant_code=variant
    )
