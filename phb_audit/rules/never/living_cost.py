"""An ordinary living cost, such as rent, energy or food, that the plan in force does not name.

Plans have agreed such costs, for example energy for equipment, or rent while works were done. So this asks, and refuses nothing. A plan
that agrees a little extra energy agrees no rent: a payment several times its line is asked about as well.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.own_kinds import LEFT_ALONE, outside_plan
from phb_audit.rules.plan_match import LIVING
from phb_audit.rules.rule import WHOLE_LINE_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending

HOUSING, BEYOND = "H03", "beyond"
RHYTHMS = ("weekly", "4-weekly", "monthly")
ART: tuple[dict[str, object], ...] = ({"category_code": "E05"},)
RENT: dict[str, object] = {"category_code": "H03", "match_code": "no_match", "amount_pence": 420_00, "payee_shown": "CITY LETTINGS"}
ENERGY: dict[str, object] = {
    "match_code": "fits",
    "probability_share": 0.98,
    "plan_line_id": "PL1/v1/1",
    "plan_line_words": "Extra heating",
    "line_amount_pence": 52_00,
    "line_frequency_code": "monthly",
}

RULE = Rule(
    id="L-13",
    title="Ordinary living cost",
    family="A1",
    basis="living_costs",
    severity=2,
    outcome="query",
    looks_at="purchases read as housing, energy or food from direct payments and third-party budgets on a day with a plan in force",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. We read it as {category_code:category} "
    "({probability_share:percent} sure), an ordinary living cost that no line of the plan in force on that day names.",
    not_found="The plan in force names {category_code:category}.",
    usual="Rent, energy and food are paid from other money, unless one of the plan's lines agrees them ({lines_count} in this plan).",
    innocent="The wrong card may have been used and the money put back, or the cost goes with an agreed thing: power for a hoist, or a "
    "meal on an outing.",
    ask="Ask the holder what it was for, and whether it was meant to be paid from this account.",
    clears="A plan line or a note that agrees it, a receipt that shows something else, or the amount paid back.",
    overtaken="The plan on file or our reading of the purchase has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=WHOLE_LINE_FEEDS,
    explained_by=("P-14", "G-02", "G-01", "G-13", "P-09", "G-08", "G-09", "G-03", "G-05"),
    variants={
        **LEFT_ALONE,
        BEYOND: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. We read it as {category_code:category} "
            "({probability_share:percent} sure). The plan has '{plan_line_words}' for {line_amount_pence:pounds} {line_frequency_code}, "
            "which is far less: this may be another living cost.",
            usual="Payments on such a line come to about what it agrees.",
            innocent="Several months may have been paid at once, or a yearly bill came.",
        ),
    },
    examples=(
        flagged("A month's rent, and a plan for a communication aid", payments=(RENT,), plan_lines=ART),
        left_alone("Energy that the plan names", payments=(RENT,), plan_lines=({"category_code": "H03"},)),
        flagged(
            "Rent, and a plan with a little extra energy each month",
            payments=({**RENT, **ENERGY, "amount_pence": 420_00},),
            plan_lines=({"category_code": "H03"},),
        ),
        left_alone(
            "Two months of extra energy", payments=({**RENT, **ENERGY, "amount_pence": 104_00},), plan_lines=({"category_code": "H03"},)
        ),
        left_alone(
            "A meal, and a plan with days out",
            payments=({**RENT, "category_code": "H02", "amount_pence": 24_00},),
            plan_lines=({"category_code": "A08"},),
        ),
        left_alone(
            "Rent, where a later version of the plan names it", payments=({**RENT, "later_plan_line_id": "PL1/v2/3"},), plan_lines=ART
        ),
        left_alone("The words do not settle it", payments=({**RENT, "is_abstained": True},), plan_lines=ART),
        at_the_threshold("Exactly 15 pounds", flags=1, payments=({**RENT, "amount_pence": 15_00},), plan_lines=ART),
        at_the_threshold(
            "A line of the plan nearly fits, and the words are just less sure than would outweigh it",
            payments=({**RENT, "match_code": "unclear", "probability_share": 0.94},),
            plan_lines=ART,
        ),
        agreed_exception(
            "Rent agreed by name under another kind",
            payments=({**RENT, "match_code": "fits", "is_preapproved": True, "plan_line_id": "PL1/v1/1", "line_amount_pence": 420_00},),
            plan_lines=ART,
        ),
    ),
)


def find(
    spending: Spending,
    *,
    codes: tuple[str, ...] = LIVING,
    least_share: float = 0.8,
    sure_share: float = 0.95,
    least_pence: int = 15_00,
    times_of_line: float = 4.0,
    beyond_pence: int = 150_00,
) -> pl.LazyFrame:
    """One row per purchase of these kinds made while a plan was in force."""
    on_lines = spending.payments.filter(
        pl.col("category_code").is_in(codes)
        & (pl.col("match_code") == "fits")
        & ~pl.col("is_preapproved")
        & pl.col("line_frequency_code").is_in(RHYTHMS)
    ).select("payment_id", "plan_line_words", "line_amount_pence", "line_frequency_code")
    rows = outside_plan(spending, codes, least_share, sure_share, least_pence).join(on_lines, on="payment_id", how="left")
    is_beyond = (
        (pl.col("category_code") == HOUSING)
        & (pl.col("probability_share") >= sure_share)
        & (pl.col("amount_pence") >= pl.col("line_amount_pence") * times_of_line)
        & (pl.col("amount_pence") >= beyond_pence)
    ).fill_null(False)
    return rows.with_columns(
        pl.col("is_found") | is_beyond,
        case_payment_id=pl.when(is_beyond).then("payment_id").otherwise("case_payment_id"),
        variant_code=pl.when(is_beyond).then(pl.lit(BEYOND)).otherwise("variant_code"),
    )
