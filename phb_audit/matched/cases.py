"""Payments the plan answers alike: of one holder and version, saying the same, of one amount, and on the same side of every date.

Each such case is held against the plan once, and the answer holds for all its payments.
"""

from __future__ import annotations

import polars as pl

from phb_audit.matched.holders import Holders
from phb_audit.matched.plan_in_force import live

BESIDE = 2**32  # two numbers as one
LINE_SAYS = ("description", "category_code", "probability_share", "set_codes", "is_abstained")


def cases_of(payments: pl.DataFrame, holders: Holders, receipt_lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The first payment of each case, in order, numbered `pay_idx` among the cases, with what it says; and each payment's case.

    What is not spend is not held against the plan: its amount and day do not matter. Where no version is in force the answer names the day.
    """
    asks = pl.col("is_spend")
    none = pl.lit(0, dtype=pl.Int64)
    day = pl.col("paid_on").to_physical().cast(pl.Int64)
    key = payments.with_columns(side=_side(payments, holders), read=_read_as(payments, receipt_lines)).select(
        "holder_idx",
        "said_idx",
        "plan_version_id",
        "is_spend",
        amount=pl.when(asks).then("amount_pence").otherwise(none),
        side=pl.when(~asks).then(none).when(pl.col("plan_version_id").is_null()).then(day).otherwise("side"),
        read=pl.col("read"),
    )
    number = key.select(case=key.hash_rows())
    first = number["case"].arg_unique()
    distinct = number[first].with_row_index("case_idx")
    case_idx = number.join(distinct, on="case", how="left", maintain_order="left")["case_idx"]
    chosen = payments[first]
    return chosen.drop("pay_idx").with_row_index("pay_idx").hstack(holders.said[chosen["said_idx"]]), case_idx


def _side(payments: pl.DataFrame, holders: Holders) -> pl.Series:
    """A number that is equal for two payments of one holder only where no date of its plans and their lines lies between them."""
    plans = live(holders.plans).select("holder_idx", "plan_version_id", "effective_from_on")
    lines = plans.join(holders.plan_lines.select("plan_version_id", "starts_on", "ends_on"), on="plan_version_id")
    after = pl.col("ends_on").dt.offset_by("1d")
    dates = [plans.select("holder_idx", on="effective_from_on"), *(lines.select("holder_idx", on=on) for on in ("starts_on", after))]
    bounds = pl.concat(dates).drop_nulls().select(_packed("on")).to_series().unique().sort()
    return bounds.search_sorted(payments.select(_packed("paid_on")).to_series(), side="right").cast(pl.Int64)


def _read_as(payments: pl.DataFrame, receipt_lines: pl.DataFrame) -> pl.Series:
    """A number that is equal for two payments only where one line stands on each receipt and says the same; null where there are no lines.

    What a single line comes to does not matter. A receipt of several lines is read alone: its sums depend on the order they are added in.
    """
    single = ~receipt_lines["receipt_id"].is_duplicated()
    said = receipt_lines.select("receipt_id", read=receipt_lines.select(LINE_SAYS).hash_rows())
    several = said.filter(~single).select("receipt_id").unique(maintain_order=True).with_columns(read=pl.col("receipt_id").hash())
    read = pl.concat([said.filter(single), several])
    return payments.select("receipt_id").join(read, on="receipt_id", how="left", maintain_order="left")["read"]


def _packed(day: str) -> pl.Expr:
    return pl.col("holder_idx").cast(pl.Int64) * BESIDE + pl.col(day).to_physical().cast(pl.Int64)
