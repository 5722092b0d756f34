"""A year of nights with a simulated reviewer: what the order of the list learns from decisions, one in ten of them wrong.

A made-up world's night has found its flags once; each week the cases whose day has come stand on the list, in the order that the
decisions so far give it, and the reviewer reads what fits in the week's minutes. Half of the holders are never read: on their cases the
order is judged, so that it is never judged on what taught it. Nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from phb_audit.flagged.ranking import Signals, in_order, ranked
from phb_audit.rules.review_time import ReviewTime

WEEKS = 52
ERROR = 0.10
SEED = 20261127
JUDGED = {
    "event_number": pl.Int64,
    "case_id": pl.String,
    "holder_id": pl.String,
    "rule_ids": pl.String,
    "is_right": pl.Boolean,
    "decided_on": pl.Date,
    "decided_by": pl.String,
    "is_own_words": pl.Boolean,
}


@dataclass(frozen=True)
class World:
    """What is replayed. `cases`: case_id, holder_id, severity, outcome_code, at_stake_pence, subject_on, is_right (by the truth) and
    is_taught (of a holder whose cases are read); `flags`: case_id, rule_id, severity."""

    cases: pl.DataFrame
    flags: pl.DataFrame
    last_on: date
    time: ReviewTime
    starts: Mapping[str, Any]

    @classmethod
    def of(
        cls, cases: pl.DataFrame, flags: pl.DataFrame, last_on: date, time: ReviewTime, starts: Mapping[str, Any], minutes: float | None
    ) -> World:
        """With minutes for half of what comes in a year, where none are given: a reviewer who reads everything shows nothing."""
        own = cases.with_columns(pl.Series("is_taught", [_is_taught(holder) for holder in cases["holder_id"]], dtype=pl.Boolean))
        takes = sum(time.minutes[code] for code in own.filter("is_taught")["outcome_code"])
        # A week holds two items at least, of the kind that takes longest.
        week = minutes or max(takes / 2 / WEEKS / (1 - time.random_share), 2 * max(time.minutes.values()) / (1 - time.random_share))
        return cls(own, flags, last_on, replace(time, minutes_a_week=week), starts)


@dataclass(frozen=True)
class Week:
    """How far a reviewer is after a week: decisions so far, and what the first quarter of the minutes of the holders who are never read
    would find: the share of its cases with a cause, and the pence rightly in question."""

    week: int
    decisions: int
    right_share: float
    right_pence: int


def replay(world: World, *, reviewer: int, error: float = ERROR, weeks: int = WEEKS, every: int = 4) -> list[Week]:
    """One reviewer's year. Judged at its beginning and every few weeks."""
    generator = np.random.Generator(np.random.PCG64([SEED, reviewer]))
    first_on = world.last_on - timedelta(weeks=weeks)
    waiting = world.cases.filter("is_taught")
    rules = dict(world.flags.group_by("case_id").agg(pl.col("rule_id").unique().sort().str.join("|")).iter_rows())
    judged: list[tuple[object, ...]] = []
    told = [judged_on_others(world, judged, first_on, 0)]
    for week in range(1, weeks + 1):
        on = first_on + timedelta(weeks=week)
        here = waiting.filter(pl.col("subject_on") <= on)
        for case in _read(world, here, judged, on):
            is_right = bool(case["is_right"]) != bool(generator.random() < error)
            judged.append((len(judged) + 1, case["case_id"], case["holder_id"], rules[case["case_id"]], is_right, on, "Reviewer", True))
        waiting = waiting.filter(~pl.col("case_id").is_in([row[1] for row in judged]))
        if week % every == 0:
            told.append(judged_on_others(world, judged, on, week))
    return told


def _read(world: World, here: pl.DataFrame, judged: Sequence[tuple[object, ...]], on: date) -> list[dict[str, Any]]:
    """The cases that fit in the week's minutes, in the order of the list."""
    order = _order(world, here, judged, on)
    return order.filter("is_within_minutes").join(here.select("case_id", "holder_id", "is_right"), on="case_id").sort("case_id").to_dicts()


def judged_on_others(world: World, judged: Sequence[tuple[object, ...]], on: date, week: int) -> Week:
    """The first quarter of the minutes of the holders who are never read, in the order that the decisions so far give their cases."""
    others = world.cases.filter(~pl.col("is_taught"))
    takes = pl.col("minutes").cum_sum()
    order = _order(world, others, judged, on).with_columns(taken=takes, all=pl.col("minutes").sum())
    head = order.filter(pl.col("taken") <= pl.col("all") / 4).join(others.select("case_id", "is_right"), on="case_id")
    right = head.filter("is_right")
    share = right.height / head.height if head.height else 0.0
    return Week(week, len(judged), round(share, 6), int(right["at_stake_pence"].abs().sum()))


def _order(world: World, cases: pl.DataFrame, judged: Sequence[tuple[object, ...]], on: date) -> pl.DataFrame:
    rows = pl.DataFrame(list(judged), schema=JUDGED, orient="row")
    flags = world.flags.join(cases.select("case_id"), on="case_id", how="semi")
    asked = cases.select("case_id", "severity", "outcome_code", "at_stake_pence", "holder_id").sort("case_id")
    return in_order(ranked(asked, flags, rows, on, world.time, Signals(), world.starts).cases)


def _is_taught(holder_id: str) -> bool:
    return int(hashlib.sha256(holder_id.encode()).hexdigest()[:8], 16) % 2 == 0
