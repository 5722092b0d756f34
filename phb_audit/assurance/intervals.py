"""95% intervals: two for proportions, one for rates. A number without its interval says less than it seems to.

`wilson` is the one to print for a proportion; `exact` (Clopper-Pearson) never promises too much and is the one for few cases.
Sources: Newcombe, Statistics in Medicine 17 (1998) 857-872; Garwood, Biometrika 28 (1936) 437-442.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from scipy.special import betaincinv, gammaincinv, ndtri  # type: ignore[import-untyped, unused-ignore]

TAIL = 0.025
Z = float(ndtri(1 - TAIL))


@dataclass(frozen=True)
class Estimate:
    """A share or a rate with its 95% interval, and what it was counted from; `value` is null where nothing was counted."""

    value: float | None
    low: float | None
    high: float | None
    count: int
    of: float

    @property
    def as_dict(self) -> dict[str, float | int | None]:
        """Plain values for JSON, rounded to four places."""
        return {"value": _rounded(self.value), "low": _rounded(self.low), "high": _rounded(self.high), "count": self.count, "n": self.of}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def wilson(count: int, n: int) -> Estimate:
    """The share `count` of `n` with Wilson's score interval. Raises ValueError unless 0 <= count <= n."""
    _require_share(count, n)
    if n == 0:
        return Estimate(None, None, None, count, n)
    share = count / n
    middle = share + Z * Z / (2 * n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    low, high = ((middle + side * half) / (1 + Z * Z / n) for side in (-1, 1))
    return Estimate(share, 0.0 if count == 0 else low, 1.0 if count == n else high, count, n)


def exact(count: int, n: int) -> Estimate:
    """The share `count` of `n` with the Clopper-Pearson interval. Raises ValueError unless 0 <= count <= n."""
    _require_share(count, n)
    if n == 0:
        return Estimate(None, None, None, count, n)
    low = 0.0 if count == 0 else float(betaincinv(count, n - count + 1, TAIL))
    high = 1.0 if count == n else float(betaincinv(count + 1, n - count, 1 - TAIL))
    return Estimate(count / n, low, high, count, n)


def poisson(count: int, exposure: float) -> Estimate:
    """Events for each unit of exposure with Garwood's exact interval. Raises ValueError for a negative count or no exposure."""
    if count < 0 or exposure <= 0:
        raise ValueError(f"{count} events in {exposure} units of exposure make no rate")
    low = 0.0 if count == 0 else float(gammaincinv(count, TAIL))
    high = float(gammaincinv(count + 1, 1 - TAIL))
    return Estimate(count / exposure, low / exposure, high / exposure, count, exposure)


def _require_share(count: int, n: int) -> None:
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no share")
