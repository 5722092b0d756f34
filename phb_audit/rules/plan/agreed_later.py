"""The item is named only in a later version of the plan: it was agreed after it was bought."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import WHOLE_LINE_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

SMALL_PART = "small_part"
LATER: dict[str, object] = {
    "later_plan_line_id": "PL1/v2/3",
    "later_plan_version_id": "PL1/v2",
    "match_code": "no_match",
    "amount_pence": 300_00,
}
SECOND: dict[str, object] = {
    "plan_version_id": "PL1/v2",
    "version": 2,
    "effective_from_on": date(2026, 9, 1),
    "approved_on": date(2026, 9, 1),
}
NAMED: dict[str, object] = {"plan_line_id": "PL1/v2/3", "plan_version_id": "PL1/v2", "description": "Adapted tricycle"}

RULE = Rule(
    id="P-17",
    title="Agreed later than bought",
    family="A2",
    basis="plan_governance",
    severity=3,
    outcome="query",
    looks_at="purchases that no line of the plan in force fits, where a later version of the plan names the item",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. Only a later version of the plan names it "
    "('{later_words}', agreed {agreed_on:day}, {late_days} days after).",
    not_found="A later version of the plan names it ('{later_words}'), agreed on {agreed_on:day}, not after the purchase.",
    usual="An item is agreed before it is bought.",
    innocent="It was probably agreed by word of mouth and written down at the next review.",
    ask="Ask the care co-ordinator when it was agreed, and by whom.",
    clears="A note or message from before the purchase that agrees it.",
    overtaken="The plan on file has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=WHOLE_LINE_FEEDS,
    variants={
        SMALL_PART: Variant(
            not_found="{amount_pence:pounds} is too small a part of the {later_pence:pounds} that a later version agrees once for "
            "'{later_words}'."
        ),
    },
    examples=(
        flagged("Bought in August, agreed in September", payments=(LATER,), plans=({}, SECOND), plan_lines=(NAMED,)),
        left_alone(
            "A riding lesson, and a later version that agrees a holiday of 1,200 pounds once",
            payments=({**LATER, "amount_pence": 17_46},),
            plans=({}, SECOND),
            plan_lines=({**NAMED, "description": "Holiday", "frequency_code": "one-off", "amount_pence": 1_200_00},),
        ),
        at_the_threshold(
            "A deposit of exactly a tenth",
            flags=1,
            payments=({**LATER, "amount_pence": 120_00},),
            plans=({}, SECOND),
            plan_lines=({**NAMED, "description": "Holiday", "frequency_code": "one-off", "amount_pence": 1_200_00},),
        ),
        left_alone(
            "The version in force names it",
            payments=({"plan_line_id": "PL1/v1/1", "amount_pence": 300_00},),
            plans=({}, SECOND),
            plan_lines=(NAMED,),
        ),
        at_the_threshold(
            "Signed on the day of the purchase, in force later",
            payments=(LATER,),
            plans=({}, {**SECOND, "approved_on": date(2026, 8, 3)}),
            plan_lines=(NAMED,),
        ),
    ),
)


def find(spending: Spending, *, least_pence: int = 0, least_part: float = 0.1) -> pl.LazyFrame:
    """One row per purchase that only a later plan version names."""
    once = pl.when(pl.col("frequency_code") == "one-off").then("amount_pence")
    lines = spending.plan_lines.select(later_plan_line_id="plan_line_id", later_words="description", later_pence=once)
    versions = spending.plans.select(later_plan_version_id="plan_version_id", agreed_on=pl.coalesce("approved_on", "effective_from_on"))
    later = (
        spending.payments.filter(
            pl.col("later_plan_line_id").is_not_null()
            & (pl.col("kind_code") == "purchase")
            & (pl.col("amount_pence") >= max(least_pence, 1))
        )
        .join(lines, on="later_plan_line_id", how="left")
        .join(versions, on="later_plan_version_id", how="left")
        .with_columns(late_days=(pl.col("agreed_on") - pl.col("paid_on")).dt.total_days())
    )
    # What is agreed once is bought for about its amount, or begun with a deposit; less than that was meant for something else.
    is_part = (pl.col("amount_pence") < pl.col("later_pence") * least_part).fill_null(False)
    is_found = (pl.col("late_days") > 0) & pl.col("plan_line_id").is_null() & ~is_part
    variant = pl.when(is_part).then(pl.lit(SMALL_PART)).otherwise(pl.lit("")).alias("variant_code")
    return about_payments(later, is_found, "later_words", "later_pence", "agreed_on", "late_days", variant_code=variant)
