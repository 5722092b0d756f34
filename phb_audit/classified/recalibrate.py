"""How sure a newly taught classifier may be: its temperatures and the least shares of its sets, from confirmed lines that did not teach it.

Strangeness stays as it was shipped: what people decide always belongs to a category.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from phb_audit.classified.calibration import STRATA, Calibration, least_share, shipped_calibration
from phb_audit.classified.model import Judged, judge, model_of, probabilities, read_lines
from phb_audit.classified.reference import reference
from phb_audit.classified.words import Floats

COVERED = 0.905
"""Share of lines whose set shall hold the right code here: a little over the 0.9 that is promised, for other people write otherwise."""
TEMPERATURES = np.arange(0.5, 3.01, 0.05)
FEWEST_LINES = 50
"""With fewer held-out lines a stratum keeps the shipped numbers: luck would decide."""


def best_temperature(shares_at: Callable[[Floats], Floats], accepted: np.ndarray) -> float:
    """The temperature at which the right codes (`accepted`, lines by categories) are likeliest; `shares_at` asks with one for each line."""

    def loss(each: float) -> float:
        shares = shares_at(np.full(len(accepted), each, np.float32))
        return float(-np.log(np.maximum((shares * accepted).sum(axis=1), 1e-6)).mean())

    alike = [loss(float(each)) for each in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(alike))]), 2)


def recalibrated(
    lines: pl.DataFrame, codes: Sequence[str], remembered: pl.DataFrame | None, weights: Path, usual: Calibration | None = None
) -> Calibration:
    """The calibration that confirmed lines tell of a classifier they did not teach.

    `lines` has `merchant`, `description`, `mcc`; `codes` what a person said each was; `remembered` as in `classify`, of the taught part
    only. A stratum with fewer than FEWEST_LINES lines keeps the numbers of `usual` (default: the shipped ones).
    """
    usual = usual or shipped_calibration()
    if lines.is_empty():
        return usual
    asked = judge(read_lines(lines), remembered, model_of(weights))
    accepted = np.array(reference().codes)[None, :] == np.array(codes)[:, None]
    temperature, least = usual.temperature.copy(), usual.least_share.copy()
    for place in range(len(STRATA)):
        rows = np.flatnonzero(asked.evidence.stratum == place)
        if len(rows) >= FEWEST_LINES:
            temperature[place] = best_temperature(partial(_shares, asked, rows), accepted[rows])
            shares = _shares(asked, rows, np.full(len(rows), temperature[place], np.float32))
            least[place] = round(least_share((shares * accepted[rows]).max(axis=1), covered=COVERED), 4)
    return dataclasses.replace(usual, temperature=temperature, least_share=least)


def _shares(asked: Judged, rows: np.ndarray, temperature: Floats) -> Floats:
    """Probabilities of some of the lines, each line's scores divided by its temperature."""
    return probabilities({name: scores[rows] for name, scores in asked.experts.items()}, reference(), temperature)
