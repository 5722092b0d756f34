"""Are people of one group flagged, or asked in vain, more often than others whose purchases fit their plans as well?

A purchase is expected to be flagged as often as all purchases with the same plan match and the same state of its receipt. Observed over
expected, in the group and outside it, gives the ratio. Flags of one person hang together, so chance is told by people: the groups' names
are dealt out again among the holders, many times, and the alarm sounds only where the difference is beyond what thirty-nine in forty such
deals give for the largest of any group, and the ratio's own interval lies above one (the deals alone sound a little too often where a
group's purchases fit its plans less well). It is looked at after the event: no model has such a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

MOST_RATIO = 1.25
ALARM = 0.025
"""Half of the one in twenty we allow: at one in twenty the alarm sounded in 27 of 600 made-up worlds without a bias, too near it."""
LEAST_HOLDERS = 10
"""Groups of fewer are neither told nor tested: a number of so few could be about somebody."""
LEAST_COUNT = 5
"""Counts below this are not told."""
DEALS = 1_000
SEED = 20261126
SCHEMA = {
    "group_code": pl.String,
    "holders_count": pl.Int64,
    "lines_count": pl.Int64,
    "observed_count": pl.Int64,
    "expected": pl.Float64,
    "ratio": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "chance_share": pl.Float64,
    "is_alarm": pl.Boolean,
    "is_suppressed": pl.Boolean,
}
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Dealt:
    """Sums by holder, and which group each is of: what is dealt out again."""

    observed: Array
    expected: Array
    groups: npt.NDArray[np.int64]
    names: list[str]

    def differences(self, groups: npt.NDArray[np.int64]) -> Array:
        """Of each group, observed less expected over its standard error, holders being independent."""
        size = len(self.names)
        surplus = self.observed - self.expected * (self.observed.sum() / max(self.expected.sum(), 1e-12))
        total = np.bincount(groups, surplus, size)
        spread = np.sqrt(np.bincount(groups, surplus**2, size))
        return np.divide(total, spread, out=np.zeros(size), where=spread > 0)


def group_rates(lines: pl.DataFrame, *, deals: int = DEALS, seed: int = SEED) -> pl.DataFrame:
    """One row per group, as SCHEMA. `lines`: holder_id, group_code, like_code (what makes purchases alike: plan match and receipt),
    lines_count, and `counted`: how many of these were asked about, or asked about in vain."""
    rate = pl.col("counted").sum().over("like_code") / pl.col("lines_count").sum().over("like_code")
    holders = (
        lines.sort("group_code", "holder_id", "like_code")
        .with_columns(expected=rate * pl.col("lines_count"), counted=pl.col("counted").cast(pl.Float64))
        .group_by("group_code", "holder_id", maintain_order=True)
        .agg(pl.col("counted", "expected", "lines_count").sum())
    )
    sizes = holders.group_by("group_code").len()
    named = sizes.filter(pl.col("len") >= LEAST_HOLDERS)["group_code"]
    large = holders.filter(pl.col("group_code").is_in(named.implode()))
    rows = _rows(large, deals, seed) if large["group_code"].n_unique() > 1 else []
    small = sizes.filter(~pl.col("group_code").is_in([row["group_code"] for row in rows])).sort("group_code")
    rows += [_untold(code) for code in small["group_code"]]
    return pl.DataFrame(rows, schema=SCHEMA).sort("group_code")


def _untold(code: str) -> dict[str, object]:
    return {"group_code": code, "is_alarm": False, "is_suppressed": True}


def _rows(holders: pl.DataFrame, deals: int, seed: int) -> list[dict[str, object]]:
    names = holders["group_code"].unique().sort().to_list()
    groups = holders["group_code"].replace_strict(names, list(range(len(names))), return_dtype=pl.Int64).to_numpy()
    dealt = Dealt(holders["counted"].to_numpy(), holders["expected"].to_numpy(), groups, names)
    seen = dealt.differences(groups)
    generator = np.random.Generator(np.random.PCG64(seed))
    largest = np.array([dealt.differences(generator.permutation(groups)).max() for _ in range(deals)])
    rows = []
    for place, name in enumerate(names):
        inside = groups == place
        ratio, low, high = ratio_of(dealt.observed, dealt.expected, inside)
        chance = float((1 + (largest >= seen[place] - 1e-12).sum()) / (deals + 1))
        observed = int(dealt.observed[inside].sum())
        is_few = 0 < observed < LEAST_COUNT
        rows.append(
            {
                "group_code": name,
                "holders_count": int(inside.sum()),
                "lines_count": int(holders["lines_count"].to_numpy()[inside].sum()),
                "observed_count": None if is_few else observed,
                "expected": None if is_few else round(float(dealt.expected[inside].sum()), 3),
                "ratio": None if is_few or ratio is None else round(ratio, 4),
                "low": None if is_few or low is None else round(low, 4),
                "high": None if is_few or high is None else round(high, 4),
                "chance_share": round(chance, 4),
                "is_alarm": chance <= ALARM and ratio is not None and ratio > MOST_RATIO and low is not None and low > 1,
                "is_suppressed": is_few,
            }
        )
    return rows


def ratio_of(observed: Array, expected: Array, inside: npt.NDArray[np.bool_]) -> tuple[float | None, float | None, float | None]:
    """Observed over expected in the group, over the same of the others, with a 95% interval; holders are independent (sandwich)."""
    logs, variance = [], 0.0
    for part in (inside, ~inside):
        seen, due = observed[part], expected[part]
        if seen.sum() == 0 or due.sum() == 0:
            return (0.0 if part is inside and due.sum() > 0 and observed[~inside].sum() > 0 else None), None, None
        rate = seen.sum() / due.sum()
        logs.append(float(np.log(rate)))
        variance += float(((seen - rate * due) ** 2).sum() / seen.sum() ** 2)
    middle, half = logs[0] - logs[1], 1.96 * float(np.sqrt(variance))
    return float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half))


def parts_to_stop(alarmed: Sequence[str], weights: pl.DataFrame, flagged: pl.DataFrame) -> list[str]:
    """The learned parts to put back where they started: decisions raised them, and their flags fall on a group whose alarm sounds more
    than `MOST_RATIO` times as often, for each holder, as on all others. `weights`: part_name, start, weight; `flagged`: part_name,
    group_code, holders_count, flags_count."""
    raised = weights.filter(pl.col("weight") > pl.col("start")).select("part_name")
    counts = ("holders_count", "flags_count")
    every = flagged.join(raised, on="part_name", how="semi").with_columns(
        *(pl.col(name).sum().over("part_name").alias(f"all_{name}") for name in counts)
    )
    inside = pl.col("flags_count") / pl.col("holders_count")
    outside = (pl.col("all_flags_count") - pl.col("flags_count")) / (pl.col("all_holders_count") - pl.col("holders_count"))
    falls = every.filter(pl.col("group_code").is_in(alarmed) & (inside > MOST_RATIO * outside))
    return falls["part_name"].unique().sort().to_list()
