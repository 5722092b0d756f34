"""Which of three states a purchase and a goal are in, how strongly it serves it, and why, in words a commissioner reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from phb_audit.matched.goal_tables import Floats, Goals, goals
from phb_audit.matched.goals import (
    KIND_NAMED,
    OTHER_NAMED,
    PAIRS_AT_ONCE,
    THING_NAMED,
    TOLD_SHARE,
    Bought,
    GoalsTold,
    Likeness,
    Places,
    Served,
    read_goals,
    read_purchases,
    serve,
)


@dataclass(frozen=True)
class Curve:
    """From what was found of a pair to the share of such pairs that serve.

    `slope` weighs the raw strength (log odds), `near` each standard deviation nearer to what serves the goal's domains (where a table of
    likeness is at hand), `usual` a kind nearly every plan has.
    """

    slope: float
    near: float
    usual: float
    level: float


# Fitted by `python -m tests.matched.measure_goals` to four sets of pairs; the fourth and newest set has taught nothing.
BY_WORDS = Curve(slope=1.12, near=0.56, usual=1.50, level=-0.15)
BY_PERSON = Curve(slope=0.79, near=0.75, usual=1.48, level=-0.70)
BY_WORDS_DEAF = Curve(slope=1.35, near=0.0, usual=1.64, level=0.42)  # the same where no table of likeness is at hand
BY_PERSON_DEAF = Curve(slope=1.13, near=0.0, usual=1.58, level=-0.27)
NEAR_SAID = 1.0  # from here it is said
FITS_SHARE = 0.65
NO_GOAL_SHARE = 0.10  # one in twenty of the pairs below it serves: who is told "no goal" wrongly is hurt
WORTH_SHARE = 0.10  # a table's strength below this does not say that the kind serves the domain
DOMAINS_NAMED = 3
READS_SHARE = 0.50  # a reading less probable than this only may be what was bought
STATES = ("fits", "unclear", "no_goal")
READING = ("category_code", "probability_share", "second_code", "second_share", "third_code", "third_share")
Nearness = Callable[[Sequence[str]], Floats]
"""Texts of purchases to how near each is to each domain: 0 for an ordinary purchase, 1 a standard deviation nearer."""


@dataclass(frozen=True)
class Hearing:
    """What judges words that no table lists. Given from outside: matching does not know where it comes from."""

    nearness: Nearness
    likeness: Likeness


NEAR_BY = " (near to what the goal is about)"
BY_LIKENESS = "by the likeness of its words"
FOR_OTHERS = " Its words tell of somebody else, a feast, trade or decoration."
A_PERSON = "A person who knows the plan can confirm its goal tags."


def match_goals(pairs: pl.DataFrame, nearness: Nearness | None = None, likeness: Likeness | None = None) -> pl.DataFrame:
    """One row per row of `pairs`, in order: `strength` (0-1), `state`, `domains` (codes joined by |, strongest first) and `because`.

    `pairs` has `goal`, `tags` (codes a person confirmed, joined by |; empty where none did), `merchant`, `description` and the purchase's
    readings (`READING`; `third_share` may be absent). Equal goals, purchases and pairs are read once.
    `nearness` judges words of purchases that no table lists, `likeness` wordings of goals; without them they tell nothing.
    """
    found = find(pairs, nearness, likeness)
    told, goal, pair = found.told, found.goal, found.pair
    strength = strength_of(found.served, found.near)
    states, domains = states_of(found.served, strength), told_domains(told)
    answers = pl.DataFrame(
        {
            "strength": strength,
            "state": states,
            "domains": [domains[place] for place in goal],
            "because": because(told, found.bought, found.served, goal, found.purchase, states, found.near),
        },
        schema={"strength": pl.Float64, "state": pl.String, "domains": pl.String, "because": pl.String},
    )
    return answers[pair] if len(pair) else answers.clear()


@dataclass(frozen=True)
class Found:
    """What was found of pairs before it becomes a strength: `told` and `bought` are distinct goals and purchases.

    `served`, `near`, `goal` and `purchase` (places in `told` and in `bought`) have a row for each distinct pair; `near` is None
    without a table; `pair` is the distinct pair of each row asked.
    """

    told: GoalsTold
    bought: Bought
    served: Served
    near: Floats | None
    goal: Places
    purchase: Places
    pair: Places


def find(pairs: pl.DataFrame, nearness: Nearness | None = None, likeness: Likeness | None = None) -> Found:
    """Read goals and purchases, each once, and judge each distinct pair; parameters as of `match_goals`."""
    buying = ["merchant", "description", *(name for name in READING if name in pairs.columns)]
    asked = pairs.select("goal", "tags", *buying).with_columns(pl.col("goal", "tags", "merchant", "description").fill_null(""))
    distinct, pair = _numbered(asked, asked.columns)
    goal_rows, goal = _numbered(distinct, ["goal", "tags"])
    purchase_rows, purchase = _numbered(distinct, buying)
    told = read_goals(goal_rows["goal"].to_list(), [tags.split("|") for tags in goal_rows["tags"]], likeness)
    bought = read_purchases(purchase_rows)
    near = near_of(told, purchase_rows, goal, purchase, nearness) if nearness else None
    return Found(told, bought, serve(told, bought, goal, purchase), near, goal, purchase, pair)


def _numbered(frame: pl.DataFrame, by: list[str]) -> tuple[pl.DataFrame, Places]:
    """The distinct rows of some columns, in order, and for each row of the frame its place among them."""
    distinct = frame.select(by).unique(maintain_order=True).with_row_index("place")
    places = frame.select(by).join(distinct, on=by, how="left", nulls_equal=True, maintain_order="left")["place"]
    return distinct.drop("place"), places.cast(pl.Int64).to_numpy()


def near_of(told: GoalsTold, purchases: pl.DataFrame, goal: Places, purchase: Places, nearness: Nearness) -> Floats:
    """For each pair how near the purchase's words are to its goal's domains, each by how strongly the goal tells it."""
    if not len(goal):
        return np.zeros(0, np.float32)
    said = pl.when(pl.col("description") != "").then("description").otherwise("merchant")
    near = nearness(purchases.select(said).to_series().to_list())
    weights = told.domains / np.maximum(told.domains.sum(axis=1, keepdims=True), 1e-9)
    by: Floats = np.concatenate(
        [
            (weights[goal[at : at + PAIRS_AT_ONCE]] * near[purchase[at : at + PAIRS_AT_ONCE]]).sum(axis=1)
            for at in range(0, len(goal), PAIRS_AT_ONCE)
        ]
    )
    return by


def _likeness(by: float) -> str:
    """What nearness says, where it says much."""
    if abs(by) < NEAR_SAID:
        return ""
    return " Its words are like those of what serves such goals." if by > 0 else " Its words are unlike those of what serves such goals."


def strength_of(served: Served, near: Floats | None = None) -> Floats:
    """The share of pairs as strong (and as near) as these that serve, rounded to four places; 0 stays 0."""
    held = np.clip(served.raw.astype(np.float64), 0.01, 0.99)
    nearer = np.zeros(len(held)) if near is None else near.astype(np.float64)
    curves = (BY_WORDS, BY_PERSON) if near is not None else (BY_WORDS_DEAF, BY_PERSON_DEAF)
    odds = np.log(held / (1 - held))
    by_words, by_person = (curve.level + curve.slope * odds + curve.near * nearer + curve.usual * served.usual_share for curve in curves)
    shares = 1 / (1 + np.exp(-np.where(served.is_tagged, by_person, by_words)))
    result: Floats = np.where(served.raw > 0, np.round(shares, 4), 0.0)
    return result


def states_of(served: Served, strength: Floats) -> list[str]:
    """`fits`, `unclear` or `no_goal`. A goal or a purchase that tells nothing is unclear: nobody can say that it does not serve.

    What serves a domain that is only near the goal's own is unclear at best; what was bought by a guess never serves nothing for sure.
    """
    unclear = (served.is_mute_goal | served.is_untold) & ~served.is_never
    fits = (strength >= FITS_SHARE) & ~served.is_near
    told = np.select([unclear, fits, (strength <= NO_GOAL_SHARE) & ~served.is_guess], ["unclear", "fits", "no_goal"], "unclear")
    return [str(state) for state in told]


def told_domains(told: GoalsTold) -> list[str]:
    """For each goal the codes of the domains it is about, strongest first: those confirmed, else the first three the words tell."""
    return ["|".join(goals().domains[place] for place in places) for places in _first_domains(told)]


def _first_domains(told: GoalsTold) -> list[list[int]]:
    order = np.argsort(-told.domains, axis=1, kind="stable")
    heard = np.where(told.tagged.any(axis=1, keepdims=True), told.tagged, (told.domains >= TOLD_SHARE) & ~told.is_mute[:, None])
    return [[int(place) for place in places if heard[row, place]][:DOMAINS_NAMED] for row, places in enumerate(order)]


def because(
    told: GoalsTold, bought: Bought, served: Served, goal: Places, purchase: Places, states: list[str], near: Floats | None
) -> list[str]:
    """Why each pair is in its state: the goal's words, what was bought, what is missing."""
    tables = goals()
    about = [_about(tables, told, row, places) for row, places in enumerate(_first_domains(told))]
    sentences = []
    nearby = np.zeros(len(goal)) if near is None else near
    read = (served.code, served.domain, served.named)
    columns = (*read, served.is_tipped, served.is_never, served.is_mute_goal, served.is_untold, served.is_for_others)
    rows = zip(goal.tolist(), purchase.tolist(), states, nearby.tolist(), *(column.tolist() for column in columns), strict=True)
    for at, bought_at, state, by, code, domain, named, is_tipped, is_never, is_mute, is_untold, for_others in rows:
        first = int(bought.codes[bought_at, 0])
        if is_never:
            sentence = f"What was bought reads as {tables.plain[first]}: {tables.none_because[first]}, so it serves no goal."
        elif is_untold:
            sentence = f"What was bought is not told by its words, so no goal can be named. A receipt would tell. {about[at]}"
        elif is_mute:
            sentence = f"The goal's words tell no domain of goal_domains.csv. {A_PERSON}"
        else:
            share = float(bought.shares[bought_at][bought.codes[bought_at] == code].sum())
            reads = f"What was bought {'reads as' if share >= READS_SHARE and not is_tipped else 'may be'} {tables.plain[code]}"
            serving = _serving(tables, told, at, code, domain, named, state, reads)
            sentence = f"{about[at]} {serving}{_tip(tables, first, code) if is_tipped else ''}{FOR_OTHERS if for_others else ''}"
        sentences.append(f"{sentence}{_likeness(by)}")
    return sentences


