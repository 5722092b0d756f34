"""The outcome of the plan a payment could serve where no line names it: by kind of purchase and kind of goal."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.reference import goal_codes, goal_words
from phb_audit.matched.words import keyed

SERVES_SHARE = 0.50  # from here a kind of purchase could serve an outcome


def served(asked: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """One row per plan version and category of `asked` (`plan_version_id, category_code`) that an outcome could be served by.

    Adds `served_id` and `served_words`. The words of an outcome and its kind of goal tell its goal domains; the domains tell the
    categories (data/reference/goal_domains.csv). An outcome with more words of a domain comes before one with fewer.
    """
    by = ["plan_version_id", "category_code"]
    told = (
        outcomes.join(asked.select("plan_version_id").unique(), on="plan_version_id", how="semi")
        .with_columns(told=pl.concat_str("outcome_text", "goal_type", separator=" ", ignore_nulls=True))
        .select("plan_version_id", "told", served_id="outcome_id", served_words="outcome_text")
    )
    telling = keyed(goal_words().select(goal_word="word").unique(), "goal_word").select("goal_word", "key")
    domains = goal_words().join(telling, left_on="word", right_on="goal_word").select("domain", "key").unique()
    hits = keyed(told.select("told").unique().drop_nulls(), "told").join(domains, on="key").group_by("told", "domain").agg(hits=pl.len())
    wanted = (
        hits.join(goal_codes().filter(pl.col("serves_share") >= SERVES_SHARE), on="domain")
        .group_by("told", category_code="code")
        .agg(pl.col("serves_share").max(), hits=pl.col("hits").max())
    )
    return (
        asked.select(by)
        .unique()
        .join(told, on="plan_version_id")
        .join(wanted, on=["told", "category_code"])
        .sort(*by, "serves_share", "hits", "served_id", descending=[False, False, True, True, False])
        .unique(by, keep="first", maintain_order=True)
        .select(*by, "served_id", "served_words")
    )
