"""What stands from earlier nights beside the payments matched anew: the run of the budget, and one-off items settled before."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.budget_position import position
from phb_audit.matched.holders import Holders
from phb_audit.matched.strength import PREAPPROVED_SHARE, at_once_pence

DEPOSIT_DAYS = 90  # a deposit and its balance to one payee within so many days are one purchase
POSITION = ("budget_to_date_pence", "spent_to_date_pence", "remaining_pence")


def positions(payments: pl.DataFrame, holders: Holders) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per payment, in order of `pay_idx`: its budget position; and the payments that stand but whose position has shifted.

    Counted anew from each holder's first day matched anew, on top of what was spent before; what lies before that day stands.
    """
    line = ("holder_idx", "payment_id", "paid_on", "amount_pence", "is_spend")
    later = holders.later.join(payments.select("payment_id"), on="payment_id", how="anti")
    first = holders.openings.select("holder_idx", "first_open_on")
    dated = payments.join(first, on="holder_idx", how="left", maintain_order="left")
    is_counted = (pl.col("paid_on") >= pl.col("first_open_on")).fill_null(False)
    asked = dated.filter(is_counted).select(*line, asked_idx="pay_idx")
    every = pl.concat([asked, later], how="diagonal")
    if later.height:
        every = every.sort("holder_idx", "paid_on", "payment_id")
    every = every.with_row_index("pay_idx")
    stood = every.hstack(position(every, holders.budgets, holders.openings).drop("pay_idx"))
    differs = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(before))
        for name, before in (("spent_to_date_pence", "stood_spent_pence"), ("remaining_pence", "stood_remaining_pence"))
        if before in stood.columns
    )
    shifted = stood.filter(pl.col("asked_idx").is_null() & differs).select("payment_id", *POSITION[1:])
    before = dated.filter(~is_counted).select(
        "pay_idx",
        budget_to_date_pence="stood_budget_pence",
        spent_to_date_pence="stood_spent_pence",
        remaining_pence="stood_remaining_pence",
    )
    counted = stood.filter(pl.col("asked_idx").is_not_null()).select(*POSITION, pay_idx="asked_idx")
    return pl.concat([before, counted.select(before.columns)]).sort("pay_idx"), shifted


def preapproval(payments: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """One row per payment: `is_preapproved`: a line agreed by name, a strong match, within what it allows at once, and the first time.

    For a one-off line the first purchase settles it, and its balance: the same payee within 90 days, together within the amount agreed.
    `items` are purchases of earlier nights on one-off lines: what they settled is settled, they come first.
    """
    strong = (pl.col("match_code") == "fits") & (pl.col("match_share") >= PREAPPROVED_SHARE) & ~pl.col("is_outside_dates")
    within = (pl.col("amount_pence") <= pl.col("limit_pence").fill_null(2**62)) & (pl.col("amount_pence") > 0)
    asked = payments.filter(pl.col("is_line_preapproved") & strong & within).select(
        "pay_idx", "holder_idx", "plan_line_words", "payee_id", "paid_on", "amount_pence", "line_amount_pence", "frequency_code"
    )
    named = pl.concat([items.with_columns(pay_idx=pl.lit(None, dtype=pl.UInt32)).select(asked.columns), asked])
    item = ("holder_idx", "plan_line_words")  # a line carried over into the next version is the same item
    is_once = pl.col("frequency_code") == "one-off"
    balance = (pl.col("payee_id") == pl.col("payee_id").first().over(*item)) & (
        (pl.col("paid_on") - pl.col("paid_on").first().over(*item)).dt.total_days() <= DEPOSIT_DAYS
    )
    taken = pl.col("amount_pence").cum_sum().over(*item)
    is_first = pl.int_range(pl.len()).over(*item) == 0
    settled = named.filter(~is_once.fill_null(False) | is_first | (balance & (taken <= pl.col("line_amount_pence"))))
    return payments.select("pay_idx", is_preapproved=pl.col("pay_idx").is_in(settled["pay_idx"].drop_nulls().implode()))


def earlier_items(payments: pl.DataFrame, holders: Holders) -> pl.DataFrame:
    """One row per earlier purchase that stands on a one-off line agreed by name, within its amount and dates; by holder, day and id."""
    lines = holders.plan_lines.filter("is_preapproved").select(
        "plan_line_id", "starts_on", "ends_on", "frequency_code", line_amount_pence="amount_pence", limit_pence=at_once_pence()
    )
    outside = (pl.col("paid_on") < pl.col("starts_on")) | (pl.col("paid_on") > pl.col("ends_on"))
    within = pl.col("amount_pence") <= pl.col("limit_pence").fill_null(2**62)
    return (
        holders.items.join(payments.select("payment_id"), on="payment_id", how="anti")
        .join(lines, on="plan_line_id")
        .filter(~outside.fill_null(False) & within)
        .sort("holder_idx", "paid_on", "payment_id")
    )
