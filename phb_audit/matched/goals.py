"""How strongly a purchase serves a goal: the goal's words tell its domains, the purchase its category, the tables what serves what.

Every number is a named constant; docs/explanation/matching.md says why. Strengths before calibration are called raw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from phb_audit.matched.goal_tables import Floats, Goals, Telling, Truths, goals
from phb_audit.matched.goal_words import Hit, quoted, words_of

Places = npt.NDArray[np.int64]
Likeness = Callable[[Sequence[str]], Floats]
"""Texts of goals to how like each is to the phrases of each domain: 0-1, all domains of a text together 1."""

WORD_LEAVES = 0.25  # what one telling phrase leaves open of a domain; two leave a sixteenth
LONGER_TELLS = 0.25  # how much more each further word of a phrase tells
HINT_TELLS = 0.35  # a hint beside a telling phrase
FAINT_KEEPS = 1.0  # a domain told half as strongly as the goal's first counts half of that again
TOLD_SHARE = 0.15  # a domain told less than this is not named; what serves only such a one is unclear at best
UNTAGGED_KEEPS = 0.35  # what the words tell of other domains beside the tags a person confirmed

SECOND_ADDS = 0.3  # how much of what is left the second domain served adds
OWN_WORDS_ADD = 0.6  # how much of what is left the purchase's own words add, where its kind can serve that domain
CAN_SERVE = 0.2
NAME_TELLS = 0.5  # what a payee's name tells of a purpose where nothing else is written; beside a description it tells nothing
OWN_WORDS_SURE = 0.4  # what the purchase's own words tell where its kind is sure
OWN_WORDS_AGAINST = 0.15  # ... where it is sure, and its kind cannot serve that domain: most often the word is another's
OWN_WORDS_UNSURE = 0.7  # ... and where it is not
OTHER_PURPOSE_KEEPS = 0.9  # what stays where the purchase's own words tell only of what the goal is not about
NO_PURPOSE_KEEPS = 0.75  # ... and where they tell of no purpose at all
OTHERS_KEEP = 0.4  # ... and where they tell of somebody else, a feast, trade or decoration
OTHERS_SERVED = ("family", "carer_rest")  # goals that are about others too

NAMED_SHARE = (0.0, 0.8, 0.95, 0.45)  # nothing named; its kind; the very thing; another thing of that kind was bought
OTHER_THING_MOST = 0.6  # most that a purchase serves whose kind the goal names, but as another thing
NOTHING_NAMED, KIND_NAMED, THING_NAMED, OTHER_NAMED = range(4)

TIPS = 0.25  # added to what each reading serves before the goal tips between readings: the smaller, the more a goal can tip
UNREAD_SHARE = 0.25  # strength of what the readings leave over, and of a goal or a purchase that tells nothing
GUESS_SHARE = 0.25  # a first reading less likely than this is a guess: it may be found to serve, never to serve nothing
NEVER_SURE_SHARE = 0.4  # a reading this probable that may never be bought serves nothing, whatever else is possible
PAIRS_AT_ONCE = 20_000


@dataclass(frozen=True)
class GoalsTold:
    """What goals say, one row each: `domains` (goals by domains, 0-1), `wanted` (the same with the domains near them), `things` they name,
    and the words that told each domain.

    `is_mute`: neither words nor things nor a person told a domain; `domains` is then by likeness alone.
    """

    texts: list[str]
    domains: Floats
    wanted: Floats
    things: Truths
    tagged: Truths
    words: list[dict[int, str]]
    is_mute: Truths


@dataclass(frozen=True)
class Bought:
    """What purchases were, one row each: up to three readings (places in `Goals.codes`, -1 for none) and their shares; things they name.

    `domains` is what their own words tell of a purpose, 0-1; `for_others`: they tell of somebody else, a feast, trade or decoration.
    """

    codes: Places
    shares: Floats
    things: Truths
    domains: Floats
    for_others: Truths


@dataclass(frozen=True)
class Served:
    """Pairs of a goal and a purchase, one row each.

    `raw`: the strength before calibration; `code`: the reading of the purchase it was judged by; `domain`: the domain served best;
    `named`: whether the goal names that kind; `is_tipped`: the goal decided between readings; `is_never`: may never be bought;
    `is_mute_goal`, `is_untold`: the goal, or the purchase, tells nothing; `is_for_others`: bought for others, and the goal
    is not about them; `is_near`: the domain served best is only near what the goal is about; `is_tagged`: a person confirmed the goal's
    domains; `usual_share`: how likely the purchase is of a kind nearly every plan has; `is_guess`: what
    was bought is not read surely enough to say that it serves nothing.
    """

    raw: Floats
    code: Places
    domain: Places
    named: Places
    is_tipped: Truths
    is_never: Truths
    is_mute_goal: Truths
    is_untold: Truths
    is_for_others: Truths
    is_near: Truths
    is_tagged: Truths
    usual_share: Floats
    is_guess: Truths


def read_goals(texts: Sequence[str], tags: Sequence[Sequence[str]] | None = None, likeness: Likeness | None = None) -> GoalsTold:
    """Read goals, each with the domain codes a person confirmed for it, if any: those take precedence over what its words tell.

    `likeness` judges wordings that no table lists. A goal that tells nothing but by likeness stays mute: "see plan" is like much.
    """
    tables = goals()
    places = {code: number for number, code in enumerate(tables.domains)}
    domains = np.zeros((len(texts), len(places)), np.float32)
    things = np.zeros((len(texts), len(tables.things)), np.bool_)
    tagged = np.zeros(domains.shape, np.bool_)
    told: list[dict[int, str]] = []
    for row, text in enumerate(texts):
        words = words_of(text)
        hits: dict[int, list[Hit[Telling]]] = {}
        for hit in tables.phrases.find(words):
            if hit.meaning.domain is not None:
                hits.setdefault(hit.meaning.domain, []).append(hit)
        for domain, found in hits.items():
            domains[row, domain] = 1 - WORD_LEAVES ** _evidence(found)
        told.append({domain: quoted(text, words, sorted(found, key=lambda hit: hit.meaning.is_hint)[:2]) for domain, found in hits.items()})
        things[row, [hit.meaning for hit in tables.thing_phrases.find(words)]] = True
        tagged[row, [places[code] for code in (tags[row] if tags else ()) if code in places]] = True
    first = domains.max(axis=1, keepdims=True, initial=0)
    domains *= (domains / np.maximum(first, 1e-9)) ** FAINT_KEEPS
    if likeness is not None and len(texts):
        domains = 1 - (1 - domains) * (1 - likeness(texts))
    is_tagged = tagged.any(axis=1, keepdims=True)
    domains = np.where(is_tagged, np.maximum(domains * UNTAGGED_KEEPS, tagged), domains).astype(np.float32)
    is_mute: Truths = (first[:, 0] == 0) & ~tagged.any(axis=1) & ~things.any(axis=1)
    return GoalsTold(list(texts), domains, _with_near(domains), things, tagged, told, is_mute)


def _with_near(domains: Floats) -> Floats:
    """What goals are about with the domains near it: each as strongly as the strongest that brings it."""
    wanted = domains.copy()
    for domain, near in enumerate(goals().near):
        np.maximum(wanted, domains[:, [domain]] * near, out=wanted)
    return wanted


def _evidence(hits: list[Hit[Telling]]) -> float:
    """How much the phrases found tell together, each once."""
    return sum({hit.phrase: HINT_TELLS if hit.meaning.is_hint else 1 + LONGER_TELLS * (hit.length - 1) for hit in hits}.values())


def read_purchases(purchases: pl.DataFrame) -> Bought:
    """Read purchases: `merchant, description` and the readings `category_code, probability_share, second_code, second_share`.

    A `third_code` may stand beside them. Where a `third_share` is given it counts; else half of what the first two leave, and no more
    than half the second.
    """
    tables = goals()
    column = {code: number for number, code in enumerate(tables.codes)}
    names = [name for name in ("category_code", "second_code", "third_code") if name in purchases.columns]
    codes = np.stack([purchases[name].replace_strict(column, default=-1, return_dtype=pl.Int64).to_numpy() for name in names], axis=1)
    first, second = (purchases[name].fill_null(0.0).to_numpy() for name in ("probability_share", "second_share"))
    guessed = np.minimum(second, np.clip(1 - first - second, 0, 1)) / 2
    third = purchases["third_share"].fill_null(0.0).to_numpy() if "third_share" in purchases.columns else guessed
    shares = np.clip(np.stack([first, second, third], axis=1)[:, : len(names)], 0, 1) * (codes >= 0)
    things = np.zeros((purchases.height, len(tables.things)), np.bool_)
    domains = np.zeros((purchases.height, len(tables.domains)), np.float32)
    for_others = np.zeros(purchases.height, np.bool_)
    for row, (merchant, description) in enumerate(purchases.select("merchant", "description").iter_rows()):
        name, said = words_of(merchant or ""), words_of(description or "")
        things[row, [hit.meaning for hit in tables.thing_phrases.find(name + said)]] = True
        domains[row, [hit.meaning for hit in tables.goods.find(said or name)]] = 1.0 if said else NAME_TELLS
        for_others[row] = bool(tables.for_others.find(said))
    return Bought(codes, shares.astype(np.float32), things, domains, for_others)


def serve(told: GoalsTold, bought: Bought, goal: Places, purchase: Places) -> Served:
    """Judge pairs, given as places in `told` and in `bought`."""
    starts = range(0, max(len(goal), 1), PAIRS_AT_ONCE)
    parts = [_serve(told, bought, goal[start : start + PAIRS_AT_ONCE], purchase[start : start + PAIRS_AT_ONCE]) for start in starts]
    return Served(*(np.concatenate([getattr(part, name) for part in parts]) for name in Served.__dataclass_fields__))


def _serve(told: GoalsTold, bought: Bought, goal: Places, purchase: Places) -> Served:
    tables = goals()
    codes, shares, own = bought.codes[purchase], bought.shares[purchase], bought.domains[purchase]
    wanted = told.wanted[goal]
    affinity, domain, named = np.zeros(codes.shape, np.float32), np.zeros(codes.shape, np.int64), np.zeros(codes.shape, np.int64)
    for reading, code in enumerate(codes.T):
        serves = tables.serves[code]
        by_domain = wanted * (serves + (1 - serves) * OWN_WORDS_ADD * own * (serves >= CAN_SERVE))
        domain[:, reading] = by_domain.argmax(axis=1)
        named[:, reading] = _named(tables, told.things[goal], bought.things[purchase], code)
        affinity[:, reading] = _affinity(by_domain, named[:, reading])
    affinity = np.where(tables.is_untold[codes], UNREAD_SHARE, affinity * ~tables.is_never[codes] * (codes >= 0))
    likely = _tipped(tables, codes, shares, affinity)
    is_never = tables.is_never[codes[:, 0]] & (shares[:, 0] >= NEVER_SURE_SHARE)
    rest = np.clip(1 - shares.sum(axis=1), 0, 1)
    raw = _with_own_words((likely * affinity).sum(axis=1) + rest * UNREAD_SHARE, wanted, own, codes, shares, named)
    is_mute = told.is_mute[goal]
    about_others = wanted[:, [tables.domains.index(code) for code in OTHERS_SERVED]].max(axis=1) >= CAN_SERVE
    is_for_others = bought.for_others[purchase] & ~about_others
    raw = np.where(is_for_others, raw * OTHERS_KEEP, raw)
    best = (likely * (affinity + 0.05)).argmax(axis=1)
    rows = np.arange(len(goal))
    return Served(
        raw=np.where(is_never, 0.0, np.where(is_mute & ~wanted.any(axis=1), UNREAD_SHARE, raw)).astype(np.float32),
        code=codes[rows, best],
        domain=domain[rows, best],
        named=named[rows, best],
        is_tipped=(best > 0) & (likely[rows, best] > shares[rows, best]),
        is_never=is_never,
        is_mute_goal=is_mute,
        is_untold=tables.is_untold[codes[:, 0]],
        is_for_others=is_for_others,
        is_near=(told.domains[goal, domain[rows, best]] < TOLD_SHARE) & ~np.isin(named[rows, best], (THING_NAMED, KIND_NAMED)),
        is_tagged=np.asarray(told.tagged[goal].any(axis=1)),
        is_guess=shares[:, 0] < GUESS_SHARE,
        usual_share=(shares * tables.is_usual[codes] * (codes >= 0)).sum(axis=1),
    )


def _affinity(by_domain: Floats, named: Places) -> Floats:
    """What one reading serves: the domain served best, part of the second, and whether the goal names that kind of purchase."""
    top = np.partition(by_domain, -2, axis=1)[:, -2:]
    served = top[:, 1] + (1 - top[:, 1]) * SECOND_ADDS * top[:, 0]
    told = np.maximum(served, np.asarray(NAMED_SHARE, np.float32)[named])
    result: Floats = np.where(named == OTHER_NAMED, np.minimum(told, OTHER_THING_MOST), told).astype(np.float32)
    return result


def _named(tables: Goals, of_goal: Truths, of_purchase: Truths, code: Places) -> Places:
    """Whether the goal names the very thing bought, only its kind, or another thing of that kind."""
    of_kind = tables.thing_codes[:, code].T
    is_thing = (of_kind & of_goal & of_purchase).any(axis=1)
    is_kind = (of_kind & of_goal).any(axis=1)
    is_other = is_kind & (of_kind & of_purchase & ~of_goal).any(axis=1)
    told: Places = np.select([is_thing, is_other, is_kind], [THING_NAMED, OTHER_NAMED, KIND_NAMED], NOTHING_NAMED)
    return told


def _tipped(tables: Goals, codes: Places, shares: Floats, affinity: Floats) -> Floats:
    """The readings' shares once the goal is known: chance moves between codes that depend on the plan, never to or from another."""
    can_move = tables.depends_on_plan[codes] & (codes >= 0)
    weight = shares * np.where(can_move, TIPS + affinity, 0)
    total = weight.sum(axis=1, keepdims=True)
    mass = (shares * can_move).sum(axis=1, keepdims=True)
    tipped: Floats = np.where(can_move & (total > 0), weight / np.maximum(total, 1e-9) * mass, shares).astype(np.float32)
    return tipped


def _with_own_words(raw: Floats, wanted: Floats, own: Floats, codes: Places, shares: Floats, named: Places) -> Floats:
    """The strength once the purchase's own words are heard: more where they tell the goal's domain, a little less where they do not.

    Where the kind is sure they count little for domains it cannot serve: a pub called The Riding Inn is no riding.
    """
    told = wanted * own
    keeps = np.where(own.max(axis=1, initial=0) > 0, OTHER_PURPOSE_KEEPS, NO_PURPOSE_KEEPS)
    kept = np.where((told.max(axis=1, initial=0) < CAN_SERVE) & (named.max(axis=1) != THING_NAMED), raw * keeps, raw)
    sure = shares[:, :1]
    can_serve = goals().serves[codes[:, 0]] >= CAN_SERVE
    weight = np.where(can_serve, OWN_WORDS_SURE, OWN_WORDS_AGAINST) * sure + OWN_WORDS_UNSURE * (1 - sure)
    heard: Floats = 1 - (1 - kept) * (1 - (weight * told).max(axis=1, initial=0))
    return heard
