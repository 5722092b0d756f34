"""Payments that may be a copy of one shortly before: same holder, payee and amount within days, told from honest habits.

Two bus fares in a day and a class every week are habits: what this person, other people and other payments of that day were like says so.
The weights were learned from copies put into real streams of card lines (`repeats_fit`), never from anybody's decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import expit  # type: ignore[import-untyped, unused-ignore]

from phb_audit.warehouse import Warehouse, sql

Array = npt.NDArray[np.float64]
WITHIN_DAYS = 14
NAME_LETTERS = 8  # banks cut names, and put a shop's number or town behind them
WEIGHTS = Path(__file__).with_name("repeats.json")
SAME_DAY, APART = "same_day", "apart"
DIGITS = 4


def _log(count: pl.Expr) -> pl.Expr:
    return (count + 1).log()


def _often(some: str, of: str) -> pl.Expr:
    """How often it happens, on a log scale; few payments say little, so a tenth stands in for what was not seen."""
    return ((pl.col(some) + 0.5) / (pl.col(of) + 5)).log()


def _sooner() -> pl.Expr:
    """How much sooner than usual, on a log scale: nought where the gap is the usual one or longer."""
    usual = (pl.col("span_days") / pl.col("payee_count")).clip(0.5, 60)
    known = pl.when(pl.col("payee_count") > 0).then(usual).otherwise(60.0)
    return (_log(pl.col("gap_days")) - _log(known)).clip(-3, 0)


FEATURES: dict[str, pl.Expr] = {
    "gap": pl.col("gap_days") / WITHIN_DAYS,
    "next_day": pl.col("gap_days") == 1,
    "weeks_apart": pl.col("gap_days").is_in([7, 14]),
    "sooner_than_usual": _sooner(),
    "words_changed": pl.col("is_reworded"),
    "payee_known": pl.col("payee_count") > 0,
    "amount_known": pl.col("amount_count") > 0,
    "amount_recurs": _log(pl.col("amount_count")).clip(0, 3),
    "own_repeats": _often("pairs_count", "payee_count"),
    "more_that_day": _log(pl.col("day_count")),
    "others_repeat": _often("others_pairs_count", "others_count"),
    "others_pay_that": _often("others_price_count", "others_count"),
    "whole_pounds": pl.col("amount_pence") % 100 == 0,
}
"""What tells a habit from a copy. Every one looks at the payments before the two, at others of the day, or at other people's."""


@dataclass(frozen=True)
class Weights:
    """What each feature adds to the log-odds, and the log-odds without them (`usual`); one list for a day, one for days apart."""

    same_day: Mapping[str, float]
    apart: Mapping[str, float]

    def share(self, rows: pl.DataFrame) -> pl.Series:
        """How likely each row is a copy, where one payment in a hundred is one (`copy_share`)."""
        values = matrix(rows)
        of_day, of_days = (
            values @ np.array([weights[name] for name in FEATURES]) + weights["usual"] for weights in (self.same_day, self.apart)
        )
        is_same = (rows["gap_days"] == 0).to_numpy()
        return pl.Series("copy_share", expit(np.where(is_same, of_day, of_days)), dtype=pl.Float64).round(DIGITS)


def matrix(rows: pl.DataFrame) -> Array:
    """The features of rows of `repeats.sql`, in their order."""
    return rows.select(**{name: made.cast(pl.Float64) for name, made in FEATURES.items()}).to_numpy()


@cache
def shipped_weights() -> Weights:
    """The weights beside this module."""
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(told[SAME_DAY], told[APART])


def counted(warehouse: Warehouse, from_on: date, to_on: date) -> pl.DataFrame:
    """Every purchase of those days that repeats one before it within `WITHIN_DAYS`, with the counts the features are made of."""
    return warehouse.frame(
        sql(__file__, "repeats"), {"from_on": from_on, "to_on": to_on, "within_days": WITHIN_DAYS, "name_letters": NAME_LETTERS}
    )


def repeats(warehouse: Warehouse, from_on: date, to_on: date, weights: Weights | None = None) -> pl.DataFrame:
    """`counted` with `copy_share`."""
    rows = counted(warehouse, from_on, to_on)
    return rows.with_columns((weights or shipped_weights()).share(rows))
