"""The data-quality page and workbook: every row that failed, whole, grouped by who can mend it.

Both hold the same facts; the page shows the first rows of each owner, the workbook all of them (of one owner 50,000 at most).
They stand in `home/quality/<commissioner>/<run_id>.html` and `.xlsx`. The same tables give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit import __version__
from phb_audit.assurance.drift import Drift, drift
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.page import counted, percent, write_page
from phb_audit.reports.quality_rows import ROWS_AT_MOST, alike, cells, reasons, refused, remarks
from phb_audit.reports.quality_workbook import write_workbook
from phb_audit.run import Run
from phb_audit.warehouse import sql

SERVICE = "Personal health budget spending review"
MOST_ROWS_AN_OWNER = 200
MOST_HELD_BACK = 500
WHAT_FOLLOWS = {"stop": "The night stops", "quarantine": "The row is refused", "inform": "The row is admitted with a remark"}


@dataclass(frozen=True)
class Quality:
    """Everything both show, as frames; `refused` and `remarks` carry the whole landed row as JSON, `reasons` counts every refused row."""

    refused: pl.DataFrame
    reasons: pl.DataFrame
    remarks: pl.DataFrame
    arrivals: pl.DataFrame
    checks: pl.DataFrame
    feeds: pl.DataFrame
    files: pl.DataFrame
    books: pl.DataFrame
    held_back: pl.DataFrame
    mended: dict[str, int]
    drift: Drift


def build_quality(run: Run) -> tuple[Path, Path]:
    """Write tonight's page and workbook; returns their paths."""
    seen = read_quality(run)
    folder = run.settings.folder("quality", run.commissioner_code)
    workbook = write_workbook(folder / f"{run.run_id}.xlsx", run, seen)
    page = write_page(folder / f"{run.run_id}.html", "quality/page.jinja", **page_values(run, seen, workbook.name))
    return page, workbook


def read_quality(run: Run) -> Quality:
    """What the night's warehouse says of its data."""
    night = {"run_id": run.run_id}
    frames = {
        name: run.warehouse.frame(sql(__file__, f"quality_{name}"), night)
        for name in ("arrivals", "checks", "feeds", "files", "books", "held_back")
    }
    mended = run.warehouse.frame(sql(__file__, "quality_mended"), night).row(0, named=True)
    checks = frames.pop("checks").with_columns(what_follows=pl.col("severity_code").replace_strict(WHAT_FOLLOWS))
    return Quality(refused(run), reasons(run), remarks(run), checks=checks, mended=mended, drift=drift(run), **frames)


def page_values(run: Run, seen: Quality, workbook_name: str) -> dict[str, Any]:
    """What the page's template needs."""
    return {
        "title": f"Data quality, {run.commissioner_code}, {plain_day(run.as_of)}",
        "service": SERVICE,
        "run": run,
        "workbook_name": workbook_name,
        "summary": in_words(run, seen),
        "refused": by_owner(seen.refused, seen.reasons),
        "remarks": by_owner(seen.remarks, alike(seen.remarks)),
        "arrivals": seen.arrivals.to_dicts(),
        "checks": seen.checks.to_dicts(),
        "feeds": seen.feeds.to_dicts(),
        "files": seen.files.to_dicts(),
        "books": seen.books.to_dicts(),
        "held_back": seen.held_back.head(MOST_HELD_BACK).to_dicts(),
        "held_back_more": max(seen.held_back.height - MOST_HELD_BACK, 0),
        "drift": drift_values(seen.drift),
        "made_of": [f"Run {run.run_id}. Version {__version__}."],
    }


def drift_values(seen: Drift) -> dict[str, Any]:
    """The weeks and features of drift, and how often the sets held what people said, in words."""
    told = seen.covered
    if told.value is None:
        coverage = (
            "No person has confirmed or corrected a category yet, so how often the possible categories hold the right one is not known."
        )
    else:
        span = f"95% interval {percent(told.low)} to {percent(told.high)}"
        coverage = (
            f"Of {counted(int(told.of), 'category', 'categories')} that people confirmed or corrected, the categories given as possible "
            f"held the right one {percent(told.value)} of the time ({span})."
        )
    return {"weeks": seen.weeks.to_dicts(), "features": seen.features, "recent_from": seen.recent_from, "coverage": coverage}


def by_owner(rows: pl.DataFrame, counts: pl.DataFrame) -> list[dict[str, Any]]:
    """One dict per owner: how many rows, how much money, the commonest of `counts`, and the first rows with all their cells."""
    owners = []
    for (owner,), theirs in rows.group_by("fix_owner", maintain_order=True):
        told = counts.filter(pl.col("fix_owner") == owner)
        rows_count = int(told["rows_count"].sum())
        first = theirs.head(MOST_ROWS_AN_OWNER).iter_rows(named=True)
        shown = [{**row, "cells": cells(row["row"]), "since": date.fromisoformat(row["run_id"][-10:])} for row in first]
        owners.append(
            {
                "owner": owner,
                "rows_count": rows_count,
                "pence": int(told["amount_pence"].sum()),
                "rows": shown,
                "more": theirs.height - len(shown),
                "elsewhere": max(rows_count - ROWS_AT_MOST, 0),
                "reasons": told.select("reason", "rows_count").head(8).rows(),
            }
        )
    return owners


def in_words(run: Run, seen: Quality) -> list[str]:
    """The night's data in a few sentences."""
    tonight, waiting = int(seen.reasons["tonight_count"].sum()), int(seen.reasons["rows_count"].sum())
    told = [f"{counted(_admitted(seen), 'row')} admitted tonight."]
    if waiting:
        held = pounds(int(seen.reasons["amount_pence"].sum()))
        told.append(
            f"{counted(waiting, 'row')} refused and waiting to be mended, {tonight:,} of them since tonight; "
            f"the amounts that could be read come to {held}."
        )
    else:
        told.append("No refused row is waiting to be mended.")
    if mended := seen.mended["readmitted_count"] + seen.mended["replaced_count"]:
        told.append(f"{counted(mended, 'row')} refused earlier got through tonight, or {'its' if mended == 1 else 'their'} repair did.")
    people = seen.held_back["holder"].n_unique()
    if people:
        told.append(f"{counted(people, 'person', 'people')} held back by refused rows. Everyone else was looked at in full.")
    if late := seen.feeds.filter("is_late")["feed_code"].to_list():
        told.append(f"{counted(len(late), 'feed')} late: {', '.join(late)}.")
    if seen.remarks.height:
        told.append(f"{counted(seen.remarks.height, 'row')} admitted with a remark.")
    return told


def _admitted(seen: Quality) -> int:
    ours = (pl.col("stage_name") == "validated") & pl.col("item").str.ends_with("admitted")
    return int(seen.books.filter(ours)["rows_count"].sum())
