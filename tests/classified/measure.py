"""Measuring the classifier on lines that did not teach it: `python -m tests.classified.measure`. Prints a table with Wilson intervals.

Nothing here is learned from; docs/reference/classifying.md holds the table this printed.
"""

from __future__ import annotations

import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from phb_audit.classified.calibration import members
from phb_audit.classified.classifier import classify
from phb_audit.classified.model import first_three
from phb_audit.classified.reference import reference
from phb_audit.settings import shipped
from tests.classified.calibrate import Lines, calibrate, card_names, council_before, decided_before, lines, read
from tests.classified.real_lines import REAL, purchases

HERE = Path(__file__).parent
FROZEN = shipped("reference") / "frozen_lines.csv"


@dataclass(frozen=True)
class Score:
    """How many of `of` were right, with a Wilson 95% interval."""

    right: float
    of: int

    @property
    def share(self) -> float:
        """Right over all."""
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson 95% interval of the share."""
        n, p, z = max(self.of, 1), self.share, 1.96
        middle, spread = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
        return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.share:.3f} ({low:.3f}-{high:.3f}) of {self.of:,}"


def judged(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with `merchant, description, mcc, accepted` and what the classifier says of each row, right or not."""
    empty = [pl.lit("").alias(name) for name in ("merchant", "description", "mcc") if name not in frame.columns]
    told = classify(frame.with_columns(empty))
    both = pl.concat([frame, told], how="horizontal")
    accepted = pl.col("accepted").str.split("|")
    first, three = accepted.list.contains(pl.col("category_code")), pl.concat_list("category_code", "second_code", "third_code")
    return both.with_columns(is_right=first, is_right_in_three=three.list.set_intersection(accepted).list.len() > 0)


def score(frame: pl.DataFrame, column: str = "is_right", weight: str | None = None) -> Score:
    """Rows right; or, with a weight, lines right."""
    if weight:
        return Score(float(frame.filter(column)[weight].sum()), int(frame[weight].sum()))
    return Score(float(frame[column].sum()), frame.height)


def macro(frame: pl.DataFrame, by: str, at_least: int = 1) -> float:
    """Mean over groups of the share right, groups of at least so many rows."""
    groups = frame.group_by(by).agg(pl.len(), right=pl.col("is_right").mean()).filter(pl.col("len") >= at_least)
    return float(groups["right"].mean() or 0.0)  # type: ignore[arg-type]


def table(name: str, frame: pl.DataFrame, by: str) -> list[str]:
    """The lines of the report for one set."""
    sure = frame.filter(~pl.col("is_abstained"))
    return [
        f"{name}: first {score(frame)}; in three {score(frame, 'is_right_in_three')}; mean over {by} {macro(frame, by):.3f}",
        f"{name}, answered ({sure.height / max(frame.height, 1):.2f}): first {score(sure)}",
    ]


def report_cards(year: int = 2018) -> list[str]:
    """Real sellers of one year of council cards, asked with a copy that learned from the years before only.

    The aim ("trained on the years before") is answered with the memory learned from those years too: what a seller was called then is what
    people decided, as in a commissioner's second year. Beside it the same sellers where nobody decided anything: only what ships, and the
    weights and hashes of those years.
    """
    frame = card_names(year)
    asked = lines(frame, council_before(year))
    told = answered_cards(frame, asked)
    decided = answered_cards(frame, lines(frame, council_before(year), decided_before(year)))
    report = []
    for name, of in (
        ("seen before, memory learned from the years before: answers the aim", decided.filter("is_seen")),
        ("seen before, nobody decided: what ships alone", told.filter("is_seen")),
        ("not seen before", told.filter(~pl.col("is_seen"))),
    ):
        report.append(f"council cards {year}, {name}: sellers first {score(of)}; in three {score(of, 'is_right_in_three')}")
        report.append(f"council cards {year}, {name}: lines first {score(of, weight='lines')}; mean F1 over kinds {mean_f1(of, told):.3f}")
    return report


