"""How strongly a purchase serves a goal, 0 to 1: the goal's words tell its domains, the purchase its category, the tables who serves whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from phb_audit.matched.goal_tables import Floats, Goals, Truths, goals
from phb_audit.matched.goal_words import Hit, quoted, words_of

WORD_LEAVES = 0.25  # what one telling phrase leaves open of a domain; two leave a sixteenth
LONGER_TELLS = 0.25  # how much more each further word of a phrase tells
HINT_TELLS = 0.35  # a hint beside a telling phrase
TAGGED_LEAVES = 0.0  # a domain a person confirmed
UNTAGGED_KEEPS = 0.35  # what the words tell beside confirmed tags
FAINT = 1.0  # a domain told this much less than the goal's first counts less
SECOND_ADDS = 0.3  # how much the second domain served adds to the first
VERY_THING = 0.95  # the goal names the very thing that was bought
SAME_KIND = 0.8  # the goal names a thing of the kind that was bought
OTHER_THING = 0.45  # ... and the purchase names another thing of that kind
TIPS = 0.25  # how little a goal must be served for a reading to stay as likely as the words say
UNREAD = 0.25  # strength of what the first three readings leave over, and of a goal or purchase that tells nothing
PURCHASE_TELLS = 0.6  # how much of the rest a purchase adds whose own words tell the domain, where its kind can serve it at all
CAN_SERVE = 0.1
NAME_TELLS = 0.6  # what a payee's name tells, against what a description tells
GOODS_SURE = 0.3  # how much the purchase's own words tell where its kind is sure
GOODS_UNSURE = 0.7  # ... and where it is not
OTHER_PURPOSE = 0.75  # what stays where the purchase's own words tell of other domains only
AT_ONCE = 20_000


@dataclass(frozen=True)
class GoalsTold:
    """What goals say, one row each: `domains` (goals by domains, 0-1), `things` named, and the words that told it."""

    texts: list[str]
    domains: Floats
    things: Truths
    tagged: Truths
    words: list[dict[int, str]]


def read_goals(texts: list[str], tags: list[list[str]] | None = None) -> GoalsTold:
    """Read goals (`texts`), each with the domain codes a person confirmed for it, if any: they take the place of what words tell."""
    tables = goals()
    places = {code: number for number, code in enumerate(tables.domains)}
    domains = np.zeros((len(texts), len(places)), np.float32)
    things = np.zeros((len(texts), len(tables.things)), np.bool_)
    tagged = np.zeros(domains.shape, np.bool_)
    told: list[dict[int, str]] = []
    for row, text in enumerate(texts):
        words = words_of(text)
        hits: dict[int, list[Hit[tuple[int, bool]]]] = {}
        for hit in tables.phrases.find(words):
            if hit.meaning.domain is not None:
                hits.setdefault(hit.meaning.domain, []).append(hit)
        for domain, found in hits.items():
            domains[row, domain] = 1 - WORD_LEAVES ** _evidence(found)
        told.append({domain: quoted(text, words, sorted(found, key=lambda hit: hit.meaning.is_hint)[:3]) for domain, found in hits.items()})
        things[row, [hit.meaning for hit in tables.thing_phrases.find(words)]] = True
        tagged[row, [places[code] for code in (tags[row] if tags else []) if code in places]] = True
    first = domains.max(axis=1, keepdims=True, initial=0)
    domains *= np.where(first > 0, (domains / np.maximum(first, 1e-9)) ** FAINT, 0)
    is_tagged = tagged.any(axis=1, keepdims=True)
    domains = np.where(is_tagged, np.maximum(domains * UNTAGGED_KEEPS, tagged * (1 - TAGGED_LEAVES)), domains)
    return GoalsTold(texts, domains.astype(np.float32), things, tagged, told)


def _evidence(hits: list) -> float:
    each = {hit.phrase: HINT_TELLS if hit.meaning.is_hint else 1 + LONGER_TELLS * (hit.length - 1) for hit in hits}
    return sum(each.values())


@dataclass(frozen=True)
class Bought:
    """What purchases were, one row each: the first three readings (places in `Goals.codes`, -1 for none), their shares, things named."""

    codes: np.ndarray
    shares: Floats
    things: Truths
    domains: Floats


def read_purchases(purchases: pl.DataFrame) -> Bought:
    """Purchases with `words`, and the first three readings as `category_code, probability_share, second_code, second_share, third_code`."""
    tables = goals()
    column = {code: number for number, code in enumerate(tables.codes)}
    names = ("category_code", "second_code", "third_code")
    codes = np.stack([purchases[name].replace_strict(column, default=-1, return_dtype=pl.Int64).to_numpy() for name in names], axis=1)
    first, second = (purchases[name].fill_null(0.0).to_numpy() for name in ("probability_share", "second_share"))
    third = purchases["third_share"].fill_null(0.0).to_numpy() if "third_share" in purchases.columns else np.minimum(second, 1 - first - second) / 2
    shares = np.clip(np.stack([first, second, third], axis=1), 0, 1) * (codes >= 0)
    things = np.zeros((purchases.height, len(tables.things)), np.bool_)
    domains = np.zeros((purchases.height, len(tables.domains)), np.float32)
    for row, (text, said) in enumerate(purchases.select("words", "description").iter_rows()):
        words = words_of(text)
        things[row, [hit.meaning for hit in tables.thing_phrases.find(words)]] = True
        domains[row, [hit.meaning for hit in tables.goods.find(words_of(said))]] = 1.0
        if text != said and not domains[row].any():
            domains[row, [hit.meaning for hit in tables.goods.find(words)]] = NAME_TELLS
    return Bought(codes, shares.astype(np.float32), things, domains)


@dataclass(frozen=True)
class Served:
    """For pairs of goals and purchases: strength before calibration, the reading it was judged by, its domain, and how things spoke."""

    raw: Floats
    code: np.ndarray
    domain: np.ndarray
    named: np.ndarray
    tipped: Truths
    is_untold: Truths


NOTHING_NAMED, KIND_NAMED, THING_NAMED, OTHER_NAMED = 0, 1, 2, 3


def serve(told: GoalsTold, bought: Bought, goal: np.ndarray, purchase: np.ndarray) -> Served:
    """Judge pairs: places in `told` and in `bought`."""
    parts = [
        _serve(told, bought, goal[start : start + AT_ONCE], purchase[start : start + AT_ONCE]) for start in range(0, max(len(goal), 1), AT_ONCE)
    ]
    return Served(*(np.concatenate([getattr(part, name) for part in parts]) for name in Served.__annotations__))


def _serve(told: GoalsTold, bought: Bought, goal: np.ndarray, purchase: np.ndarray) -> Served:
    tables = goals()
    codes, shares = bought.codes[purchase], bought.shares[purchase]
    wanted = told.domains[goal]
    affinity = np.zeros(codes.shape, np.float32)
    domain = np.zeros(codes.shape, np.int64)
    named = np.zeros(codes.shape, np.int64)
    for reading in range(codes.shape[1]):
        code = codes[:, reading]
        serves = tables.serves[code]
        serves = serves + (1 - serves) * PURCHASE_TELLS * bought.domains[purchase] * (serves >= CAN_SERVE)
        by_domain = wanted * serves
        domain[:, reading] = by_domain.argmax(axis=1)
        affinity[:, reading] = _first_and_second(by_domain)
        named[:, reading] = _named(tables, told.things[goal], bought.things[purchase], code)
        thing = np.array([0, SAME_KIND, VERY_THING, OTHER_THING], np.float32)[named[:, reading]]
        affinity[:, reading] = np.where(named[:, reading] == OTHER_NAMED, np.minimum(np.maximum(affinity[:, reading], thing), 0.6), np.maximum(affinity[:, reading], thing))
    affinity *= ~tables.is_never[codes] & (codes >= 0)
    unread = tables.is_untold[codes]
    affinity = np.where(unread, UNREAD, affinity)
    likely = _tipped(tables, codes, shares, affinity)
    rest = np.clip(1 - shares.sum(axis=1), 0, 1)
    never_first = tables.is_never[codes[:, 0]] & (shares[:, 0] >= 0.4)
    raw = (likely * affinity).sum(axis=1) + np.where(never_first, 0, rest * UNREAD)
    by_goods = (wanted * bought.domains[purchase]).max(axis=1, initial=0)
    sure = shares[:, 0]
    speaks = bought.domains[purchase].max(axis=1, initial=0) > 0
    raw = np.where(speaks & (by_goods < 0.2) & (named.max(axis=1) < THING_NAMED), raw * OTHER_PURPOSE, raw)
    raw = 1 - (1 - raw) * (1 - (GOODS_SURE * sure + GOODS_UNSURE * (1 - sure)) * by_goods * ~never_first)
    nothing_told = (wanted.max(axis=1, initial=0) == 0) & ~told.things[goal].any(axis=1)
    raw = np.where(nothing_told & ~never_first, UNREAD, raw)
    best = (likely * (affinity + 0.05)).argmax(axis=1)
    rows = np.arange(len(goal))
    untold = nothing_told | (tables.is_untold[codes[:, 0]])
    return Served(
        raw.astype(np.float32), codes[rows, best], domain[rows, best], named[rows, best], (best > 0), untold & ~never_first
    )


def _first_and_second(by_domain: Floats) -> Floats:
    top = np.partition(by_domain, -2, axis=1)[:, -2:]
    return top[:, 1] + (1 - top[:, 1]) * SECOND_ADDS * top[:, 0]


def _named(tables: Goals, of_goal: Truths, of_purchase: Truths, code: np.ndarray) -> np.ndarray:
    of_kind = of_goal & tables.thing_codes[:, code].T
    is_thing = (of_kind & of_purchase).any(axis=1)
    is_kind = of_kind.any(axis=1)
    is_other = is_kind & (of_purchase & tables.thing_codes[:, code].T & ~of_goal).any(axis=1)
    return np.where(is_thing, THING_NAMED, np.where(is_other, OTHER_NAMED, np.where(is_kind, KIND_NAMED, NOTHING_NAMED)))


def _tipped(tables: Goals, codes: np.ndarray, shares: Floats, affinity: Floats) -> Floats:
    """The shares of the readings once the goal is known: it moves chance between codes that depend on the plan, never to or from others."""
    movable = tables.depends_on_plan[codes] & (codes >= 0)
    weight = shares * np.where(movable, TIPS + affinity, 0)
    mass = (shares * movable).sum(axis=1, keepdims=True)
    total = weight.sum(axis=1, keepdims=True)
    return np.where(movable & (total > 0), weight / np.maximum(total, 1e-9) * mass, shares)
