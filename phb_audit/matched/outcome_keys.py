"""What an outcome is known by from one plan version to the next: whose it is, and its words."""

from __future__ import annotations

import hashlib

import polars as pl

ANYBODY = "any"
"""Stands for the holder where tags were confirmed for words, whoever's plan says them."""
HASH_LETTERS = 16


def words_hash(words: str) -> str:
    """A hash of an outcome's words; neither blanks nor capitals matter."""
    return hashlib.sha256(" ".join(words.casefold().split()).encode()).hexdigest()[:HASH_LETTERS]


def outcome_key(words: str, holder_id: str = ANYBODY) -> str:
    """The key of one outcome in decided.goal_tags."""
    return f"{holder_id}/{words_hash(words)}"


def with_tags(outcomes: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """The outcomes (`holder_id, outcome_text`) with `tags`, the codes a person confirmed, joined by |; null where nobody did.

    `tags` are rows of decided.goal_tags. What was confirmed for the holder's own outcome takes precedence over what was for its words.
    """
    joined = tags.sort("outcome_key", "domain_code").group_by("outcome_key").agg(tags=pl.col("domain_code").str.join("|"))
    words = outcomes["outcome_text"].drop_nulls().unique().sort()
    hashed = pl.DataFrame(
        {"outcome_text": words, "hash": [words_hash(text) for text in words]}, schema=dict.fromkeys(("outcome_text", "hash"), pl.String)
    )
    keyed = outcomes.join(hashed, on="outcome_text", how="left", maintain_order="left").with_columns(
        own_key=pl.concat_str("holder_id", pl.lit("/"), "hash"), any_key=pl.concat_str(pl.lit(f"{ANYBODY}/"), "hash")
    )
    own, anybody = joined.rename({"outcome_key": "own_key"}), joined.rename({"outcome_key": "any_key", "tags": "any_tags"})
    found = keyed.join(own, on="own_key", how="left", maintain_order="left").join(anybody, on="any_key", how="left", maintain_order="left")
    return found.with_columns(tags=pl.coalesce("tags", "any_tags")).drop("hash", "own_key", "any_key", "any_tags")
