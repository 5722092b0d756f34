"""Much of a person's spending is of a kind the words do not settle: a person codes it by hand. Nobody is asked."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about


def _bought(count: int, **more: object) -> tuple[Row, ...]:
    return tuple({"payment_id": f"P{place}", "paid_on": date(2026, 9, place + 1), **more} for place in range(count))


UNCLEAR = _bought(8, is_abstained=True, probability_share=0.4, match_code="unclear")

RULE = Rule(
    id="N-06",
    title="Kind of purchase not clear",
    family="A7",
    basis="statistics",
    severity=1,
    outcome="information",
    looks_at="purchases of the last {weeks} weeks before a holder's newest one",
    sentence="Of {at_most_pence:pounds} spent in the {weeks} weeks to {last_on:day}, {at_stake_pence:pounds} ({share:percent}, "
    "{unclear_count} payments) is of a kind the words do not settle. No receipt lines or plan line speak for it.",
    not_found="The words settle what most of the spending to {last_on:day} was for.",
    usual="The words of most payments say what they were for, or a receipt or plan line does.",
    innocent="Market places and card readers hide the shop. That is nobody's fault.",
    ask="Nobody is asked. A person who knows the plan may code the payments by hand.",
    clears="The payments coded by hand, or receipts for them.",
    overtaken="The payments were coded, or receipts came.",
    same_flag=("holder_id",),
    decides="papers",
    owner="Data steward",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts", "plans", "plan_lines"),
    examples=(
        flagged("Eight payments the words do not settle", payments=UNCLEAR),
        left_alone("They fit the plan all the same", payments=tuple({**row, "match_code": "fits"} for row in UNCLEAR)),
        left_alone("Receipts say what was bought", payments=tuple({**row, "receipt_id": "R1"} for row in UNCLEAR)),
        left_alone("Seven payments", payments=UNCLEAR[:7]),
        at_the_threshold(
            "Exactly half of the spending",
            flags=1,
            payments=(*UNCLEAR, *({**row, "payment_id": f"Q{place}"} for place, row in enumerate(_bought(8)))),
        ),
    ),
)


def find(spending: Spending, *, weeks: int = 13, least_count: int = 8, least_share: float = 0.5) -> pl.LazyFrame:
    """One row per holder with purchases that a plan is held against."""
    bought = spending.payments.filter(
        (pl.col("kind_code") == "purchase")
        & (pl.col("amount_pence") > 0)
        & (pl.col("holding_code") != "notional")
        & pl.col("payee_ref").is_null()
    ).select("holder_id", "paid_on", "amount_pence", "is_abstained", "match_code", "receipt_id")
    late = bought.with_columns(last_on=pl.col("paid_on").max().over("holder_id")).filter(
        pl.col("paid_on") > pl.col("last_on") - pl.duration(weeks=weeks)
    )
    is_unclear = pl.col("is_abstained") & (pl.col("match_code") != "fits") & pl.col("receipt_id").is_null()
    people = (
        late.group_by("holder_id")
        .agg(
            pl.col("amount_pence").filter(is_unclear).sum().alias("at_stake_pence"),
            pl.col("amount_pence").sum().alias("at_most_pence"),
            is_unclear.sum().cast(pl.Int64).alias("unclear_count"),
            pl.col("last_on").first(),
        )
        .with_columns(NO_PAYMENT, share=pl.col("at_stake_pence") / pl.col("at_most_pence"))
    )
    is_found = (pl.col("unclear_count") >= least_count) & (pl.col("share") >= least_share)
    return about(people, "holder", "holder_id", "last_on", is_found, "at_most_pence", "unclear_count", "share", "last_on")
