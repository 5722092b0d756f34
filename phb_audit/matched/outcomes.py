"""The outcome of the plan a payment could serve where no line names it: by kind of purchase and kind of goal."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.reference import goal_codes, goal_words
from phb_audit.matched.words import keyed

SERVES_SHARE = 0.50  # from here a kind of purchase could serve an outcome


def served(outcomes: pl.DataFrame) -> pl.DataFrame:
    """One row per plan version and category that one of its outcomes could be served by: `outcome_id, outcome_words, serves_share`.

    The words of the outcome and its kind of goal tell its goal domains; the domains tell the categories (data/reference/goal_domains.csv).
    An outcome with more words of a domain comes before one with fewer.
    """
    told = outcomes.with_columns(told=pl.concat_str("outcome_text", "goal_type", separator=" ", ignore_nulls=True))
    telling = keyed(goal_words().select(goal_word="word").unique(), "goal_word").select("goal_word", "key")
    domains = goal_words().join(telling, left_on="word", right_on="goal_word").select("domain", "key").unique()
    texts = told.select("told").unique().drop_nulls()
    hits = keyed(texts, "told").join(domains, on="key").group_by("told", "domain").agg(hits=pl.len())
    wanted = hits.join(goal_codes(), on="domain")
    return (
        told.join(wanted, on="told")
        .sort("plan_version_id", "code", "serves_share", "hits", "outcome_id", descending=[False, False, True, True, False])
        .unique(["plan_version_id", "code"], keep="first", maintain_order=True)
        .filter(pl.col("serves_share") >= SERVES_SHARE)
        .select("plan_version_id", "code", served_id="outcome_id", served_words="outcome_text")
    )
