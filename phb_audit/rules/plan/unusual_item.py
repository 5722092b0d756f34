"""A kind of purchase that is unusual for the programme, not named in the plan, while the plan has an outcome it could serve.

Such purchases have been rightly agreed for many people. The question goes to a clinician, never to the holder first.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.plan_match import BESIDE, IN_PLAN, LISTED, NOT_CLEAR, OWN_RULE, SERVED, against_plan
from phb_audit.rules.rule import WHOLE_LINE_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

NOT_LISTED, SMALL = "not_listed", "small"
# No summer house and no hot tub costs less: a small payment that reads so is something else.
BIG_ITEMS = ("E10", "E11")
HOT_TUB: dict[str, object] = {"category_code": "E11", "match_code": "no_match", "amount_pence": 899_00, "payee_shown": "POOL WORLD"}
WELLBEING: tuple[dict[str, object], ...] = ({"outcome_text": "Feel calmer and sleep better"},)

RULE = Rule(
    id="P-03",
    title="Unusual item that may serve an outcome",
    family="A2",
    basis="outcome_test",
    severity=2,
    outcome="clinician",
    looks_at="purchases from direct payments and third-party budgets on a day with a plan in force, leaving aside pay, fees, "
    "cash and transfers",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. We read it as {category_code:category} "
    "({probability_share:percent} sure). "
    "The plan does not name it, but has a wide outcome, which a clinician may find that it serves: '{general_outcome}'.",
    not_found="The plan in force names the first or the second reading of the words: {category_code:category}, or {second_code:category}.",
    usual="Items like this are rare in the programme, and where they were looked into, most had been agreed for a good reason.",
    innocent="It may replace a service that was not to be had, or serve the outcome better or cheaper than the usual service.",
    ask="Ask the care co-ordinator or clinician: does it serve the outcome, and was it talked about? Not the holder first.",
    clears="A clinician's note that it serves an outcome, or a plan line that names it.",
    overtaken="The plan on file or our reading of the purchase has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=WHOLE_LINE_FEEDS,
    explained_by=("P-14", "G-02", "G-01", "G-13", "P-09", "G-08", "G-09", "G-03", "G-05"),
    variants={
        IN_PLAN: Variant(),
        LISTED: Variant(not_found="It was agreed by name, or a later version of the plan names it (see P-17)."),
        SMALL: Variant(
            not_found="{amount_pence:pounds} is below the {least_pence:pounds} ({big_pence:pounds} for garden buildings and hot "
            "tubs) from which this is asked."
        ),
        BESIDE: Variant(not_found="{category_code:category} goes with, or is near to, something the plan names."),
        SERVED: Variant(not_found="A line of the plan fits, or nearly fits, this purchase."),
        NOT_CLEAR: Variant(not_found="The words do not settle what was bought, so the plan cannot be held against it."),
        NOT_LISTED: Variant(
            not_found="{category_code:category} is not on the list of unusual items, or the plan has no general outcome (see P-02)."
        ),
    },
    examples=(
        flagged("A hot tub, and a plan about feeling calmer", payments=(HOT_TUB,), plan_outcomes=WELLBEING),
        left_alone("The plan names hot tubs", payments=(HOT_TUB,), plan_outcomes=WELLBEING, plan_lines=({"category_code": "E11"},)),
        left_alone(
            "A plan without a general outcome: an ordinary question (P-02)", payments=(HOT_TUB,), plan_outcomes=({"outcome_text": "n/a"},)
        ),
        at_the_threshold("Exactly as sure as must be", flags=1, payments=({**HOT_TUB, "probability_share": 0.8},), plan_outcomes=WELLBEING),
        agreed_exception(
            "The hot tub was agreed by name",
            payments=({**HOT_TUB, "match_code": "fits", "is_preapproved": True, "plan_line_id": "PL1/v1/1", "line_amount_pence": 900_00},),
            plan_outcomes=WELLBEING,
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.8, least_pence: int = 25_00, big_pence: int = 150_00) -> pl.LazyFrame:
    """One row per purchase made while a plan was in force."""
    looked_at = against_plan(spending, least_share)
    least = pl.when(pl.col("category_code").is_in(BIG_ITEMS)).then(big_pence).otherwise(least_pence)
    is_found = pl.col("is_outside_plan") & pl.col("is_listed") & (pl.col("amount_pence") >= least)
    is_small = pl.col("is_outside_plan") & pl.col("is_listed") & ~is_found
    variant = (
        pl.when(is_found)
        .then(pl.lit(""))
        .when(is_small)
        .then(pl.lit(SMALL))
        .when(pl.col("reason_code").is_in(["", OWN_RULE]))
        .then(pl.lit(NOT_LISTED))
        .otherwise("reason_code")
        .alias("variant_code")
    )
    looked_at = first_at(looked_at, is_found, "payee_id")
    return about_payments(
        looked_at, is_found, "case_payment_id", "category_code", "second_code", "probability_share", "general_outcome", variant_code=variant
    )
