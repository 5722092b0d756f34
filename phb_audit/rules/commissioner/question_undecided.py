"""A question has stood too long undecided, or was raised so late that it can hardly be answered: the commissioner's own delay."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

RAISED_LATE = "raised_late"
TUB: dict[str, object] = {"category_code": "E11", "match_code": "no_match", "amount_pence": 899_00}
LATE: dict[str, object] = {"rule_id": "P-03", "payment_id": "P1", "first_flagged_on": date(2026, 10, 20)}

RULE = Rule(
    id="G-10",
    title="Question undecided",
    family="A6",
    basis="timely_questions",
    severity=3,
    outcome="information",
    looks_at="questions that earlier nights raised and that still stand, and how long before an unusual purchase was made",
    sentence="{questions_count:many question} about this holder still stand. The first was raised on {subject_on:day}, more than "
    "{working_days} working days ago.",
    not_found="The first question that stands was raised on {subject_on:day}, not more than {working_days} working days ago.",
    usual="A question is decided within {working_days} working days.",
    innocent="The answer may have come and not been recorded, or the holder asked for time.",
    ask="Ask the team to decide or to close what stands. The holder need not be asked again.",
    clears="A decision, or a note of the day agreed with the holder.",
    overtaken="What stood was cleared.",
    same_flag=("subject_code", "subject_id"),
    decides="organisation",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the personal health budgets team's lead",
    is_commissioners=True,
    is_on_the_clock=True,
    variants={
        RAISED_LATE: Variant(
            sentence="An unusual purchase of {at_stake_pence:pounds} on {subject_on:day} was first asked about on {raised_on:day}, over "
            "{raised_days} days later.",
            not_found="The unusual purchase of {subject_on:day} was asked about on {raised_on:day}, within {raised_days} days.",
            usual="An unusual purchase is asked about within {raised_days} days.",
            innocent="The statements came late, or the audit of this holder began only then.",
            ask="Ask the team to weigh how late the question comes before anything is asked back.",
            clears="A note that the question was put earlier in another way.",
        )
    },
    examples=(
        flagged("Raised in August and still standing", raised=({"first_flagged_on": date(2026, 8, 3)},)),
        flagged("A hot tub of May first asked about in October", payments=({**TUB, "paid_on": date(2026, 5, 4)},), raised=(LATE,)),
        left_alone("Raised last week", raised=({"first_flagged_on": date(2026, 10, 23)},)),
        left_alone("A hot tub of August", payments=({**TUB, "paid_on": date(2026, 8, 3)},), raised=(LATE,)),
        at_the_threshold("Twenty working days ago", raised=({"first_flagged_on": date(2026, 10, 2)},)),
        at_the_threshold("Ninety days before it was raised", payments=({**TUB, "paid_on": date(2026, 7, 22)},), raised=(LATE,)),
    ),
)


def find(spending: Spending, *, working_days: int = 20, raised_days: int = 90, unusual_rules: tuple[str, ...] = ("P-03",)) -> pl.LazyFrame:
    """One row per holder with a question that stands, and one per unusual purchase that is asked about."""
    nothing = pl.lit(None, dtype=pl.Date)
    standing = (
        spending.raised.group_by("holder_id")
        .agg(pl.len().cast(pl.Int64).alias("questions_count"), pl.col("first_flagged_on").min())
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64), raised_on=nothing, variant_code=pl.lit(""))
        .with_columns(
            subject=pl.col("holder_id").cast(pl.String),
            waited=pl.business_day_count(pl.col("first_flagged_on") + timedelta(days=1), pl.lit(spending.as_of + timedelta(days=1))),
        )
    )
    unusual = (
        spending.payments.select("payment_id", "paid_on", at_stake_pence="amount_pence")
        .join(spending.raised.filter(pl.col("rule_id").is_in(unusual_rules)), on="payment_id")
        .with_columns(raised_on="first_flagged_on", variant_code=pl.lit(RAISED_LATE), questions_count=pl.lit(1, dtype=pl.Int64))
    )
    measured = ("questions_count", "raised_on", "variant_code")
    is_late = (pl.col("raised_on") - pl.col("paid_on")).dt.total_days() > raised_days
    return pl.concat(
        [
            about(standing, "holder", "subject", "first_flagged_on", pl.col("waited") > working_days, *measured),
            about(unusual, "payment", "payment_id", "paid_on", is_late, *measured),
        ]
    )
