"""The hand-written tables matching looks things up in: near categories, words, goals. All committed in data/reference."""

from __future__ import annotations

from functools import cache

import polars as pl

from phb_audit.settings import shipped

ITSELF = "it is the line's own kind"


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(shipped("reference") / f"{name}.csv", infer_schema=False)


@cache
def near_categories() -> pl.DataFrame:
    """One row per category of a payment and category of a plan line that could serve it: `code, line_code, nearness, near_because`.

    `nearness` is 1 for the same category; a pair written `is_both_ways` holds in both directions; the strongest of two entries counts.
    """
    written = _read("near_categories").select(
        "code", "line_code", "is_both_ways", nearness=pl.col("strength").cast(pl.Float64), near_because="reason"
    )
    turned = written.filter(pl.col("is_both_ways") == "yes").rename({"code": "line_code", "line_code": "code"})
    codes = _read("taxonomy").select("code", line_code="code", nearness=pl.lit(1.0), near_because=pl.lit(ITSELF))
    every = pl.concat([codes, written.drop("is_both_ways"), turned.drop("is_both_ways")], how="diagonal")
    return every.sort("code", "line_code", "nearness", descending=[False, False, True]).unique(
        ["code", "line_code"], keep="first", maintain_order=True
    )


@cache
def category_words() -> pl.DataFrame:
    """One row per category: `code, plain`, how a sentence names it ('a garden building')."""
    return _read("category_words")


@cache
def common_words() -> pl.DataFrame:
    """One row per word that says little: `word, weight`; 0 says nothing; a word not listed weighs 1."""
    return _read("common_words").with_columns(pl.col("weight").cast(pl.Float64))


@cache
def same_words() -> pl.DataFrame:
    """One row per word that means another: `word, same_as`."""
    return _read("same_words")
