"""What rules on the amount and the number of payments of a plan line share: payments that belong to that line and to no other."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.refunds import less_refunds
from phb_audit.rules.spending import Spending, shared

# Of the amount agreed once: spent so far, so that the item is there; and paid now, so that it is more than something to go with it.
HAD_SHARE, AGAIN_SHARE = 0.8, 0.5


@shared
def surely_on_lines(spending: Spending, least_share: float, sure_share: float = 1.01) -> pl.LazyFrame:
    """Payments that fit a plan line and no other, at what they cost after refunds: agreed by name, or read surely, with no second reading
    that the plan names too. `paid_pence` is what was paid at first.

    From `sure_share` a second reading counts for nothing.
    """
    named = spending.plan_lines.select("plan_version_id", second_code="category_code", is_elsewhere=pl.lit(True)).drop_nulls().unique()
    share = pl.col("probability_share")
    is_open = pl.col("is_elsewhere").fill_null(False) & (share < sure_share)
    is_sure = ~pl.col("is_abstained") & (share >= least_share) & ~is_open
    return (
        less_refunds(spending, spending.payments)
        .filter(pl.col("plan_line_id").is_not_null() & (pl.col("match_code") == "fits") & pl.col("is_spend"))
        .join(named, on=["plan_version_id", "second_code"], how="left")
        .filter(pl.col("is_preapproved") | is_sure)
        .select(
            "payment_id",
            "holder_id",
            "paid_on",
            "amount_pence",
            "paid_pence",
            "payee_shown",
            "plan_version_id",
            "plan_line_id",
            "plan_line_words",
            "line_category_code",
            "line_frequency_code",
            "line_most_at_once_pence",
            "line_amount_pence",
            "line_annual_pence",
        )
    )


@shared
def one_off_items(spending: Spending, least_share: float) -> pl.LazyFrame:
    """One row per payment on a line agreed once: what had been spent on it before, and is_again (it had been bought, and this pays anew).

    A plan with two such lines of one kind may agree two of it: its payments are not here.
    """
    only = (
        spending.plan_lines.filter(pl.col("frequency_code") == "one-off")
        .group_by("plan_version_id", "category_code")
        .agg(pl.len().alias("lines_count"), pl.col("plan_line_id").first())
        .filter(pl.col("lines_count") == 1)
        .select("plan_line_id")
    )
    amount, agreed = pl.col("amount_pence"), pl.col("line_amount_pence")
    is_item = (pl.col("line_frequency_code") == "one-off") & (agreed > 0) & (amount != 0)
    paid = surely_on_lines(spending, least_share).filter(is_item)
    return (
        paid.join(only, on="plan_line_id", how="semi")
        .sort("paid_on", "payment_id")
        .with_columns(
            before_pence=(amount.cum_sum() - amount).over("plan_line_id"),
            before_on=pl.col("paid_on").shift(1).over("plan_line_id"),
        )
        .filter(amount > 0)
        .with_columns(
            agreed_pence=agreed,
            is_again=(pl.col("before_pence") >= agreed * HAD_SHARE) & (amount >= agreed * AGAIN_SHARE),
        )
    )
