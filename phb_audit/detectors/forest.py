"""Isolation forest: lines that a few random cuts set apart from the others (Liu et al., 2008).

Taught anew each night by the same lines with the same seed, and asked in chunks of one size: the answer for a line is the same to the
last bit, whatever stands beside it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
TREES, LINES_A_TREE, SEED, CHUNK = 100, 256, 20261126, 4_096


def isolation(reference: Array, rows: Array) -> Array:
    """How soon each row is set apart: from 0 (among many) to 1 (at once)."""
    from sklearn.ensemble import IsolationForest

    if not len(reference):
        return np.zeros(len(rows))
    forest = IsolationForest(n_estimators=TREES, max_samples=min(LINES_A_TREE, len(reference)), random_state=SEED, n_jobs=1).fit(reference)
    told = [-forest.score_samples(rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK)]
    return np.round(np.concatenate(told), 9) if told else np.zeros(0)
