"""Charts of how many people have a budget: the active with their forecast and line of stress, and the year to date with the aims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from phb_audit.periods import financial_year, plain_day
from phb_audit.reports.chart import BOTTOM, HEIGHT, LABELS_AT_MOST, LEFT, RIGHT, TOP, WIDTH, Chart, scale_of
from phb_audit.reports.measure_words import interval, number, shown
from phb_audit.reports.page import DASH, counted, environment

Row = dict[str, Any]
ACTIVE_HEADINGS = ("Day", "Active", "95% interval", "Line of stress", "Counted or forecast")
YEAR_HEADINGS = ("Day", "Year to date")
LEVEL_APART = 16


@dataclass(frozen=True)
class Frame:
    """Where numbers stand on the picture: days are evenly apart, in the order given."""

    days: tuple[date, ...]
    ticks: tuple[float, ...]

    @classmethod
    def of(cls, days: Sequence[date], values: Sequence[float]) -> Frame:
        """A frame that holds all values, from zero on."""
        return cls(tuple(days), tuple(scale_of(0.0, max(values))))

    def x(self, day: date) -> float:
        """How far across a day stands."""
        return round(LEFT + self.days.index(day) * (WIDTH - LEFT - RIGHT) / max(len(self.days) - 1, 1), 2)

    def y(self, value: float) -> float:
        """How far down a number stands."""
        return round(HEIGHT - BOTTOM - value / self.ticks[-1] * (HEIGHT - TOP - BOTTOM), 2)

    def line(self, points: Sequence[tuple[date, float]]) -> str:
        """Points of a line."""
        return " ".join(f"{self.x(day)},{self.y(value)}" for day, value in points)

    def draw(self, chart_id: str, alt: str, **parts: object) -> str:
        """The picture of the frame with its parts: lines, dashed, levels, points, ahead."""
        every = ceil(len(self.days) / LABELS_AT_MOST)
        whole = {"lines": (), "dashed": (), "levels": (), "points": (), "ahead": ()} | parts
        return (
            environment()
            .get_template("charts/growth.jinja")
            .render(
                chart_id=chart_id,
                alt=alt,
                width=WIDTH,
                height=HEIGHT,
                left=LEFT,
                right=WIDTH - RIGHT,
                foot=HEIGHT - BOTTOM,
                ticks=[(self.y(tick), number(tick, "count")) for tick in self.ticks],
                labels=[(self.x(day), f"{day:%b} {day:%y}") for day in self.days[::-1][::every]],
                **whole,
            )
        )

    def dots(self, rows: Sequence[Row]) -> list[dict[str, object]]:
        """What was counted, with its own words."""
        return [{"x": self.x(row["last_on"]), "y": self.y(row["value"]), "words": _words(row)} for row in rows]


def _words(row: Row) -> str:
    return f"{plain_day(row['last_on'])}: {number(row['value'], 'count')}"


def runs(rows: Sequence[Row], breaks_in_april: bool = False) -> list[list[Row]]:
    """Rows with a value, without a gap; for the year to date a new run each April, for nothing joins March to June."""
    found: list[list[Row]] = []
    before: Row | None = None
    for row in rows:
        joins = before is not None and before["value"] is not None
        if breaks_in_april and before is not None:
            joins = joins and financial_year(before["last_on"]) == financial_year(row["last_on"])
        if row["value"] is not None:
            if joins:
                found[-1].append(row)
            else:
                found.append([row])
        before = row
    return found


def active_chart(counted_rows: Sequence[Row], ahead: Sequence[Row], stress: Sequence[Row], check: Row) -> Chart:
    """The active by quarter; their forecast and line of stress, where the last whole quarter is printed."""
    told = [row for row in counted_rows if row["value"] is not None]
    ahead = [row for row in ahead if row["value"] is not None]
    stress = [row for row in stress if row["value"] is not None]
    heading = f"People active: {shown(counted_rows[-1])} on {plain_day(counted_rows[-1]['last_on'])}"
    if ahead:
        heading += f"; forecast {number(ahead[-1]['value'], 'count')} by {plain_day(ahead[-1]['last_on'])} ({interval(ahead[-1])})"
    alt = f"Line chart of people active, {counted(len(told), 'day')} counted, {counted(len(ahead), 'quarter')} forecast. {heading}."
    stress_on = {row["last_on"]: row for row in stress}
    table = tuple((plain_day(row["last_on"]), shown(row), DASH, DASH, "counted") for row in counted_rows) + tuple(
        (plain_day(row["last_on"]), shown(row), interval(row), shown(stress_on.get(row["last_on"], row)), "forecast") for row in ahead
    )
    values = [row["value"] for row in (*told, *stress)] + [row["upper"] or row["value"] for row in ahead]
    svg = ""
    if told:
        frame = Frame.of([row["last_on"] for row in (*counted_rows, *ahead)], values or [1.0])
        line = [(row["last_on"], row["value"]) for row in stress]
        svg = frame.draw(
            "people-active",
            alt,
            lines=[frame.line([(row["last_on"], row["value"]) for row in run]) for run in runs(counted_rows)],
            dashed=[(frame.line(line), "stress", frame.y(line[-1][1]))] if line else [],
            points=frame.dots(told),
            ahead=[
                {
                    "x": frame.x(row["last_on"]),
                    "y": frame.y(row["value"]),
                    "low": frame.y(row["lower"] or row["value"]),
                    "high": frame.y(row["upper"] or row["value"]),
                    "words": f"{_words(row)}, forecast",
                }
                for row in ahead
            ],
        )
    return Chart("people-active", heading, svg, alt, ACTIVE_HEADINGS, table, _notes(ahead, check))


def _notes(ahead: Sequence[Row], check: Row) -> tuple[str, ...]:
    if not ahead:
        return ("No forecast: fewer than five quarters were counted, or some of them are too few to print.",)
    told = "Rings are a forecast with its 95% interval: past growth carried on, less of it each quarter. It knows of no plans. "
    due, inside = (number(check[side], "count") for side in ("denominator", "numerator"))
    held = (
        f"Of {due} such forecasts that came due here, the interval held {inside}."
        if check["denominator"]
        else "None has come due here yet, so it has not been tested on these numbers."
    )
    return (told + held, "The dashed line is ten-fold growth in eight years, as the Netherlands saw: a line of stress, no aim.")


def year_chart(counted_rows: Sequence[Row], aims: Sequence[Row], population: str) -> Chart:
    """The year to date, which begins again each April; and our share of the national aims, where our population is known."""
    told = [row for row in counted_rows if row["value"] is not None]
    last = counted_rows[-1]
    heading = f"People of the year to date: {shown(last)} on {plain_day(last['last_on'])}"
    alt = f"Line chart of people of the year to date, {counted(len(told), 'day')} counted; the line begins again each April. {heading}."
    table = tuple((plain_day(row["last_on"]), shown(row)) for row in counted_rows)
    svg = ""
    if told:
        frame = Frame.of([row["last_on"] for row in counted_rows], [row["value"] for row in (*told, *aims)])
        places = [(frame.y(row["value"]), f"{row['group_label']}: {number(row['value'], 'count')} here") for row in aims]
        svg = frame.draw(
            "people-year",
            alt,
            lines=[frame.line([(row["last_on"], row["value"]) for row in run]) for run in runs(counted_rows, True)],
            levels=[place for number_, place in enumerate(places) if all(abs(place[0] - y) > LEVEL_APART for y, _ in places[:number_])],
            points=frame.dots(told),
        )
    aimed = [f"{row['group_label']}: {number(row['value'], 'count')} here." for row in aims]
    no_aims = "National aims are not drawn: population.toml does not say how many people live here."
    notes = (
        "The count begins again each April: set a quarter only against the same quarter of another year.",
        " ".join([f"Aims by their share of {population}.", *aimed]) if aims else no_aims,
    )
    return Chart("people-year", heading, svg, alt, YEAR_HEADINGS, table, notes)
