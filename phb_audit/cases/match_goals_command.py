"""`phb-audit match-goals FILE.csv --out OUT.csv`: any file of goals and purchases, and how strongly each purchase serves its goal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

from phb_audit.classified.command import column, places_seen, read_rows, write_rows
from phb_audit.errors import CLEAN, UnknownLayout, UsageError

WANTED = ("goal", "merchant", "description", "mcc", "tags")
ADDED = ("strength", "state", "domains", "because")
Say = Callable[[str], None]


def match_goals_file(source: Path, out: Path, *, as_json: bool, say: Say) -> int:
    """Write `source` to `out` with its columns and rows unchanged and in order, and the columns ADDED. Returns the exit code.

    The column `goal` must be there, and `merchant` or `description`; `mcc` and `tags` (domain codes a person confirmed for the goal,
    joined by |) may be. Raises UnreadableFile for a file that is no CSV, UnknownLayout (naming the headers seen) when a column is lacking,
    UsageError where `out` cannot be written.
    """
    if out.resolve() == source.resolve():
        raise UsageError("--out names the file that is read: it would be written over.", do="Name another file.")
    headers, rows = read_rows(source)
    told = matched(headers, rows, source)
    write_rows(out, [*headers, *ADDED], ([*row, *more] for row, more in zip(rows, told.select(ADDED).iter_rows(), strict=True)))
    counts = {state: int((told["state"] == state).sum()) for state in ("fits", "unclear", "no_goal")}
    told_of = f"fits {counts['fits']}, unclear {counts['unclear']}, no goal given is served {counts['no_goal']}"
    words = f"{len(rows)} row{'' if len(rows) == 1 else 's'}: {told_of}."
    say(json.dumps({"rows": len(rows), **counts}) if as_json else words)
    return CLEAN


def matched(headers: list[str], rows: list[list[str]], source: Path) -> pl.DataFrame:
    """The answers for the rows of a file, in order. Raises UnknownLayout where a column is lacking."""
    from phb_audit.cases.goal_likeness import likeness
    from phb_audit.cases.purchase_nearness import nearness
    from phb_audit.classified.classifier import classify
    from phb_audit.matched.goal_states import READING, match_goals

    seen = places_seen(headers, source, WANTED)
    if "goal" not in seen or not {"merchant", "description"} & set(seen):
        what = f"{source.name} lacks the column 'goal', or both 'merchant' and 'description'. Headers seen: {', '.join(headers)}."
        raise UnknownLayout(what, do="Name its columns goal, merchant, description (mcc, amount_gbp and tags may be left out).")
    asked = pl.DataFrame({name: column(rows, seen.get(name)) for name in WANTED}, schema=dict.fromkeys(WANTED, pl.String))
    told = classify(asked.select("merchant", "description", "mcc"))
    readings = told.select(name for name in READING if name in told.columns)
    return match_goals(pl.concat([asked, readings], how="horizontal"), nearness, likeness)
