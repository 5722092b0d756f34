"""Never-list purchases: receipt lines first, then payments nobody sent lines for. A merchant code alone only ever asks."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending

LINE, SHOP = "line", "shop"


def bought(
    spending: Spending, codes: tuple[str, ...], merchant_codes: tuple[str, ...], least_share: float, *, is_not: str = "", is_also: str = ""
) -> pl.LazyFrame:
    """One row per receipt with lines, and one per purchase without: variant_code 'line' or 'shop', is_found and what was seen.

    `is_not` is a pattern for words that sound alike (alcohol-free, wine gums); `is_also` narrows a category to its own words.
    """
    return pl.concat(
        [
            _on_receipts(spending, codes, least_share, is_not, is_also),
            _at_shops(spending, codes, merchant_codes, least_share, is_not, is_also),
        ]
    )


def _sure(codes: tuple[str, ...], least_share: float, words: pl.Expr, is_not: str, is_also: str) -> pl.Expr:
    sure = pl.col("category_code").is_in(codes) & ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share)
    if is_not:
        sure &= ~words.fill_null("").str.contains(is_not)
    if is_also:
        sure &= words.fill_null("").str.contains(is_also)
    return sure.fill_null(False)


def _on_receipts(spending: Spending, codes: tuple[str, ...], least_share: float, is_not: str, is_also: str) -> pl.LazyFrame:
    seen = _sure(codes, least_share, pl.col("description"), is_not, is_also)
    return (
        spending.receipt_lines.with_columns(seen.alias("is_seen"))
        .group_by("receipt_id", "payment_id", "holder_id")
        .agg(
            pl.len().cast(pl.Int64).alias("lines_count"),
            pl.col("is_seen").sum().cast(pl.Int64).alias("seen_count"),
            pl.col("line_total_pence").filter("is_seen").sum().alias("seen_pence"),
            pl.col("description").filter("is_seen").sort().first().alias("item_shown"),
            pl.coalesce("dated_on", "received_on").min().alias("paid_on"),
            pl.col("probability_share").filter("is_seen").max().alias("sure_share"),
        )
        .select(
            pl.when(pl.col("payment_id").is_null()).then(pl.lit("receipt")).otherwise(pl.lit("payment")).alias("subject_code"),
            pl.coalesce("payment_id", "receipt_id").alias("subject_id"),
            "payment_id",
            "holder_id",
            pl.col("paid_on").fill_null(spending.as_of).alias("subject_on"),
            pl.col("seen_pence").alias("at_stake_pence"),
            (pl.col("seen_count") > 0).alias("is_found"),
            pl.lit(LINE).alias("variant_code"),
            pl.col("receipt_id").alias("thing_id"),
            "item_shown",
            "lines_count",
            "seen_count",
            "seen_pence",
            "sure_share",
            pl.lit("").alias("payee_shown"),
            pl.lit(None, dtype=pl.String).alias("mcc_code"),
            pl.lit(None, dtype=pl.String).alias("category_code"),
        )
    )


def _at_shops(
    spending: Spending, codes: tuple[str, ...], merchant_codes: tuple[str, ...], least_share: float, is_not: str, is_also: str
) -> pl.LazyFrame:
    # The shop's own name only: a bank's further words may describe a whole trade ('medical, dental and hospital equipment').
    says_so = _sure(codes, least_share, pl.col("payee_shown"), is_not, is_also)
    # Words that clearly name something else outweigh the trade code of the shop; so does a second reading the plan names.
    says_otherwise = ~pl.col("category_code").is_in((*codes, "M04")) & ~pl.col("is_abstained") & (pl.col("probability_share") >= 0.8)
    by_trade = pl.col("mcc_code").is_in(merchant_codes) & ~says_otherwise
    is_planned = pl.col("is_second_planned").fill_null(False) & ~pl.col("mcc_code").is_in(merchant_codes).fill_null(False)
    with_lines = spending.receipt_lines.select("payment_id").drop_nulls().unique()
    planned = (
        spending.plan_lines.select("plan_version_id", second_code="category_code", is_second_planned=pl.lit(True)).drop_nulls().unique()
    )
    return (
        spending.payments.filter(
            (pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0) & (pl.col("holding_code") != "notional")
        )
        .join(with_lines, on="payment_id", how="anti")
        .join(planned, on=["plan_version_id", "second_code"], how="left")
        .select(
            pl.lit("payment").alias("subject_code"),
            pl.col("payment_id").alias("subject_id"),
            "payment_id",
            "holder_id",
            pl.col("paid_on").alias("subject_on"),
            pl.col("amount_pence").alias("at_stake_pence"),
            ((says_so | by_trade.fill_null(False)) & ~is_planned).alias("is_found"),
            pl.lit(SHOP).alias("variant_code"),
            pl.col("payment_id").alias("thing_id"),
            pl.lit(None, dtype=pl.String).alias("item_shown"),
            pl.lit(0, dtype=pl.Int64).alias("lines_count"),
            pl.lit(0, dtype=pl.Int64).alias("seen_count"),
            pl.col("amount_pence").alias("seen_pence"),
            pl.col("probability_share").alias("sure_share"),
            "payee_shown",
            "mcc_code",
            "category_code",
        )
    )
