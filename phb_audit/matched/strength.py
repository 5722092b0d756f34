"""How strongly a payment and a plan line belong together, from 0 to 1. Every number of the matching is a named constant here."""

from __future__ import annotations

import polars as pl

FITS_SHARE = 0.60  # from here the payment fits the line
UNCLEAR_SHARE = 0.30  # from here the line is worth naming; below it no line speaks of the purchase
PREAPPROVED_SHARE = 0.70  # from here a line agreed by name settles the purchase

KIND_WEIGHT = 0.85  # a sure reading of the line's own category, alone, is a fit
PLAN_ODDS = 3  # a reading that a line of the plan is for is so many times as likely as the words alone say: most spend is as planned
WORDS_WEIGHT = 0.90  # words in common, alone, are at most this
WORD_MISSES = 0.35  # what one telling word in common leaves open; two leave 0.35 * 0.35
SUPPLIER_WEIGHT = 0.85  # the payee is the supplier the plan names
AMOUNT_WEIGHT = 0.25  # the very amount agreed, where something else speaks for the line too
AMOUNT_NEEDS_SHARE = 0.30
AMOUNT_NEAR_SHARE = 0.02  # 'the amount agreed' is within 2 per cent
DISAGREEMENT_KEEPS = 0.45  # what words keep where the category is sure and of another kind
SAME_KIND_SHARE = 0.60  # below it the kinds are near at best
OTHER_LINE_KEEPS = 0.80  # what a line of another kind keeps where the plan has a line of the very kind
SURE_SHARE = 0.60  # a category this probable is sure; one less so cannot be called absent from the plan

ABOVE_LIMIT_SHARE = 0.10  # more than a tenth above what the line allows at once weakens the match a little
ABOVE_LIMIT_KEEPS = 0.93
FAR_ABOVE_TIMES = 3
FAR_ABOVE_KEEPS = 0.80
FAR_ABOVE_NEAR_KEEPS = 0.55  # a large thing beside a small line of a merely near kind is another thing
OUTSIDE_DATES_KEEPS = 0.75

WEEKS_AT_ONCE = 5  # weekly agreed things are often paid by the month
ONCE = {"weekly": WEEKS_AT_ONCE}
OTHER_READING_SHARE = 0.10  # nor can one with another reading this probable that the plan has a line for
NEAREST_SHARE = 0.05  # a line below it is not even called the nearest


def as_planned(probability: pl.Expr) -> pl.Expr:
    """How probable a reading is once the plan has a line for it: 0.5 is 0.75, 0.8 is 0.92."""
    return probability * PLAN_ODDS / (probability * PLAN_ODDS + 1 - probability)


def at_once_pence() -> pl.Expr:
    """The most one payment on a line may be: as the line says, else its amount (weekly lines: five weeks); null where it gives none."""
    times = pl.col("frequency_code").replace_strict(ONCE, default=1, return_dtype=pl.Int64)
    return pl.coalesce("most_at_once_pence", pl.col("amount_pence") * times)


def is_amount_agreed() -> pl.Expr:
    """The payment is the line's amount, or two, four or five weeks of it, to within 2 per cent."""
    paid, agreed = pl.col("paid_pence").abs(), pl.col("amount_pence")
    multiples = [1, 2, 4, WEEKS_AT_ONCE]
    once = (paid - agreed).abs() <= agreed * AMOUNT_NEAR_SHARE
    weekly = pl.any_horizontal((paid - agreed * times).abs() <= agreed * times * AMOUNT_NEAR_SHARE for times in multiples)
    agrees = pl.when(pl.col("frequency_code") == "weekly").then(weekly).otherwise(once)
    return (agrees & (agreed > 0)).fill_null(False)


def with_strength(pairs: pl.DataFrame, *, heed_dates: bool = True) -> pl.DataFrame:
    """The pairs with `share`, `is_agreed_amount`, `is_above_limit` and `is_outside_dates`.

    A pair is one payment (`pay_idx, paid_pence, paid_on, is_sure, probability_share`) and one line (`amount_pence, most_at_once_pence,
    frequency_code, starts_on, ends_on`) with what speaks for them (`kind_share, words_weight, supplier_share`). The evidence adds up as
    independent chances do.
    """
    outside = (pl.col("paid_on") < pl.col("starts_on")) | (pl.col("paid_on") > pl.col("ends_on"))
    ratio = pl.col("paid_pence").abs() / pl.col("limit_pence")
    pairs = pairs.with_columns(limit_pence=at_once_pence()).with_columns(
        is_agreed_amount=is_amount_agreed(),
        is_above_limit=((ratio > 1 + ABOVE_LIMIT_SHARE) & (pl.col("limit_pence") > 0)).fill_null(False),
        is_outside_dates=outside.fill_null(False) if heed_dates else pl.lit(False),
    )
    other_kind = pl.col("is_sure") & (pl.col("kind_share") == 0)
    words = WORDS_WEIGHT * (1 - pl.lit(WORD_MISSES).pow(pl.col("words_weight")))
    words = pl.when(other_kind).then(words * DISAGREEMENT_KEEPS).otherwise(words)
    open_share = (1 - KIND_WEIGHT * pl.col("kind_share")) * (1 - words) * (1 - SUPPLIER_WEIGHT * pl.col("supplier_share"))
    counts = pl.col("is_agreed_amount") & (1 - open_share >= AMOUNT_NEEDS_SHARE)
    open_share = pl.when(counts).then(open_share * (1 - AMOUNT_WEIGHT)).otherwise(open_share)
    near_only = (pl.col("kind_share") < SAME_KIND_SHARE) & (pl.col("words_weight") < 1) & (pl.col("supplier_share") == 0)
    far = pl.when(near_only).then(FAR_ABOVE_NEAR_KEEPS).otherwise(FAR_ABOVE_KEEPS)
    keeps = pl.when(~pl.col("is_above_limit")).then(1.0).when(ratio > FAR_ABOVE_TIMES).then(far).otherwise(ABOVE_LIMIT_KEEPS)
    in_time = pl.when(pl.col("is_outside_dates")).then(OUTSIDE_DATES_KEEPS).otherwise(1.0)
    very_kind = pl.col("is_sure") & (pl.col("kind_share") >= as_planned(pl.col("probability_share")).round(6))
    yields = pl.col("pay_idx").is_in(pairs.filter(very_kind)["pay_idx"].unique().implode()) & ~very_kind & (pl.col("supplier_share") == 0)
    beside = pl.when(yields).then(OTHER_LINE_KEEPS).otherwise(1.0)
    return pairs.with_columns(share=((1 - open_share) * keeps * in_time * beside).round(6))
