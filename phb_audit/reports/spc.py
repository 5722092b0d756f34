"""Statistical process control the NHS way: XmR charts, and p-charts where the denominators vary. Pure numbers; chart.py draws them.

XmR: mean and mean ± 2.66 times the mean moving range; moving ranges of 3.267 times their mean or more are left out of it unless that is
switched off (as the spreadsheet of Making Data Count does). p: the share of all points ± 3 standard errors of each. A point is special
where it lies outside the limits, is part of a run that rises or falls, is one of two in three near one limit with all three on that
side of the mean, or is part of a run on one side. The lengths of the runs are settings. Checked against NHSRplotthedots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt
from typing import TypeVar

T = TypeVar("T")
TO_LIMIT, TO_SCREEN, NEAR = 2.66, 3.267, 2 / 3
XMR, P = "xmr", "p"
SPECIAL = {
    "outside": "outside the limits",
    "trend": "part of a run that goes one way",
    "two_of_three": "one of two in three near a limit",
    "shift": "part of a run on one side of the average",
    "": "usual variation",
}


@dataclass(frozen=True)
class Rules:
    """When a point is more than usual variation, and from how many points on limits are more than a trial."""

    shift: int = 7
    trend: int = 7
    screened: bool = True
    trial_below: int = 12

    @property
    def words(self) -> str:
        """The settings as they are printed on every chart."""
        screened = " Leaps far beyond the others do not widen the limits." if self.screened else ""
        return (
            f"Special: outside the limits; {self.trend} points rising or falling; 2 of 3 near one limit; "
            f"{self.shift} points on one side of the average.{screened}"
        )


@dataclass(frozen=True)
class Point:
    """One point with its own limits, and why it is special ('' where it is usual variation). `side`: 1 above the mean, -1 below."""

    label: str
    value: float
    lower: float
    upper: float
    side: int
    special: str = ""


@dataclass(frozen=True)
class Spc:
    """A chart's numbers. `points` leave out what was kept back or never counted; `labels` are those of all months, in order."""

    kind: str
    mean: float
    points: tuple[Point, ...]
    rules: Rules
    labels: tuple[str, ...] = ()
    target: float | None = None
    target_code: str = "none"

    def scaled(self, scale: float) -> Spc:
        """The same chart in another unit: a share for every 100."""
        points = tuple(
            replace(point, value=point.value * scale, lower=point.lower * scale, upper=point.upper * scale) for point in self.points
        )
        return replace(self, mean=self.mean * scale, points=points)

    @property
    def missing(self) -> tuple[str, ...]:
        """The months without a point."""
        shown = {point.label for point in self.points}
        return tuple(label for label in self.labels if label not in shown)

    @property
    def is_current(self) -> bool:
        """Whether the last month has a point; else nothing is said of it."""
        return self.points[-1].label == self.labels[-1]

    @property
    def is_trial(self) -> bool:
        """Whether there are too few points for limits to be relied on."""
        return len(self.points) < self.rules.trial_below

    @property
    def variation(self) -> str:
        """What the latest point says, in words: 'usual variation', 'higher than usual' or 'lower than usual'."""
        last = self.points[-1]
        if not self.is_current:
            return "no number for the latest month"
        if not last.special:
            return "usual variation"
        return "higher than usual" if last.side > 0 else "lower than usual"

    @property
    def assurance(self) -> str:
        """How the latest limits stand to the target, in words; empty without one."""
        if self.target is None:
            return ""
        last = self.points[-1]
        if last.lower <= self.target <= last.upper:
            return "met in some months and missed in others by usual variation"
        is_above = last.lower > self.target
        is_met = is_above == (self.target_code == "at_least")
        return "met as a rule, as things are" if is_met else "not met, unless something changes"


def xmr(labels: Sequence[str], values: Sequence[float | None], rules: Rules | None = None) -> Spc | None:
    """An XmR chart; None with fewer than two points."""
    ruled = rules or Rules()
    kept = [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]
    if len(kept) < 2:
        return None
    numbers = [value for _, value in kept]
    mean = sum(numbers) / len(numbers)
    reach = TO_LIMIT * mean_moving_range(numbers, screened=ruled.screened)
    limits = [(mean - reach, mean + reach)] * len(kept)
    points = _points([label for label, _ in kept], numbers, [mean] * len(kept), limits, ruled)
    return Spc(XMR, mean, points, ruled, tuple(labels))


