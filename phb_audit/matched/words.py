"""Words of payees and plans, made comparable: 'RIDING LESSN', 'riding lessons' and 'Equestrian' meet in one key."""

from __future__ import annotations

from functools import cache

import polars as pl

from phb_audit.matched.reference import common_words, same_words

WORD = r"[a-z]{3,}|\bps[345]\b|\btv\b|\bvr\b"
ENDING = r"^(?:(.{3,}?)(?:ings|ing|ies|es|ed|s)|(.{4,}?)(?:y|e))$"
KEY_LETTERS = 5  # cards cut names at 18 to 25 letters, so the beginnings of words must do


def stem(word: pl.Expr) -> pl.Expr:
    """A word without its ending, at most five letters: riding and rides are 'rid', aromatherapy and AROMATH are 'aroma'."""
    bare = word.str.replace(ENDING, "${1}${2}")
    doubled = (bare != word) & (bare.str.slice(-1) == bare.str.slice(-2, 1)) & (bare.str.len_chars() > 3)
    return pl.when(doubled).then(bare.str.head(-1)).otherwise(bare).str.head(KEY_LETTERS)


@cache
def _vocabulary() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Weights by key (a word and its endings weigh the same, the least of them counts), and keys of the words that mean another."""
    synonyms = same_words().select("word", meant=stem(pl.col("same_as")))
    weights = common_words().group_by(key=stem(pl.col("word"))).agg(pl.col("weight").min())
    return weights, synonyms


def keyed(texts: pl.DataFrame, text: str) -> pl.DataFrame:
    """One row per text and distinct key: the column `text`, `key`, `word` (as written), `weight` (above 0, at most 1) and `place` (rising).

    `texts` must hold distinct texts; words that say nothing are left out.
    """
    weights, synonyms = _vocabulary()
    words = (
        texts.select(text, word=pl.col(text).str.to_lowercase().str.extract_all(WORD))
        .explode("word", empty_as_null=True)
        .drop_nulls("word")
        .with_row_index("place")
    )
    distinct = words.select("word").unique().join(synonyms, on="word", how="left")
    distinct = distinct.select("word", key=pl.coalesce("meant", stem(pl.col("word")))).join(weights, on="key", how="left")
    known = distinct.with_columns(pl.col("weight").fill_null(1.0)).filter(pl.col("weight") > 0)
    return (
        words.join(known, on="word")
        .sort(text, "key", "place")
        .unique([text, "key"], keep="first", maintain_order=True)
        .select(text, "key", "word", "weight", "place")
    )
