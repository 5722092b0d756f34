"""Who has a budget: people of the year to date and people active on the day, counted apart (rule G-18), by group and quarter.

The year to date begins again each April, so a fourth quarter is never set against the first that follows. A wheelchair budget is
counted as ongoing in its first year and while yearly reviews are done; a one-off budget in the year it began, and never as active.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from phb_audit.finance import holders, planned
from phb_audit.periods import financial_year, quarter_ends, quarter_named_by, year_before
from phb_audit.tables.people import PEOPLE, TAKE_UP
from phb_audit.warehouse import Warehouse, sql

GROUPS = {"holding": "holding_code", "care_group": "care_group_code", "area": "area_name", "age_band": "age_band"}
NOT_TOLD = "not_told"
QUARTERS = 13  # three years of quarters, and the one that runs
OPEN = date(9999, 12, 31)


@dataclass(frozen=True)
class Register:
    """The register as it stands: budget rows, unbroken runs of days, what is a one-off by its plan, and reviews."""

    rows: pl.DataFrame
    runs: pl.DataFrame
    one_off: pl.DataFrame
    reviews: pl.DataFrame

    @classmethod
    def read(cls, warehouse: Warehouse, as_of: date) -> Register:
        """Everything told up to the day."""
        rows = holders.budget_rows(warehouse)
        return cls(
            rows,
            runs_of(rows, holders.ended(warehouse, as_of)),
            _one_off(planned.plan_lines(warehouse)),
            warehouse.frame(sql(__file__, "reviews"), {"last_on": as_of}),
        )


def runs_of(rows: pl.DataFrame, over: pl.DataFrame) -> pl.DataFrame:
    """One row per holder and unbroken run of days with a budget: `starts_on, ends_on` (null while open). Accounts and renewals join."""
    ends = pl.min_horizontal(pl.col("ends_on").fill_null(OPEN), (pl.col("over_on") - pl.duration(days=1)).cast(pl.Date))
    cut = rows.join(over, on="holder_id", how="left").with_columns(ends_on=ends).filter(pl.col("ends_on") >= pl.col("starts_on"))
    cut = cut.sort("holder_id", "starts_on", "ends_on")
    before = pl.col("ends_on").cum_max().shift(1).over("holder_id")
    # (the day after an open end would be past the calendar, so the day before the start is looked at)
    is_new = (before < (pl.col("starts_on") - pl.duration(days=1))).fill_null(True)
    numbered = cut.with_columns(run=is_new.cast(pl.Int64).cum_sum())
    runs = numbered.group_by("holder_id", "run").agg(pl.col("starts_on").min(), pl.col("ends_on").max())
    return runs.select("holder_id", "starts_on", ends_on=pl.col("ends_on").replace(OPEN, None)).sort("holder_id", "starts_on")


def _one_off(lines: pl.DataFrame) -> pl.DataFrame:
    """Holders whose plan lines are all one-off items: `holder_id`."""
    is_once = (pl.col("frequency_code") == planned.ONE_OFF).fill_null(False)
    return lines.group_by("holder_id").agg(is_once=is_once.all()).filter("is_once").select("holder_id")


def people_on(register: Register, day: date) -> pl.DataFrame:
    """finance.people: everyone whose budget ran on a day of the financial year up to `day`."""
    first = date(financial_year(day), 4, 1)
    latest = (
        register.runs.filter((pl.col("starts_on") <= day) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= first)))
        .unique("holder_id", keep="last", maintain_order=True)
        .with_columns(ends_on=pl.when(pl.col("ends_on") < day).then("ends_on"))
    )
    eve = first - timedelta(days=1)
    ran_before = register.runs.filter((pl.col("starts_on") <= eve) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= eve)))
    reviewed = register.reviews.filter(pl.col("reviewed_on") <= day).group_by("holder_id").agg(pl.col("reviewed_on").max())
    frame = latest.join(reviewed, on="holder_id", how="left", maintain_order="left")
    grouped = holders.with_groups(frame, register.rows, day).join(_ages(register.rows), on="holder_id", how="left", maintain_order="left")
    one_off = pl.col("holder_id").is_in(register.one_off["holder_id"].implode())
    group = pl.col("care_group_code").fill_null("").str.to_lowercase()
    kind = (
        pl.when(group.str.contains("wheelchair"))
        .then(pl.lit("wheelchair"))
        .when(group.str.contains("one.off") | one_off)
        .then(pl.lit("one_off"))
        .otherwise(pl.lit("ongoing"))
    )
    is_new = ~pl.col("holder_id").is_in(ran_before["holder_id"].implode())
    return (
        grouped.with_columns(
            first_on=pl.lit(first), last_on=pl.lit(day), kind_code=kind, is_new=is_new, is_open=pl.col("ends_on").is_null()
        )
        .with_columns(_counted(day, first))
        .with_columns(is_active=pl.col("is_open") & pl.col("goes_on"))
        .with_columns(is_year_to_date=(pl.col("starts_on") >= first) | pl.col("goes_on"))
        .select(PEOPLE.column_names)
        .sort("holder_id")
    )


def _ages(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per holder whose age band was ever told: `age_band` as it was told last."""
    told = rows.filter(pl.col("age_band").is_not_null()).sort("holder_id", "run_id", "starts_on", "account_id")
    return told.unique("holder_id", keep="last", maintain_order=True).select("holder_id", "age_band")


def _counted(day: date, first: date) -> pl.Expr:
    """Whether a budget goes on: an ongoing one does; a wheelchair one in its first year and while reviewed; a one-off one does not."""
    year_ago = year_before(day)
    is_reviewed = ((pl.col("reviewed_on") > year_ago) | (pl.col("starts_on") > year_ago)).fill_null(False)
    goes_on = pl.when(pl.col("kind_code") == "ongoing").then(True).when(pl.col("kind_code") == "wheelchair").then(is_reviewed)
    return goes_on.otherwise(False).alias("goes_on")


def days_of(as_of: date, number: int = QUARTERS) -> list[date]:
    """The days take-up is looked at: quarters' ends, and the day itself where it is none."""
    ends = quarter_ends(as_of, number)
    return ends if ends[-1] == as_of else [*ends, as_of]


def take_up(register: Register, as_of: date) -> pl.DataFrame:
    """finance.take_up, by group, from the first quarter's end anyone had a budget."""
    rows = [row for day in days_of(as_of) for row in _of_day(people_on(register, day), day)]
    return pl.DataFrame(rows, schema=TAKE_UP.polars_schema)


def _of_day(people: pl.DataFrame, day: date) -> Iterator[dict[str, object]]:
    if people.is_empty():
        return
    yield {"group_code": "all", "group_key": ""} | counts(people, day)
    for code, column in GROUPS.items():
        for (key,), part in people.with_columns(pl.col(column).fill_null(NOT_TOLD)).sort(column).group_by(column, maintain_order=True):
            yield {"group_code": code, "group_key": str(key)} | counts(part, day)


def counts(people: pl.DataFrame, day: date) -> dict[str, object]:
    """The counts of some people on a day; of nobody they are zeros."""
    in_year = people.filter("is_year_to_date")
    return {
        "quarter": quarter_named_by(day),
        "last_on": day,
        "year_to_date_count": in_year.height,
        "active_count": people.filter("is_active").height,
        "new_count": in_year.filter("is_new").height,
        "left_out_count": people.filter(pl.col("is_open") & ~pl.col("is_year_to_date")).height,
    }
