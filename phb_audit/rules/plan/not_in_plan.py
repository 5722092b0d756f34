"""A purchase of a kind that the plan in force does not name.

Asked only when the words say clearly what was bought, and nothing that it may be is in the plan. Where a receipt's lines have
come and the plan names some of them, only the others are asked about.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.plan_match import BESIDE, IN_PLAN, LISTED, NOT_CLEAR, OWN_RULE, SERVED, against_plan, lines_outside_plan
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

SMALL, LINES = "small", "lines"

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
    explained_by=("P-14", "G-02", "G-01", "G-13", "P-09", "G-08", "G-09", "G-03", "G-05"),
    variants={
        NOT_CLEAR: Variant(not_found="The words do not settle what was bought, so the plan cannot be held against it."),
        LISTED: Variant(not_found="Whether {category_code:category} serves the plan is a clinician's question (P-03)."),
        OWN_RULE: Variant(not_found="Whether the budget pays for {category_code:category} is asked by rules of their own (L-12, L-13)."),
        BESIDE: Variant(not_found="{category_code:category} goes with, or is near to, something the plan names."),
        IN_PLAN: Variant(),
        SMALL: Variant(not_found="{amount_pence:pounds} is below the {least_pence:pounds} from which this is asked."),
        LINES: Variant(
            sentence="The receipt beside the {amount_pence:pounds} paid to {payee_shown} on {paid_on:day} has {outside_count:many line} of "
            "{outside_pence:pounds} together, '{item_shown}' the dearest, read as {item_code:category}, a kind that no line of the plan in "
            "force on that day names. Only these are asked about, not the rest of the receipt.",
        ),
        SERVED: Variant(not_found="A line of the plan fits, or nearly fits, this purchase."),
    },
    examples=(
        flagged(
            "A sofa, and a plan for art classes",
            payments=({"amount_pence": 60_00, "category_code": "H04", "match_code": "no_match"},),
            plan_lines=({"category_code": "A05"},),
        ),
        flagged(
            "A sofa cover on a receipt for paints: only the cover is asked about",
            payments=({"amount_pence": 80_00, "match_code": "fits"},),
            receipt_lines=(
                {"category_code": "A05", "line_total_pence": 30_00},
                {"category_code": "H04", "description": "SOFA COVER", "line_total_pence": 50_00},
            ),
            plan_lines=({"category_code": "A05"},),
        ),
        left_alone(
            "A mixed basket whose other lines come to little",
            payments=({"amount_pence": 44_99, "match_code": "fits"},),
            receipt_lines=(
                {"category_code": "A05", "line_total_pence": 20_00},
                {"category_code": "H04", "description": "CUSHION", "line_total_pence": 24_99},
            ),
            plan_lines=({"category_code": "A05"},),
        ),
        left_alone(
            "One of the things it may be is in the plan",
            payments=({"amount_pence": 60_00, "category_code": "H04", "set_codes": "H04|E09|A05", "match_code": "no_match"},),
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


def find(spending: Spending, *, least_share: float = 0.9, least_pence: int = 15_00, least_lines_pence: int = 25_00) -> pl.LazyFrame:
    """One row per purchase made while a plan was in force."""
    looked_at = against_plan(spending, least_share).join(lines_outside_plan(spending, least_share), on="payment_id", how="left")
    is_small = (pl.col("reason_code") == "") & (pl.col("amount_pence") < least_pence)
    is_whole = pl.col("is_outside_plan") & (pl.col("reason_code") == "") & ~is_small
    is_lines = ~is_whole & (pl.col("reason_code") != OWN_RULE) & (pl.col("outside_pence") >= least_lines_pence).fill_null(False)
    variant = pl.when(is_whole).then(pl.lit("")).when(is_lines).then(pl.lit(LINES)).when(is_small).then(pl.lit(SMALL))
    looked_at = looked_at.with_columns(asked_pence=pl.when(is_lines).then("outside_pence").otherwise("amount_pence"))
    looked_at = first_at(looked_at, is_whole | is_lines, "payee_id")
    return about_payments(
        looked_at,
        is_whole | is_lines,
        "case_payment_id",
        "category_code",
        "second_code",
        "probability_share",
        "lines_count",
        "outside_count",
        "outside_pence",
        "item_shown",
        "item_code",
        at_stake="asked_pence",
        variant_code=variant.otherwise("reason_code"),
    )
