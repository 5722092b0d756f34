"""Learning what tells a copy from a habit, without a label: copies are put into a stream of payments, and are what is to be found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.linear_model import LogisticRegression

from phb_audit.detectors.repeats import DIGITS, FEATURES, Array, Weights, matrix
from phb_audit.sentences import filled_in

COPY = "copy-of-"
GAPS = (0.25, 0.15, 0.12, 0.10, 0.08, 0.06, 0.06, 0.06, 0.04, 0.04, 0.04)  # a copy comes the same day, a day later, two days ...
REWORDED = 0.5
STRENGTH = 0.3  # of the pull of every weight to nought
Bools = npt.NDArray[np.bool_]


def with_copies(payments: pl.DataFrame, share: float, seed: int) -> pl.DataFrame:
    """Rows of matched.payments with so many of the purchases again, some days later, half of them in other words."""
    generator = np.random.Generator(np.random.PCG64(seed))
    purchases = payments.filter((pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0)).sort("payment_id")
    chosen = np.sort(generator.choice(purchases.height, round(purchases.height * share), replace=False))
    copies: pl.DataFrame = purchases[chosen.tolist()]
    later = pl.Series(generator.choice(len(GAPS), copies.height, p=GAPS))
    names = [_reworded(name, generator) if generator.random() < REWORDED else name for name in copies["payee_shown"]]
    made: pl.DataFrame = copies.with_columns(
        payment_id=pl.lit(COPY) + pl.col("payment_id"),
        paid_on=pl.col("paid_on").dt.offset_by(filled_in("{}d", later)),
        payee_shown=pl.Series(names, dtype=pl.String),
    )
    return pl.concat([payments, made])


def _reworded(name: str, generator: np.random.Generator) -> str:
    """The name as another terminal, or another bank, would write it."""
    number = int(generator.integers(100, 9999))
    return (name.swapcase(), name[:18], f"{name} {number}", f"CARD {name}", name.replace(" ", "  "))[int(generator.integers(5))]


def is_copy(rows: pl.DataFrame) -> Bools:
    """Which rows of `repeats.sql` are about a copy: it is the later of the two, or stands on the same day before what it was made of."""
    copied = pl.col("payment_id").str.starts_with(COPY) | (pl.col("before_id") == pl.lit(COPY) + pl.col("payment_id"))
    found: Bools = rows.select(copied).to_series().to_numpy()
    return found


@dataclass(frozen=True)
class Lessons:
    """Pairs to learn from: their features, whether they are of one day, and whether they are copies."""

    values: Array
    is_same_day: Bools
    is_copy: Bools

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Lessons:
        """From rows of `repeats.sql` of a stream with copies."""
        return cls(matrix(rows), (rows["gap_days"] == 0).to_numpy(), is_copy(rows))


def fit(lessons: Lessons) -> Weights:
    """Logistic regression, one for pairs of a day and one for pairs days apart."""
    return Weights(*(_fit(lessons.values[chosen], lessons.is_copy[chosen]) for chosen in (lessons.is_same_day, ~lessons.is_same_day)))


def _fit(values: Array, copied: Bools) -> dict[str, float]:
    middle, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=STRENGTH, max_iter=3_000).fit((values - middle) / spread, copied)
    weights = model.coef_[0] / spread
    usual = float(model.intercept_[0] - weights @ middle)
    return {"usual": round(usual, DIGITS), **{name: round(float(weight), DIGITS) for name, weight in zip(FEATURES, weights, strict=True)}}
