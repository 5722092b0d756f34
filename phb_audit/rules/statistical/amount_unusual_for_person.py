"""An amount unlike this person's own history for the same kind of purchase.

Looked at only where the plan match is weak: an unusual amount that fits the plan is nobody's question. Alone it goes to a clinician.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, at_once

FITS, SHORT, USUAL_THERE = "fits", "short", "usual_there"


DEAR: dict[str, object] = {"payee_id": "M2", "amount_pence": 390_00}


def _history(last: dict[str, object], count: int = 8) -> tuple[dict[str, object], ...]:
    usual = tuple(
        {"payment_id": f"P{place}", "paid_on": date(2026, 5, place), "amount_pence": 20_00 + place * 10} for place in range(1, count + 1)
    )
    return (*usual, {"payment_id": "P99", "payee_id": "M2", "paid_on": date(2026, 6, 1), "match_code": "unclear", **last})


RULE = Rule(
    id="N-01",
    title="Amount unusual for this person",
    family="A7",
    basis="statistics",
    severity=1,
    outcome="clinician",
    looks_at="purchases of a kind this person has bought often before",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}. This person "
    "usually pays {usual_pence:pounds} for that ({history_count} payments).",
    not_found="{amount_pence:pounds} is not far from the {usual_pence:pounds} this person usually pays for {category_code:category}.",
    usual="This person's middle payment of that kind is {usual_pence:pounds}. Only payments far above it are told, and only "
    "where the plan match is weak.",
    innocent="A term's fee paid at once, a bigger size, a new price, or several months together.",
    ask="Ask the care co-ordinator whether anything has changed. Not the holder.",
    clears="A note of the reason, or a plan line that fits.",
    overtaken="The plan, our reading of it, or the history has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    variants={
        USUAL_THERE: Variant(not_found="{amount_pence:pounds} is what this person usually pays {payee_shown}."),
        FITS: Variant(not_found="Whatever the amount, it fits the plan."),
        SHORT: Variant(
            not_found="This person has too short a history of {category_code:category} ({history_count:many payment}) to say what is usual."
        ),
    },
    examples=(
        flagged("400 pounds where 20 is usual, and the plan match is weak", payments=_history({"amount_pence": 400_00})),
        left_alone("400 pounds that fit the plan", payments=_history({"amount_pence": 400_00, "match_code": "fits"})),
        left_alone(
            "A dear shop where this person has paid as much three times",
            payments=(*_history({"amount_pence": 400_00}), *({**DEAR, "payment_id": f"Q{place}"} for place in (1, 2))),
        ),
        left_alone("A history of three payments", payments=_history({"amount_pence": 400_00}, count=3)),
        at_the_threshold("Exactly 50 pounds above the usual", payments=_history({"amount_pence": 70_50})),
        agreed_exception(
            "400 pounds, agreed by name",
            flags=1,
            payments=_history({"amount_pence": 400_00, "is_preapproved": True, "plan_line_id": "PL1/v1/1", "line_amount_pence": 400_00}),
        ),
    ),
)


def find(spending: Spending, *, least_history: int = 8, robust_z: float = 6.0, over_pence: int = 50_00) -> pl.LazyFrame:
    """One row per purchase whose holder has other purchases of its category: median, spread (MAD) and distance from the median."""
    kind = ["holder_id", "category_code"]
    bought = spending.payments.filter(
        (pl.col("kind_code") == "purchase")
        & (pl.col("amount_pence") > 0)
        & ~pl.col("is_abstained")
        & pl.col("plan_version_id").is_not_null()
    )
    amount = pl.col("amount_pence")
    beside = (
        bought.select("payment_id", *kind, "paid_on", "amount_pence", "payee_shown", "payee_id", "match_code")
        .with_columns(
            middle=amount.median().over(kind),
            spread=((amount - amount.median()).abs().median() * 1.4826).over(kind),
            history_count=(pl.len() - 1).cast(pl.Int64).over(kind),
        )
        .filter(pl.col("history_count") > 0)
    )
    # A person who always pays the same has no spread: a twentieth of the usual amount, or a pound, stands for it.
    floor = pl.max_horizontal("spread", pl.col("middle") * 0.05, pl.lit(100.0))
    rows = beside.with_columns(
        usual_pence=pl.col("middle").round(0).cast(pl.Int64), distance=((pl.col("amount_pence") - pl.col("middle")) / floor).round(2)
    )
    is_weak = pl.col("match_code").is_in(["unclear", "no_match"])
    is_long = pl.col("history_count") >= least_history
    is_far = (pl.col("distance") > robust_z) & (pl.col("amount_pence") - pl.col("usual_pence") > over_pence)
    rows = at_once(rows.with_columns(is_unusual=is_far & is_long & is_weak))
    ordinary = rows.filter(~pl.col("is_unusual")).with_columns(is_usual_there=pl.lit(False))
    far = rows.filter("is_unusual").join(_usual_at_payee(rows), on="payment_id", how="left")
    rows = pl.concat([ordinary, far]).with_columns(pl.col("is_usual_there").fill_null(False))
    variant = (
        pl.when(~is_long)
        .then(pl.lit(SHORT))
        .when(~is_weak)
        .then(pl.lit(FITS))
        .when("is_usual_there")
        .then(pl.lit(USUAL_THERE))
        .otherwise(pl.lit(""))
        .alias("variant_code")
    )
    return about_payments(
        rows,
        pl.col("is_unusual") & ~pl.col("is_usual_there"),
        "category_code",
        "usual_pence",
        "history_count",
        "distance",
        variant_code=variant,
    )


def _usual_at_payee(rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row per payment that is far out for its kind: is it usual for its payee (three payments or more, at most twice their middle)?"""
    far = rows.filter("is_unusual")
    payee = ["holder_id", "payee_id"]
    there = rows.join(far.select(payee).unique(), on=payee, how="semi").group_by(payee)
    middles = there.agg(pl.len().alias("there_count"), pl.col("amount_pence").median().alias("there_middle"))
    is_usual = (pl.col("there_count") >= 3) & (pl.col("amount_pence") <= 2 * pl.col("there_middle"))
    return far.join(middles, on=payee).select("payment_id", is_usual_there=is_usual)
