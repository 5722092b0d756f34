"""An hourly rate below the legal minimum for the day. Ages are not on file, so what a younger assistant may be paid is said apart."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about
from phb_audit.rules.wage_rates import minimum_wages

YOUNG = "young"
SLIP: dict[str, object] = {"hours_count": 80.0, "rate_pence": 10_50, "gross_pence": 840_00}

RULE = Rule(
    id="W-12",
    title="Pay below the minimum wage",
    family="A5",
    basis="minimum_wage",
    severity=3,
    outcome="query",
    looks_at="hours paid as worked on pay slips that say a rate, or from which one can be worked out; sleep-ins are left out",
    sentence="{slips_count:many pay slip} of {payee_shown} with worked hours up to {last_on:day} have a rate as low as "
    "{lowest_pence:pounds} an hour. Since {rate_from_on:day} the least is {adult_pence:pounds} for people of {adult_from_age} "
    "and over, and {young_pence:pounds} for those of 18 and over. Up to the higher rate {at_stake_pence:pounds} is missing.",
    not_found="The slip pays {rate_pence:pounds} an hour; the least for people of {adult_from_age} and over was "
    "{adult_pence:pounds} from {rate_from_on:day}.",
    usual="Every worked hour is paid at least at the minimum wage of the person's age.",
    innocent="The assistant may be an apprentice or under 18, the hours may hold a sleep-in, or the rate of last year was left in "
    "by mistake.",
    ask="Ask the payroll agent for the right rate, and offer the holder support to put the pay right. The holder may not know.",
    clears="A corrected slip and the arrears paid, or a note of the age, the apprenticeship or the sleep-in.",
    overtaken="The pay slips were corrected.",
    same_flag=("holder_id", "employee_id", "rate_from_on"),
    decides="payroll",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll",),
    variants={
        YOUNG: Variant(
            sentence="{slips_count:many pay slip} of {payee_shown} with worked hours up to {last_on:day} have a rate as low as "
            "{lowest_pence:pounds} an hour. Since {rate_from_on:day} the least is {adult_pence:pounds} for people of "
            "{adult_from_age} and over; it is enough only for somebody younger.",
            innocent="The assistant may be younger than that, an apprentice, or the rate of last year was left in by mistake.",
            severity=2,
        ),
    },
    examples=(
        flagged("10.50 an hour in August 2026", pay_slips=(SLIP,)),
        flagged("11 pounds: enough only for a younger assistant", pay_slips=({**SLIP, "rate_pence": 11_00},)),
        flagged("No rate on the slip, 80 hours for 800 pounds", pay_slips=({**SLIP, "rate_pence": None, "gross_pence": 800_00},)),
        left_alone("A sleep-in", pay_slips=({**SLIP, "hours_kind_code": None},)),
        left_alone(
            "12.30 an hour for days before the rise", pay_slips=({**SLIP, "rate_pence": 12_30, "period_from_on": date(2026, 3, 20)},)
        ),
        at_the_threshold("Exactly the minimum wage", pay_slips=({**SLIP, "rate_pence": 12_71},)),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per pay slip with worked hours and a rate; a period that runs over a rise is held against the rates before it."""
    rate = pl.coalesce("rate_pence", (pl.col("gross_pence") / pl.col("hours_count")).round(0).cast(pl.Int64))
    slips = (
        slips_with_payments(spending)
        .filter((pl.col("hours_kind_code") == "worked") & (pl.col("hours_count") > 0))
        .with_columns(rate_pence=rate)
        .filter(pl.col("rate_pence") > 0)
        .sort("period_from_on", "pay_slip_id")
        .join_asof(minimum_wages().lazy(), left_on="period_from_on", right_on="rate_from_on", strategy="backward")
        .filter(pl.col("rate_from_on").is_not_null())
        .with_columns(is_below=pl.col("rate_pence") < pl.col("adult_pence"))
    )
    year = ["holder_id", "employee_id", "rate_from_on"]
    missing = ((pl.col("adult_pence") - pl.col("rate_pence")) * pl.col("hours_count")).round(0).cast(pl.Int64)
    below = (
        slips.filter("is_below")
        .group_by(year)
        .agg(
            missing.sum().alias("missing_pence"),
            pl.len().cast(pl.Int64).alias("slips_count"),
            pl.col("rate_pence").min().alias("lowest_pence"),
            pl.col("period_to_on").max().alias("last_on"),
        )
    )
    rows = slips.join(below, on=year, how="left").with_columns(at_stake_pence=pl.col("missing_pence").fill_null(0))
    variant = pl.when(pl.col("is_below") & (pl.col("lowest_pence") >= pl.col("young_pence"))).then(pl.lit(YOUNG)).otherwise(pl.lit(""))
    measured = ("rate_pence", "slips_count", "lowest_pence", "last_on", "payee_shown")
    told = (*measured, "rate_from_on", "adult_from_age", "adult_pence", "young_pence", "employee_id", "pay_slip_id")
    return about(rows, "pay_slip", "pay_slip_id", "slip_on", pl.col("is_below"), *told, variant_code=variant)
