"""How sure the classifier may be, from lines that taught it nothing: `python -m tests.classified.calibrate` writes calibration.json.

Temperatures, least shares of sets and the two numbers of strangeness: ten numbers, from 453 lines and 70 strangers written by hand
(DEV_SETS.md) and, for names alone, from real council cards. `measure` reports them crosswise: each part with numbers from the rest.
"""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from phb_audit.classified.calibration import CALIBRATION, STRATA, Calibration, as_json, least_share
from phb_audit.classified.clean import cleaned
from phb_audit.classified.council import unpacked
from phb_audit.classified.fit_council import card_lines, fit_council, invoices, sellers
from phb_audit.classified.model import Judged, Learned, judge, probabilities, read_lines, shipped_model, strangeness
from phb_audit.classified.recalibrate import COVERED, best_temperature
from phb_audit.classified.reference import merchant_key, reference
from phb_audit.classified.words import Floats
from phb_audit.settings import shipped
from tests.classified.real_lines import REAL

HERE = Path(__file__).parent
NO_DESCRIPTION = (2, 3)
"""Strata whose sets are measured together: too few names alone were written by hand."""
STRANGER_SHARE = 0.1
"""Weight of the strangers among all lines while their two numbers are found."""


@dataclass(frozen=True)
class Lines:
    """Lines, what the experts said of them, which codes are right (`accepted`, rows lines, columns categories), and what each tells."""

    judged: Judged
    accepted: np.ndarray
    rows: np.ndarray

    @property
    def stratum(self) -> np.ndarray:
        """Place in STRATA of each line."""
        return self.judged.evidence.stratum[self.rows]

    def shares(self, temperature: Floats) -> Floats:
        """Probabilities with the temperature of each line's stratum."""
        return self.shares_at(temperature[self.stratum])

    def shares_at(self, temperature: Floats) -> Floats:
        """Probabilities, each line's scores divided by its temperature."""
        return probabilities({name: scores[self.rows] for name, scores in self.judged.experts.items()}, reference(), temperature)

    def strangeness(self, shares: Floats) -> Floats:
        """How strange each line is, given these probabilities."""
        every = self.judged.shares.copy()
        every[self.rows] = shares
        return strangeness(self.judged.evidence, every)[self.rows]

    def part(self, rows: np.ndarray) -> Lines:
        """Some of the lines."""
        return Lines(self.judged, self.accepted[rows], self.rows[rows])


def read(name: str) -> pl.DataFrame:
    """A hand-written set, with `accepted` codes joined by '|' where it has any."""
    frame = pl.read_csv(HERE / name, infer_schema=False).with_columns(pl.all().fill_null(""))
    if "also" in frame.columns:
        also = pl.col("also").str.replace_all(r"[ ;,]+", "|")
        return frame.with_columns(accepted=pl.concat_str("code", pl.when(also != "").then(also), separator="|", ignore_nulls=True))
    return frame if "accepted" in frame.columns else frame.with_columns(accepted=pl.lit(""))


def lines(frame: pl.DataFrame, learned: Learned | None = None, remembered: pl.DataFrame | None = None) -> Lines:
    """Ask the classifier about the lines of a frame; `remembered` is what people decided of sellers."""
    codes = reference().codes
    empty = [pl.lit("").alias(name) for name in ("merchant", "description", "mcc") if name not in frame.columns]
    frame = frame.with_columns(empty)
    accepted = np.array([[code in told.split("|") for code in codes] for told in frame["accepted"]], dtype=bool)
    judged = judge(read_lines(frame.select("merchant", "description", "mcc")), remembered, learned)
    return Lines(judged, accepted, np.arange(frame.height))


@cache
def council_before(year: int) -> Learned:
    """The model with what councils' cards told before a year, and Wakefield's invoices: the copy that is measured on that year."""
    purposes = dict(read_reference_purposes().iter_rows())
    cards = card_lines(REAL).filter(pl.col("year") < year, "is_sound")
    arrays = fit_council(cards, invoices(REAL, purposes))
    return dataclasses.replace(shipped_model(), council=unpacked(arrays))


