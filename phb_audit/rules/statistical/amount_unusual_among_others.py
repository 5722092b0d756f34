"""An amount above nearly all that others of the care group pay for the same kind of thing.

Only where this person's own history is too short to say what is usual for them, and the plan match is weak.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

FITS, OWN, FEW, THERE = "fits", "own", "few", "there"
DEAR: dict[str, object] = {"amount_pence": 200_00, "match_code": "unclear"}
PEERS: tuple[dict[str, object], ...] = ({},)

RULE = Rule(
    id="N-02",
    title="Amount unusual among others",
    family="A7",
    basis="statistics",
    severity=1,
    outcome="clinician",
    looks_at="purchases on a day with a plan whose kind is clear",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}. Of "
    "{lines_count} such payments in "
    "this care group lately, 99 in 100 were at most {high_pence:pounds}.",
    not_found="{amount_pence:pounds} is not far above the {high_pence:pounds} that 99 in 100 such payments of the care group keep to.",
    usual="The middle payment of the care group for that is {middle_pence:pounds}. Told only above {times} times what 99 "
    "in 100 keep to, and "
    "only where the plan match is weak.",
    innocent="A term's fee paid at once, a bigger size, or a need that others of the group do not have.",
    ask="Ask the care co-ordinator whether it is known. Not the holder.",
    clears="A note of the reason, or a plan line that fits.",
    overtaken="The plan, our reading of it, or what others pay has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    variants={
        FITS: Variant(not_found="Whatever the amount, it fits the plan, or the plan agrees it by name."),
        OWN: Variant(not_found="This person has a history of {category_code:category} of their own, which another rule looks at (N-01)."),
        THERE: Variant(
            not_found="This person has paid {payee_shown} such amounts {there_count} times, so it may well be another kind of thing."
        ),
        FEW: Variant(not_found="Too few of the care group buy {category_code:category} to say what is usual."),
    },
    examples=(
        flagged("200 pounds where 99 in 100 pay at most 60", payments=(DEAR,), peers=PEERS),
        left_alone("It fits the plan", payments=({**DEAR, "match_code": "fits"},), peers=PEERS),
        left_alone("The plan agrees it by name", payments=({**DEAR, "is_preapproved": True},), peers=PEERS),
        left_alone("Only ten people buy such things", payments=(DEAR,), peers=({"holders_count": 10},)),
        left_alone(
            "The same payee had as much before: the kind is misread",
            payments=(DEAR, *({**DEAR, "payment_id": f"Q{place}", "paid_on": date(2026, 7, place)} for place in (1, 2))),
            peers=PEERS,
        ),
        left_alone(
            "This person has bought it often",
            payments=(DEAR, *({"payment_id": f"Q{place}", "paid_on": date(2026, 7, place)} for place in range(1, 9))),
            peers=PEERS,
        ),
        at_the_threshold("Exactly one and a half times", payments=({**DEAR, "amount_pence": 90_00},), peers=({"high_pence": 60_00},)),
    ),
)


def find(
    spending: Spending,
    *,
    times: float = 1.5,
    over_pence: int = 100_00,
    least_lines: int = 100,
    least_holders: int = 20,
    least_history: int = 8,
    least_share: float = 0.85,
) -> pl.LazyFrame:
    """One row per clear purchase above the middle of its peers; what is ordinary for them is not told of at all."""
    bought = spending.payments.filter(
        (pl.col("kind_code") == "purchase")
        & (pl.col("amount_pence") >= over_pence)
        & ~pl.col("is_abstained")
        & (pl.col("probability_share") >= least_share)
        & pl.col("plan_version_id").is_not_null()
    ).with_columns(care_group_code=pl.col("care_group_code").fill_null(""))
    own = (
        spending.payments.filter((pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0) & ~pl.col("is_abstained"))
        .group_by("holder_id", "category_code")
        .agg((pl.len() - 1).cast(pl.Int64).alias("own_count"))
    )
    # An amount out of all proportion that comes again and again is a kind read wrongly rather than a large purchase.
    there = (pl.col("amount_pence") >= over_pence).sum().over("holder_id", "payee_id").cast(pl.Int64)
    rows = (
        bought.with_columns(there_count=there)
        .join(spending.peers, on=["care_group_code", "category_code"])
        .join(own, on=["holder_id", "category_code"], how="left")
    )
    is_weak = pl.col("match_code").is_in(["unclear", "no_match"]) & ~pl.col("is_preapproved")
    is_far = (pl.col("amount_pence") > pl.col("high_pence") * times) & (pl.col("amount_pence") - pl.col("middle_pence") > over_pence)
    variant = (
        pl.when((pl.col("lines_count") < least_lines) | (pl.col("holders_count") < least_holders))
        .then(pl.lit(FEW))
        .when(~is_weak)
        .then(pl.lit(FITS))
        .when(pl.col("own_count") >= least_history)
        .then(pl.lit(OWN))
        .when(pl.col("there_count") >= 3)
        .then(pl.lit(THERE))
        .otherwise(pl.lit(""))
    )
    rows = rows.with_columns(variant_code=variant)
    measured = ("category_code", "lines_count", "holders_count", "middle_pence", "high_pence", "there_count", "variant_code")
    return about_payments(rows, is_far & (pl.col("variant_code") == ""), *measured)
