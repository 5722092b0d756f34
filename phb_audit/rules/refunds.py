"""What has come back of a purchase: its refunds, as they were linked to it, and whether one may be of it or of another."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, shared


@shared
def refunded(spending: Spending) -> pl.LazyFrame:
    """One row per purchase with a refund: `refunded_pence`, surely its own; `may_be_refunded`, all of it, if not another's."""
    is_its_own = pl.col("link_code") == "one"
    is_all = (pl.col("link_code") == "open") & (pl.col("back_pence") == pl.col("bought_pence"))
    return spending.refund_links.group_by(payment_id="purchase_id").agg(
        refunded_pence=pl.col("back_pence").filter(is_its_own).sum(), may_be_refunded=is_all.any()
    )


def less_refunds(spending: Spending, payments: pl.LazyFrame) -> pl.LazyFrame:
    """The payments at what they cost in the end: refunds that belong to a purchase are taken off it, and are no rows of their own.

    `paid_pence` is what was paid at first: what a sentence tells.
    """
    linked = spending.refund_links.filter(pl.col("link_code") == "one").select(payment_id="refund_id")
    return (
        payments.join(linked, on="payment_id", how="anti")
        .join(refunded(spending).select("payment_id", "refunded_pence"), on="payment_id", how="left")
        .with_columns(amount_pence=pl.col("amount_pence") - pl.col("refunded_pence").fill_null(0), paid_pence="amount_pence")
        .drop("refunded_pence")
    )
