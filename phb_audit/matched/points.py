"""What speaks for a payment and a receipt belonging together, in whole points: amount, day, name, reference, and what people decided.

Whole points add up the same on every machine, so that an equal sum is an equal sum: a tie is seen, never rounded away.
"""

from __future__ import annotations

import polars as pl

from phb_audit.money import pounds_expr
from phb_audit.sentences import filled_in

EARLIEST_DAYS, LATEST_DAYS = -7, 2  # cards settle up to a week after the till; slips are dated a day or two late at most
FAR_DAYS = 45  # invoices are paid up to so long after they are dated: only with the very amount and a like name
RECEIVED_DAYS = 60  # a receipt without a date may have come in so long after the payment
CLOSE_DAYS = 4  # over a weekend: a paper with another amount must be as near as that
LIKE_SHARE = 0.86  # names at least this alike are one supplier
UNLIKE_SHARE = 0.60  # names less alike than this speak against each other
NEAR_AMOUNT_SHARE = 0.25  # tips, part payments, slips of the pen: only with a like name, close in time
SMALL_DIFFERENCE_PENCE = 1_00

SAME_AMOUNT, NEAR_AMOUNT, AMOUNT_ALONE, ROUND_AMOUNT = 400, 150, 100, -100
LIKE_NAME, UNLIKE_NAME = 200, -150
REFERENCE, DECIDED = 300, 10_000
IN_TIME, FAR, RECEIVED_ONLY = 300, 50, 20
DAY_BY_DAY = 5  # points lost grow with the square of the days: payments keep the order of their receipts
LEAST_POINTS = 400  # a pair with less stands alone in nothing but its amount
ROUND_PENCE = 5_00  # amounts in whole fives are common: two strangers share one easily


def in_points(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that may belong together, with `receipt_match_code`, `points` and `is_same_amount`; the others are left out.

    exact: the amount, the day (a week before to two days after) and the name agree. amount_differs, date_differs, name_differs: the first
    of these that does not, where the other two do. An invoice number in the payment's words stands in for the day and the name.
    """
    rivals = pairs.with_columns(is_same_amount=pl.col("difference_pence") == 0)
    is_alone = (
        pl.col("is_same_amount")
        & (pl.col("is_same_amount").sum().over("payment_id") == 1)
        & (pl.col("is_same_amount").sum().over("receipt_id") == 1)
    )
    told = rivals.with_columns(receipt_match_code=_code(), is_amount_alone=is_alone).drop_nulls("receipt_match_code")
    parts = told.with_columns(
        amount_points=_amount(), day_points=_day(), name_points=_name(), reference_points=pl.lit(REFERENCE) * pl.col("has_reference")
    )
    summed = pl.sum_horizontal("amount_points", "day_points", "name_points", "reference_points")
    return parts.with_columns(points=(summed + pl.lit(DECIDED) * pl.col("is_confirmed")).cast(pl.Int64)).filter(
        pl.col("points") >= LEAST_POINTS
    )


def is_like() -> pl.Expr:
    """The names are one supplier's: alike, or told so by pairs people confirmed."""
    return ((pl.col("likeness_share") >= LIKE_SHARE) | pl.col("is_alias")).fill_null(value=False)


def _code() -> pl.Expr:
    same, days, like = pl.col("is_same_amount"), pl.col("receipt_days"), is_like()
    named = like | pl.col("has_reference") | pl.col("is_confirmed")
    in_time = days.is_between(EARLIEST_DAYS, LATEST_DAYS).fill_null(value=False)
    received = days.is_null() & pl.col("received_days").is_between(-LATEST_DAYS, RECEIVED_DAYS)
    near_time = (days.is_between(-FAR_DAYS, CLOSE_DAYS) | received).fill_null(value=False)
    size = pl.col("difference_pence").abs()
    near_amount = (size <= pl.col("amount_pence") * NEAR_AMOUNT_SHARE) | (size <= SMALL_DIFFERENCE_PENCE)
    close = days.is_between(-CLOSE_DAYS, LATEST_DAYS).fill_null(value=False)
    return (
        pl.when(same & in_time & like)
        .then(pl.lit("exact"))
        .when(same & in_time)
        .then(pl.lit("name_differs"))
        .when(same & near_time & named)
        .then(pl.lit("date_differs"))
        .when(near_amount & ((close & like) | (near_time & pl.col("has_reference"))) | pl.col("is_confirmed"))
        .then(pl.lit("amount_differs"))
    )


def _amount() -> pl.Expr:
    is_round = pl.col("amount_pence") % ROUND_PENCE == 0
    likely = pl.when("is_amount_alone").then(AMOUNT_ALONE).when(is_round).then(ROUND_AMOUNT).otherwise(0)
    size = pl.col("difference_pence").abs()
    near = NEAR_AMOUNT - (size * NEAR_AMOUNT) // (pl.col("amount_pence").abs() + 1)
    return pl.when("is_same_amount").then(SAME_AMOUNT + likely).otherwise(near).cast(pl.Int64)


def _day() -> pl.Expr:
    days = pl.col("receipt_days").cast(pl.Int64)
    apart = pl.when(days > 0).then(days + 1).otherwise(days)
    in_time = days.is_between(EARLIEST_DAYS, LATEST_DAYS)
    return (
        pl.when(days.is_null())
        .then(RECEIVED_ONLY)
        .when(in_time)
        .then(IN_TIME - DAY_BY_DAY * apart * apart)
        .otherwise(FAR - days.abs().clip(0, FAR))
        .cast(pl.Int64)
    )


def _name() -> pl.Expr:
    unlike = (pl.col("likeness_share") < UNLIKE_SHARE).fill_null(value=False)
    return pl.when(is_like()).then(LIKE_NAME).when(unlike).then(UNLIKE_NAME).otherwise(0).cast(pl.Int64)


def because(pairs: pl.DataFrame) -> pl.Series:
    """Why each pair stands as it does, in words, with the points each part gave."""
    days = pl.col("receipt_days").cast(pl.Int64)
    day = (
        pl.when(days.is_null())
        .then(pl.lit("the receipt has no date"))
        .when(days == 0)
        .then(pl.lit("dated the same day"))
        .when(days < 0)
        .then(filled_in("dated {} days before", days.abs()))
        .otherwise(filled_in("dated {} days after", days))
    )
    amount = (
        pl.when(~pl.col("is_same_amount"))
        .then(filled_in("amounts differ by {}", pounds_expr(pl.col("difference_pence").abs())))
        .when("is_amount_alone")
        .then(pl.lit("same amount, and no other like it near"))
        .otherwise(pl.lit("same amount"))
    )
    name = (
        pl.when("is_alias")
        .then(pl.lit("names people confirmed as one supplier"))
        .when(is_like())
        .then(pl.lit("names alike"))
        .when(pl.col("likeness_share").is_null())
        .then(pl.lit("no name to compare"))
        .otherwise(pl.lit("names differ"))
    )
    reference = pl.when("has_reference").then(filled_in("; invoice number in the payment ({})", "reference_points")).otherwise(pl.lit(""))
    decided = pl.when("is_confirmed").then(pl.lit("; a person confirmed it")).otherwise(pl.lit(""))
    told = filled_in("{} ({}); {} ({}); {} ({}){}{}", amount, "amount_points", day, "day_points", name, "name_points", reference, decided)
    return pairs.select(because=told).to_series()
