"""Figures of an order of purchases: average precision and recall within a budget, with intervals by people."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
TIMES, SEED, BUDGET = 60, 20261126, 0.01


def average_precision(planted: Flags, scores: Array) -> float:
    """Mean precision at each planted line; lines of one score come at that score's own precision together."""
    order = np.argsort(-scores, kind="stable")
    ordered, right = scores[order], planted[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    found = np.cumsum(right)[ends]
    steps = np.diff(found, prepend=0)
    return float((steps * found / (ends + 1)).sum() / max(planted.sum(), 1))


def recall_at(planted: Flags, scores: Array, budget: float = BUDGET) -> float:
    """Share of the planted among the first lines, as many as the budget reads; of a tie the share that fits."""
    count = max(1, int(len(scores) * budget))
    cut = np.sort(scores)[::-1][count - 1]
    above, tied = scores > cut, scores == cut
    share = (count - above.sum()) / max(tied.sum(), 1)
    return float((planted[above].sum() + share * planted[tied].sum()) / max(planted.sum(), 1))


def by_people(figure: Callable[[Flags, Array], float], planted: Flags, scores: Array, holders: npt.NDArray[np.str_]) -> tuple[float, float]:
    """95% interval of a figure when people are drawn again and again, with all their lines."""
    names, place = np.unique(holders, return_inverse=True)
    lines = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[lines], np.arange(len(names) + 1))
    generator = np.random.Generator(np.random.PCG64(SEED))
    told = []
    for _ in range(TIMES):
        drawn = generator.integers(len(names), size=len(names))
        chosen = np.concatenate([lines[starts[one] : starts[one + 1]] for one in drawn])
        told.append(figure(planted[chosen], scores[chosen]))
    low, high = np.quantile(told, [0.025, 0.975])
    return float(low), float(high)
