"""`phb-audit simulate-review`: a year of nights with a simulated reviewer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from phb_audit.cli.options import Json, say

REVIEWERS = 5


def simulate_review(
    world: Annotated[Path, Parameter(help="A folder made by `phb-audit synth`, with truth.csv.")],
    /,
    *,
    home: Annotated[Path, Parameter(help="Home of a night that was run on it.")],
    svg: Annotated[Path | None, Parameter(help="Where to draw the learning curve.")] = None,
    minutes: Annotated[float | None, Parameter(help="Minutes a week (default: enough for half of what comes).")] = None,
    reviewers: Annotated[int, Parameter(help="How many simulated reviewers, each wrong in one of ten decisions.")] = REVIEWERS,
    as_json: Json = False,
) -> int:
    """Replay a year of nights with a simulated reviewer, and draw what the order of the list learns from the decisions."""
    from phb_audit.reports.learning_curve import simulate_review as replay

    return replay(world, home=home, svg=svg, minutes=minutes, reviewers=reviewers, as_json=as_json, say=say)
