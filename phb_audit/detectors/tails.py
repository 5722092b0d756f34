"""One-sided tails: how often lines of the year before have at least as much of something. Nought of a thing is never rare."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def tail_shares(reference: Array, rows: Array) -> Array:
    """Of each value, column by column, the share of the reference that is as large: (1 + as large) / (1 + all); 1 for nought."""
    shares = np.ones(rows.shape)
    for place in range(rows.shape[1]):
        ordered = np.sort(reference[:, place])
        as_large = len(ordered) - np.searchsorted(ordered, rows[:, place], side="left")
        shares[:, place] = np.where(rows[:, place] > 0, (1 + as_large) / (1 + len(ordered)), 1.0)
    return shares


def least(shares: Array) -> Array:
    """Of several tails of a line the rarest, as rare as the rarest of so many independent ones is (Sidak)."""
    return np.asarray(1 - (1 - shares.min(axis=1)) ** shares.shape[1])
