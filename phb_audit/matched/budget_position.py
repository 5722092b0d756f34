"""How the budget stood after a payment: to the penny, pro rata by day, refunds counted back."""

from __future__ import annotations

import polars as pl

NO_BUDGET = "none_on_file"
TAX_YEAR_STARTS = (4, 1)  # where no budget covers the day, spend is added up by the financial year


def tidy_budgets(budgets: pl.DataFrame) -> pl.DataFrame:
    """One row per holder, account and first day: what the latest night said. A budget without a first day runs from the earliest."""
    return (
        budgets.with_columns(pl.col("starts_on").fill_null(pl.date(2005, 1, 1)), has_start=pl.col("starts_on").is_not_null())
        .sort("holder_idx", "account_id", "starts_on", "run_id", "line_number")
        .unique(["holder_idx", "account_id", "starts_on"], keep="last", maintain_order=True)
    )


def holder_budgets(budgets: pl.DataFrame) -> pl.DataFrame:
    """One row per holder and first day: `annual_pence` and `ends_on`.

    The register writes a holder's yearly budget on the row of each account: equal amounts that start together are one budget,
    different ones are parts and are added up.
    """
    return (
        budgets.filter(pl.col("annual_pence").is_not_null() & pl.col("has_start"))
        .unique(["holder_idx", "starts_on", "annual_pence"], keep="last", maintain_order=True)
        .group_by("holder_idx", "starts_on")
        .agg(pl.col("annual_pence").sum(), ends_on=pl.when(pl.col("ends_on").is_null().any()).then(None).otherwise(pl.col("ends_on").max()))
        .sort("starts_on", "holder_idx")
    )


def holding(payments: pl.DataFrame, budgets: pl.DataFrame) -> pl.DataFrame:
    """One row per payment: `holding_code` and `care_group_code` of the account on the day, else of its first budget, else of the holder."""
    asked = payments.select("pay_idx", "holder_idx", "account_id", "paid_on").sort("paid_on", "pay_idx")
    told = budgets.select("holder_idx", "account_id", "starts_on", "holding_code", "care_group_code").sort("starts_on", maintain_order=True)
    account, holder = ["holder_idx", "account_id"], ["holder_idx"]
    answers = []
    for by, strategy in ((account, "backward"), (account, "forward"), (holder, "backward"), (holder, "forward")):
        found = asked.join_asof(
            told.select(*by, "starts_on", "holding_code", "care_group_code"),
            left_on="paid_on",
            right_on="starts_on",
            by=by,
            strategy=strategy,  # type: ignore[arg-type]
            check_sortedness=False,
        )
        answers.append(found.filter(pl.col("holding_code").is_not_null()).select("pay_idx", "holding_code", "care_group_code"))
        asked = found.filter(pl.col("holding_code").is_null()).select(asked.columns)
    unknown = asked.select("pay_idx", holding_code=pl.lit(NO_BUDGET), care_group_code=pl.lit(None, dtype=pl.String))
    return pl.concat([*answers, unknown]).sort("pay_idx")


def anniversary(start: pl.Expr, year: pl.Expr) -> pl.Expr:
    """The same day in another year; 29 February becomes 28 February."""
    short = (start.dt.month() == 2) & (start.dt.day() == 29) & ~pl.date(year, 1, 1).dt.is_leap_year()
    return pl.date(year, start.dt.month(), pl.when(short).then(28).otherwise(start.dt.day()))


def pro_rata(annual_pence: pl.Expr, days: pl.Expr, days_in_year: pl.Expr) -> pl.Expr:
    """Whole pence of a yearly amount after so many days: never above it, and all of it on the last day."""
    return annual_pence * days.cast(pl.Int64) // days_in_year.cast(pl.Int64)


def budget_years(placed: pl.DataFrame, budgets: pl.DataFrame) -> pl.DataFrame:
    """The rows (`holder_idx, paid_on`), by day, with the budget of the day (`annual_pence, ends_on`) and its year.

    A budget year runs from `year_from_on` to the day before `next_from_on`. It begins on the budget's first day and on each return of it; a
    new budget begins a new year. Where no budget covers the day it is the financial year.
    """
    placed = placed.sort("paid_on", maintain_order=True).join_asof(
        holder_budgets(budgets), left_on="paid_on", right_on="starts_on", by="holder_idx", strategy="backward", check_sortedness=False
    )
    placed = placed.with_columns(year=pl.col("paid_on").dt.year())
    distinct = placed.select("starts_on", "year").unique()  # few: the calendar is asked once for each
    start, year = pl.coalesce("starts_on", pl.date("year", *TAX_YEAR_STARTS)), pl.col("year")
    returns = distinct.with_columns(start=start).with_columns(
        before_on=anniversary(pl.col("start"), year - 1),
        on=anniversary(pl.col("start"), year),
        after_on=anniversary(pl.col("start"), year + 1),
    )
    placed = placed.join(returns, on=["starts_on", "year"], how="left", nulls_equal=True, maintain_order="left")
    is_before = pl.col("on") > pl.col("paid_on")
    return placed.with_columns(
        year_from_on=pl.when(is_before).then("before_on").otherwise("on"), next_from_on=pl.when(is_before).then("on").otherwise("after_on")
    ).drop("year", "start", "before_on", "on", "after_on")


def position(payments: pl.DataFrame, budgets: pl.DataFrame, openings: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row per payment: `budget_to_date_pence`, `spent_to_date_pence` and `remaining_pence`.

    Payments come in order of holder, day and id. `openings`: one row per holder, what it had spent in a budget year before its first
    payment here (`holder_idx, year_from_on, spent_before_pence`). The two amounts that need a budget are null where none covers the day.
    """
    placed = budget_years(payments.select("pay_idx", "holder_idx", "paid_on", "amount_pence", "is_spend"), budgets).sort("pay_idx")
    last = pl.min_horizontal("paid_on", pl.coalesce("ends_on", "paid_on"))
    gone = pl.max_horizontal((last - pl.col("year_from_on")).dt.total_days() + 1, pl.lit(0))
    length = (pl.col("next_from_on") - pl.col("year_from_on")).dt.total_days()
    is_over = (pl.col("ends_on") < pl.col("year_from_on")).fill_null(False)
    of_year = pl.when(is_over).then(pl.col("annual_pence") * 0).otherwise(pl.col("annual_pence"))
    spent = running_sum(pl.when(pl.col("is_spend")).then(pl.col("amount_pence")).otherwise(0), "holder_idx", "year_from_on")
    if openings is not None:
        opened = openings.select("holder_idx", opening_on="year_from_on", before_pence="spent_before_pence")
        placed = placed.join(opened, on="holder_idx", how="left", maintain_order="left")
        is_opening = pl.col("opening_on") == pl.col("year_from_on")
        spent = spent + pl.when(is_opening).then("before_pence").otherwise(0)
    return placed.select(
        "pay_idx",
        budget_to_date_pence=pro_rata(pl.col("annual_pence"), gone, length),
        spent_to_date_pence=spent,
        remaining_pence=of_year - spent,
    )


def running_sum(amount: pl.Expr, *by: str) -> pl.Expr:
    """The sum up to and with each row within runs of equal `by`; rows of one run stand together."""
    total = amount.cum_sum()
    is_first = pl.any_horizontal((pl.col(name) != pl.col(name).shift(1)).fill_null(True) for name in by)
    before = pl.when(is_first).then(total - amount).forward_fill()
    return total - before
