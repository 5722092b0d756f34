"""What came of budgets: outcomes met at review, scores, hospital and other care before and after. Associations, not causes: nobody was
drawn by lot, people often begin when things are at their worst, and needs change with time."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.finance import holders
from phb_audit.finance.period import Period
from phb_audit.finance.ratios import difference_interval, mean_interval, ratio_interval
from phb_audit.tables.came_of import OUTCOME_CHANGE, OUTCOME_SUMMARY
from phb_audit.warehouse import Warehouse, sql

MET, SCORES, USE = "outcome_met", ("quality_of_life", "wellbeing"), ("admissions", "bed_days", "ae_visits", "gp_contacts")
RECENT = timedelta(days=400)  # a review a year, and a month to write it down
LARGE_PENCE = 1_000_00
YEAR = 365
SIZES = {"all": None, "large": True, "small": False}


def outcome_change(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.outcome_change, as known on the last day of the period."""
    records = warehouse.frame(sql(__file__, "outcome_records"), {"last_on": period.last})
    rows = holders.budget_rows(warehouse)
    first = holders.yearly_budgets(rows).sort("holder_id", "starts_on").unique("holder_id", keep="first", maintain_order=True)
    started = first.select("holder_id", begun_on="starts_on", is_large=pl.col("annual_pence") >= LARGE_PENCE)
    since = period.last - RECENT
    parts = [_met(records, since), *(_score(records, name, since) for name in SCORES), *(_use(records, started, name) for name in USE)]
    frame = pl.concat(parts, how="diagonal").join(started, on="holder_id", how="left", maintain_order="left")
    return (
        holders.with_groups(frame, rows, period.last)
        .with_columns(change=pl.col("after_value") - pl.col("before_value"))
        .sort("measure_code", "holder_id")
        .select(OUTCOME_CHANGE.column_names)
    )


def _met(records: pl.DataFrame, since: date) -> pl.DataFrame:
    """Outcomes at a holder's first review with ratings, and at its latest; two ratings of an outcome on a day are one: the later row."""
    rated = records.filter(measure_code=MET).unique(["holder_id", "outcome_ref", "to_on"], keep="last", maintain_order=True)
    a_review = rated.group_by("holder_id", "to_on").agg(
        rated_count=pl.len().cast(pl.Int64),
        met_count=(pl.col("value_count") == 1).sum().cast(pl.Int64),
        partly_count=((pl.col("value_count") > 0) & (pl.col("value_count") < 1)).sum().cast(pl.Int64),
    )
    share = a_review.with_columns(share=pl.col("met_count") / pl.col("rated_count")).sort("holder_id", "to_on")
    return _first_and_last(share, "share", MET, since, "rated_count", "met_count", "partly_count")


def _score(records: pl.DataFrame, name: str, since: date) -> pl.DataFrame:
    """The first and latest score of the instrument that was used last; another instrument's scores are no 'before'."""
    scores = records.filter(measure_code=name).sort("holder_id", "to_on", maintain_order=True)
    used_last = scores.group_by("holder_id", maintain_order=True).agg(pl.col("instrument").last())
    alike = (
        scores.join(used_last, on=["holder_id", "instrument"], how="semi").group_by("holder_id", "to_on").agg(pl.col("value_count").last())
    )
    return _first_and_last(alike.sort("holder_id", "to_on"), "value_count", name, since)


def _first_and_last(frame: pl.DataFrame, value: str, name: str, since: date, *counts: str) -> pl.DataFrame:
    found = frame.group_by("holder_id", maintain_order=True).agg(
        *(pl.col(each).last() for each in counts),
        from_on=pl.col("to_on").first(),
        to_on=pl.col("to_on").last(),
        before_value=pl.when(pl.len() > 1).then(pl.col(value).first()),
        after_value=pl.col(value).last(),
    )
    return found.filter(pl.col("to_on") > since).with_columns(measure_code=pl.lit(name))


def _use(records: pl.DataFrame, started: pl.DataFrame, name: str) -> pl.DataFrame:
    """Times a year before and after the first day of the first budget; a stretch over that day is left out, and whoever lacks a side."""
    used = records.filter(measure_code=name).join(started, on="holder_id")
    days = (pl.col("to_on") - pl.col("from_on")).dt.total_days() + 1
    sides = (("before", pl.col("to_on") < pl.col("begun_on")), ("after", pl.col("from_on") >= pl.col("begun_on")))
    found = []
    for side, wanted in sides:
        rate = (pl.col("value_count").sum() * YEAR / pl.col("days").sum()).alias(f"{side}_value")
        part = used.with_columns(days=days).filter(wanted)
        found.append(part.group_by("holder_id").agg(rate, pl.col("from_on").min(), pl.col("to_on").max()))
    before, after = found
    both = before.drop("to_on").join(after.drop("from_on"), on="holder_id")
    return both.with_columns(measure_code=pl.lit(name))


def summary(people: pl.DataFrame) -> pl.DataFrame:
    """finance.outcome_summary from the people: every measure, for all, for budgets of 1,000 pounds or more, and for smaller ones."""
    rows = []
    for name in (MET, *SCORES, *USE):
        of_measure = people.filter(measure_code=name)
        rows += [_sums(of_measure, name, size) for size in SIZES]
        rows.append(_difference(of_measure, name))
    return pl.DataFrame(rows, schema=OUTCOME_SUMMARY.polars_schema)


def _of_size(people: pl.DataFrame, size: str) -> pl.DataFrame:
    wanted = SIZES[size]
    return people if wanted is None else people.filter(pl.col("is_large") == wanted)


def _sums(people: pl.DataFrame, name: str, size: str) -> dict[str, object]:
    told = _of_size(people, size)
    counted: dict[str, object] = {}
    if name == MET:
        met, rated = (int(told[each].sum()) for each in ("met_count", "rated_count"))
        counted = {"met_count": met, "rated_count": rated, "partly_count": told["partly_count"].sum()}
        estimate = met / rated if rated else None
        low, high = ratio_interval(told["met_count"], told["rated_count"])
        interval = (None if low is None else max(0.0, low), None if high is None else min(1.0, high))
    else:
        told = told.filter(pl.col("before_value").is_not_null() & pl.col("after_value").is_not_null())
        before, after = told["before_value"], told["after_value"]
        is_score = name in SCORES
        top, bottom = (told["change"], told.height) if is_score else (after, float(before.sum()))
        estimate = float(top.sum()) / bottom if bottom else None
        interval = mean_interval(told["change"]) if is_score else ratio_interval(after, before)
    means = {"before_mean": told["before_value"].mean(), "after_mean": told["after_value"].mean()}
    bounds = {"estimate": estimate, "lower": interval[0], "upper": interval[1]}
    return {"measure_code": name, "size_code": size, "people_count": told.height, **counted, **means, **bounds}


def _difference(people: pl.DataFrame, name: str) -> dict[str, object]:
    """Larger budgets less smaller ones, of outcomes met and of changes of scores; of care used the two ratios stand side by side."""
    told = people if name == MET else people.filter(pl.col("change").is_not_null())
    large, small = _of_size(told, "large"), _of_size(told, "small")
    row = {"measure_code": name, "size_code": "difference", "people_count": min(large.height, small.height)}
    if name in USE or not large.height or not small.height:
        return row
    tops, bottoms = ("met_count", "rated_count") if name == MET else ("change", None)
    estimate, low, high = difference_interval(*((part[tops], part[bottoms] if bottoms else None) for part in (large, small)))
    return row | {"estimate": estimate, "lower": low, "upper": high}
