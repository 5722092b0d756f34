"""Purchases that an agreed exception covers: within its scope, its days and its cap. What goes beyond the cap is asked about."""

from __future__ import annotations

import hashlib

import polars as pl

from phb_audit.money import pounds_expr
from phb_audit.sentences import filled_in
from phb_audit.warehouse import Warehouse, sql

FAMILIES = ("A2", "A7")
"""What an exception can settle: the plan match and statistics; never the never-list, evidence, transfers to oneself, or pay."""
READ_AGAIN_SEED = "read again"
READ_AGAIN_PER_MYRIAD = 200
"""Two in a hundred of what is settled are drawn to be read again, the same ones every night."""


def excepted(warehouse: Warehouse, tonight: pl.DataFrame) -> pl.DataFrame:
    """One row per covered payment: payment_id, exception_id, is_beyond (the cap) and `because` in words."""
    return covered(warehouse.frame(sql(__file__, "read_excepted"), tonight=tonight))


def covered(purchases: pl.DataFrame) -> pl.DataFrame:
    """As `excepted`, from the rows of read_excepted.sql. The purchases are counted in order of day; a refund gives back what it returns."""
    codes = pl.col("category_codes").str.split("|")
    in_scope = (
        ((pl.col("category_codes") == "") | codes.list.contains(pl.col("category_code")))
        & (
            (pl.col("payee_words") == "")
            | pl.col("payee_shown").str.to_lowercase().str.contains(pl.col("payee_words").str.to_lowercase(), literal=True)
        )
        & ((pl.col("only_line_id") == "") | (pl.col("only_line_id") == pl.col("plan_line_id")).fill_null(False))
    )
    counted = purchases.filter(in_scope).with_columns(spent_pence=pl.col("amount_pence").cum_sum().over("exception_id"))
    days = filled_in("{} to {}", pl.col("from_on").dt.strftime("%-d %B %Y"), pl.col("to_on").dt.strftime("%-d %B %Y"))
    agreed = filled_in("{} agreed, {}: \u201c{}\u201d, up to {}.", "agreed_by", days, "words", pounds_expr(pl.col("cap_pence")))
    beyond = filled_in("{} With this purchase {} were spent of it.", agreed, pounds_expr(pl.col("spent_pence")))
    is_beyond = pl.col("spent_pence") > pl.col("cap_pence")
    return (
        counted.select("payment_id", "exception_id", is_beyond=is_beyond, because=pl.when(is_beyond).then(beyond).otherwise(agreed))
        .sort("payment_id", "is_beyond", "exception_id")
        .unique("payment_id", keep="first", maintain_order=True)
    )


def is_read_again() -> pl.Expr:
    """Whether a settled flag is drawn to be read again: by a number made of its id, so that a night run twice draws the same."""
    return pl.col("flag_id").map_elements(_is_drawn, return_dtype=pl.Boolean)


def _is_drawn(flag_id: str) -> bool:
    return int(hashlib.sha256(f"{READ_AGAIN_SEED}|{flag_id}".encode()).hexdigest()[:8], 16) % 10_000 < READ_AGAIN_PER_MYRIAD
