"""Charts as static pictures (SVG) with the words that stand for them: heading, alt text and the table of the same numbers.

Nothing is drawn from anything but the numbers in the table under the chart; a point's own title repeats its number as the table has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from phb_audit.reports.measure_words import number
from phb_audit.reports.page import DASH, counted, environment
from phb_audit.reports.spc import SPECIAL, Point, Spc

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 72, 96, 16, 40
ROW_HEIGHT, NAMES = 30, 230
LABELS_AT_MOST = 8
Row = tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A chart ready to print. `headings` and `rows` are the table under it; `notes` are printed beside it."""

    chart_id: str
    heading: str
    svg: str
    alt: str
    headings: Row
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def spc_chart(chart_id: str, title: str, unit_code: str, spc: Spc) -> Chart:
    """A process control chart of one measure by month."""
    last = spc.points[-1]
    latest = f"{number(last.value, unit_code)} in {last.label}"
    heading = f"{title}: {latest}, {spc.variation}" if spc.is_current else f"{title}: {spc.variation}; {latest}"
    average = number(spc.mean, unit_code)
    special = [point for point in spc.points if point.special]
    told = "; ".join(f"{point.label} {number(point.value, unit_code)}, {SPECIAL[point.special]}" for point in special)
    alt = (
        f"Line chart of {title.lower()} by month, {counted(len(spc.points), 'point')} from {spc.points[0].label} to {last.label}. "
        f"Average {average}. Latest {number(last.value, unit_code)}, usual between {number(last.lower, unit_code)} and "
        f"{number(last.upper, unit_code)}. " + (f"More than usual variation: {told}." if told else "Every point is usual variation.")
    )
    by_label = {point.label: point for point in spc.points}
    rows = tuple(_point_row(label, by_label.get(label), unit_code) for label in spc.labels)
    return Chart(chart_id, heading, _draw_spc(chart_id, alt, unit_code, spc), alt, HEADINGS, rows, notes(spc, unit_code))


HEADINGS = ("Month", "Value", "Lower limit", "Upper limit", "Reading")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def _point_row(label: str, point: Point | None, unit_code: str) -> Row:
    if point is None:
        return label, DASH, DASH, DASH, "no number, or too few to print"
    limits = (number(limit, unit_code) for limit in (point.lower, point.upper))
    return label, number(point.value, unit_code), *limits, SPECIAL[point.special]


def notes(spc: Spc, unit_code: str) -> tuple[str, ...]:
    """What a reader must know of a chart: its rules, its points, its target, and what is missing."""
    kind = "XmR chart" if spc.kind == "xmr" else "p-chart (limits follow how much was counted)"
    told = [f"{kind}, average {number(spc.mean, unit_code)}, {counted(len(spc.points), 'point')}. {spc.rules.words}"]
    if spc.is_trial:
        told.append(f"Trial limits: fewer than {spc.rules.trial_below} points. Read no more into them than that.")
    if spc.target is not None:
        told.append(f"Target {spc.target_code.replace('_', ' ')} {number(spc.target, unit_code)}: {spc.assurance}.")
    if spc.missing:
        told.append(f"{counted(len(spc.missing), 'month')} without a point: nothing was counted, or the numbers are too small to print.")
    return tuple(told)


def _draw_spc(chart_id: str, alt: str, unit_code: str, spc: Spc) -> str:
    ends = [limit for point in spc.points for limit in (point.value, point.lower, point.upper)]
    ends += [spc.mean] + ([] if spc.target is None else [spc.target])
    low = min(ends) if min(ends) < 0 and unit_code != "share" else 0.0
    ticks = scale_of(low, max(ends))
    bottom, top = ticks[0], ticks[-1]
    place_of = {label: place for place, label in enumerate(spc.labels)}
    step = (WIDTH - LEFT - RIGHT) / max(len(spc.labels) - 1, 1)

    def across(label: str) -> float:
        return round(LEFT + place_of[label] * step, 2)

    def up(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM), 2)

    every = ceil(len(spc.labels) / LABELS_AT_MOST)
    last = spc.points[-1]
    runs = _unbroken(spc.points, place_of)
    ending = [(up(last.upper), "upper limit"), (up(last.lower), "lower limit")]
    target = None if spc.target is None else up(spc.target)
    return (
        environment()
        .get_template("charts/spc.jinja")
        .render(
            chart_id=chart_id,
            alt=alt,
            width=WIDTH,
            height=HEIGHT,
            left=LEFT,
            right=WIDTH - RIGHT,
            foot=HEIGHT - BOTTOM,
            ticks=[(up(tick), number(tick, unit_code, bare=True)) for tick in ticks],
            points=[
                {"x": across(point.label), "y": up(point.value), "special": point.special, "words": _words(point, unit_code)}
                for point in spc.points
            ],
            labels=[(across(label), _short(label)) for label in spc.labels[::-1][::every]],
            limits=[_line(run, across, lambda point: up(point.upper)) for run in runs]
            + [_line(run, across, lambda point: up(point.lower)) for run in runs],
            lines=[_line(run, across, lambda point: up(point.value)) for run in runs],
            mean=up(spc.mean),
            ends=ending,
            target=target,
            target_at=WIDTH - RIGHT + 8 if target and all(abs(target - y) > 16 for y, _ in ending) else LEFT + 4,
        )
    )


