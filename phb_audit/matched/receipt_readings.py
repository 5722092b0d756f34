"""What the receipt beside a payment says was bought. Lines tell more than a payee's name: they are believed first."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.reference import category_words
from phb_audit.sentences import filled_in

BELIEVED_SHARE = 0.80  # from here the receipt's lines settle what was bought, whatever the payee's name suggests
SETTLES_SHARE = 0.60  # from here they settle it where the payee's words do not


def readings(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per receipt: `read_code`, the category most of its money went on, and `read_share`, how surely.

    Each line counts by its total and its probability; a line whose words do not settle it counts against every category.
    """
    size = pl.col("line_total_pence").fill_null(0).abs() + 1
    weighed = lines.with_columns(size=size).with_columns(
        told=pl.when(pl.col("is_abstained").fill_null(True)).then(0.0).otherwise(pl.col("size") * pl.col("probability_share")),
        total=pl.col("size").sum().over("receipt_id"),
    )
    return (
        weighed.drop_nulls("category_code")
        .group_by("receipt_id", read_code="category_code")
        .agg(read_share=(pl.col("told").sum() / pl.col("total").first()).round(6))
        .sort("receipt_id", "read_share", "read_code", descending=[False, True, False])
        .unique("receipt_id", keep="first", maintain_order=True)
    )


def codes_of(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per receipt with lines: `bought_codes`, every code its lines are or may be, joined by '|', that with most money first.

    A line whose words settle it counts as its code, another as every code of its set.
    """
    size = pl.col("line_total_pence").fill_null(0).abs()
    may_be = pl.when(pl.col("is_abstained").fill_null(True)).then("set_codes").otherwise("category_code")
    each = lines.select("receipt_id", size=size, code=may_be.str.split("|")).explode("code").drop_nulls("code")
    summed = each.group_by("receipt_id", "code").agg(pl.col("size").sum())
    summed = summed.sort("receipt_id", "size", "code", descending=[False, True, False])
    return summed.group_by("receipt_id", maintain_order=True).agg(bought_codes=pl.col("code").str.join("|"))


def read_by_receipt(payments: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The payments, in their order; where the receipt's lines settle it, the category is theirs and the payee's reading the runner-up.

    A payment whose receipt has lines takes their codes as its `set_codes`, settled or not.
    """
    plain = category_words()
    told = (
        payments.join(readings(lines), on="receipt_id", how="left", maintain_order="left")
        .join(codes_of(lines), on="receipt_id", how="left", maintain_order="left")
        .join(plain.rename({"code": "read_code", "plain": "read_plain"}), on="read_code", how="left", maintain_order="left")
        .join(plain.rename({"code": "category_code", "plain": "said_plain"}), on="category_code", how="left", maintain_order="left")
    )
    share, agrees = pl.col("read_share"), pl.col("read_code") == pl.col("category_code")
    settles = (share >= BELIEVED_SHARE) | ((share >= SETTLES_SHARE) & (pl.col("is_abstained") | agrees))
    differs = filled_in("The receipt's lines read as {}; the payee alone would read as {}.", "read_plain", "said_plain")
    because = pl.when(agrees).then(filled_in("Payee and receipt's lines both read as {}.", "read_plain")).otherwise(differs)
    answer = {
        "category_code": pl.col("read_code"),
        "probability_share": pl.when(agrees).then(pl.max_horizontal("probability_share", "read_share")).otherwise(share),
        "second_code": pl.when(agrees).then("second_code").otherwise("category_code"),
        "second_share": pl.when(agrees).then("second_share").otherwise(pl.min_horizontal("probability_share", 1 - share)),
        "is_abstained": pl.lit(False),
        "category_because": because,
    }
    settled = settles.fill_null(False)
    answered = {name: pl.when(settled).then(said).otherwise(pl.col(name)) for name, said in answer.items()}
    return told.with_columns(set_codes=pl.coalesce("bought_codes", "set_codes"), **answered).select(payments.columns)
