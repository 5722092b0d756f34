"""`phb-audit evaluate WORLD`: run a night on a made-up world (or take one that was run) and compare it with the truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from phb_audit.assurance.at_budget import at_budget
from phb_audit.assurance.evaluate import evaluation
from phb_audit.assurance.in_words import in_words
from phb_audit.assurance.linked import Linked, read_linked
from phb_audit.assurance.truth import last_day, read_truth
from phb_audit.errors import CLEAN, UsageError
from phb_audit.night import Night
from phb_audit.rules.review_time import review_time
from phb_audit.settings import Settings

Say = Callable[[str], None]


def evaluate_world(world: Path, *, home: Path | None, as_json: bool, run_night: Callable[..., Any], say: Say, note: Say) -> int:
    """Compare and say: a text, or one JSON object. Without `home`, the night is run in a temporary home first.

    Raises UsageError when the world has no truth, or `home` no warehouse of its commissioners.
    """
    world = world.resolve()
    truth = read_truth(world)
    if home:
        found = compare(world, home.resolve(), truth)
    else:
        with TemporaryDirectory(prefix="phb-audit-evaluate-") as folder:
            run_all(world, Path(folder), truth, run_night=run_night, note=note)
            found = compare(world, Path(folder), truth)
    say(json.dumps(found, default=str, indent=1) if as_json else in_words(found))
    return CLEAN


def run_all(world: Path, home: Path, truth: pl.DataFrame, *, run_night: Callable[..., Any], note: Say) -> None:
    """Run the night of every commissioner of the world, without Prefect, on the world's last day."""
    as_of = last_day(world, truth)
    for code in commissioners(truth):
        note(f"Night of {as_of} for {code}")
        night = Night(code, as_of, world / code, home)
        run_night(night, with_prefect=False, tell=lambda stage, words, seconds: note(f"  {stage:<10} {seconds:6.1f} s  {words}"))


def compare(world: Path, home: Path, truth: pl.DataFrame) -> dict[str, Any]:
    """The whole comparison of a world with the warehouses below `home`, as plain values."""
    linked = read_all(world, home, truth)
    everything = evaluation(linked) | {"at_budget": at_budget(linked, review_time(Settings(home)))}
    seen = everything["wrong_questions"]
    return {
        "world": world.name,
        "as_of": last_day(world, truth).isoformat(),
        "holders": seen["holders"],
        "months": seen["months"],
        **everything,
    }


def read_all(world: Path, home: Path, truth: pl.DataFrame) -> Linked:
    """Truth beside the nights of every commissioner. Raises UsageError where `home` has no warehouse of one."""
    codes = commissioners(truth)
    absent = [code for code in codes if not (Settings(home).home / "warehouse" / code / "night.duckdb").is_file()]
    if absent:
        raise UsageError(f"No night of {', '.join(absent)} has been run in {home}.", do="Run one there, or leave --home out.")
    return Linked.together([read_linked(world, home, code, truth) for code in codes])


def commissioners(truth: pl.DataFrame) -> list[str]:
    """The codes in the truth, sorted."""
    return sorted(truth["commissioner_code"].unique())