def answered_cards(frame: pl.DataFrame, asked: Lines) -> pl.DataFrame:
    """A frame of sellers with `answer`, `is_right` and `is_right_in_three`."""
    order = asked.judged.order
    return frame.with_columns(
        answer=pl.Series(np.array(reference().codes)[order[:, 0]]),
        is_right=pl.Series(asked.accepted[np.arange(frame.height), order[:, 0]]),
        is_right_in_three=pl.Series(np.take_along_axis(asked.accepted, order, axis=1).any(axis=1)),
    )


def mean_f1(of: pl.DataFrame, every: pl.DataFrame) -> float:
    """Mean over kinds of shop of F1: an answer counts for its line's kind where it is accepted, else for the first kind that accepts it."""
    kind_of_code = {code: kind for kind in sorted(every["accepted"].unique()) for code in kind.split("|")}
    said = pl.when("is_right").then("accepted").otherwise(pl.col("answer").replace_strict(kind_of_code, default="none"))
    kept = of.with_columns(said=said)
    shares = []
    for kind in kept["accepted"].unique().sort():
        both = kept.filter((pl.col("accepted") == kind) & (pl.col("said") == kind)).height
        either = kept.filter(pl.col("accepted") == kind).height + kept.filter(pl.col("said") == kind).height
        shares.append(2 * both / either)
    return float(np.mean(shares))


@dataclass(frozen=True)
class Crosswise:
    """The hand-written sets, each fifth with the calibration of the other four."""

    right: np.ndarray
    three: np.ndarray
    probability: np.ndarray
    inside: np.ndarray
    covered: np.ndarray
    stranger_probability: np.ndarray
    strange: np.ndarray
    """How strange each line is, and each stranger."""
    stranger_strange: np.ndarray


def crosswise(parts: int = 5) -> Crosswise:
    """Measure the hand-written sets with numbers that never saw the part they are measured on; a seller stays in one part."""
    known, strange, frame = lines(read("dev_lines.csv")), lines(read("dev_strangers.csv")), read("dev_lines.csv")
    keys = frame.select(pl.when(pl.col("merchant") != "").then("merchant").otherwise("description"))["merchant"].to_list()
    lot = np.array([zlib.crc32(key.encode()) % parts for key in keys])
    odd = np.arange(len(strange.rows)) % parts
    from phb_audit.classified.calibration import shipped_calibration

    name_alone = float(shipped_calibration().temperature[-1])
    size = len(known.rows)
    right, three, covered = (np.zeros(size, bool) for _ in range(3))
    probability, inside, strange_share = np.zeros(size), np.zeros(size, int), np.zeros(size)
    stranger, stranger_share = np.zeros(len(odd)), np.zeros(len(odd))
    for each in range(parts):
        found = calibrate(known.part(np.flatnonzero(lot != each)), strange.part(np.flatnonzero(odd != each)), name_alone)
        mine, theirs = np.flatnonzero(lot == each), np.flatnonzero(odd == each)
        here, there = known.part(mine), strange.part(theirs)
        shares, others = here.shares(found.temperature), there.shares(found.temperature)
        order = first_three(shares, reference(), np.full(len(mine), 0.5, np.float32))
        within = members(shares, order[:, 0], found.least_share[here.stratum])
        right[mine] = here.accepted[np.arange(len(mine)), order[:, 0]]
        three[mine] = np.take_along_axis(here.accepted, order, axis=1).any(axis=1)
        first = np.take_along_axis(shares, order[:, :1], axis=1)[:, 0]
        strange_share[mine] = found.strange_share(here.strangeness(shares))
        stranger_share[theirs] = found.strange_share(there.strangeness(others))
        probability[mine] = first * (1 - strange_share[mine])
        inside[mine], covered[mine] = within.sum(axis=1), (within & here.accepted).any(axis=1)
        stranger[theirs] = others.max(axis=1) * (1 - stranger_share[theirs])
    return Crosswise(right, three, probability, inside, covered, stranger, strange_share, stranger_share)


