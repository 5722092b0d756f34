"""A purchase that a risk note of the plan speaks against.

That the item was agreed by name does not settle it: agreement and note may have been written by two people who did not talk. One flag
stands for all such purchases of a kind under a version of the plan; an item agreed once has its own. The note itself is not shown;
whoever holds the plan reads it there.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import PLAN_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

OWN, OTHER, NO_WORDS, AGREED = "own", "other", "no_words", "agreed"
AGAINST = r"(?i)avoid|\bnot (without|to be|safe|suitable|allowed|recommended)|must not|do not|\bnever\b|unsafe|contra.?indicat|allerg"
# Notes of any line of the plan that bear on a kind of purchase, whichever line it was bought on.
BEARS_ON = (
    ("E11", r"(?i)hot tub|\bspa\b|\bbath"),
    ("T02", r"(?i)hydro|\bpool\b"),
    ("T07", r"(?i)riding|horse|pony|equine|jolting"),
    ("A02", r"(?i)trampolin|\bcycl|\bbikes?\b|exercise (bike|equipment)"),
    ("A13", r"(?i)\bbirds?\b|\bpets?\b|\bdogs?\b|\bcats?\b|animal|\bfur\b|feather"),
)
SPA: dict[str, object] = {"category_code": "E11", "amount_pence": 899_00, "payee_shown": "POOL WORLD", "plan_line_id": "PL1/v1/1"}
NOTE: dict[str, object] = {"category_code": "E11", "risk_note": "Epilepsy: hot tubs to be avoided unless two people are present"}

RULE = Rule(
    id="P-10",
    title="A risk note speaks against it",
    family="A2",
    basis="risk_plan",
    severity=3,
    outcome="clinician",
    looks_at="purchases on a day with a plan in force that has a risk note",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. We read it as {category_code:category}. A risk note on the "
    "plan's own line for it ('{plan_line_words}') speaks against it. Please read the note in the plan.",
    not_found="The plan's risk notes do not speak of {category_code:category}.",
    usual="What a risk note warns of is not bought, or is bought with what the note asks for in place.",
    innocent="What the note asks for may be in place, such as a second person or a therapist's advice, or the note may be out of date.",
    ask="Ask the clinician today whether the person is safe with it. Do not ask the holder to give it back.",
    clears="A clinician's note that it is safe, with what must be in place, or a risk note brought up to date.",
    overtaken="The plan's risk notes or our reading of the purchase have changed.",
    same_flag=("about_key",),
    decides="payment",
    owner="Clinical lead for personalised care",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    is_safeguarding=True,
    never_settled=True,
    waits_for=PLAN_FEEDS,
    variants={
        OWN: Variant(),
        OTHER: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. We read it as {category_code:category}. A risk "
            "note of the plan in force, on another of its lines, speaks against such things. Please read the note in the plan.",
        ),
        AGREED: Variant(not_found="The plan agrees it on a line of its own that carries no such note, so it was weighed there."),
        NO_WORDS: Variant(not_found="The risk note on the plan's line for it warns of nothing; it says how it is to be done."),
    },
    examples=(
        flagged("A hot tub, agreed, and a note about epilepsy on its line", payments=(SPA,), plan_lines=(NOTE,)),
        flagged(
            "A pet, and a note about an allergy on the line for cleaning",
            payments=({"category_code": "A13", "payee_shown": "PET WORLD", "match_code": "no_match"},),
            plan_lines=({"plan_line_id": "PL1/v1/2", "category_code": "H04", "risk_note": "Severe allergy to fur and feathers"},),
        ),
        left_alone(
            "A note that says how it is done",
            payments=(SPA,),
            plan_lines=({**NOTE, "risk_note": "Two people present; temperature checked"},),
        ),
        left_alone(
            "Riding on a line of its own, without a note, while another line for riding has one",
            payments=({"category_code": "T07", "plan_line_id": "PL1/v1/2", "probability_share": 0.95},),
            plan_lines=({"category_code": "T07", "risk_note": "Unstable spine: riding to be avoided"},),
        ),
        flagged(
            "Two purchases of the kind: one flag",
            payments=(
                {**SPA, "plan_line_id": None, "match_code": "no_match"},
                {**SPA, "plan_line_id": None, "match_code": "no_match", "payment_id": "P2", "paid_on": date(2026, 9, 3)},
            ),
            plan_lines=(NOTE,),
        ),
        left_alone("Another kind of purchase", payments=({"plan_line_id": "PL1/v1/9"},), plan_lines=(NOTE,)),
        left_alone(
            "A reading of a pet shop that is not sure", payments=({"category_code": "E11", "is_abstained": True},), plan_lines=(NOTE,)
        ),
        at_the_threshold(
            "Read with exactly the certainty asked for, on no line of its own",
            flags=1,
            payments=({**SPA, "plan_line_id": None, "match_code": "no_match", "probability_share": 0.9},),
            plan_lines=(NOTE,),
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.9) -> pl.LazyFrame:
    """One row per purchase on a day with a plan that has a risk note."""
    notes = spending.plan_lines.filter(pl.col("risk_note").fill_null("") != "").select(
        "plan_version_id", "plan_line_id", "risk_note", is_against=pl.col("risk_note").str.contains(AGAINST)
    )
    own = notes.select("plan_line_id", has_own=pl.lit(True), is_own_against="is_against").unique("plan_line_id")
    warned = pl.concat(
        [
            notes.filter("is_against").filter(pl.col("risk_note").str.contains(words)).select("plan_version_id", category_code=pl.lit(code))
            for code, words in BEARS_ON
        ]
    ).unique()
    bought = spending.payments.filter(
        (pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0) & pl.col("plan_version_id").is_not_null()
    ).join(notes.select("plan_version_id").unique(), on="plan_version_id", how="semi")
    is_sure = ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share)
    rows = (
        bought.join(own, on="plan_line_id", how="left")
        .join(warned.with_columns(is_warned=pl.lit(True)), on=["plan_version_id", "category_code"], how="left")
        .with_columns(
            is_own=(pl.col("is_own_against") & (pl.col("match_code") == "fits")).fill_null(False),
            is_warned=(pl.col("is_warned") & is_sure).fill_null(False),
        )
        .with_columns(is_other=pl.col("is_warned") & (pl.col("match_code") != "fits"))
    )
    is_found = pl.col("is_own") | pl.col("is_other")
    variant = (
        pl.when("is_own")
        .then(pl.lit(OWN))
        .when("is_other")
        .then(pl.lit(OTHER))
        .when("is_warned")
        .then(pl.lit(AGREED))
        .when(pl.col("has_own").fill_null(False))
        .then(pl.lit(NO_WORDS))
        .otherwise(pl.lit(""))
        .alias("variant_code")
    )
    rows = first_at(rows, is_found, "plan_version_id", "category_code")
    is_item = pl.col("is_own") & (pl.col("line_frequency_code") == "one-off").fill_null(False)
    about_key = pl.when(is_item).then("payment_id").otherwise(pl.concat_str(pl.col("plan_version_id").cast(pl.String), "category_code"))
    return about_payments(rows, is_found, "case_payment_id", "category_code", "plan_line_words", variant_code=variant, about_key=about_key)
