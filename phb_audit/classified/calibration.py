"""What was measured about how sure the classifier may be, by what a line tells: temperatures, sets, and strange lines.

`python -m tests.classified.calibrate` writes calibration.json from reviewed lines that taught nothing (docs/reference/classifying.md).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from phb_audit.classified.words import Floats, Ints

CALIBRATION = Path(__file__).with_name("calibration.json")
STRATA = ("described_known", "described", "known", "name_alone")
"""What a line tells: a description and a known shop or code; a description; a known shop or code; the look of an unknown name."""


@dataclass(frozen=True)
class Calibration:
    """By stratum in the order of STRATA: what scores are divided by, and the least share of a member of a set; and of strangeness."""

    temperature: Floats
    least_share: Floats
    strange_slope: float
    strange_middle: float

    def strange_share(self, strangeness: Floats) -> Floats:
        """How likely a line is to belong to no category."""
        share: Floats = (1 / (1 + np.exp(-self.strange_slope * (strangeness - self.strange_middle)))).astype(np.float32)
        return share


def least_share(shares_of_truth: Floats, *, covered: float) -> float:
    """The share that `covered` of the true categories reach (split conformal, LAC, with the correction for few lines)."""
    wanted = min(1.0, np.ceil((len(shares_of_truth) + 1) * covered) / len(shares_of_truth))
    return float(np.quantile(shares_of_truth, 1 - wanted, method="lower"))


def members(shares: Floats, first: Ints, least: Floats) -> np.ndarray:
    """Which categories are in each line's set: those that reach the least share, and the one that stands first."""
    inside = shares >= least[:, None]
    inside[np.arange(len(shares)), first] = True
    return np.asarray(inside, dtype=bool)


def shipped_calibration() -> Calibration:
    """The calibration that came with the package."""
    return read_calibration(CALIBRATION)


@cache
def read_calibration(path: Path) -> Calibration:
    """A calibration as `as_json` writes it, read once."""
    told = json.loads(path.read_text(encoding="utf-8"))
    temperature, least = (np.array([told["strata"][name][key] for name in STRATA], np.float32) for key in ("temperature", "least_share"))
    return Calibration(temperature, least, told["strange"]["slope"], told["strange"]["middle"])


def calibration_beside(weights: Path) -> Path:
    """The file with the calibration of some weights: the one beside them, or the shipped one where they have none of their own."""
    own = weights.with_name(CALIBRATION.name)
    return own if own.exists() else CALIBRATION


def as_json(found: Calibration) -> str:
    """The calibration as it is kept."""
    strata = {
        name: {"temperature": round(float(found.temperature[place]), 2), "least_share": round(float(found.least_share[place]), 4)}
        for place, name in enumerate(STRATA)
    }
    return json.dumps({"strata": strata, "strange": {"slope": found.strange_slope, "middle": found.strange_middle}}, indent=2) + "\n"
