"""Joint tails: the sum of the logarithms of a line's tails, as ECOD adds them up, on the one side that is unusual (Li et al., 2022)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from phb_audit.detectors.tails import tail_shares

Array = npt.NDArray[np.float64]


def joint_tails(reference: Array, rows: Array) -> Array:
    """How unlike each row is: features taken as if they were independent."""
    return np.asarray(-np.log(tail_shares(reference, rows)).sum(axis=1))