def mean_moving_range(values: Sequence[float], *, screened: bool) -> float:
    """The mean step from point to point; screened, without the steps of 3.267 times that mean or more."""
    steps = [abs(after - before) for before, after in pairwise(values)]
    mean = sum(steps) / len(steps)
    kept = [step for step in steps if step < TO_SCREEN * mean] if screened else steps
    return sum(kept) / len(kept) if kept else 0.0


def p_chart(labels: Sequence[str], counted: Sequence[tuple[float, float] | None], rules: Rules | None = None) -> Spc | None:
    """A p-chart of (numerator, denominator) pairs; points without a pair, or out of nothing, are missing. None with fewer than two."""
    ruled = rules or Rules()
    kept = [(label, pair) for label, pair in zip(labels, counted, strict=True) if pair is not None and pair[1] > 0]
    if len(kept) < 2:
        return None
    share = sum(top for _, (top, _) in kept) / sum(bottom for _, (_, bottom) in kept)
    reaches = [3 * sqrt(share * (1 - share) / bottom) for _, (_, bottom) in kept]
    limits = [(max(share - reach, 0.0), min(share + reach, 1.0)) for reach in reaches]
    values = [top / bottom for _, (top, bottom) in kept]
    shown = [label for label, _ in kept]
    return Spc(P, share, _points(shown, values, [share] * len(kept), limits, ruled, reaches), ruled, tuple(labels))


def _points(
    labels: Sequence[str],
    values: Sequence[float],
    means: Sequence[float],
    limits: Sequence[tuple[float, float]],
    rules: Rules,
    reaches: Sequence[float] | None = None,
) -> tuple[Point, ...]:
    """Points with the reason each is special, the gravest first."""
    sides = [(value > mean) - (value < mean) for value, mean in zip(values, means, strict=True)]
    spans = reaches or [upper - mean for (_, upper), mean in zip(limits, means, strict=True)]
    outside = [not lower <= value <= upper for value, (lower, upper) in zip(values, limits, strict=True)]
    near = [not out and abs(value - mean) > NEAR * span for out, value, mean, span in zip(outside, values, means, spans, strict=True)]
    marks = {
        "outside": outside,
        "trend": in_trend(values, rules.trend),
        "two_of_three": two_of_three(near, sides),
        "shift": in_shift(sides, rules.shift),
    }
    why = [next((code for code, marked in marks.items() if marked[place]), "") for place in range(len(values))]
    return tuple(
        Point(label, value, lower, upper, side, special)
        for label, value, (lower, upper), side, special in zip(labels, values, limits, sides, why, strict=True)
    )


def in_shift(sides: Sequence[int], length: int) -> list[bool]:
    """Points that are part of a run of `length` or more on one side of the mean; a point on the mean ends a run."""
    return _within(sides, length, lambda part: len(set(part)) == 1 and part[0] != 0)


def in_trend(values: Sequence[float], length: int) -> list[bool]:
    """Points that are part of a run of `length` or more, each higher (or each lower) than the one before."""

    def goes_one_way(part: Sequence[float]) -> bool:
        steps = {(after > before) - (after < before) for before, after in pairwise(part)}
        return steps in ({1}, {-1})

    return _within(values, length, goes_one_way)


def two_of_three(near: Sequence[bool], sides: Sequence[int]) -> list[bool]:
    """Points near a limit that are two of three, all three on the same side of the mean."""
    found = [False] * len(near)
    for start in range(len(near) - 2):
        places = range(start, start + 3)
        if sum(near[place] for place in places) >= 2 and abs(sum(sides[place] for place in places)) == 3:
            for place in places:
                found[place] = found[place] or near[place]
    return found


def _within(values: Sequence[T], length: int, holds: Callable[[Sequence[T]], bool]) -> list[bool]:
    found = [False] * len(values)
    for start in range(len(values) - length + 1):
        if holds(values[start : start + length]):
            found[start : start + length] = [True] * length
    return found
