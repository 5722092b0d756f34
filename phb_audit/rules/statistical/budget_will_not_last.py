"""By how it has been spent, a budget will not last to the end of its year: it may be too small for the care agreed."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SHORT, UNEVEN = "short", "uneven"
LAST = date(2026, 10, 30)
YEAR: tuple[dict[str, object], ...] = ({"starts_on": date(2025, 11, 1), "annual_pence": 10_400_00},)
HALVES: tuple[dict[str, object], ...] = ({"starts_on": date(2025, 11, 1), "annual_pence": 2_400_00},)


def _on(days: list[date], pence: int) -> tuple[Row, ...]:
    return tuple({"payment_id": f"P{place}", "paid_on": day, "amount_pence": pence} for place, day in enumerate(days))


# Pay on the 1st and 15th, and at the end of each month: twelve or twenty-four times a year, not thirteen or twenty-six.
HALF_MONTHS = [date(2026, month, day) for month in range(3, 11) for day in (1, 15)]
MONTH_ENDS = [date(2026, month, 28) for month in range(2, 11)]


def _every_four_weeks(pence: int, times: int = 9) -> tuple[Row, ...]:
    return tuple({"payment_id": f"P{place}", "paid_on": LAST - timedelta(weeks=4 * place), "amount_pence": pence} for place in range(times))


RULE = Rule(
    id="N-08",
    title="Budget will not last the year",
    family="A7",
    basis="sufficiency",
    severity=2,
    outcome="clinician",
    looks_at="open direct payments with a yearly amount, and what was spent from them in the last {blocks} times four weeks",
    sentence="Four weeks' spending has been {middle_pence:pounds} in the middle of the last {blocks}, and a month's "
    "{month_pence:pounds}. By the less of the two that comes to {year_pence:pounds} a year. The budget is {annual_pence:pounds} a year.",
    not_found="Four weeks' spending has been {middle_pence:pounds} in the middle, and a month's {month_pence:pounds}. By the less of "
    "the two that comes to {year_pence:pounds} a year; the budget is {annual_pence:pounds}.",
    usual="The yearly amount covers the care agreed. Told where spending is steady, and the middle of the last {blocks} times four "
    "weeks and that of as many months both go {over_share:percent} beyond it.",
    innocent="The need may have grown, prices may have risen, or savings of last year are being used as agreed.",
    ask="Ask the care co-ordinator whether the budget is still enough. Not the holder.",
    clears="A review of the budget, or a note that savings are being used.",
    overtaken="The budget was changed, or the spending fell.",
    same_flag=("holder_id", "annual_pence"),
    decides="plan",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=("budgets", "bank", "card"),
    variants={
        SHORT: Variant(not_found="Spending is on file for too short a time ({seen_days} days) to speak of a year."),
        UNEVEN: Variant(
            not_found="Spending goes up and down too much to speak of a year: of the last {blocks} times four weeks {near_count} are near "
            "the middle, and {steady_blocks} are asked for."
        ),
    },
    examples=(
        flagged("1,040 pounds each four weeks out of 800", budgets=YEAR, payments=_every_four_weeks(1_040_00)),
        left_alone("800 pounds each four weeks", budgets=YEAR, payments=_every_four_weeks(800_00)),
        left_alone(
            "One large purchase", budgets=YEAR, payments=(*_every_four_weeks(800_00), {"payment_id": "Q1", "amount_pence": 3_000_00})
        ),
        left_alone("112 pounds twice a month out of 2,400", budgets=HALVES, payments=_on(HALF_MONTHS, 112_00)),
        flagged("120 pounds twice a month out of 2,400", budgets=HALVES, payments=_on(HALF_MONTHS, 120_00)),
        left_alone("224 pounds each month out of 2,400", budgets=HALVES, payments=_on(MONTH_ENDS, 224_00)),
        left_alone(
            "Large bills now and then",
            budgets=YEAR,
            payments=_on([LAST - timedelta(weeks=week) for week in (0, 6, 10, 17, 20, 33)], 2_000_00),
        ),
        left_alone("Half a year on file", budgets=YEAR, payments=_every_four_weeks(1_040_00, 7)),
        at_the_threshold("Exactly 15% beyond", budgets=({**YEAR[0], "annual_pence": 9_600_00},), payments=_every_four_weeks(920_00)),
    ),
)


def find(
    spending: Spending, *, blocks: int = 8, over_share: float = 0.15, near_share: float = 0.25, steady_blocks: int = 6
) -> pl.LazyFrame:
    """One row per open direct payment with a yearly amount; four weeks are counted back from the holder's last line.

    What is paid by the month or twice a month comes 12 or 24 times a year: by four weeks alone it would be 13 or 26.
    """
    budgets = open_budgets(spending).filter((pl.col("holding_code") == "direct_payment") & (pl.col("annual_pence") > 0))
    lines = (
        spending.payments.join(budgets.select("holder_id", "annual_pence"), on="holder_id")
        .select("holder_id", "paid_on", "annual_pence", spent=pl.when("is_spend").then("amount_pence").otherwise(0))
        .with_columns(last_on=pl.col("paid_on").max().over("holder_id"))
        .with_columns(back_days=(pl.col("last_on") - pl.col("paid_on")).dt.total_days(), back_months=_month("last_on") - _month("paid_on"))
    )
    seen = lines.group_by("holder_id").agg(
        pl.col("back_days").max().alias("seen_days"), pl.col("last_on").first(), pl.col("annual_pence").first()
    )
    by_weeks = _middle(lines, pl.col("back_days") // 28, blocks, near_share)
    by_month = _middle(lines, pl.col("back_months"), blocks, near_share).select("holder_id", month_pence="middle_pence")
    year = pl.min_horizontal(pl.col("middle_pence") * 13, pl.col("month_pence") * 12)
    people = (
        seen.join(by_weeks, on="holder_id")
        .join(by_month, on="holder_id")
        .with_columns(NO_PAYMENT, year_pence=year, at_stake_pence=(year - pl.col("annual_pence")).clip(0))
    )
    is_short = pl.col("seen_days") < blocks * 28
    is_uneven = pl.col("near_count") < steady_blocks
    is_found = ~is_short & ~is_uneven & (pl.col("year_pence") > pl.col("annual_pence") * (1 + over_share))
    variant = pl.when(is_short).then(pl.lit(SHORT)).when(is_uneven).then(pl.lit(UNEVEN)).otherwise(pl.lit("")).alias("variant_code")
    measured = ("middle_pence", "month_pence", "year_pence", "annual_pence", "near_count", "seen_days", "last_on")
    return about(people, "holder", "holder_id", "last_on", is_found, *measured, variant_code=variant)


def _month(day: str) -> pl.Expr:
    return pl.col(day).dt.year().cast(pl.Int64) * 12 + pl.col(day).dt.month()


def _middle(lines: pl.LazyFrame, place: pl.Expr, blocks: int, near_share: float) -> pl.LazyFrame:
    """One row per holder: the middle of the sums of the last blocks, nought where nothing was spent, and how many are near it."""
    empty = lines.select("holder_id").unique().join(pl.LazyFrame({"place": range(blocks), "spent": [0] * blocks}), how="cross")
    sums = (
        pl.concat([lines.select("holder_id", "spent", place=place.cast(pl.Int64)).filter(pl.col("place") < blocks), empty], how="diagonal")
        .group_by("holder_id", "place")
        .agg(pl.col("spent").sum())
        .with_columns(middle=pl.col("spent").median().over("holder_id"))
    )
    is_near = (pl.col("spent") - pl.col("middle")).abs() <= pl.col("middle") * near_share
    return sums.group_by("holder_id").agg(
        pl.col("middle").first().round(0).cast(pl.Int64).alias("middle_pence"), is_near.sum().cast(pl.Int64).alias("near_count")
    )