def report_dev() -> list[str]:
    """The hand-written development sets (DEV_SETS.md)."""
    told = crosswise()
    size = len(told.right)
    surest = np.argsort(-told.probability, kind="stable")[: round(0.7 * size)]
    low, high = drawn_again(told.stranger_probability, told.probability)
    least, most = drawn_again(told.strange, told.stranger_strange)
    return [
        f"dev, first {Score(told.right.sum(), size)}; in three {Score(told.three.sum(), size)}",
        f"dev, the 70% most sure: first {Score(told.right[surest].sum(), len(surest))}",
        f"dev, sets hold a right code {Score(told.covered.sum(), size)}; {told.inside.mean():.2f} codes a set",
        f"dev, strangers told apart by probability: AUROC {auroc(told.stranger_probability, told.probability):.3f} ({low:.3f}-{high:.3f})",
        f"dev, strangers told apart by how strange: AUROC {auroc(told.strange, told.stranger_strange):.3f} ({least:.3f}-{most:.3f})",
        f"dev, expected calibration error in ten parts: {calibration_error(told.probability, told.right):.3f}",
    ]


def auroc(low: np.ndarray, high: np.ndarray) -> float:
    """How often one of `low` is under one of `high`; ties count half."""
    return float((low[:, None] < high[None, :]).mean() + 0.5 * (low[:, None] == high[None, :]).mean())


def drawn_again(low: np.ndarray, high: np.ndarray, times: int = 1000) -> tuple[float, float]:
    """The middle 95% of the AUROC over sets drawn again with replacement."""
    draw = np.random.default_rng(1)
    found = [auroc(draw.choice(low, len(low)), draw.choice(high, len(high))) for _ in range(times)]
    return float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))


def calibration_error(probability: np.ndarray, right: np.ndarray, parts: int = 10) -> float:
    """Mean distance between probability and share right, over parts of equal width."""
    part = np.minimum((probability * parts).astype(int), parts - 1)
    return float(
        sum(abs(probability[part == each].mean() - right[part == each].mean()) * (part == each).mean() for each in np.unique(part))
    )


def report_blind() -> list[str]:
    """The hand-written set that was put away before anything was tuned."""
    frame = judged(pl.read_csv(FROZEN, infer_schema=False).with_columns(pl.all().fill_null("")))
    never = frame.filter(pl.col("category_code").str.starts_with("X"))
    return [
        *table("blind, all that is told", frame, "code"),
        *table("blind, without the merchant code", judged(frame.select("merchant", "description", "accepted", "code")), "code"),
        f"blind, precision where a never-allowed code is named: {score(never)}",
    ]


def speed(count: int = 200_000) -> list[str]:
    """Distinct made-up strings a second."""
    words = pl.read_csv(FROZEN, infer_schema=False).with_columns(pl.all().fill_null(""))
    rows = pl.DataFrame({"n": range(count)}).with_columns(k=pl.col("n") % words.height).join(words.with_row_index("k"), on="k")
    made = rows.select(merchant=pl.format("{} {}", "merchant", letters(pl.col("n"))), description="description", mcc="mcc")
    classify(made.head(1000))
    started = time.perf_counter()
    classify(made)
    taken = time.perf_counter() - started
    return [f"speed: {count:,} distinct strings in {taken:.1f} s: {count / taken:,.0f} a second"]


def letters(number: pl.Expr) -> pl.Expr:
    """A made-up surname for each number, so that every string is distinct once cleaned."""
    parts = [(number // 26**power % 26 + 65).cast(pl.UInt32) for power in range(4)]
    alphabet = {65 + place: chr(65 + place) for place in range(26)}
    return pl.concat_str([part.replace_strict(alphabet, return_dtype=pl.String) for part in parts])


def main() -> None:
    """Print every table that can be made here."""
    real = (
        [*report_cards(), *table("real purchases of holders", judged(purchases()), "category")] if REAL.exists() else ["no real lines here"]
    )
    sys.stdout.write("\n".join([*report_dev(), *report_blind(), *real, *speed()]) + "\n")


if __name__ == "__main__":
    main()
