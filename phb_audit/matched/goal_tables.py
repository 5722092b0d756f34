"""The hand-written tables of goals: their domains, what serves them, and things a goal may name. All in data/reference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from phb_audit.matched.goal_words import Phrases
from phb_audit.matched.reference import category_words
from phb_audit.settings import shipped

Floats = npt.NDArray[np.float32]
Truths = npt.NDArray[np.bool_]
NO_DOMAIN = "none"
"""The row of goal_domains.csv whose phrases tell nothing by themselves, and hide the words in them; its goods are bought for others."""
UNTOLD = ("M04", "Z01")
"""What was bought is not told: a mixed basket, and cash."""


@dataclass(frozen=True)
class Telling:
    """What a phrase of goal_domains.csv tells: its domain (a place in `Goals.domains`; None for phrases that tell nothing), or hints at."""

    domain: int | None
    is_hint: bool


@dataclass(frozen=True)
class Goals:
    """Everything about goals that is looked up. `serves` is categories by domains; `thing_codes` is things by categories.

    `is_usual`: kinds nearly every plan has (wages, home care, nursing) that serve something: they serve more goals than their row says.

    `near` is domains by domains: how far a goal about the one is about the other too, 1 for itself.

    `for_others`: words on a receipt that tell of somebody else, a feast, trade or decoration (the goods of NO_DOMAIN).
    """

    domains: list[str]
    names: list[str]
    codes: list[str]
    plain: list[str]
    serves: Floats
    near: Floats
    reasons: dict[tuple[int, int], str]
    none_because: dict[int, str]
    is_never: Truths
    depends_on_plan: Truths
    is_untold: Truths
    is_usual: Truths
    things: list[str]
    thing_codes: Truths
    phrases: Phrases[Telling]
    thing_phrases: Phrases[int]
    goods: Phrases[int]
    for_others: Phrases[int]


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(shipped("reference") / f"{name}.csv", infer_schema=False).with_columns(pl.all().fill_null(""))


@cache
def goals() -> Goals:
    """The tables, read once."""
    domains, served, things, kinds = (_read(name) for name in ("goal_domains", "goals_of_categories", "things_of_goals", "taxonomy"))
    told = [code for code in domains["domain_code"] if code != NO_DOMAIN]
    place = {code: number for number, code in enumerate(told)}
    column = {code: number for number, code in enumerate(kinds["code"])}
    plain = dict(category_words().iter_rows())
    serves = np.zeros((kinds.height, len(told)), np.float32)
    reasons: dict[tuple[int, int], str] = {}
    none_because: dict[int, str] = {}
    for category, domain, strength, reason in served.iter_rows():
        if domain:
            serves[column[category], place[domain]] = float(strength)
            reasons[column[category], place[domain]] = reason
        else:
            none_because[column[category]] = reason
    thing_codes = np.zeros((things.height, kinds.height), np.bool_)
    for number, codes in enumerate(things["category_codes"]):
        thing_codes[number, [column[code] for code in codes.split("|")]] = True
    return Goals(
        domains=told,
        names=domains.filter(pl.col("domain_code") != NO_DOMAIN)["name"].to_list(),
        codes=kinds["code"].to_list(),
        plain=[plain[code] for code in kinds["code"]],
        serves=serves,
        near=_nearness(place),
        reasons=reasons,
        none_because=none_because,
        is_never=(kinds["status"] == "never").to_numpy(),
        depends_on_plan=(kinds["status"] == "depends_on_plan").to_numpy() & ~kinds["code"].is_in(UNTOLD).to_numpy(),
        is_untold=kinds["code"].is_in(UNTOLD).to_numpy(),
        is_usual=(kinds["status"] == "usual").to_numpy() & serves.any(axis=1),
        things=things["thing"].to_list(),
        thing_codes=thing_codes,
        phrases=Phrases(_phrases(domains, place)),
        thing_phrases=Phrases((word, number) for number, words in enumerate(things["words"]) for word in words.split("|")),
        goods=Phrases(_goods(domains.filter(pl.col("domain_code") != NO_DOMAIN), place)),
        for_others=Phrases(_goods(domains.filter(pl.col("domain_code") == NO_DOMAIN), {NO_DOMAIN: 0})),
    )


def _nearness(place: dict[str, int]) -> Floats:
    """Domains by domains: what near_domains.csv says, and 1 for the same."""
    near = np.eye(len(place), dtype=np.float32)
    for domain, other, strength, _ in _read("near_domains").iter_rows():
        near[place[domain], place[other]] = float(strength)
    return near


def _phrases(domains: pl.DataFrame, place: dict[str, int]) -> list[tuple[str, Telling]]:
    """Each phrase of a domain once, and what it tells."""
    return [
        (phrase, Telling(place.get(code), is_hint))
        for code, words, hints in domains.select("domain_code", "words", "hints").iter_rows()
        for column, is_hint in ((words, False), (hints, True))
        for phrase in column.split("|")
        if phrase
    ]


def _goods(domains: pl.DataFrame, place: dict[str, int]) -> list[tuple[str, int]]:
    """Each word on a receipt that tells what a purchase is for, and the domain."""
    return [(word, place[code]) for code, words in domains.select("domain_code", "goods").iter_rows() for word in words.split("|") if word]


@cache
def domain_goods() -> list[list[str]]:
    """The goods of each domain, in the order of `Goals.domains`."""
    told = _read("goal_domains").filter(pl.col("domain_code") != NO_DOMAIN)
    return [cell.split("|") for cell in told["goods"]]


@cache
def domain_phrases() -> list[list[str]]:
    """What each domain is called, covers and is told by, in the order of `Goals.domains`; the mark of a beginning left out."""
    told = _read("goal_domains").filter(pl.col("domain_code") != NO_DOMAIN).select("name", "covers", "words")
    return [[name, covers, *words.replace("*", "").split("|")] for name, covers, words in told.iter_rows()]