def _about(tables: Goals, told: GoalsTold, row: int, places: list[int]) -> str:
    """What a goal is about, with the words that tell it, or who confirmed it."""
    if not places:
        things = [tables.things[place] for place in told.things[row].nonzero()[0]]
        return f"The goal names {' and '.join(things[:DOMAINS_NAMED])}." if things else ""
    if told.tagged[row].any():
        return f"The goal is about {_joined([tables.names[place] for place in places])}, as a person confirmed."
    named = [f"{tables.names[place]} ({told.words[row].get(place, BY_LIKENESS)})" for place in places]
    return f"The goal tells of {_joined(named)}."


def _serving(tables: Goals, told: GoalsTold, row: int, code: int, domain: int, named: int, state: str, reads: str) -> str:
    """How what was bought serves the goal, or what is missing."""
    if named in (THING_NAMED, KIND_NAMED):
        whose = "the very thing" if named == THING_NAMED else "that kind of thing"
        return f"It names {whose}. {reads}."
    strength = float(tables.serves[code, domain]) if told.wanted[row, domain] > 0 else 0.0
    is_near = bool(told.domains[row, domain] < TOLD_SHARE)
    if strength < WORTH_SHARE or (is_near and state == "no_goal"):
        usual = [tables.names[place] for place in np.argsort(-tables.serves[code], kind="stable")[:2] if tables.serves[code, place] > 0]
        serves = f", which serves {_joined(usual)}" if usual else f": {tables.none_because.get(code, 'it serves no goal')}"
        missing = "nothing in the goal speaks of that" if state == "no_goal" else "little in the goal speaks of that"
        return f"{reads}{serves}; {missing}."
    how = {"fits": "serves", "unclear": "may serve", "no_goal": "hardly serves"}[state]
    other = " The goal names another thing of that kind." if named == OTHER_NAMED else ""
    near = NEAR_BY if is_near else ""
    return f"{reads}, which {how} {tables.names[domain]}{near}: {tables.reasons[code, domain]}.{other}"


def _tip(tables: Goals, first: int, code: int) -> str:
    return f" The words alone read more like {tables.plain[first]}; the goal speaks for {tables.plain[code]}."


def _joined(names: list[str]) -> str:
    return (
        " and ".join(", ".join(names).rsplit(", ", 1)) if len(names) > 1 and not any(", " in name for name in names) else "; ".join(names)
    )
