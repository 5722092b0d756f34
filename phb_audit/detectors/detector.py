"""A detector: what it is about, which features it hears, and how likely a case that it alone speaks for leads to something.

Every detector answers alike: of each line, how often lines of the year before are at least as unlike (`tail_share`, from 0 to 1). From
one in twenty on it begins to speak; at one in ten thousand it speaks in full. `data/reference/detectors.toml` keeps the starting chances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from phb_audit.detectors.ecod import joint_tails
from phb_audit.detectors.features import DIGITS, FEATURES
from phb_audit.detectors.forest import isolation
from phb_audit.detectors.tails import least, tail_shares

Array = npt.NDArray[np.float64]
BEGINS, IN_FULL = 0.05, 0.0001


class Score(Protocol):
    """How unlike each of `rows` is, from features of `reference` lines: higher is more unlike. Both: one column a feature."""

    def __call__(self, reference: Array, rows: Array) -> Array:
        """One number a row."""
        ...


@dataclass(frozen=True)
class Detector:
    """`features`: what it hears. `score`: of several features together; None where the rarest of them speaks."""

    id: str
    title: str
    features: tuple[str, ...]
    innocent: str
    score: Score | None = None

    def tail_shares(self, reference: pl.DataFrame, rows: pl.DataFrame) -> Array:
        """Of each row of features, how often a line of the reference is at least as unlike."""
        kept, asked = reference.select(self.features).to_numpy(), rows.select(self.features).to_numpy()
        if self.score is None:
            return least(tail_shares(kept, asked))
        return tail_shares(self.score(kept, kept)[:, None], self.score(kept, asked)[:, None])[:, 0]


def _of(group: str) -> tuple[str, ...]:
    return tuple(one.name for one in FEATURES if one.group == group)


ALL = tuple(one.name for one in FEATURES)
DETECTORS: tuple[Detector, ...] = (
    Detector("D-01", "Amount unlike before", _of("amounts"), "A term's fee paid at once, a bigger size, a new price."),
    Detector("D-02", "Far from the plan", _of("plan"), "The budget is personal: much that helps one person is of use to no other."),
    Detector("D-03", "Budget used fast", _of("pace"), "The need may have grown, or a yearly bill has come."),
    Detector("D-04", "Habit changed", _of("habits"), "Every payee was new once, and weeks differ."),
    Detector("D-05", "Papers do not bear it out", _of("papers"), "Receipts are lost, and some come late."),
    Detector("D-06", "Cash, abroad or away", _of("places"), "Cash may be agreed; a retainer is due while the person is away."),
    Detector("D-07", "Unlike in several ways at once (isolation forest)", ALL, "Unusual is not wrong.", isolation),
    Detector("D-08", "Unlike in several ways at once (joint tails)", ALL, "Unusual is not wrong.", joint_tails),
)
BY_ID = {one.id: one for one in DETECTORS}


def values(shares: Array) -> Array:
    """Tail shares as how strongly they speak: 0 at one in twenty or more, 1 at one in ten thousand or less, even steps by logarithm."""
    spoken = (np.log(BEGINS) - np.log(np.clip(shares, IN_FULL, 1.0))) / (np.log(BEGINS) - np.log(IN_FULL))
    return np.asarray(np.round(np.clip(spoken, 0.0, 1.0), DIGITS))


def scored(reference: pl.DataFrame, rows: pl.DataFrame, detectors: Sequence[Detector] = DETECTORS) -> pl.DataFrame:
    """One row per line and detector that speaks: payment_id, detector_id, tail_share, value_share. Both frames as features.measured."""
    parts = []
    for one in detectors:
        shares = one.tail_shares(reference, rows)
        told = rows.select("payment_id", detector_id=pl.lit(one.id)).with_columns(
            tail_share=pl.Series(np.round(shares, DIGITS)), value_share=pl.Series(values(shares))
        )
        parts.append(told.filter(pl.col("value_share") > 0))
    return pl.concat(parts).sort("payment_id", "detector_id")
