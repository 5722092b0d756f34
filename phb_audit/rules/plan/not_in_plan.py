"""A purchase of a kind that the plan in force does not name.

Asked only when the words say clearly what was bought, and nothing that it may be is in the plan. Where a receipt's lines have
come and the plan names some of them, only the others are asked about. A commissioner's own lists say which kinds need no line of
their own (`funded_codes`) and which are never paid for unless a plan names them (`excluded_codes`); a kind on both is excluded.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.plan_match import BESIDE, IN_PLAN, LISTED, NOT_CLEAR, OWN_RULE, SERVED, against_plan, lines_outside_plan
from phb_audit.rules.rule import WHOLE_LINE_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

SMALL, LINES, FUNDED, EXCLUDED = "small", "lines", "funded", "excluded"
SOFA: dict[str, object] = {"amount_pence": 60_00, "category_code": "H04", "match_code": "no_match"}
ART: tuple[dict[str, object], ...] = ({"category_code": "A05"},)
COUNSELLING: dict[str, object] = {"amount_pence": 60_00, "category_code": "T03", "match_code": "no_match"}

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
    waits_for=WHOLE_LINE_FEEDS,
    explained_by=("P-14", "G-15", "G-02", "G-01", "G-13", "P-09", "G-08", "G-09", "G-03", "G-05"),
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
        FUNDED: Variant(not_found="The commissioner's own list funds {category_code:category} without a line of the plan."),
        EXCLUDED: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}, read as {category_code:category} "
            "({probability_share:percent} sure). The commissioner's list funds it only where a plan names it, and this one does not.",
            ask="Ask the care co-ordinator whether the plan was meant to name it, and the holder whether they were told of the list.",
        ),
        SERVED: Variant(not_found="A line of the plan fits, or nearly fits, this purchase."),
    },
    examples=(
        flagged("A sofa, and a plan for art classes", payments=(SOFA,), plan_lines=ART),
        flagged(
            "A sofa cover on a receipt for paints: only the cover is asked about",
            payments=({"amount_pence": 80_00, "match_code": "fits"},),
            receipt_lines=(
                {"category_code": "A05", "line_total_pence": 30_00},
                {"category_code": "H04", "description": "SOFA COVER", "line_total_pence": 50_00},
            ),
            plan_lines=ART,
        ),
        left_alone(
            "A mixed basket whose other lines come to little",
            payments=({"amount_pence": 44_99, "match_code": "fits"},),
            receipt_lines=(
                {"category_code": "A05", "line_total_pence": 20_00},
                {"category_code": "H04", "description": "CUSHION", "line_total_pence": 24_99},
            ),
            plan_lines=ART,
        ),
        left_alone(
            "One of the things it may be is in the plan",
            payments=({"amount_pence": 60_00, "category_code": "H04", "set_codes": "H04|E09|A05", "match_code": "no_match"},),
            plan_lines=ART,
        ),
        left_alone(
            "The second reading of the words is in the plan",
            payments=({"category_code": "H04", "second_code": "A05", "match_code": "no_match"},),
            plan_lines=ART,
        ),
        left_alone(
            "Rent is asked about by a rule of its own (L-13)",
            payments=({"amount_pence": 420_00, "category_code": "H03", "match_code": "no_match"},),
            plan_lines=ART,
        ),
        left_alone(
            "Nothing can be shown of the payee but that it is a person",
            payments=({**SOFA, "payee_shown": "a named person"},),
            plan_lines=ART,
        ),
        left_alone(
            "The words do not settle what was bought",
            payments=({"category_code": "M04", "match_code": "no_match", "is_abstained": True},),
            plan_lines=ART,
        ),
        left_alone(
            "The bus to the art class, with no line for travel",
            payments=({"category_code": "R03", "match_code": "no_match"},),
            plan_lines=ART,
        ),
        at_the_threshold(
            "Exactly as sure as must be",
            flags=1,
            payments=({"amount_pence": 60_00, "category_code": "H04", "match_code": "no_match", "probability_share": 0.9},),
            plan_lines=ART,
        ),
        flagged(
            "The commissioner's list does not fund counselling, and the plan does not name it",
            limits={"excluded_codes": ("T03",)},
            payments=(COUNSELLING,),
            plan_lines=ART,
        ),
        left_alone(
            "Counselling is on that list, but this person's plan names it",
            limits={"excluded_codes": ("T03",)},
            payments=(COUNSELLING,),
            plan_lines=({"category_code": "T03"},),
        ),
        left_alone(
            "The commissioner's list funds counselling by itself",
            limits={"funded_codes": ("T03",)},
            payments=(COUNSELLING,),
            plan_lines=ART,
        ),
        at_the_threshold(
            "On the list of what is not funded, a penny below what is asked about",
            limits={"excluded_codes": ("T03",)},
            payments=({**COUNSELLING, "amount_pence": 14_99},),
            plan_lines=ART,
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


def find(
    spending: Spending,
    *,
    least_share: float = 0.9,
    least_pence: int = 15_00,
    least_lines_pence: int = 25_00,
    funded_codes: tuple[str, ...] = (),
    excluded_codes: tuple[str, ...] = (),
) -> pl.LazyFrame:
    """One row per purchase made while a plan was in force."""
    funded = tuple(code for code in funded_codes if code not in excluded_codes)
    lines = lines_outside_plan(spending, least_share, but=funded)
    looked_at = against_plan(spending, least_share).join(lines, on="payment_id", how="left")
    is_small = (pl.col("reason_code") == "") & (pl.col("amount_pence") < least_pence)
    is_funded = pl.col("category_code").is_in(funded)
    is_on_list = pl.col("category_code").is_in(excluded_codes) & pl.col("reason_code").is_in(("", BESIDE, LISTED, OWN_RULE))
    is_excluded = is_on_list & pl.col("is_clear") & pl.col("is_free") & (pl.col("amount_pence") >= least_pence)
    is_whole = pl.col("is_outside_plan") & (pl.col("reason_code") == "") & ~is_small & ~is_funded & ~is_excluded
    has_lines = (pl.col("outside_pence") >= least_lines_pence).fill_null(False) & (pl.col("reason_code") != OWN_RULE)
    is_lines = has_lines & ~is_whole & ~is_excluded
    is_found = is_excluded | is_whole | is_lines
    variant = (
        pl.when(is_excluded)
        .then(pl.lit(EXCLUDED))
        .when(is_whole)
        .then(pl.lit(""))
        .when(is_lines)
        .then(pl.lit(LINES))
        .when(is_funded & pl.col("is_outside_plan"))
        .then(pl.lit(FUNDED))
        .when(is_small)
        .then(pl.lit(SMALL))
    )
    looked_at = looked_at.with_columns(asked_pence=pl.when(is_lines).then("outside_pence").otherwise("amount_pence"))
    looked_at = first_at(looked_at, is_found, "payee_id")
    return about_payments(
        looked_at,
        is_found,
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
