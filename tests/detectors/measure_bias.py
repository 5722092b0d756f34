"""Whether the order takes up a reviewer's bias against a care group: `python -m tests.detectors.measure_bias --work DIR`.

A reviewer confirms 42 fine purchases of one group wrongly, on top of 1,500 decisions; beside it stand 42 wrong confirmations of others.
Counted are fine lines among the first 1% and 3%: nearly all of the first 1% is planted, so that few are left to tell a ratio by.
Each ratio is the group's share of its fine lines over that of all others, with the interval of drawing people again.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.detectors.measure import WRONGLY_CONFIRMED, Array, Ints, Parts, decisions, halves
from tests.detectors.worlds import made_up

TOPS = (0.01, 0.03)
GROUPS, DRAWS = 3, 2_000
BEFORE, PLAIN, AFTER, OTHERS = "before", "after, not evened", "after", "after as many of others"
ORDERS = (BEFORE, PLAIN, AFTER, OTHERS)
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Counted:
    """Fine lines of one group in one world, a row a person: how many stand among the first of each order, and how many there are."""

    inside: Truths
    first: dict[tuple[str, float], Ints]
    fine: Ints


def counted(parts: Parts, group: str, seed: int) -> Counted:
    """The counts of one world where `group` is the one that is wrongly confirmed."""
    lines, planted = parts.purchases.lines, parts.purchases.planted
    people, place = np.unique(lines["holder_id"].to_numpy(), return_inverse=True)
    of_group = lines["group_code"].to_numpy() == group
    first = {(order, top): np.zeros(len(people), dtype=np.int64) for order in ORDERS for top in TOPS}
    for half, (taught, judged) in enumerate(halves(parts.purchases, seed)):
        chosen, answers = decisions(parts, taught, seed + half)
        jitter = np.random.Generator(np.random.PCG64(seed)).random(len(judged)) * 1e-9
        of_others = wrongly(parts, taught, chosen, ~of_group)
        of_theirs = wrongly(parts, taught, chosen, of_group)
        for order, wrong in zip(ORDERS, (chosen[:0], of_theirs, of_theirs, of_others), strict=True):
            said = np.concatenate([answers, np.ones(len(wrong), dtype=np.bool_)])
            weights = parts.learned(np.concatenate([chosen, wrong]), said, is_evened=order != PLAIN)
            scores = parts.order(weights=weights)[judged] + jitter
            ranked = judged[np.argsort(-scores, kind="stable")]
            for top in TOPS:
                head = ranked[: int(len(ranked) * top)]
                first[order, top] += np.bincount(place[head[~planted[head]]], minlength=len(people))
    inside = np.zeros(len(people), dtype=np.bool_)
    inside[place[of_group]] = True
    return Counted(inside, first, np.bincount(place[~planted], minlength=len(people)))


def wrongly(parts: Parts, taught: Ints, chosen: Ints, whose: Truths) -> Ints:
    """The fine lines a reviewer confirms wrongly: those of `whose` that stand highest and were not decided."""
    fine = np.setdiff1d(taught[whose[taught] & ~parts.purchases.planted[taught]], chosen)
    return fine[np.argsort(-parts.order()[fine], kind="stable")[:WRONGLY_CONFIRMED]]


def ratios(worlds: list[Counted], top: float, weights: list[Array]) -> dict[str, float]:
    """Ratio of the group's share to that of others by order, and of the ratio after to that before; people count by their weights."""
    told = {}
    for order in ORDERS:
        sums = np.sum(
            [
                [(one.first[order, top] * by)[side].sum() for side in (one.inside, ~one.inside)]
                + [(one.fine * by)[side].sum() for side in (one.inside, ~one.inside)]
                for one, by in zip(worlds, weights, strict=True)
            ],
            axis=0,
        )
        told[order] = (sums[0] / sums[2]) / (sums[1] / sums[3]) if sums[1] and sums[3] and sums[2] else float("nan")
    return told | {f"{AFTER} by {other}": told[AFTER] / told[other] if told[other] else float("nan") for other in (BEFORE, PLAIN, OTHERS)}


def with_intervals(worlds: list[Counted], top: float) -> dict[str, tuple[float, float, float]]:
    """Each ratio with 95% of what it is when people are drawn again, world by world."""
    generator = np.random.Generator(np.random.PCG64(7))
    found = ratios(worlds, top, [np.ones(len(one.fine)) for one in worlds])
    drawn: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(DRAWS):
        again = [np.bincount(generator.integers(0, len(one.fine), len(one.fine)), minlength=len(one.fine)).astype(float) for one in worlds]
        for name, value in ratios(worlds, top, again).items():
            drawn[name].append(value)
    edges = {name: np.nanquantile(values, [0.025, 0.975]) for name, values in drawn.items()}
    return {name: (found[name], float(edges[name][0]), float(edges[name][1])) for name in found}


def sides(worlds: list[Counted], order: str, top: float) -> str:
    """Fine lines among the first, of the group and of others; nothing where the ratio is of two orders."""
    if order not in ORDERS:
        return ""
    inside = sum(int(one.first[order, top][one.inside].sum()) for one in worlds)
    outside = sum(int(one.first[order, top][~one.inside].sum()) for one in worlds)
    return f"{inside}, {outside}"


def main() -> None:
    """Print a table for each group, and one of all groups together."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103, 111, 112, 113])
    asked.add_argument("--holders", type=int, default=300)
    given = asked.parse_args()
    worlds = [Parts.of(made_up(seed, given.holders, given.work)) for seed in given.seeds]
    groups = np.concatenate([one.purchases.lines["group_code"].to_numpy() for one in worlds])
    names, sizes = np.unique(groups[groups != ""], return_counts=True)
    say = sys.stdout.write
    say("| group | first | order | fine lines: group, others | ratio (95% by people) |\n|---|---:|---|---:|---:|\n")
    for group in names[np.argsort(-sizes)][:GROUPS]:
        of_group = [counted(one, group, 2_000 + number) for number, one in enumerate(worlds)]
        for top in TOPS:
            for name, (value, low, high) in with_intervals(of_group, top).items():
                say(f"| {group} | {top:.0%} | {name} | {sides(of_group, name, top)} | {value:.2f} ({low:.2f}-{high:.2f}) |\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
