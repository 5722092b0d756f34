"""Much more of the money than before goes to one payee. Told; nobody is asked."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import CARE
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SHORT = "short"
# The running of a plan, whose payees change with the agency or the payroll agent.
RUNNING = ("C02", "C03", "C04", "C08", "C09", *CARE)


def _bought(payee: str, count: int, first: date, **more: object) -> tuple[Row, ...]:
    return tuple(
        {"payment_id": f"{payee}{first:%m}{place}", "payee_id": payee, "paid_on": first + timedelta(days=7 * place), **more}
        for place in range(count)
    )


OLD = (*_bought("M1", 4, date(2026, 3, 2)), *_bought("M2", 4, date(2026, 3, 3)))
NEW = _bought("M3", 8, date(2026, 8, 17), amount_pence=80_00, match_code="unclear", payee_shown="CORNER STUDIO")

RULE = Rule(
    id="N-04",
    title="More to one payee than before",
    family="A7",
    basis="statistics",
    severity=1,
    outcome="information",
    looks_at="purchases that are not care, wages or the running of a plan, in the last {weeks} weeks and before",
    sentence="{payee_shown} had {share:percent} of this person's other spending in the {weeks} weeks to {last_on:day} "
    "({at_stake_pence:pounds}), "
    "and {before_share:percent} before.",
    not_found="{payee_shown} had {share:percent} of this person's other spending lately, and {before_share:percent} before.",
    usual="Where the money goes changes slowly. Told only where the share rose by {rise_share:percent} or more and the plan match is weak.",
    innocent="A new activity, a course paid in a term, or a shop that opened near by.",
    ask="Nobody is asked because of this alone.",
    clears="A plan line that fits.",
    overtaken="The plan has changed, or the money goes elsewhere again.",
    same_flag=("holder_id", "payee_id"),
    decides="plan",
    owner="Head of internal audit",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=("plans", "plan_lines", "bank", "card"),
    variants={SHORT: Variant(not_found="Too few purchases lately ({late_count}) or before ({early_count}) to speak of a change.")},
    examples=(
        flagged("Everything goes to a new studio, which no line names", payments=(*OLD, *NEW)),
        left_alone("The new studio fits the plan", payments=(*OLD, *({**row, "match_code": "fits"} for row in NEW))),
        left_alone("As before", payments=(*OLD, *_bought("M1", 4, date(2026, 8, 17)), *_bought("M2", 4, date(2026, 8, 18)))),
        left_alone("A short history", payments=(*OLD[:4], *NEW)),
        at_the_threshold("Exactly 500 pounds of a new payee", payments=(*OLD, *({**row, "amount_pence": 62_50} for row in NEW)), flags=1),
    ),
)


def find(
    spending: Spending, *, weeks: int = 13, rise_share: float = 0.4, least_pence: int = 500_00, least_history: int = 8
) -> pl.LazyFrame:
    """One row per holder and payee of the last weeks, counted from the holder's last purchase."""
    other = _other(spending, weeks)
    late, amount = pl.col("is_late"), pl.col("amount_pence")
    whole = other.group_by("holder_id").agg(
        late.sum().cast(pl.Int64).alias("late_count"),
        (~late).sum().cast(pl.Int64).alias("early_count"),
        amount.filter(late).sum().alias("late_pence"),
        amount.filter(~late).sum().alias("early_pence"),
        pl.col("last_on").first(),
    )
    is_weak = pl.col("match_code").is_in(["unclear", "no_match"]) & ~pl.col("is_preapproved")
    payees = (
        other.group_by("holder_id", "payee_id")
        .agg(
            amount.filter(late).sum().alias("at_stake_pence"),
            amount.filter(~late).sum().alias("before_pence"),
            amount.filter(late & is_weak).sum().alias("weak_pence"),
            pl.col("payee_shown").sort().first(),
        )
        .filter(pl.col("at_stake_pence") > 0)
        .join(whole, on="holder_id")
        .with_columns(
            NO_PAYMENT,
            share=pl.col("at_stake_pence") / pl.col("late_pence"),
            before_share=(pl.col("before_pence") / pl.col("early_pence")).fill_nan(0.0),
        )
    )
    is_short = (pl.col("late_count") < least_history) | (pl.col("early_count") < least_history)
    is_found = (
        ~is_short
        & (pl.col("share") - pl.col("before_share") >= rise_share)
        & (pl.col("at_stake_pence") >= least_pence)
        & (pl.col("weak_pence") * 2 > pl.col("at_stake_pence"))
    )
    measured = ("payee_id", "payee_shown", "share", "before_share", "late_count", "early_count", "last_on")
    variant = pl.when(is_short).then(pl.lit(SHORT)).otherwise(pl.lit("")).alias("variant_code")
    return about(payees, "holder", "holder_id", "last_on", is_found, *measured, variant_code=variant)


def _other(spending: Spending, weeks: int) -> pl.LazyFrame:
    """Purchases that are not the running of a plan, with is_late: in the last weeks before the holder's newest one."""
    return (
        spending.payments.filter(
            (pl.col("kind_code") == "purchase")
            & (pl.col("amount_pence") > 0)
            & pl.col("holding_code").is_in(["direct_payment", "third_party"])
            & pl.col("payee_ref").is_null()
            & ~pl.col("category_code").is_in(RUNNING)
        )
        .select("holder_id", "payee_id", "payee_shown", "paid_on", "amount_pence", "match_code", "is_preapproved")
        .with_columns(last_on=pl.col("paid_on").max().over("holder_id"))
        .with_columns(is_late=pl.col("paid_on") > pl.col("last_on") - pl.duration(weeks=weeks))
    )
