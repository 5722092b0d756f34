"""One sum over another, over people, with its 95% interval by Fieller's theorem: people are the units, so one dear budget widens it.

Source: Fieller, Journal of the Royal Statistical Society B 16 (1954) 175-185. How often it holds the truth: docs/reference/measurements.md.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import polars as pl
from scipy.special import stdtrit  # type: ignore[import-untyped, unused-ignore]

LEAST_PEOPLE = 5
Interval = tuple[float | None, float | None]


def ratio_interval(tops: pl.Series, bottoms: pl.Series) -> Interval:
    """The interval of sum(tops) / sum(bottoms); none for fewer than five people, or where the bottoms leave it without an end."""
    n = tops.len()
    if n < LEAST_PEOPLE:
        return None, None
    y, x = tops.to_numpy().astype(float), bottoms.to_numpy().astype(float)
    spread = np.cov(x, y) / n
    t2 = float(stdtrit(n - 1, 0.975)) ** 2
    a = x.mean() ** 2 - t2 * spread[0, 0]
    b = x.mean() * y.mean() - t2 * spread[0, 1]
    c = y.mean() ** 2 - t2 * spread[1, 1]
    if a <= 0:
        return None, None
    root = sqrt(max(0.0, b * b - a * c))
    return (b - root) / a, (b + root) / a


def ratio_error(tops: pl.Series, bottoms: pl.Series | None = None) -> tuple[float, float]:
    """sum(tops) / sum(bottoms) with its standard error, people being the units; without bottoms the mean of the tops."""
    y = tops.to_numpy().astype(float)
    x = np.ones(len(y)) if bottoms is None else bottoms.to_numpy().astype(float)
    ratio = float(y.sum() / x.sum())
    return ratio, sqrt(float(((y - ratio * x) ** 2).sum()) / (len(y) * (len(y) - 1))) / float(x.mean())


def mean_interval(values: pl.Series) -> Interval:
    """Student's interval of a mean; none for fewer than five people."""
    if values.len() < LEAST_PEOPLE:
        return None, None
    mean, error = ratio_error(values)
    half = float(stdtrit(values.len() - 1, 0.975)) * error
    return mean - half, mean + half


def difference_interval(
    one: tuple[pl.Series, pl.Series | None], other: tuple[pl.Series, pl.Series | None]
) -> tuple[float | None, float | None, float | None]:
    """One ratio (or mean) less another; the interval has the smaller group's degrees of freedom: rather wide than narrow."""
    n = min(one[0].len(), other[0].len())
    if n < LEAST_PEOPLE:
        return None, None, None
    (left, left_error), (right, right_error) = ratio_error(*one), ratio_error(*other)
    half = float(stdtrit(n - 1, 0.975)) * sqrt(left_error**2 + right_error**2)
    return left - right, left - right - half, left - right + half