def _words(point: Point, unit_code: str) -> str:
    return f"{point.label}: {number(point.value, unit_code)}"


def _line(run: Sequence[Point], across: Callable[[str], float], up: Callable[[Point], float]) -> str:
    return " ".join(f"{across(point.label)},{up(point)}" for point in run)


def _unbroken(points: Sequence[Point], place_of: dict[str, int]) -> list[list[Point]]:
    """Points with no month missing between them; a line is drawn through each, and none over a gap."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and place_of[point.label] == place_of[runs[-1][-1].label] + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _short(label: str) -> str:
    name, _, year = label.rpartition(" ")
    return f"{name[:3]} {year[2:]}" if name in MONTHS else label


def scale_of(low: float, high: float) -> list[float]:
    """Four to six round numbers from at most `low` to at least `high`."""
    span = (high - low) or 1.0
    size = 10.0 ** floor(log10(span / 4))
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if span / (size * times) <= 5)
    first = floor(low / step + 1e-9)
    last = max(ceil(high / step - 1e-9), first + 1)
    return [round(place * step, 10) for place in range(first, last + 1)]


def interval_chart(chart_id: str, title: str, unit_code: str, whole: float | None, groups: Sequence[dict[str, Any]]) -> Chart | None:
    """Dots with their 95% intervals, a row a group in the order given; groups without an interval stand in the table alone.

    None where no group has one.
    """
    drawn = [row for row in groups if row["value"] is not None and row["lower"] is not None]
    if not drawn:
        return None
    told = "; ".join(f"{row['group_label']} {_with_interval(row)}" for row in drawn)
    alt = f"{title}, with 95% intervals. {told}." + ("" if whole is None else f" All together {number(whole, unit_code)}.")
    ticks = scale_of(0.0, max(row["upper"] for row in drawn))
    span = WIDTH - NAMES - 40

    def along(value: float) -> float:
        return round(NAMES + value / ticks[-1] * span, 2)

    height = len(drawn) * ROW_HEIGHT + 44
    svg = (
        environment()
        .get_template("charts/intervals.jinja")
        .render(
            chart_id=chart_id,
            alt=alt,
            width=WIDTH,
            height=height,
            foot=height - 28,
            names=NAMES - 12,
            ticks=[(along(tick), number(tick, unit_code, bare=True)) for tick in ticks],
            whole=None if whole is None else along(whole),
            rows=[
                {
                    "y": 16 + place * ROW_HEIGHT,
                    "name": _cut(row["group_label"]),
                    "words": f"{row['group_label']}: {number(row['value'], unit_code)}",
                    "at": along(row["value"]),
                    "low": along(row["lower"]),
                    "high": along(row["upper"]),
                }
                for place, row in enumerate(drawn)
            ],
        )
    )
    note = "Dots are the numbers, lines their 95% intervals; where lines overlap widely the difference may be chance."
    line = "" if whole is None else f" The dashed line is all together, {number(whole, unit_code)}."
    return Chart(chart_id, title, svg, alt, (), (), (note + line + " In alphabetical order: this is no league table.",))


def _with_interval(row: dict[str, Any]) -> str:
    unit = row["unit_code"]
    return f"{number(row['value'], unit)} ({number(row['lower'], unit, bare=True)} to {number(row['upper'], unit, bare=True)})"


def _cut(words: str) -> str:
    return words if len(words) <= 32 else words[:31] + "…"
