"""By how it has been spent, a budget will not last to the end of its year: it may be too small for the care agreed."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SHORT = "short"
YEAR: tuple[dict[str, object], ...] = ({"starts_on": date(2025, 11, 1), "annual_pence": 10_400_00},)


def _every_four_weeks(pence: int, times: int = 9) -> tuple[Row, ...]:
    return tuple(
        {"payment_id": f"P{place}", "paid_on": date(2026, 10, 30) - timedelta(weeks=4 * place), "amount_pence": pence}
        for place in range(times)
    )


RULE = Rule(
    id="N-08",
    title="Budget will not last the year",
    family="A7",
    basis="sufficiency",
    severity=2,
    outcome="clinician",
    looks_at="open direct payments with a yearly amount, and what was spent from them in the last {blocks} times four weeks",
    sentence="Four weeks' spending has been {middle_pence:pounds} in the middle of the last {blocks}, which comes to "
    "{year_pence:pounds} a year. The "
    "budget is {annual_pence:pounds} a year.",
    not_found="Four weeks' spending has been {middle_pence:pounds} in the middle, which comes to {year_pence:pounds} a year; the budget is "
    "{annual_pence:pounds}.",
    usual="The yearly amount covers the care agreed. Told where the middle of the last {blocks} times four weeks goes "
    "{over_share:percent} beyond it.",
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
    variants={SHORT: Variant(not_found="Spending is on file for too short a time ({seen_days} days) to speak of a year.")},
    examples=(
        flagged("1,040 pounds each four weeks out of 800", budgets=YEAR, payments=_every_four_weeks(1_040_00)),
        left_alone("800 pounds each four weeks", budgets=YEAR, payments=_every_four_weeks(800_00)),
        left_alone(
            "One large purchase", budgets=YEAR, payments=(*_every_four_weeks(800_00), {"payment_id": "Q1", "amount_pence": 3_000_00})
        ),
        left_alone("Half a year on file", budgets=YEAR, payments=_every_four_weeks(1_040_00, 7)),
        at_the_threshold("Exactly 15% beyond", budgets=YEAR, payments=_every_four_weeks(920_00)),
    ),
)


def find(spending: Spending, *, blocks: int = 8, over_share: float = 0.15) -> pl.LazyFrame:
    """One row per open direct payment with a yearly amount; four weeks are counted back from the holder's last line."""
    budgets = open_budgets(spending).filter((pl.col("holding_code") == "direct_payment") & (pl.col("annual_pence") > 0))
    lines = (
        spending.payments.join(budgets.select("holder_id", "annual_pence"), on="holder_id")
        .select("holder_id", "paid_on", "annual_pence", spent=pl.when("is_spend").then("amount_pence").otherwise(0))
        .with_columns(last_on=pl.col("paid_on").max().over("holder_id"))
        .with_columns(back_days=(pl.col("last_on") - pl.col("paid_on")).dt.total_days())
    )
    seen = lines.group_by("holder_id").agg(
        pl.col("back_days").max().alias("seen_days"), pl.col("last_on").first(), pl.col("annual_pence").first()
    )
    by_block = (
        lines.filter(pl.col("back_days") < blocks * 28)
        .group_by("holder_id", pl.col("back_days") // 28)
        .agg(pl.col("spent").sum())
        .group_by("holder_id")
        .agg(pl.col("spent").median().round(0).cast(pl.Int64).alias("middle_pence"))
    )
    people = seen.join(by_block, on="holder_id").with_columns(
        NO_PAYMENT, year_pence=(pl.col("middle_pence") * 13), at_stake_pence=(pl.col("middle_pence") * 13 - pl.col("annual_pence")).clip(0)
    )
    is_short = pl.col("seen_days") < blocks * 28
    is_found = ~is_short & (pl.col("year_pence") > pl.col("annual_pence") * (1 + over_share))
    variant = pl.when(is_short).then(pl.lit(SHORT)).otherwise(pl.lit("")).alias("variant_code")
    measured = ("middle_pence", "year_pence", "annual_pence", "seen_days", "last_on")
    return about(people, "holder", "holder_id", "last_on", is_found, *measured, variant_code=variant)
