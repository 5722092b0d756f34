"""Unmet need: outcomes nothing is bought for, care that is not delivered, money that lies still. A list for a welfare call.

Nothing here comes from a flag, and nothing here is a question about money. The weeks looked at end where a holder's own lines end;
whoever was in hospital or away in them, or is too new to tell, is left out.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.finance import holders, planned
from phb_audit.finance.people import Register, people_on
from phb_audit.finance.period import Period
from phb_audit.finance.unspent import LIMIT_WEEKS, unspent
from phb_audit.rules.agreed_hours import HOURS, LIVE_IN, WAGES, WEEKLY
from phb_audit.tables.unmet import UNMET_NEED
from phb_audit.warehouse import Warehouse, sql

WEEKS = 13  # a quarter: a rhythm of four weeks comes round three times
BILL_WEEKS = 4  # what a bill may take, so a plan must be older by that
BEHIND_WEEKS = 9  # lines that ended longer ago say nothing of today
LEAST_SHARE = 0.5  # of hours or of paid care
STILL_SHARE = 0.75  # less spent than this of the weeks' budget, beside a large balance
CARE = ("C01", "C08", "C09", "C11")
RHYTHMS = ("weekly", "4-weekly", "monthly")
SIGNS = ("has_outcome_without_spend", "has_care_not_delivered", "has_surplus_building")


def unmet_need(warehouse: Warehouse, as_of: date, *, limit_weeks: float = LIMIT_WEEKS) -> pl.DataFrame:
    """finance.unmet_need, most signs first."""
    register = Register.read(warehouse, as_of)
    whom = _looked_at(warehouse, register, as_of)
    days = {"first_on": as_of - timedelta(weeks=WEEKS + BEHIND_WEEKS), "last_on": as_of}
    spent = warehouse.frame(sql(__file__, "unmet_spend"), days).join(whom, on="holder_id")
    spent = spent.filter(pl.col("paid_on").is_between(pl.col("since_on"), pl.col("until_on")))
    lines = _lines(warehouse).join(whom, on="holder_id").filter(_ran())
    frame = whom
    for part in (
        _outcomes(lines, spent),
        _care(lines, spent),
        _hours(warehouse, lines, whom, days),
        _surplus(warehouse, as_of, whom, spent),
    ):
        frame = frame.join(part, on="holder_id", how="left", maintain_order="left")
    few_hours = pl.col("hours_worked") < pl.col("hours_agreed") * LEAST_SHARE
    few_care = pl.col("care_bought_pence") < pl.col("care_planned_pence") * LEAST_SHARE
    is_large = (pl.col("weeks_held") > limit_weeks) & (pl.col("spent_pence") < pl.col("budget_pence") * STILL_SHARE)
    return (
        frame.with_columns(
            pl.col("outcomes_count", "outcomes_planned_pence").fill_null(0),
            has_outcome_without_spend=(pl.col("outcomes_count") > 0).fill_null(False),
            has_care_not_delivered=pl.coalesce(few_hours & few_care, few_hours, few_care).fill_null(False),
            has_surplus_building=is_large.fill_null(False),
        )
        .with_columns(signs_count=pl.sum_horizontal(pl.col(SIGNS).cast(pl.Int64)))
        .filter(pl.col("signs_count") > 0)
        .sort("signs_count", "holder_id", descending=[True, False])
        .select(pl.col(column.name).cast(column.dtype) for column in UNMET_NEED.columns)
    )


def _looked_at(warehouse: Warehouse, register: Register, as_of: date) -> pl.DataFrame:
    """People with an open, ongoing budget older than the weeks, whose lines are recent and who were not away: with the weeks' two days."""
    people = people_on(register, as_of).filter(pl.col("is_open") & (pl.col("kind_code") == "ongoing"))
    until = warehouse.frame(sql(__file__, "unmet_until"), {"last_on": as_of})
    recent = until.filter(pl.col("until_on") > as_of - timedelta(weeks=BEHIND_WEEKS))
    placed = people.join(recent, on="holder_id").with_columns(
        since_on=(pl.col("until_on") - timedelta(weeks=WEEKS) + timedelta(days=1)).cast(pl.Date)
    )
    away = warehouse.frame(sql(__file__, "unmet_away"), {"last_on": as_of})
    was_away = placed.join(away, on="holder_id").filter((pl.col("from_on") <= pl.col("until_on")) & (pl.col("to_on") >= pl.col("since_on")))
    old = placed.filter(pl.col("starts_on") <= pl.col("since_on") - timedelta(weeks=BILL_WEEKS))
    kept = old.join(was_away, on="holder_id", how="anti")
    return kept.select("holder_id", *holders.GROUPS, "since_on", "until_on", "reviewed_on").sort("holder_id")


def _lines(warehouse: Warehouse) -> pl.DataFrame:
    """Recurring plan lines with the first day the same line of any version began, and their own words."""
    lines = planned.plan_lines(warehouse).filter(pl.col("frequency_code").is_in(RHYTHMS) & (pl.col("annual_pence") > 0))
    words = warehouse.frame(sql(__file__, "unmet_lines"))
    first = pl.col("starts_on").min().over("holder_id", "line_key")
    return (
        lines.join(words, on="plan_line_id", how="left", maintain_order="left")
        .with_columns(line_key=_across_versions("plan_line_id"), outcome_key=_across_versions("outcome_id"))
        .with_columns(began_on=first)
    )