def decided_before(year: int) -> pl.DataFrame:
    """The sellers of the cards before a year, each with the first accepted code of its commonest kind, as if a person had decided it."""
    met = sellers(card_lines(REAL).filter(pl.col("year") < year))
    return met.select(merchant_words="name", category_code=pl.col("accepted").str.split("|").list.first(), told_share=pl.lit(1.0))


def read_reference_purposes() -> pl.DataFrame:
    """Wakefield's purposes with the codes accepted for them."""
    return pl.read_csv(shipped("reference") / "council_purposes.csv", infer_schema=False)


def card_names(year: int) -> pl.DataFrame:
    """Distinct sellers of one year of Calderdale's cards: `merchant, accepted, lines, is_seen` (its cleaned name was met before)."""
    every = card_lines(REAL)
    named = every.with_columns(name=cleaned(every["merchant"], is_payee=True)["text"]).with_columns(key=merchant_key(pl.col("name")))
    before = named.filter(pl.col("year") < year)["key"].unique()
    grouped = named.filter(pl.col("year") == year).group_by("merchant", "key", "accepted").agg(lines=pl.len()).sort("merchant", "accepted")
    return grouped.with_columns(is_seen=pl.col("key").is_in(before.implode()))


def names_alone() -> Lines | None:
    """Real sellers of 2018 of which only an unknown name is told, asked with a copy that never met them; None without the real lines."""
    if not REAL.exists():
        return None
    every = lines(card_names(2018).filter(~pl.col("is_seen"), pl.col("accepted") != "M04"), council_before(2018))
    return every.part(np.flatnonzero(every.stratum == STRATA.index("name_alone")))


def temperature(whole: Lines) -> float:
    """The temperature at which the right codes are likeliest."""
    return best_temperature(whole.shares_at, whole.accepted)


def calibrate(known: Lines, strange: Lines, name_alone: float) -> Calibration:
    """Every number, from lines with their right codes and strangers; `name_alone` is the temperature of real names alone."""
    temperatures = np.full(len(STRATA), name_alone, np.float32)
    for place in range(len(STRATA) - 1):
        temperatures[place] = temperature(known.part(np.flatnonzero(known.stratum == place)))
    shares = known.shares(temperatures)
    of_truth = np.where(known.accepted, shares, 0).max(axis=1)
    least = np.zeros(len(STRATA), np.float32)
    for place in range(len(STRATA)):
        together = np.isin(known.stratum, NO_DESCRIPTION) if place in NO_DESCRIPTION else known.stratum == place
        least[place] = least_share(of_truth[together], covered=COVERED)
    slope, middle = curve(known.strangeness(shares), strange.strangeness(strange.shares(temperatures)))
    return Calibration(temperatures, least, slope, middle)


def curve(usual: Floats, odd: Floats) -> tuple[float, float]:
    """Slope and middle of the logistic curve that tells strangers, at STRANGER_SHARE of all lines, from lines that belong somewhere."""
    from sklearn.linear_model import LogisticRegression

    weight = np.repeat([(1 - STRANGER_SHARE) / len(usual), STRANGER_SHARE / len(odd)], [len(usual), len(odd)]) * 1000
    model = LogisticRegression(C=1e6).fit(np.concatenate([usual, odd])[:, None], np.repeat([0, 1], [len(usual), len(odd)]), weight)
    slope = float(model.coef_[0, 0])
    return round(slope, 3), round(float(-model.intercept_[0] / slope), 3)


def main() -> None:
    """Measure and write."""
    names = names_alone()
    if names is None:
        raise SystemExit("The folder of real public lines (../shared/data) is absent: the temperature of names alone cannot be measured.")
    found = calibrate(lines(read("dev_lines.csv")), lines(read("dev_strangers.csv")), temperature(names))
    CALIBRATION.write_text(as_json(found), encoding="utf-8")
    sys.stdout.write(CALIBRATION.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
