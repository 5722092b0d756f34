"""The same person was asked about small sums again and again within a month: gather the questions, and put them once."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

DAYS = (2, 9, 14, 22)
SMALL = tuple({"payment_id": f"P{day}", "amount_pence": 12_00, "paid_on": date(2026, 9, day)} for day in DAYS)
ASKED = tuple({"flag_id": f"F{day}", "payment_id": f"P{day}", "first_flagged_on": date(2026, 10, day)} for day in DAYS)

RULE = Rule(
    id="G-19",
    title="Small questions repeated",
    family="A6",
    basis="proportionate",
    severity=2,
    outcome="information",
    looks_at="questions of earlier nights about payments of less than {small_pence:pounds} that still stand",
    sentence="In {subject_on:month} questions about sums below {small_pence:pounds} were raised about this holder {asked_count} times, "
    "{asked_pence:pounds} together.",
    not_found="In {subject_on:month} questions about sums below {small_pence:pounds} were raised {asked_count:many time}; told beyond "
    "{most_count}.",
    usual="Small questions about one person are raised at most {most_count} times a month.",
    innocent="Receipts came in a few at a time, and the questions with them.",
    ask="Ask the team to put the questions in one letter or call, or to raise the sum from which this holder is asked.",
    clears="The questions put together, or decided.",
    overtaken="Enough of the questions were cleared.",
    same_flag=("holder_id", "subject_on"),
    decides="organisation",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the personal health budgets team's lead",
    is_commissioners=True,
    examples=(
        flagged("Four small questions in October, on four nights", payments=SMALL, raised=ASKED),
        left_alone(
            "All on one night: they are one question",
            payments=SMALL,
            raised=tuple({**row, "first_flagged_on": date(2026, 10, 2)} for row in ASKED),
        ),
        left_alone("The sums are large", payments=tuple({**row, "amount_pence": 90_00} for row in SMALL), raised=ASKED),
        at_the_threshold("Three times", payments=SMALL[:3], raised=ASKED[:3]),
    ),
)


def find(spending: Spending, *, small_pence: int = 50_00, most_count: int = 3) -> pl.LazyFrame:
    """One row per holder and month in which a small question was raised; flags of one rule and night are asked as one."""
    small = spending.payments.filter(pl.col("amount_pence").is_between(1, small_pence - 1)).select("payment_id", "amount_pence")
    by_night = (
        small.join(spending.raised, on="payment_id").group_by("holder_id", "rule_id", "first_flagged_on").agg(pl.col("amount_pence").sum())
    )
    by_month = (
        by_night.group_by("holder_id", pl.col("first_flagged_on").dt.truncate("1mo").alias("month_on"))
        .agg(pl.len().cast(pl.Int64).alias("asked_count"), pl.col("amount_pence").sum().alias("asked_pence"))
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64))
    )
    return about(by_month, "holder", "holder_id", "month_on", pl.col("asked_count") > most_count, "asked_count", "asked_pence")
