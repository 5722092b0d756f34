"""How sure the classifier may be, measured on lines that taught it nothing: `python -m tests.classified.calibrate` writes calibration.json.

Temperatures, least shares of sets and the two numbers of strangeness: eleven numbers from 453 lines and 70 strangers written by hand
(DEV_SETS.md) and, for names alone, from real council cards. `measure` reports them crosswise: each part measured with numbers from the rest.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from phb_audit.classified.calibration import CALIBRATION, STRATA, Calibration, least_share
from phb_audit.classified.model import Judged, judge, probabilities, read_lines, strangeness
from phb_audit.classified.reference import reference
from phb_audit.classified.words import Floats
from tests.classified.real_lines import REAL, calderdale

HERE = Path(__file__).parent
COVERED = 0.92
"""Share of lines whose set shall hold the right code here: a little over the 0.9 that is promised, for other people write otherwise."""
TEMPERATURES = np.arange(0.5, 3.01, 0.05)
NO_DESCRIPTION = (2, 3)
"""Strata whose sets are measured together: too few names alone were written by hand."""
STRANGER_SHARE = 0.1
"""Weight of the strangers among all lines while their two numbers are found."""


@dataclass(frozen=True)
class Lines:
    """Lines, what the experts said of them, and which codes are right (`accepted`, rows lines, columns categories)."""

    frame: pl.DataFrame
    judged: Judged
    accepted: np.ndarray

    @property
    def stratum(self) -> np.ndarray:
        """Place in STRATA of each line."""
        return self.judged.evidence.stratum

    def shares(self, temperature: Floats) -> Floats:
        """Probabilities with the temperature of each line's stratum."""
        return probabilities(self.judged.experts, reference(), temperature[self.stratum])


def read(name: str) -> pl.DataFrame:
    """A hand-written set, with `accepted` codes joined by '|' where it has any."""
    frame = pl.read_csv(HERE / name, infer_schema=False).with_columns(pl.all().fill_null(""))
    if "also" in frame.columns:
        also = pl.col("also").str.replace_all(r"[ ;,]+", "|")
        return frame.with_columns(accepted=pl.concat_str("code", pl.when(also != "").then(also), separator="|", ignore_nulls=True))
    return frame if "accepted" in frame.columns else frame.with_columns(accepted=pl.lit(""))


def lines(frame: pl.DataFrame) -> Lines:
    """Ask the classifier about the lines of a frame."""
    codes = reference().codes
    empty = [pl.lit("").alias(name) for name in ("merchant", "description", "mcc") if name not in frame.columns]
    frame = frame.with_columns(empty)
    accepted = np.array([[code in told.split("|") for code in codes] for told in frame["accepted"]], dtype=bool)
    return Lines(frame, judge(read_lines(frame.select("merchant", "description", "mcc"))), accepted)


def names_alone() -> Lines | None:
    """Real council merchants of which only an unknown name is told; None where the real lines are absent."""
    if not REAL.exists():
        return None
    every = lines(calderdale().filter(pl.col("accepted") != "M04"))
    return part(every, np.flatnonzero(every.stratum == STRATA.index("name_alone")))


def part(whole: Lines, rows: np.ndarray) -> Lines:
    """Some rows of lines, asked anew."""
    return lines(whole.frame[rows.tolist()])


def temperature(whole: Lines) -> float:
    """The temperature at which the right codes are likeliest."""
    alike = [loss(whole, float(each)) for each in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(alike))]), 2)


def loss(whole: Lines, each: float) -> float:
    """Mean negative log probability of the right codes at a temperature."""
    shares = probabilities(whole.judged.experts, reference(), np.full(len(whole.frame), each, np.float32))
    return float(-np.log(np.maximum((shares * whole.accepted).sum(axis=1), 1e-6)).mean())


def calibrate(known: Lines, strange: Lines, names: Lines | None) -> Calibration:
    """Every number, from lines with their right codes, from strangers, and from real names alone."""
    temperatures = np.ones(len(STRATA), np.float32)
    for place, name in enumerate(STRATA):
        real = names if name == "name_alone" and names is not None else None
        temperatures[place] = temperature(real or part(known, np.flatnonzero(known.stratum == place)))
    shares = known.shares(temperatures)
    of_truth = np.where(known.accepted, shares, 0).max(axis=1)
    least = np.zeros(len(STRATA), np.float32)
    for place in range(len(STRATA)):
        together = np.isin(known.stratum, NO_DESCRIPTION) if place in NO_DESCRIPTION else known.stratum == place
        least[place] = least_share(of_truth[together], covered=COVERED)
    usual = strangeness(known.judged.evidence, shares)
    odd = strangeness(strange.judged.evidence, strange.shares(temperatures))
    slope, middle = curve(usual, odd)
    return Calibration(temperatures, least, slope, middle)


def curve(usual: Floats, odd: Floats) -> tuple[float, float]:
    """Slope and middle of the logistic curve that tells strangers, at STRANGER_SHARE of all lines, from lines that belong somewhere."""
    from sklearn.linear_model import LogisticRegression

    weight = np.repeat([(1 - STRANGER_SHARE) / len(usual), STRANGER_SHARE / len(odd)], [len(usual), len(odd)]) * 1000
    model = LogisticRegression(C=1e6).fit(np.concatenate([usual, odd])[:, None], np.repeat([0, 1], [len(usual), len(odd)]), weight)
    slope = float(model.coef_[0, 0])
    return round(slope, 3), round(float(-model.intercept_[0] / slope), 3)


def as_json(found: Calibration) -> str:
    """The calibration as it is shipped."""
    strata = {
        name: {"temperature": round(float(found.temperature[place]), 2), "least_share": round(float(found.least_share[place]), 4)}
        for place, name in enumerate(STRATA)
    }
    return json.dumps({"strata": strata, "strange": {"slope": found.strange_slope, "middle": found.strange_middle}}, indent=2) + "\n"


def main() -> None:
    """Measure and write."""
    CALIBRATION.write_text(as_json(calibrate(lines(read("dev_lines.csv")), lines(read("dev_strangers.csv")), names_alone())), encoding="utf-8")
    sys.stdout.write(CALIBRATION.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
