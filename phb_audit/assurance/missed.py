"""What flags miss, and how often they are right: estimates from purchases drawn by chance and from decisions, each with its interval.

A drawn pound stands for the pounds it was drawn among, divided by the draws there. Where drawn pounds stand for different sums, the
sum of those not agreed to is a weighted sum of counts; its limits are Fay and Feuer's (Statistics in Medicine 16 (1997) 791-801), which
are the exact Poisson limits where the weights are equal, and promise too little rather than too much. Nothing missed so far is no proof
of nothing missed: the bound then is what so few draws can exclude.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from scipy.special import gammaincinv  # type: ignore[import-untyped, unused-ignore]

from phb_audit.assurance.intervals import Estimate, wilson

ONE_SIDED, TWO_SIDED = 0.95, 0.975
MISSED, FINE, WAITING, FLAGGED_SINCE = "missed", "fine", "waiting", "flagged_since"
"""What became of a draw: not agreed by two people, agreed, not decided yet, or found by a flag after all."""


@dataclass(frozen=True)
class Money:
    """An amount in pence with its 95% interval, and the 95% bound it does not exceed; all null where nothing was decided."""

    pence: float | None
    low: float | None
    high: float | None
    at_most: float | None


@dataclass(frozen=True)
class Missed:
    """What the random arm says. `represented_pence`: the unflagged money that was drawn from."""

    draws: int
    decided: int
    missed: int
    represented_pence: int
    estimate: Money
    at_most_if_all_waiting_were_missed: float | None


def missed(draws: pl.DataFrame) -> Missed:
    """Estimate the money that flags missed. `draws`: one row per draw with stratum_pence, stratum_draws and fate_code.

    Draws not decided yet are taken to be like those decided; what it would be if each were missed is said beside it.
    """
    weighed = draws.with_columns(weight=pl.col("stratum_pence") / pl.col("stratum_draws"))
    everything = float(weighed["weight"].sum())
    known = weighed.filter(pl.col("fate_code") != WAITING)
    told = float(known["weight"].sum())
    counts = {"draws": draws.height, "decided": known.height, "missed": known.filter(pl.col("fate_code") == MISSED).height}
    if known.is_empty():
        return Missed(
            **counts, represented_pence=round(everything), estimate=Money(None, None, None, None), at_most_if_all_waiting_were_missed=None
        )
    spread = everything / told
    hits = known.filter(pl.col("fate_code") == MISSED)["weight"] * spread
    largest = _number(known["weight"].max()) * spread
    worst = weighed.filter(pl.col("fate_code").is_in([MISSED, WAITING]))["weight"]
    money = Money(
        round(float(hits.sum()), 2),
        lower(hits, TWO_SIDED),
        min(upper(hits, largest, TWO_SIDED), everything),
        min(upper(hits, largest, ONE_SIDED), everything),
    )
    if_all = min(upper(worst, _number(weighed["weight"].max()), ONE_SIDED), everything)
    return Missed(**counts, represented_pence=round(everything), estimate=money, at_most_if_all_waiting_were_missed=if_all)


def upper(hits: pl.Series, largest: float, confidence: float) -> float:
    """Fay and Feuer's upper limit of a weighted sum of counts. `hits`: the weight of each count; `largest`: of any that might have come."""
    total, square = float(hits.sum()) + largest, float((hits * hits).sum()) + largest * largest
    return round(square / total * float(gammaincinv(total * total / square, confidence)), 2)


def lower(hits: pl.Series, confidence: float) -> float:
    """Their lower limit; nought where nothing was counted."""
    if hits.is_empty():
        return 0.0
    total, square = float(hits.sum()), float((hits * hits).sum())
    return round(square / total * float(gammaincinv(total * total / square, 1 - confidence)), 2)


@dataclass(frozen=True)
class Recall:
    """The share of the money not agreed to that flags found, with its 95% interval; null where nothing is known on either side."""

    value: float | None
    low: float | None
    high: float | None
    found_pence: int


def recall(found_pence: int, money: Money) -> Recall:
    """Found, of found and missed. What was found is counted, not estimated; all that is uncertain is what was missed."""
    if money.pence is None or (not found_pence and not money.pence):
        return Recall(None, None, None, found_pence)
    if not found_pence:
        return Recall(0.0, 0.0, 0.0, 0)
    share, low, high = (found_pence / (found_pence + (one or 0)) for one in (money.pence, money.high, money.low))
    return Recall(round(share, 4), round(low, 4), round(high, 4), found_pence)


def precision(decided: pl.DataFrame) -> list[tuple[str, Estimate]]:
    """Of each rule, the share of its decided cases that led to something, with Wilson's interval. `decided`: rule_id, case_id, is_right."""
    cases = decided.group_by("rule_id", "case_id").agg(pl.col("is_right").any())
    counted = cases.group_by("rule_id").agg(pl.col("is_right").sum().cast(pl.Int64), pl.len().cast(pl.Int64)).sort("rule_id")
    return [(rule_id, wilson(right, cases_count)) for rule_id, right, cases_count in counted.iter_rows()]


def _number(value: object) -> float:
    return float(str(value))
