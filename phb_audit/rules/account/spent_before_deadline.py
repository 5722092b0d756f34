"""Much more spent in the weeks before a review or a year's end than in the months before: told, never asked."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

# Care, pay and what comes with employing do not belong to a last-minute rush; agreed one-off items neither.
STEADY = ("C01", "C02", "C03", "C04", "C07", "C08", "C09", "C10", "C11", "M02", "M03")
REVIEW: tuple[dict[str, object], ...] = ({"review_due_on": date(2026, 10, 20)},)


def _bought(months: tuple[int, ...], pence: int, october_pence: int) -> tuple[dict[str, object], ...]:
    rows = [{"payment_id": f"P{month}", "paid_on": date(2026, month, 12), "amount_pence": pence} for month in months]
    return (*rows, {"payment_id": "P10", "paid_on": date(2026, 10, 5), "amount_pence": october_pence})


RULE = Rule(
    id="A-14",
    title="Spent before a deadline",
    family="A4",
    basis="spend_down",
    severity=1,
    outcome="information",
    looks_at="purchases from direct payments in the {weeks} weeks before a review was due or the budget ended, leaving aside care, pay and "
    "items agreed by name",
    sentence="In the {weeks} weeks before {subject_on:day}, when {deadline}, {late_pence:pounds} was spent on other things than care. In "
    "the half year before it was {usual_pence:pounds} for as many weeks.",
    not_found="In the {weeks} weeks before {subject_on:day} {late_pence:pounds} went on other things than care; in the half year before it "
    "was {usual_pence:pounds} for as many weeks.",
    usual="Spending before a review is at most {times} times what it was before.",
    innocent="Money was saved for something agreed, or things were bought for the season.",
    ask="Tell the care co-ordinator before the review. Nothing to ask the holder.",
    clears="Something agreed in the plan that was saved for.",
    overtaken="Payments were added or put right, or the day of the review changed.",
    same_flag=("holder_id", "subject_on"),
    decides="plan",
    owner="Continuing healthcare lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("plans", "budgets", "holder_events"),
    examples=(
        flagged("100 pounds a month, and 900 before the review", payments=_bought((4, 5, 6, 7, 8, 9), 100_00, 900_00), plans=REVIEW),
        left_alone("100 pounds a month, and 300 before the review", payments=_bought((4, 5, 6, 7, 8, 9), 100_00, 300_00), plans=REVIEW),
        left_alone("No review was due", payments=_bought((4, 5, 6, 7, 8, 9), 100_00, 900_00), plans=({"review_due_on": date(2027, 3, 1)},)),
        left_alone("A budget that began in August has no half year before", payments=_bought((8, 9), 100_00, 900_00), plans=REVIEW),
        at_the_threshold("Exactly the least amount beyond the usual", payments=_bought((4, 5, 6, 7, 8, 9), 70_00, 570_00), plans=REVIEW),
    ),
)


def find(spending: Spending, *, weeks: int = 4, before_weeks: int = 24, times: float = 2.0, least_pence: int = 500_00) -> pl.LazyFrame:
    """One row per holder whose review was due, or whose budget ended, within the last weeks, and who had spent before."""
    day = pl.lit(spending.as_of)
    reviews = spending.plans.filter(pl.col("status_code") == "approved").select(
        "holder_id", deadline_on="review_due_on", deadline=pl.lit("a review was due")
    )
    ends = spending.budgets.select("holder_id", deadline_on="ends_on", deadline=pl.lit("the budget ended"))
    deadlines = (
        pl.concat([reviews, ends])
        .filter(pl.col("deadline_on").is_between(day.dt.offset_by(f"-{2 * weeks}w"), day))
        .sort("holder_id", "deadline_on", "deadline")
        .unique("holder_id", keep="last", maintain_order=True)
    )
    over = spending.events.filter(pl.col("event_code") == "death").select("holder_id")
    before = (pl.col("deadline_on") - pl.col("paid_on")).dt.total_days()
    is_late, is_usual = before.is_between(0, 7 * weeks - 1), before.is_between(7 * weeks, 7 * (weeks + before_weeks) - 1)
    spent = (
        spending.payments.filter(
            (pl.col("kind_code") == "purchase")
            & (pl.col("amount_pence") > 0)
            & (pl.col("holding_code") == "direct_payment")
            & ~pl.col("category_code").is_in(STEADY)
            & ~pl.col("is_preapproved")
        )
        .join(deadlines, on="holder_id")
        .group_by("holder_id", "deadline_on", "deadline")
        .agg(
            pl.col("amount_pence").filter(is_late).sum().alias("late_pence"),
            (pl.col("amount_pence").filter(is_usual).sum() * weeks // before_weeks).alias("usual_pence"),
            before.max().alias("known_days"),
        )
        .join(over, on="holder_id", how="anti")
        .filter(pl.col("known_days") >= 7 * (weeks + before_weeks // 2))
        .with_columns(NO_PAYMENT, at_stake_pence=(pl.col("late_pence") - pl.col("usual_pence")).clip(0))
    )
    is_found = (pl.col("late_pence") > pl.col("usual_pence") * times) & (pl.col("late_pence") - pl.col("usual_pence") > least_pence)
    return about(spent, "holder", "holder_id", "deadline_on", is_found, "deadline", "late_pence", "usual_pence")
