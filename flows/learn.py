"""Learning from decisions, once a week: a challenger is taught, judged on lines it never saw, and takes over only when it is surely better.

python -m flows.learn QZZ --home data

What people decided teaches; the newest quarter of decisions, about other people and other suppliers, judges (docs/explanation/learning.md).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl
from prefect import flow
from prefect.artifacts import create_markdown_artifact

from phb_audit.assurance.promotion import Verdict, judged
from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.categories import decided_categories, decided_names
from phb_audit.cases.lessons import kept_back, weighed
from phb_audit.classified.classifier import classify, model_version
from phb_audit.classified.learned import (
    free_version,
    keep,
    keep_calibration,
    lessons_of,
    put_in_use,
    teach,
    version_in_use,
    weights_path,
)
from phb_audit.classified.recalibrate import recalibrated
from phb_audit.settings import Settings, shipped

LONDON = ZoneInfo("Europe/London")
FROZEN = "frozen_lines.csv"
Teach = Callable[[pl.DataFrame], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Sets:
    """How often the sets of champion and challenger held what people said of the lines kept back, and how many codes a set has."""

    champion_held: float
    challenger_held: float
    champion_size: float
    challenger_size: float


@dataclass(frozen=True)
class Learned:
    """What a week's learning came to: the champion, the challenger (None where there was nothing to learn), and the verdict."""

    champion: str
    challenger: str | None
    taught: int
    verdict: Verdict
    sets: Sets | None = None

    def in_words(self) -> str:
        """A few sentences for the log and for Prefect."""
        told = self.verdict
        if self.challenger is None:
            return f"Nothing to learn: {told.reason} {self.champion} stays in use."
        of = f"{told.champion_share:.1%} before, {told.challenger_share:.1%} after" if told.lines else "none"
        span = f"{told.difference:+.1%} ({told.low:+.1%} to {told.high:+.1%})"
        frozen = "; ".join(f"{name}: {before} before, {after} after, of {lines}" for name, (before, after, lines) in told.frozen.items())
        what = "is in use from the next night on" if told.is_promoted else f"is kept beside it; {self.champion} stays in use"
        return (
            f"{self.challenger} was taught by {self.taught:,} decided lines. "
            f"Right on {told.lines:,} lines kept back: {of}; difference {span}. "
            f"{self.of_sets()}Frozen lines right: {frozen}. {told.reason} {self.challenger} {what}."
        )

    def of_sets(self) -> str:
        """A sentence about the sets, where there are any."""
        if self.sets is None:
            return ""
        held = f"{self.sets.champion_held:.1%} before, {self.sets.challenger_held:.1%} after"
        return f"Sets that hold what people said: {held} ({self.sets.champion_size:.2f} and {self.sets.challenger_size:.2f} codes a set). "


def learn(commissioner_code: str, home: Path, as_of: date, *, teaching: Teach = teach) -> Learned:
    """Teach a challenger from the casebook, judge it, and put it in use where it is surely better. The night reads which is in use."""
    settings = Settings.at(home, os.environ)
    champion = version_in_use(settings, commissioner_code)
    decided = weighed(decided_categories(casebook_events(settings, commissioner_code)), as_of)
    taught, kept = kept_back(decided)
    lessons = lessons_of(taught)
    if lessons.is_empty() or kept.is_empty():
        none = np.zeros(0, bool)
        return Learned(champion, None, lessons.height, judged(none, none, [], {}))
    arrays = teaching(lessons)
    challenger = free_version(settings, commissioner_code, as_of.isoformat())
    keep(settings, commissioner_code, challenger, arrays, {"state": "not yet judged"})
    old, new = (weights_path(settings, commissioner_code, version) for version in (champion, challenger))
    names = decided_names(taught)
    lines = kept.select("description", merchant="payee_text", mcc="mcc_code")
    codes = kept["category_code"].to_numpy()
    answers = [classify(lines, names, old), answered_apart(kept, lines, names, new)]
    keep_calibration(settings, commissioner_code, challenger, recalibrated(lines, codes.tolist(), names, new))
    right = [told["category_code"].to_numpy() == codes for told in answers]
    verdict = judged(right[0], right[1], kept["merchant_words"].to_list(), {"the frozen lines": frozen_right(old, new)})
    sets = sets_of(answers, codes)
    card = {"taught_by": lessons.height, "as_of": as_of, "champion": champion, "version": model_version(new), "verdict": asdict(verdict)}
    write_card(settings, commissioner_code, challenger, {**card, "sets": asdict(sets)})
    if verdict.is_promoted:
        put_in_use(settings, commissioner_code, challenger)
    return Learned(champion, challenger, lessons.height, verdict, sets)


