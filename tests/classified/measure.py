"""Measuring the classifier on lines that did not teach it: `python -m tests.classified.measure`. Prints a table with Wilson intervals.

Nothing here is learned from; docs/reference/classifying.md holds the table this printed.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from phb_audit.classified.classifier import classify
from phb_audit.settings import shipped
from tests.classified.real_lines import REAL, calderdale, purchases, wakefield

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


def report_real() -> list[str]:
    """Real merchants by whether the name is in merchants.csv, suppliers of care, and purchases holders really made."""
    frame = judged(calderdale())
    known = frame.filter(pl.col("how_code") == "memory")
    unknown = frame.filter(pl.col("how_code") != "memory")
    one_kind = unknown.filter(pl.col("accepted") != "M04")
    on_lines = f"calderdale, lines: first {score(frame, weight='lines')}; in three {score(frame, 'is_right_in_three', 'lines')}"
    return [
        *table("calderdale, distinct merchants", frame, "category"),
        on_lines,
        *table("calderdale, merchants answered from merchants.csv", known, "category"),
        *table("calderdale, merchants answered from the look of the name", unknown, "category"),
        *table("the same, shops of many kinds left out", one_kind, "category"),
        *table("wakefield, suppliers", judged(wakefield()), "category"),
        *table("real purchases of holders", judged(purchases()), "category"),
    ]


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
    lines = [*(report_real() if REAL.exists() else ["no real lines here"]), *report_blind(), *speed()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
