"""A purchase of a kind a list of ours refuses as a whole: social activities nobody may rule out, or a list people were not told of.

The test is the plan and what it is for, never a whole field of life. And a list counts from the day people were told of it.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at
from phb_audit.rules.wording import categories

SOCIAL = ("A01", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11")
REFUSED_BY, LIST = "P-02", "excluded_codes"
BLANKET, NOT_TOLD, TOLD_OTHER = "", "not_told", "told_other"
LISTED: dict[str, object] = {"rule_id": REFUSED_BY, "limit_name": LIST, "before_shown": ""}
CLUB: dict[str, object] = {"category_code": "A10", "match_code": "no_match", "payee_shown": "MEN'S SHED"}
COUNSELLING: dict[str, object] = {"category_code": "T03", "match_code": "no_match"}
NO_CLUBS: dict[str, object] = {**LISTED, "value_shown": categories()["A10"]}
NO_COUNSELLING: dict[str, object] = {**LISTED, "value_shown": categories()["T03"]}

RULE = Rule(
    id="G-15",
    title="Whole kind refused",
    family="A6",
    basis="no_blanket",
    severity=2,
    outcome="information",
    looks_at="purchases beside the plan, of a kind that a list of ours with a first day refuses",
    sentence="{category_code:category} stands on a list of what we refuse since {from_on:day}, whatever it is for. Social and community "
    "activities may be bought where they meet a need or an outcome of the plan.",
    not_found="{category_code:category} stands on a list of what we do not pay for since {from_on:day}, and holders were told on "
    "{told_on:day}.",
    usual="Each purchase is looked at for what it does for this person. A list has a first day, and people are told before it comes.",
    innocent="The list may be meant as a help to reviewers only, and the letter to holders may have gone out without its day being noted.",
    ask="Ask the budgets team to take the kind off the list, or to note when holders were told. Ask the care co-ordinator what the "
    "purchase was for. Nothing to ask the holder.",
    clears="The kind off the list, or the day holders were told, before the purchase.",
    overtaken="The list was changed, or the plan now speaks for the purchase.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the personal health budgets team's lead",
    is_commissioners=True,
    variants={
        NOT_TOLD: Variant(
            sentence="{category_code:category} is on a list of what we do not pay for, and it is not written that holders were told of "
            "that before {subject_on:day}.",
        ),
        TOLD_OTHER: Variant(),
    },
    examples=(
        flagged("A men's shed, and a list that refuses all clubs", payments=(CLUB,), limit_changes=(NO_CLUBS,)),
        flagged(
            "Counselling came on the list in July, and nobody was told",
            payments=(COUNSELLING,),
            limit_changes=({**NO_COUNSELLING, "told_on": None},),
        ),
        flagged(
            "A list without a first day", payments=(COUNSELLING,), limit_changes=({**NO_COUNSELLING, "from_on": None, "told_on": None},)
        ),
        left_alone("Counselling, and a letter in June", payments=(COUNSELLING,), limit_changes=(NO_COUNSELLING,)),
        left_alone("The plan names the club", payments=({**CLUB, "match_code": "fits"},), limit_changes=(NO_CLUBS,)),
        left_alone("Another kind is on the list", payments=({**CLUB, "category_code": "A05"},), limit_changes=(NO_CLUBS,)),
        left_alone("Bought before the list", payments=({**CLUB, "paid_on": date(2026, 6, 30)},), limit_changes=(NO_CLUBS,)),
        left_alone(
            "It was on the list before", payments=(COUNSELLING,), limit_changes=({**NO_COUNSELLING, "before_shown": categories()["T03"]},)
        ),
        left_alone("A change of another limit", payments=(CLUB,), limit_changes=({**NO_CLUBS, "limit_name": "funded_codes"},)),
        left_alone("A change of another rule", payments=(CLUB,), limit_changes=({**NO_CLUBS, "rule_id": "P-03"},)),
        left_alone("Money that came back", payments=({**CLUB, "amount_pence": 0},), limit_changes=(NO_CLUBS,)),
        at_the_threshold(
            "Told on the day of the purchase", payments=(COUNSELLING,), limit_changes=({**NO_COUNSELLING, "told_on": date(2026, 8, 3)},)
        ),
        at_the_threshold(
            "Told on the day after", flags=1, payments=(COUNSELLING,), limit_changes=({**NO_COUNSELLING, "told_on": date(2026, 8, 4)},)
        ),
        at_the_threshold(
            "Bought on the list's first day", flags=1, payments=({**CLUB, "paid_on": date(2026, 7, 1)},), limit_changes=(NO_CLUBS,)
        ),
    ),
)


def find(spending: Spending, *, social_codes: tuple[str, ...] = SOCIAL) -> pl.LazyFrame:
    """One row per purchase no line of a plan speaks for, of a kind that came on the list before it was bought."""
    names = pl.LazyFrame({"category_code": list(categories()), "name": list(categories().values())})
    is_new = pl.col("value_shown").str.contains(pl.col("name"), literal=True) & ~pl.col("before_shown").fill_null("").str.contains(
        pl.col("name"), literal=True
    )
    listed = (
        spending.limit_changes.filter((pl.col("rule_id") == REFUSED_BY) & (pl.col("limit_name") == LIST))
        .join(names, how="cross")
        .filter(is_new)
        .sort("from_on", "told_on", nulls_last=False)
        .unique("category_code", keep="last", maintain_order=True)
        .select("category_code", "from_on", "told_on")
    )
    refused = (
        spending.payments.filter(
            (pl.col("kind_code") == "purchase")
            & (pl.col("amount_pence") > 0)
            & (pl.col("match_code") == "no_match")
            & ~pl.col("is_abstained")
        )
        .join(listed, on="category_code")
        .filter(pl.col("from_on").is_null() | (pl.col("paid_on") >= pl.col("from_on")))
    )
    is_told = pl.col("from_on").is_not_null() & (pl.col("told_on") <= pl.col("paid_on")).fill_null(False)
    variant = (
        pl.when(~is_told)
        .then(pl.lit(NOT_TOLD))
        .when(pl.col("category_code").is_in(social_codes))
        .then(pl.lit(BLANKET))
        .otherwise(pl.lit(TOLD_OTHER))
    )
    rows = refused.with_columns(variant_code=variant)
    is_found = pl.col("variant_code") != TOLD_OTHER
    measured = ("case_payment_id", "category_code", "from_on", "told_on", "variant_code")
    return about_payments(first_at(rows, is_found, "payee_id"), is_found, *measured)
