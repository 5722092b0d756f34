"""A payment that comes back again and again, and goes on after the plan line it served has ended."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, at_once, first_at

LAST_BILL, ON_A_LINE = "last_bill", "on_a_line"
SAME = ["holder_id", "payee_id"]
GYM: dict[str, object] = {"amount_pence": 28_50, "payee_shown": "TOWN GYM", "plan_line_id": "PL1/v1/1", "plan_line_words": "Gym membership"}
THREE = tuple({**GYM, "payment_id": f"P{month}", "paid_on": date(2026, month, 8)} for month in (4, 5, 6))
ENDED: tuple[dict[str, object], ...] = ({"ends_on": date(2026, 6, 30)},)
AFTER: dict[str, object] = {**GYM, "payment_id": "P8", "paid_on": date(2026, 8, 8), "plan_line_id": None, "match_code": "no_match"}

RULE = Rule(
    id="A-09",
    title="Subscription after the line ended",
    family="A4",
    basis="care_plan",
    severity=2,
    outcome="query",
    looks_at="payments to a payee who was paid {least_count} times or more on a plan line that has ended since, after that end, where "
    "one fits no line of the plan",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. {regular_count} earlier payments to the payee were for "
    "'{ended_words}', a line of the plan that ended on {line_ended_on:day}. The plan in force has no line for it.",
    not_found="Another line of the plan in force is served by it.",
    usual="A standing order or subscription ends with its line of the plan, give or take {grace_days} days.",
    innocent="Nobody stopped the standing order, the firm asks for notice, or the service was carried on by word of mouth.",
    ask="Ask the holder whether the service goes on and help them to stop it if not; ask the care co-ordinator whether it should go on.",
    clears="A line in the plan, a notice given to the firm, or the payments stopped.",
    overtaken="The plan has a line for it again.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    explained_by=("G-02", "G-01", "P-01", "G-13", "G-03", "G-05"),
    variants={
        LAST_BILL: Variant(
            not_found="The line ended on {line_ended_on:day}; up to {grace_days} days after are left alone for a last bill."
        ),
        ON_A_LINE: Variant(),
    },
    examples=(
        flagged("A gym paid on for a month after its line ended", payments=(*THREE, AFTER), plan_lines=ENDED),
        left_alone("The new plan has a line for it", payments=(*THREE, {**AFTER, "match_code": "fits"}), plan_lines=ENDED),
        left_alone("Paid once before: no subscription", payments=(THREE[0], AFTER), plan_lines=ENDED),
        left_alone("The line has no end", payments=(*THREE, AFTER), plan_lines=({},)),
        left_alone("A different price: something else was bought", payments=(*THREE, {**AFTER, "amount_pence": 60_00}), plan_lines=ENDED),
        at_the_threshold("The last day left alone", payments=(*THREE, {**AFTER, "paid_on": date(2026, 7, 14)}), plan_lines=ENDED),
    ),
)


def find(spending: Spending, *, grace_days: int = 14, least_count: int = 3, price_share: float = 0.1) -> pl.LazyFrame:
    """One row per payment, of the usual price, to a payee whose regular payments were on a line that had ended by then, and who was
    paid outside the plan.
    """
    plans = spending.plans.select("plan_version_id", "effective_to_on")
    lines = (
        spending.plan_lines.select("plan_line_id", "plan_version_id", "ends_on")
        .join(plans, on="plan_version_id", how="left")
        .select("plan_line_id", line_ended_on=pl.min_horizontal("ends_on", "effective_to_on"))
        .drop_nulls()
    )
    out = spending.payments.filter(
        (pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0) & pl.col("holding_code").is_in(["direct_payment", "third_party"])
    )
    # Nearly every payee is served by a line of the plan all along: only the others are looked at.
    outside = out.filter(pl.col("match_code") == "no_match").select(SAME).unique()
    out = at_once(out.join(outside, on=SAME, how="semi"))
    regular = (
        out.filter(pl.col("plan_line_id").is_not_null())
        .join(lines, on="plan_line_id")
        .group_by(*SAME)
        .agg(
            pl.len().cast(pl.Int64).alias("regular_count"),
            pl.col("line_ended_on").max(),
            pl.col("amount_pence").median().alias("usual_pence"),
            pl.col("plan_line_words").sort_by("paid_on", "payment_id").last().alias("ended_words"),
        )
        .filter(pl.col("regular_count") >= least_count)
    )
    is_usual = (pl.col("amount_pence") - pl.col("usual_pence")).abs() <= pl.col("usual_pence") * price_share
    after = at_once(out.join(regular, on=SAME).filter((pl.col("paid_on") > pl.col("line_ended_on")) & is_usual))
    is_last = (pl.col("paid_on") - pl.col("line_ended_on")).dt.total_days() <= grace_days
    variant = (
        pl.when(is_last).then(pl.lit(LAST_BILL)).when(pl.col("match_code") != "no_match").then(pl.lit(ON_A_LINE)).otherwise(pl.lit(""))
    )
    rows = after.with_columns(variant_code=variant)
    is_found = pl.col("variant_code") == ""
    measured = ("case_payment_id", "regular_count", "line_ended_on", "ended_words", "variant_code")
    return about_payments(first_at(rows, is_found, *SAME[1:]), is_found, *measured)
