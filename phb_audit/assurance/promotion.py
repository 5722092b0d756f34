"""Is a newly learned classifier better, or only different? Both answer the same lines; what counts is the difference, with its interval.

Lines of one supplier are alike, so whole suppliers are drawn (a cluster bootstrap); the seed is fixed, so the verdict can be shown again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DRAWS = 2_000
SEED = 20261031
FEWEST_LINES = 100
"""With fewer lines kept back nothing is promoted: luck would decide."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Verdict:
    """The challenger's share right less the champion's on lines kept back, its 95% interval, both on each frozen set, and what follows."""

    lines: int
    champion_share: float
    challenger_share: float
    difference: float
    low: float
    high: float
    frozen: dict[str, tuple[int, int, int]]
    is_promoted: bool
    reason: str


def judged(champion: Flags, challenger: Flags, clusters: Sequence[str], frozen: dict[str, tuple[int, int, int]]) -> Verdict:
    """The verdict on answers to the same lines (True: right). `frozen`: by name of set, right of the champion, of the challenger, lines.

    Promoted only where the interval of the difference lies above nought, and on no frozen set fewer are right than before.
    """
    if not len(champion) == len(challenger) == len(clusters):
        raise ValueError("champion, challenger and clusters speak of different lines")
    lines = len(champion)
    difference, low, high = paired(champion, challenger, clusters) if lines else (0.0, 0.0, 0.0)
    worse = [name for name, (before, after, _) in frozen.items() if after < before]
    if lines < FEWEST_LINES:
        reason = f"Only {lines} decided lines could be kept back to judge by; {FEWEST_LINES} are needed."
    elif low <= 0:
        reason = "It is not surely better on the lines kept back: the interval of the difference holds nought."
    elif worse:
        reason = f"It is better on the lines kept back but worse on {' and '.join(worse)}."
    else:
        reason = "It is better on the lines kept back, and no worse on the frozen sets."
    is_promoted = lines >= FEWEST_LINES and low > 0 and not worse
    shares = (float(champion.mean()), float(challenger.mean())) if lines else (0.0, 0.0)
    return Verdict(lines, *shares, difference, low, high, frozen, is_promoted, reason)


def paired(champion: Flags, challenger: Flags, clusters: Sequence[str]) -> tuple[float, float, float]:
    """The difference of shares right, and its 95% interval from drawing whole clusters again and again."""
    names, place = np.unique(np.array(clusters), return_inverse=True)
    gained = np.bincount(place, weights=challenger.astype(float) - champion.astype(float), minlength=len(names))
    sizes = np.bincount(place, minlength=len(names)).astype(float)
    drawn = np.random.default_rng(SEED).integers(0, len(names), size=(DRAWS, len(names)))
    differences = gained[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(differences, [0.025, 0.975])
    return round(float(gained.sum() / sizes.sum()), 6), round(float(low), 6), round(float(high), 6)