def answered_apart(kept: pl.DataFrame, lines: pl.DataFrame, names: pl.DataFrame, weights: Path) -> pl.DataFrame:
    """The challenger's answers to the lines kept back, each half with the calibration of the other: no line measures itself.

    A supplier stands in one half only; the calibration that is kept beside the challenger is that of both halves.
    """
    of_whom = zip(kept["merchant_words"].to_list(), kept["event_number"].to_list(), strict=True)
    half = np.array([zlib.crc32((name or str(number)).encode()) % 2 for name, number in of_whom])
    codes, row = kept["category_code"].to_numpy(), np.arange(kept.height)
    parts = []
    for side in (0, 1):
        here, there = row[half == side], row[half != side]
        measured = recalibrated(lines[there], codes[there].tolist(), names, weights)
        parts.append(classify(lines[here], names, weights, measured).with_columns(row=pl.Series(here, dtype=pl.Int64)))
    return pl.concat(parts).sort("row").drop("row")


def sets_of(answers: list[pl.DataFrame], codes: npt.NDArray[np.object_]) -> Sets:
    """How the sets of the champion's and the challenger's answers bear out."""
    said = [
        told.select(held=pl.col("set_codes").str.split("|").list.contains(pl.Series(codes, dtype=pl.String)), size="set_count")
        for told in answers
    ]
    held, size = ([float(told[column].cast(pl.Float64).sum()) / max(told.height, 1) for told in said] for column in ("held", "size"))
    return Sets(*(round(share, 4) for share in (*held, *size)))


def frozen_right(old: Path, new: Path) -> tuple[int, int, int]:
    """How many of the frozen lines each classifier gets right, and how many lines there are."""
    frozen = pl.read_csv(shipped("reference") / FROZEN, infer_schema=False).with_columns(pl.all().fill_null(""))
    accepted = frozen["accepted"].str.split("|").to_list()
    told = [classify(frozen.select("merchant", "description", "mcc"), None, weights)["category_code"].to_list() for weights in (old, new)]
    before, after = (sum(code in codes for code, codes in zip(answers, accepted, strict=True)) for answers in told)
    return before, after, frozen.height


def write_card(settings: Settings, commissioner_code: str, version: str, card: dict[str, object]) -> None:
    """The challenger's card, now that it was judged."""
    path = weights_path(settings, commissioner_code, version).with_name("card.json")
    half_made = path.with_suffix(".new")
    half_made.write_text(json.dumps(card, indent=1, sort_keys=True, default=str) + "\n", encoding="utf-8")
    half_made.replace(path)


@flow(name="learn", flow_run_name="learn-{commissioner_code}", timeout_seconds=60 * 60, validate_parameters=False)
def learn_flow(commissioner_code: str, home: str, as_of: date | str | None = None) -> str:
    """One commissioner's weekly learning; `as_of` is today in London when a schedule starts it."""
    day = datetime.now(LONDON).date() if as_of is None else as_of if isinstance(as_of, date) else date.fromisoformat(as_of)
    told = learn(commissioner_code, Path(home), day).in_words()
    create_markdown_artifact(key=f"learn-{commissioner_code.lower()}", markdown=told, description=f"Learning of {day}")
    return told


def main() -> None:
    """Learn from the command line, without Prefect around it."""
    parser = argparse.ArgumentParser(prog="python -m flows.learn", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("commissioner_code")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="YYYY-MM-DD (default: today in London)")
    given = parser.parse_args()
    as_of = given.as_of or datetime.now(LONDON).date()
    sys.stdout.write(learn(given.commissioner_code, given.home.resolve(), as_of).in_words() + "\n")


if __name__ == "__main__":
    main()
