"""A service is paid for more often than the plan agrees.

Only days whose payments come to about one turn of the line count as a turn. Weeks paid late come together, so the weeks before must be
full as well: what was only made up for is left alone. A turn one period after another keeps the rhythm and is never found.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.on_lines import surely_on_lines
from phb_audit.rules.rule import ALL_FEEDS, Rule
from phb_audit.rules.spending import Spending, about_payments, at_once, first_at

DAYS = {"weekly": 7, "4-weekly": 28, "monthly": 31}
SLACK = {"weekly": 0, "4-weekly": 2, "monthly": 3}  # days by which a turn may miss its rhythm
PERIODS = 4
CARE = "C"  # paid by the hour; hours have rules of their own
TURN: dict[str, object] = {
    "plan_line_id": "PL1/v1/1",
    "plan_line_words": "Riding, once a week",
    "line_category_code": "T07",
    "line_frequency_code": "weekly",
    "line_amount_pence": 40_00,
    "amount_pence": 39_00,
}


def _turns(*days: int, **more: object) -> tuple[dict[str, object], ...]:
    """Turns so many days before the last one."""
    return tuple({**TURN, "payment_id": f"P{day:02d}", "paid_on": date(2026, 9, 27) - timedelta(days=day), **more} for day in days)


RULE = Rule(
    id="P-08",
    title="More often than agreed",
    family="A2",
    basis="plan_amount",
    severity=2,
    outcome="query",
    looks_at="days on which about one turn of a weekly, four-weekly or monthly plan line was paid, leaving aside paid care",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for '{plan_line_words}' ({line_frequency_code} in the "
    "plan). {near_count:many turn} were paid within {period_days} days, and {long_count} within {long_days} days.",
    not_found="{near_count:many turn} of '{plan_line_words}' ({line_frequency_code} in the plan) within {period_days} days, and "
    "{long_count} within {long_days} days; asked from {least_count} and {least_long}.",
    usual="Turns come in the rhythm of the plan, and those missed are made up for later.",
    innocent="Turns may have been paid ahead, a price may have fallen so that more fit the same money, or a course came in one week.",
    ask="Ask the holder how often they go now. Ask the care co-ordinator whether more is needed than the plan says.",
    clears="A new frequency in the plan, or an invoice that shows turns of other weeks.",
    overtaken="The plan's rhythm or the payments have changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    explained_by=("P-14", "G-02", "G-01", "G-13", "G-09", "G-03", "G-05"),
    examples=(
        flagged("Riding once a week, and four times in the last one", flags=3, payments=_turns(0, 1, 3, 4, 11, 18, 25)),
        left_alone("Once a week", payments=_turns(0, 7, 14, 21, 28)),
        left_alone("Three weeks made up for at once", payments=_turns(0, 1, 3, 25)),
        left_alone("Three tickets in a week, each a small part of the line", payments=_turns(0, 1, 3, 4, 11, 18, 25, amount_pence=9_00)),
        left_alone("Care that is paid by the hour", payments=_turns(0, 1, 3, 4, 11, 18, 25, line_category_code="C08")),
        flagged(
            "A monthly bill between two that keep their time, 29 days apart: only the one between is found",
            payments=_turns(0, 14, 29, 60, 91, 120, line_frequency_code="monthly"),
        ),
        at_the_threshold("Two in a week, the fewest that are left alone", payments=_turns(0, 1, 7, 14, 21)),
        at_the_threshold("Three in a week, and just as many in four weeks as count", flags=2, payments=_turns(0, 1, 3, 10, 17, 24)),
        agreed_exception(
            "The plan agrees this very riding by name",
            flags=2,
            payments=_turns(0, 1, 3, 10, 17, 24, is_preapproved=True),
        ),
    ),
)


def find(
    spending: Spending,
    *,
    least_share: float = 0.6,
    sure_share: float = 0.9,
    least_part: float = 0.6,
    most_part: float = 1.5,
    least_count: int = 3,
    least_long: int = 6,
) -> pl.LazyFrame:
    """One row per day with about one turn paid on a line: the turns of the period before it, and of four such periods."""
    line = ["holder_id", "plan_line_id"]
    part = pl.col("amount_pence") / pl.col("line_amount_pence")
    days = (
        surely_on_lines(spending, least_share, sure_share)
        .filter(
            pl.col("line_frequency_code").is_in(list(DAYS))
            & ~pl.col("line_category_code").fill_null("").str.starts_with(CARE)
            & (pl.col("amount_pence") > 0)
            & (pl.col("line_amount_pence") > 0)
        )
        .sort("payment_id")
        .group_by(*line, "paid_on", "plan_line_words", "line_frequency_code", "line_amount_pence", maintain_order=True)
        .agg(pl.col("amount_pence").sum(), pl.col("payment_id", "payee_shown").first())
        .filter(part.is_between(least_part, most_part))
        .sort("paid_on", "payment_id")
        .with_columns(one=pl.lit(1, dtype=pl.Int64))
    )
    days = at_once(days)
    rows = at_once(pl.concat([_counted(days, code, period) for code, period in DAYS.items()]))
    busy = rows.filter((pl.col("near_count") >= least_count) & (pl.col("long_count") >= least_long))
    near = (
        rows.filter(pl.col("near_count") > 1)
        .select("payment_id", *line, "paid_on")
        .join(busy.select(*line, "period_days", ended_on="paid_on", most_count="near_count", most_long="long_count"), on=line)
        .filter((pl.col("ended_on") - pl.col("paid_on")).dt.total_days().is_between(0, pl.col("period_days") - 1))
        .sort("payment_id", "most_count", "most_long", descending=[False, True, True])
        .unique("payment_id", keep="first", maintain_order=True)
        .select("payment_id", "most_count", "most_long")
    )
    rows = rows.join(near, on="payment_id", how="left").with_columns(
        is_busy=pl.col("most_count").is_not_null() & pl.col("turn_before_on").is_null(),
        near_count=pl.coalesce("most_count", "near_count"),
        long_count=pl.coalesce("most_long", "long_count"),
    )
    is_found = pl.col("is_busy")
    measured = ("case_payment_id", "plan_line_words", "line_frequency_code", "near_count", "long_count", "period_days", "long_days")
    return about_payments(first_at(rows, is_found, "plan_line_id"), is_found, *measured)


def _counted(days: pl.LazyFrame, code: str, period: int) -> pl.LazyFrame:
    """Days of one rhythm, each with the turns of its period and of four periods up to it, and the turn one period before it, if any."""
    counts = {"near_count": period, "long_count": period * PERIODS}
    own = days.filter(pl.col("line_frequency_code") == code)
    earlier = own.select("plan_line_id", turn_before_on="paid_on")
    in_rhythm = own.with_columns(due_on=pl.col("paid_on") - timedelta(days=period)).join_asof(
        earlier,
        left_on="due_on",
        right_on="turn_before_on",
        by="plan_line_id",
        strategy="nearest",
        tolerance=timedelta(days=SLACK[code]),
        check_sortedness=False,
        coalesce=False,
    )
    return in_rhythm.with_columns(
        *(
            pl.col("one").rolling_sum_by("paid_on", window_size=f"{span}d").over("plan_line_id").alias(name)
            for name, span in counts.items()
        ),
        period_days=pl.lit(period, dtype=pl.Int64),
        long_days=pl.lit(period * PERIODS, dtype=pl.Int64),
    )
