"""The page of one lane: what is for the safeguarding lead, or for the Local Counter Fraud Specialist, alone.

Made on demand and never by a night: `home/lanes/<commissioner>/<lane>/<run_id>.html`, in folders and files only the account that runs
the command may open. Nothing of it is logged.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit import __version__
from phb_audit.cases.lane_cases import LaneStanding, has_news, lane_events, standings
from phb_audit.cases.lane_moves import OVER, STATES
from phb_audit.errors import UsageError
from phb_audit.periods import plain_day
from phb_audit.reports.page import render
from phb_audit.settings import Settings
from phb_audit.tables.apart import LANES, RESTRICTED, SAFEGUARDING
from phb_audit.warehouse import Warehouse, sql

OWNER_ONLY_FOLDER, OWNER_ONLY_FILE = 0o700, 0o600


@dataclass(frozen=True)
class Wording:
    """How a lane speaks to its reader."""

    service: str
    title: str
    opening: str
    stories: str
    items: str
    before: str
    nothing: str


WORDING = {
    SAFEGUARDING: Wording(
        service="Keeping people safe",
        title="People somebody should see",
        opening="This page is about the safety of people, and about nothing they did. It is for the safeguarding lead alone. A machine "
        "put it together from payments and plans and may well be wrong: the person knows best how they are.",
        stories="People for whom several signs stand together",
        items="Single signs",
        before="See the person, alone if they wish. Tell nobody who handles their money, and ask no question about money first.",
        nothing="Nobody is on this page tonight. That is no proof that everybody is safe.",
    ),
    RESTRICTED: Wording(
        service="For the Local Counter Fraud Specialist",
        title="Matters for the Local Counter Fraud Specialist",
        opening="This page is for the Local Counter Fraud Specialist alone. Each item is a prompt to look and never a finding; most have "
        "an ordinary explanation, and our own delays are among the likeliest.",
        stories="Signs that stand together",
        items="Single items",
        before="Do not contact the budget holder or the household first. Ordinary questions about the same things may be under way: "
        "their references are given, so that they can be put off where that is needed.",
        nothing="Nothing is on this page tonight.",
    ),
}


def write_lane_page(settings: Settings, commissioner_code: str, lane: str) -> Path:
    """Write the page of a lane for the newest night and return its path.

    Raises UsageError for an unknown lane, or where no night has been run.
    """
    if lane not in LANES:
        raise UsageError(f"There is no lane {lane}.", do=f"One of {', '.join(LANES)}; without --lane: what everyone may read.")
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.exists():
        raise UsageError(f"No night has been run for {commissioner_code} yet.", do="Run `phb-audit run` first.")
    warehouse = Warehouse(path, read_only=True)
    try:
        return _written(settings, commissioner_code, lane, warehouse)
    finally:
        warehouse.close()


def _written(settings: Settings, commissioner_code: str, lane: str, warehouse: Warehouse) -> Path:
    night = warehouse.frame(sql(__file__, "lane_page_night"))
    if night.is_empty():
        raise UsageError("No night has been published yet.", do="See `phb-audit status`.")
    run_id, as_of = night.row(0)
    found = read_lane(warehouse, lane)
    words = WORDING[lane]
    content = render(
        "lanes/page.jinja",
        title=f"{words.title}, {commissioner_code}, {plain_day(as_of)}",
        service=words.service,
        made_of=[f"Run {run_id}. Version {__version__}. Made on demand; keep it where only its reader can open it."],
        words=words,
        is_safeguarding=lane == SAFEGUARDING,
        commissioner_code=commissioner_code,
        as_of=as_of,
        stories=found["stories"].to_dicts(),
        cases=_with_standing(_with_flags(found["cases"], found["flags"]), standings(lane_events(settings, commissioner_code, lane), as_of)),
    )
    return _kept_close(settings.home / "lanes" / commissioner_code / lane, f"{run_id}.html", content)


def read_lane(warehouse: Warehouse, lane: str) -> dict[str, pl.DataFrame]:
    """What stands in a lane: its `stories`, `cases` and `flags`."""
    return {name: warehouse.frame(sql(__file__, f"lane_page_{name}"), {"lane": lane}) for name in ("stories", "cases", "flags")}


def _with_standing(cases: list[dict[str, Any]], stand: dict[str, LaneStanding]) -> list[dict[str, Any]]:
    """The cases with where each stands in the lane's own casebook; what its reader has finished with comes last."""
    told = []
    for case in cases:
        standing = stand.get(case["case_id"], LaneStanding())
        news = has_news(standing, case["flags"])
        words = STATES[standing.state_code] + (f", to {standing.handed_to}" if standing.handed_to else "")
        by = f" {standing.decided_by}: {standing.reason}" if standing.decided_by else ""
        told.append(
            {
                **case,
                "stands": f"{words}.{by}{' Something is new since.' if news else ''}",
                "is_over": not news and standing.state_code in OVER,
            }
        )
    return sorted(told, key=lambda case: bool(case["is_over"]))


def _with_flags(cases: pl.DataFrame, flags: pl.DataFrame) -> list[dict[str, Any]]:
    return [case | {"flags": flags.filter(pl.col("case_id") == case["case_id"]).to_dicts()} for case in cases.to_dicts()]


def _kept_close(folder: Path, name: str, content: bytes) -> Path:
    """Write a file only its owner may open, in one move, in folders only their owner may open."""
    folder.mkdir(parents=True, exist_ok=True)
    for place in (folder.parent.parent, folder.parent, folder):
        place.chmod(OWNER_ONLY_FOLDER)
    part = folder / f"{name}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE), "wb") as file:
        file.write(content)
    return part.replace(folder / name)
