"""`phb-audit simulate-review WORLD`: a year of nights with a simulated reviewer, as a table and as a picture (SVG)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.assurance.command import commissioners, read_all
from phb_audit.assurance.evaluate import judge
from phb_audit.assurance.in_words import table
from phb_audit.assurance.simulate import ERROR, WEEKS, Week, World, replay
from phb_audit.assurance.truth import last_day, read_truth
from phb_audit.errors import CLEAN, UsageError
from phb_audit.money import pounds
from phb_audit.reports.page import environment
from phb_audit.rules.review_time import review_time
from phb_audit.settings import Settings, read_toml, shipped
from phb_audit.warehouse import Warehouse, sql

Say = Callable[[str], None]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 300, 84, 24, 24, 44
HEADINGS = ("week", "decisions", "pounds rightly in question", "lowest to highest", "share with cause")


def simulate_review(world: Path, *, home: Path, svg: Path | None, minutes: float | None, reviewers: int, as_json: bool, say: Say) -> int:
    """Replay a world's year with some reviewers; say the curve, and draw it where `svg` is given.

    Raises UsageError when the world has no truth, or `home` no night of it.
    """
    found = told(read_world(world.resolve(), home.resolve(), minutes), reviewers)
    if svg:
        svg.parent.mkdir(parents=True, exist_ok=True)
        svg.write_text(draw(found), encoding="utf-8")
    say(json.dumps(found, indent=1) if as_json else in_words(found))
    return CLEAN


def read_world(world: Path, home: Path, minutes: float | None) -> World:
    """The cases of a world's night that stand in the queue, with what the truth says of them."""
    truth = read_truth(world)
    codes = commissioners(truth)
    if len(codes) != 1:
        raise UsageError(f"{world.name} has {len(codes)} commissioners.", do="Make a world of one with `phb-audit synth`.")
    right = judge(read_all(world, home, truth)).cases.select("case_id", "is_right")
    settings = Settings(home)
    warehouse = Warehouse(settings.warehouse_path(codes[0]), read_only=True)
    try:
        cases = warehouse.frame(sql(__file__, "learning_curve_cases"))
        flags = warehouse.frame(sql(__file__, "learning_curve_flags"))
    finally:
        warehouse.close()
    starts = read_toml(shipped("reference") / "ranking.toml")
    return World.of(cases.join(right, on="case_id"), flags, last_day(world, truth), review_time(settings), starts, minutes)


def told(world: World, reviewers: int, weeks: int = WEEKS) -> dict[str, Any]:
    """The mean over the reviewers of each point, with the lowest and the highest, as plain values."""
    years = [replay(world, reviewer=number, weeks=weeks) for number in range(1, reviewers + 1)]
    return {
        "reviewers": reviewers,
        "error_share": ERROR,
        "cases": world.cases.height,
        "never_read": world.cases.filter(~pl.col("is_taught")).height,
        "minutes_a_week": round(world.time.minutes_a_week, 1),
        "points": [_point(point) for point in zip(*years, strict=True)],
    }


def _point(weeks: Sequence[Week]) -> dict[str, Any]:
    pence = [one.right_pence for one in weeks]
    return {
        "week": weeks[0].week,
        "decisions": round(sum(one.decisions for one in weeks) / len(weeks), 1),
        "right_pence": round(sum(pence) / len(pence)),
        "lowest_pence": min(pence),
        "highest_pence": max(pence),
        "right_share": round(sum(one.right_share for one in weeks) / len(weeks), 4),
        "by_reviewer": [asdict(one) for one in weeks],
    }


def in_words(found: dict[str, Any]) -> str:
    """The curve as a Markdown table, with what it is made of."""
    rows = [
        (
            str(row["week"]),
            f"{row['decisions']:.0f}",
            pounds(row["right_pence"]),
            f"{pounds(row['lowest_pence'])} to {pounds(row['highest_pence'])}",
            f"{100 * row['right_share']:.1f}%",
        )
        for row in found["points"]
    ]
    wrong, week = 100 * found["error_share"], found["minutes_a_week"]
    said = (
        f"{found['cases']:,} cases, {found['never_read']:,} of them of holders who are never read. {found['reviewers']} reviewers, each "
        f"wrong in {wrong:.0f} of 100 decisions, with {week:.0f} minutes a week. What the first quarter of the minutes of the holders who "
        "are never read would find:"
    )
    return f"{said}\n\n{table(HEADINGS, rows)}"


def draw(found: dict[str, Any]) -> str:
    """The curve: pounds rightly in question by week, its mean as a line and its lowest to highest as a band."""
    points = found["points"]
    top = max(row["highest_pence"] for row in points) * 1.1 or 1
    last = points[-1]["week"] or 1

    def place(row: dict[str, Any], name: str) -> tuple[float, float]:
        along = LEFT + (WIDTH - LEFT - RIGHT) * row["week"] / last
        return round(along, 1), round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * row[name] / top, 1)

    def path(name: str) -> list[str]:
        return [f"{x},{y}" for x, y in (place(row, name) for row in points)]

    first, end = points[0], points[-1]
    alt = (
        f"Line chart over {last} weeks of pounds rightly in question in the first quarter of the minutes: "
        f"{pounds(first['right_pence'])} at the start, {pounds(end['right_pence'])} after {end['decisions']:.0f} decisions."
    )
    marks = [
        (round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part / 4, 1), pounds(round(top * part / 4)).removesuffix(".00"))
        for part in range(5)
    ]
    weeks = [(*place(row, "right_pence"), row["week"], row["decisions"], pounds(row["right_pence"])) for row in points]
    return (
        environment()
        .get_template("charts/learning_curve.svg.jinja")
        .render(
            width=WIDTH,
            height=HEIGHT,
            left=LEFT,
            right=WIDTH - RIGHT,
            bottom=HEIGHT - BOTTOM,
            alt=alt,
            line=" ".join(path("right_pence")),
            band=" ".join([*path("highest_pence"), *reversed(path("lowest_pence"))]),
            marks=marks,
            weeks=weeks,
        )
    )