def _across_versions(name: str) -> pl.Expr:
    """A line or outcome of a plan whatever the version: 'PL1/v2/O1' is 'PL1/O1'."""
    return pl.col(name).str.replace(r"/v\d+/", "/")


def _ran() -> pl.Expr:
    """The line runs on the last day of the weeks, and began before them by what a bill may take."""
    runs = (pl.col("starts_on") <= pl.col("until_on")) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= pl.col("until_on")))
    return runs & (pl.col("began_on") <= pl.col("since_on") - timedelta(weeks=BILL_WEEKS))


def _of_weeks(annual: pl.Expr) -> pl.Expr:
    """What a yearly amount comes to in the weeks looked at, in whole pence."""
    return (annual * (WEEKS * 7) // 365).cast(pl.Int64)


def _outcomes(lines: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """Outcomes with recurring lines, for which nothing was bought: by the outcome itself, by no category of its lines, and by nothing
    whose words leave it open."""
    named = lines.filter(pl.col("outcome_key").is_not_null())
    served = spent.filter(pl.col("outcome_id").is_not_null()).select("holder_id", outcome_key=_across_versions("outcome_id")).unique()
    bought = spent.filter(~pl.col("is_abstained")).select("holder_id", "category_code").unique()
    unsure = spent.filter("is_abstained").group_by("holder_id").agg(unsure_pence=pl.col("amount_pence").sum())
    by_kind = named.join(bought, on=["holder_id", "category_code"], how="semi").select("holder_id", "outcome_key").unique()
    without = named.join(served, on=["holder_id", "outcome_key"], how="anti").join(by_kind, on=["holder_id", "outcome_key"], how="anti")
    return (
        without.group_by("holder_id")
        .agg(
            outcomes_count=pl.col("outcome_key").n_unique(),
            goal_types=pl.col("goal_type").unique().sort().str.join("|"),
            outcomes_planned_pence=_of_weeks(pl.col("annual_pence")).sum(),
        )
        .join(unsure, on="holder_id", how="left")
        .filter(pl.col("unsure_pence").fill_null(0) < pl.col("outcomes_planned_pence") * LEAST_SHARE)
        .drop("unsure_pence")
        .sort("holder_id")
    )


def _care(lines: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """Paid care agreed and bought; whatever may have been care counts as care."""
    agreed = lines.filter(pl.col("category_code").is_in(CARE))
    may_be = spent.filter(pl.col("category_code").is_in(CARE) | pl.col("is_abstained"))
    bought = may_be.group_by("holder_id").agg(care_bought_pence=pl.col("amount_pence").sum())
    return (
        agreed.group_by("holder_id")
        .agg(care_planned_pence=_of_weeks(pl.col("annual_pence")).sum())
        .join(bought, on="holder_id", how="left")
        .with_columns(pl.col("care_bought_pence").fill_null(0))
        .sort("holder_id")
    )


def _hours(warehouse: Warehouse, lines: pl.DataFrame, whom: pl.DataFrame, days: dict[str, date]) -> pl.DataFrame:
    """Hours of paid assistants that the plan's words agree, and those told by pay slips or visits (whichever tell more).

    Hours are known only where somebody told hours of the holder in the weeks looked at or before them.
    """
    words = pl.col("description").fill_null("")
    told = words.str.extract_all(HOURS)
    is_told = (told.list.len() == 1) & (words.str.contains(WEEKLY) | (pl.col("frequency_code") == "weekly")) & ~words.str.contains(LIVE_IN)
    hours = pl.when(is_told).then(told.list.first().str.extract(HOURS).cast(pl.Float64, strict=False))
    agreed = (
        lines.filter(pl.col("category_code") == WAGES)
        .group_by("holder_id")
        .agg(hours_agreed=pl.when(hours.is_not_null().all()).then(hours.sum() * WEEKS))
    )
    slips = warehouse.frame(sql(__file__, "unmet_hours"), days).join(whom.select("holder_id", "since_on", "until_on"), on="holder_id")
    in_weeks = pl.col("to_on").is_between(pl.col("since_on"), pl.col("until_on"))
    worked = (
        slips.group_by("holder_id", "source")
        .agg(hours_worked=pl.col("hours_count").filter(in_weeks).sum())
        .group_by("holder_id")
        .agg(pl.col("hours_worked").max())
    )
    return agreed.join(worked, on="holder_id", how="left").sort("holder_id")


def _surplus(warehouse: Warehouse, as_of: date, whom: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """Unspent money in weeks of budget, and what was spent of the budget of the weeks looked at."""
    held = unspent(warehouse, Period.year_to(as_of)).select("holder_id", "weeks_held", "unspent_pence")
    yearly = holders.open_budgets(holders.budget_rows(warehouse), holders.ended(warehouse, as_of), as_of)
    of_weeks = yearly.select("holder_id", budget_pence=_of_weeks(pl.col("annual_pence")))
    total = spent.group_by("holder_id").agg(spent_pence=pl.col("amount_pence").sum())
    frame = whom.select("holder_id").join(held, on="holder_id", how="left").join(of_weeks, on="holder_id", how="left")
    return frame.join(total, on="holder_id", how="left").with_columns(pl.col("spent_pence").fill_null(0))
