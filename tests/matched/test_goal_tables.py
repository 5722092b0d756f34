"""The tables of goals are whole: every category serves a domain or says why none; every domain can be told and served."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.goal_tables import NO_DOMAIN, goals
from phb_audit.matched.goal_words import keys_of
from phb_audit.settings import shipped

DOMAINS = pl.read_csv(shipped("reference") / "goal_domains.csv", infer_schema=False).with_columns(pl.all().fill_null(""))
SERVES = pl.read_csv(shipped("reference") / "goals_of_categories.csv", infer_schema=False).with_columns(pl.all().fill_null(""))
THINGS = pl.read_csv(shipped("reference") / "things_of_goals.csv", infer_schema=False)
NEAR = pl.read_csv(shipped("reference") / "near_domains.csv", infer_schema=False)
TAXONOMY = pl.read_csv(shipped("reference") / "taxonomy.csv", infer_schema=False)


def test_every_category_serves_a_domain_or_says_why_it_serves_none() -> None:
    assert set(SERVES["category_code"]) == set(TAXONOMY["code"])
    none = SERVES.filter(pl.col("domain_code") == "")
    assert (none["strength"] == "").all()
    assert not set(none["category_code"]) & set(SERVES.filter(pl.col("domain_code") != "")["category_code"])


def test_every_row_has_a_reason_in_words_and_a_strength_between_0_and_1() -> None:
    assert SERVES["reason"].str.len_chars().min() >= 3  # type: ignore[operator]
    strengths = SERVES.filter(pl.col("domain_code") != "")["strength"].cast(pl.Float64)
    assert strengths.is_between(0, 1, closed="right").all()
    assert not SERVES.select("category_code", "domain_code").is_duplicated().any()


def test_what_may_never_be_bought_serves_nothing() -> None:
    tables = goals()
    assert tables.serves[tables.is_never].sum() == 0
    never = TAXONOMY.filter(pl.col("status") == "never")["code"]
    assert not THINGS.filter(pl.col("category_codes").str.split("|").list.set_intersection(never.to_list()).list.len() > 0).height


def test_every_domain_is_told_by_words_and_goods_and_served_strongly_by_something() -> None:
    tables = goals()
    told = DOMAINS.filter(pl.col("domain_code") != NO_DOMAIN)
    assert told["domain_code"].to_list() == tables.domains
    assert (told["words"].str.split("|").list.len() >= 10).all()
    assert (told["goods"].str.split("|").list.len() >= 10).all()
    assert (tables.serves.max(axis=0) >= 0.5).all()
    assert not told["domain_code"].is_duplicated().any()


def test_every_phrase_can_be_found_and_stands_once_in_its_cell() -> None:
    for table, columns in ((DOMAINS, ("words", "hints", "goods")), (THINGS, ("words",))):
        for column in columns:
            for cell in table[column]:
                phrases = [phrase for phrase in cell.split("|") if phrase]
                assert all(keys_of(phrase) for phrase in phrases), cell
                assert len(phrases) == len(set(phrases)), cell


def test_every_code_named_is_in_the_taxonomy_and_every_domain_in_its_table() -> None:
    assert set(THINGS["category_codes"].str.split("|").explode()) <= set(TAXONOMY["code"])
    assert set(SERVES["domain_code"]) - {""} <= set(goals().domains)


def test_near_domains_are_two_of_the_table_once_with_a_reason_and_bring_less_than_the_domain_itself() -> None:
    assert (set(NEAR["domain_code"]) | set(NEAR["near_code"])) <= set(goals().domains)
    assert (NEAR["domain_code"] != NEAR["near_code"]).all()
    assert not NEAR.select("domain_code", "near_code").is_duplicated().any()
    assert NEAR["strength"].cast(pl.Float64).is_between(0.05, 0.95).all()
    assert NEAR["reason"].str.len_chars().min() >= 3  # type: ignore[operator]
