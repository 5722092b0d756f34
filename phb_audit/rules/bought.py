"""Never-list purchases: receipt lines first, then payments nobody sent lines for. A merchant code alone only ever asks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from phb_audit.rules.spending import Spending, shared

LINE, SHOP = "line", "shop"
# Words this sure of something else outweigh the trade code of a shop; words this sure outweigh a second reading the plan names.
OTHERWISE_SHARE, SURE_SHARE = 0.8, 0.85


@dataclass(frozen=True)
class Trade:
    """What is looked for. `is_not`: words that sound alike (alcohol-free, wine gums); `is_also`: words a category must have beside it;
    `by_name`: names of shops that say their trade whatever the reading; `least_at_shop`: how sure, where only the shop's name speaks."""

    codes: tuple[str, ...]
    merchant_codes: tuple[str, ...]
    least_share: float
    is_not: str = ""
    is_also: str = ""
    by_name: str = ""
    least_at_shop: float = 0.0

    def is_seen(self, words: pl.Expr, least_share: float) -> pl.Expr:
        """Is a line or payment read as this trade, surely enough, with the right words?"""
        is_read = pl.col("category_code").is_in(self.codes) & ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share)
        # Patterns are tried only on what the reading has left: a night has a million names.
        left = pl.when(is_read).then(words.fill_null(""))
        seen = left.is_not_null()
        if self.is_not:
            seen &= ~left.str.contains(self.is_not)
        if self.is_also:
            seen &= left.str.contains(self.is_also)
        return seen.fill_null(False)


def bought(spending: Spending, trade: Trade) -> pl.LazyFrame:
    """One row per receipt with lines, and one per purchase without: variant_code 'line' or 'shop', is_found and what was seen."""
    return pl.concat([_on_receipts(spending, trade), _at_shops(spending, trade)])


@shared
def _papers(spending: Spending) -> pl.LazyFrame:
    """One row per receipt with lines: how many, and its day."""
    return spending.receipt_lines.group_by("receipt_id", "payment_id", "holder_id").agg(
        pl.len().cast(pl.Int64).alias("lines_count"), pl.coalesce("dated_on", "received_on").min().alias("paid_on")
    )


def _on_receipts(spending: Spending, trade: Trade) -> pl.LazyFrame:
    seen = (
        spending.receipt_lines.filter(trade.is_seen(pl.col("description"), trade.least_share))
        .group_by("receipt_id")
        .agg(
            pl.len().cast(pl.Int64).alias("seen_count"),
            pl.col("line_total_pence").sum().alias("seen_pence"),
            pl.col("description").sort().first().alias("item_shown"),
            pl.col("probability_share").max().alias("sure_share"),
        )
    )
    is_alone = pl.col("payment_id").is_null()
    return (
        _papers(spending)
        .join(seen, on="receipt_id", how="left")
        .select(
            pl.when(is_alone).then(pl.lit("receipt")).otherwise(pl.lit("payment")).alias("subject_code"),
            pl.coalesce("payment_id", "receipt_id").alias("subject_id"),
            "payment_id",
            "holder_id",
            pl.col("paid_on").fill_null(spending.as_of).alias("subject_on"),
            pl.col("seen_pence").fill_null(0).alias("at_stake_pence"),
            pl.col("seen_count").is_not_null().alias("is_found"),
            pl.lit(LINE).alias("variant_code"),
            pl.col("receipt_id").alias("thing_id"),
            "item_shown",
            "lines_count",
            pl.col("seen_count").fill_null(0),
            pl.col("seen_pence").fill_null(0),
            "sure_share",
            pl.lit("").alias("payee_shown"),
            pl.lit(None, dtype=pl.String).alias("mcc_code"),
            pl.lit(None, dtype=pl.String).alias("category_code"),
        )
    )


def _at_shops(spending: Spending, trade: Trade) -> pl.LazyFrame:
    # The shop's own name only: a bank's further words may describe a whole trade ('medical, dental and hospital equipment').
    name, share = pl.col("payee_shown"), pl.col("probability_share")
    says_otherwise = ~pl.col("category_code").is_in((*trade.codes, "M04")) & ~pl.col("is_abstained") & (share >= OTHERWISE_SHARE)
    is_planned = pl.col("is_second_planned").fill_null(False) & (share < SURE_SHARE)
    is_found = trade.is_seen(name, max(trade.least_share, trade.least_at_shop)) & ~is_planned
    is_found |= (pl.col("mcc_code").is_in(trade.merchant_codes) & ~says_otherwise).fill_null(False)
    if trade.by_name:
        open_name = pl.when(~says_otherwise).then(name)
        by_name = open_name.str.contains(trade.by_name)
        is_found |= (by_name & ~name.str.contains(trade.is_not) if trade.is_not else by_name).fill_null(False)
    return _without_lines(spending).select(
        pl.lit("payment").alias("subject_code"),
        pl.col("payment_id").alias("subject_id"),
        "payment_id",
        "holder_id",
        pl.col("paid_on").alias("subject_on"),
        pl.col("amount_pence").alias("at_stake_pence"),
        is_found.alias("is_found"),
        pl.lit(SHOP).alias("variant_code"),
        pl.col("payment_id").alias("thing_id"),
        pl.lit(None, dtype=pl.String).alias("item_shown"),
        pl.lit(0, dtype=pl.Int64).alias("lines_count"),
        pl.lit(0, dtype=pl.Int64).alias("seen_count"),
        pl.col("amount_pence").alias("seen_pence"),
        share.alias("sure_share"),
        "payee_shown",
        "mcc_code",
        "category_code",
    )


@shared
def _without_lines(spending: Spending) -> pl.LazyFrame:
    """One row per purchase for which no receipt lines have come; is_second_planned: the plan names its second reading."""
    with_lines = spending.receipt_lines.select("payment_id").drop_nulls().unique()
    planned = (
        spending.plan_lines.select("plan_version_id", second_code="category_code", is_second_planned=pl.lit(True)).drop_nulls().unique()
    )
    is_purchase = (pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0) & (pl.col("holding_code") != "notional")
    bare = spending.payments.filter(is_purchase).join(with_lines, on="payment_id", how="anti")
    return bare.join(planned, on=["plan_version_id", "second_code"], how="left").select(
        "payment_id",
        "holder_id",
        "paid_on",
        "amount_pence",
        "payee_shown",
        "mcc_code",
        "category_code",
        "probability_share",
        "is_abstained",
        "is_second_planned",
    )
