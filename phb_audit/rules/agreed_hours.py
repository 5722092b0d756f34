"""What the rules on hours and rates share: pay slips beside the hours a week and the rate that the plan agrees for paid assistants."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.spending import Spending, at_once, shared

WAGES = "C01"
HOURS = r"(?i)(\d+(?:\.\d+)?)\s*(?:hours?|hrs?)\b"
RATE = r"(?i)£\s?(\d{1,3}(?:\.\d{1,2})?)\s*(?:an?|per|/)\s?(?:hour|hr)\b"
WEEKLY = r"(?i)\bweek|\bwks?\b|\bp\.?/?w\b"
LIVE_IN = r"(?i)live.?in|24.?(?:hours?|hrs?|/7)|round the clock"
WEEKS_A_YEAR = 52.0


@shared
def agreed_hours(spending: Spending) -> pl.LazyFrame:
    """One row per plan version with a line for paid assistants: agreed_hours a week and agreed_rate_pence, null where the plan's words
    do not say them, and is_live_in. The rate is that of the words, or else the line's money over its hours.
    """
    words = pl.col("description").fill_null("")
    said = words.str.replace_all(LIVE_IN, "").str.extract_all(HOURS)
    is_told = (said.list.len() == 1) & (words.str.contains(WEEKLY) | (pl.col("frequency_code") == "weekly"))
    hours = pl.when(is_told).then(said.list.first().str.extract(HOURS).cast(pl.Float64, strict=False))
    return (
        spending.plan_lines.filter(pl.col("category_code") == WAGES)
        .with_columns(
            hours=hours,
            rate_pence=(words.str.extract(RATE).cast(pl.Float64, strict=False) * 100).round(0),
            is_live_in=words.str.contains(LIVE_IN),
        )
        .group_by("plan_version_id")
        .agg(
            pl.when(pl.col("hours").is_not_null().all()).then(pl.col("hours").sum()).alias("agreed_hours"),
            pl.col("rate_pence").max(),
            pl.col("annual_pence").sum(),
            pl.col("is_live_in").any(),
        )
        .select(
            "plan_version_id",
            "agreed_hours",
            "is_live_in",
            agreed_rate_pence=pl.coalesce("rate_pence", (pl.col("annual_pence") / (pl.col("agreed_hours") * WEEKS_A_YEAR)).round(0)).cast(
                pl.Int64
            ),
        )
    )


@shared
def slips_beside_plans(spending: Spending) -> pl.LazyFrame:
    """One row per pay slip with worked hours: its payment, its hours a week (week_hours), and of the plan versions in force in the four
    weeks before its last day the most agreed_hours and agreed_rate_pence (null where none says them) and is_live_in.
    """
    weeks = ((pl.col("period_to_on") - pl.col("period_from_on")).dt.total_days() + 1) / 7
    slips = at_once(
        slips_with_payments(spending)
        .filter((pl.col("hours_kind_code") == "worked") & (pl.col("hours_count") > 0))
        .filter(pl.col("period_to_on") >= pl.col("period_from_on"))
        .with_columns(week_hours=(pl.col("hours_count") / weeks).round(1))
    )
    in_force = (
        spending.plans.filter(pl.col("status_code") != "draft")
        .select("holder_id", "plan_version_id", "effective_from_on", "effective_to_on")
        .join(agreed_hours(spending), on="plan_version_id")
    )
    days = slips.select("holder_id", "period_to_on").unique()
    of_day = (
        days.join(in_force, on="holder_id")
        .filter(
            (pl.col("effective_from_on") <= pl.col("period_to_on"))
            & (pl.col("effective_to_on").is_null() | (pl.col("effective_to_on") > pl.col("period_to_on") - timedelta(days=28)))
        )
        .group_by("holder_id", "period_to_on")
        .agg(
            pl.when(pl.col("agreed_hours").is_not_null().all()).then(pl.col("agreed_hours").max()).alias("agreed_hours"),
            pl.when(pl.col("agreed_rate_pence").is_not_null().all()).then(pl.col("agreed_rate_pence").max()).alias("agreed_rate_pence"),
            pl.col("is_live_in").any(),
        )
    )
    return slips.join(of_day, on=["holder_id", "period_to_on"], how="left").with_columns(pl.col("is_live_in").fill_null(value=False))
