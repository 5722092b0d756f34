"""The hand-written tables are whole: every code is in the taxonomy, every strength is between 0 and 1."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.reference import category_words, common_words, near_categories, same_words
from phb_audit.settings import shipped


def taxonomy() -> set[str]:
    return set(pl.read_csv(shipped("reference") / "taxonomy.csv")["code"])


def test_every_code_is_in_the_taxonomy() -> None:
    assert set(near_categories()["code"]) | set(near_categories()["line_code"]) == taxonomy()
    assert set(category_words()["code"]) == taxonomy()


def test_every_category_is_nearest_to_itself() -> None:
    same = pl.col("code") == pl.col("line_code")
    near = near_categories()
    assert set(near.filter(same)["nearness"]) == {1.0}
    assert near.filter(~same)["nearness"].max() < 1  # type: ignore[operator]
    assert near.select("code", "line_code").is_duplicated().sum() == 0


def test_what_a_plan_may_never_buy_is_near_to_nothing() -> None:
    never = near_categories().filter(pl.col("code").str.starts_with("X") & (pl.col("code") != pl.col("line_code")))
    assert never.is_empty()


def test_a_near_pair_written_both_ways_holds_both_ways() -> None:
    pairs = set(near_categories().select("code", "line_code").rows())
    assert {("E10", "E12"), ("E12", "E10"), ("C02", "C01")} <= pairs
    assert ("C01", "C03") not in pairs


def test_weights_and_shares_are_shares() -> None:
    for weights in (common_words()["weight"], near_categories()["nearness"]):
        assert weights.is_between(0, 1).all()


def test_each_word_is_listed_once() -> None:
    for words in (common_words()["word"], same_words()["word"]):
        assert words.is_duplicated().sum() == 0
