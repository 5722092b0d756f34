"""Measuring the finder of copies: `python -m tests.detectors.measure_repeats [FOLDER] [--write]`. Prints a table with Wilson intervals.

Copies are put into real card lines; what is found is judged on cards that taught nothing. FOLDER keeps the nights that read the
cards; `--write` learns from both streams whole and writes `phb_audit/detectors/repeats.json`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from phb_audit.detectors.repeats import APART, FEATURES, SAME_DAY, WEIGHTS, Weights, counted
from phb_audit.detectors.repeats_fit import Lessons, fit, is_copy, with_copies
from phb_audit.rules.limits import declared
from phb_audit.rules.statistical.paid_twice import find
from tests.classified.measure import Score
from tests.detectors.card_nights import ALL_DAYS, card_payments, warehouse_of

STREAMS = ("birmingham_pcard", "calderdale_pcard")
SHARES, SEEDS, HALVES = (0.005, 0.01, 0.02), (1, 2, 3), (0, 1)
FIRST = (100, 200)


def pairs(payments: pl.DataFrame, share: float, seed: int, folder: Path) -> pl.DataFrame:
    """Rows of `repeats.sql` of a stream with copies in it."""
    warehouse = warehouse_of(with_copies(payments, share, seed), folder)
    try:
        return counted(warehouse, *ALL_DAYS)
    finally:
        warehouse.close()


def half(rows: pl.DataFrame) -> pl.Series:
    """Which half of the cards a row's card is in: what is learned on one is judged on the other."""
    return pl.Series([zlib.crc32(holder.encode()) % 2 for holder in rows["holder_id"]], dtype=pl.Int64)


def told(rows: pl.DataFrame, teachers: dict[int, Weights]) -> pl.DataFrame:
    """The rows with `copy_share`, each by the weights learned on the other half of the cards; and whether they are copies."""
    halves = half(rows)
    parts = [rows.filter(halves == number) for number in HALVES]
    scored = pl.concat([part.with_columns(teachers[1 - number].share(part)) for number, part in zip(HALVES, parts, strict=True)])
    return scored.with_columns(is_copy=pl.Series(is_copy(scored))).sort(["copy_share", "payment_id"], descending=[True, False])


def taught(rows: pl.DataFrame) -> dict[int, Weights]:
    """Weights learned on each half of the cards."""
    halves = half(rows)
    return {number: fit(Lessons.of(rows.filter(halves == number))) for number in HALVES}


def average_precision(found: pl.DataFrame, copies: int) -> float:
    """Mean precision at each copy found, over all copies that were put in."""
    hits = found["is_copy"].to_numpy().astype(float)
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1) * hits).sum() / max(copies, 1))


def card_months(payments: pl.DataFrame) -> int:
    """How many months of how many cards the stream has."""
    return payments.select("holder_id", pl.col("paid_on").dt.truncate("1mo")).unique().height


@dataclass(frozen=True)
class Draw:
    """One draw of copies, judged."""

    found: pl.DataFrame
    copies: int


def row(name: str, draws: list[Draw], months: int) -> str:
    """One line of the table: draws together."""
    limits = declared(find)
    is_told = (pl.col("copy_share") >= limits["least_share"]) & (pl.col("amount_pence") >= limits["least_pence"])
    first = [str(Score(sum(float(one.found.head(most)["is_copy"].sum()) for one in draws), most * len(draws))) for most in FIRST]
    asked = pl.concat([one.found.filter(is_told) for one in draws])
    right = Score(float(asked["is_copy"].sum()), asked.height)
    mean = sum(average_precision(one.found, one.copies) for one in draws) / len(draws)
    caught = Score(right.right, sum(one.copies for one in draws))
    honest = 100 * (right.of - right.right) / (months * len(draws))
    return f"| {name} | {draws[0].copies} | {' | '.join(first)} | {mean:.2f} | {caught} | {right} | {honest:.2f} |"


def measure(streams: dict[str, pl.DataFrame], folder: Path) -> None:
    """Print the table, three draws a line."""
    heads = ["stream, copies in it", "copies a draw", *(f"right of the first {most}" for most in FIRST), "average precision"]
    print("|", " | ".join([*heads, "copies told", "right of what is told", "honest repeats told for 100 cards a month"]), "|")  # noqa: T201
    print("|---" * (len(heads) + 3) + "|")  # noqa: T201
    for name, payments in streams.items():
        purchases = payments.filter((pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0)).height
        for share in SHARES:
            found = (pairs(payments, share, seed, folder) for seed in SEEDS)
            draws = [Draw(told(rows, taught(rows)), round(purchases * share)) for rows in found]
            print(row(f"{name}, {share:.1%}", draws, card_months(payments)), flush=True)  # noqa: T201


def write(streams: dict[str, pl.DataFrame], folder: Path) -> None:
    """Learn from both streams whole, three draws of one copy in a hundred, and write the weights with their card."""
    lessons = [Lessons.of(pairs(payments, 0.01, 100 + seed, folder)) for payments in streams.values() for seed in SEEDS]
    values, same, copied = (
        np.concatenate(parts) for parts in zip(*((one.values, one.is_same_day, one.is_copy) for one in lessons), strict=True)
    )
    weights = fit(Lessons(values, same, copied))
    card = {
        "taught_by": f"copies put into public card lines of two councils ({', '.join(streams)}; Open Government Licence), one in a hundred",
        "pairs": len(copied),
        "copies": int(copied.sum()),
        "features": list(FEATURES),
        "judged": "docs/reference/measurements.md, `python -m tests.detectors.measure_repeats`",
        "not_for": "a decision: what it says orders and informs, and a named person decides",
    }
    told = {"card": card, SAME_DAY: dict(weights.same_day), APART: dict(weights.apart)}
    WEIGHTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Measure, or learn and write."""
    folders = [argument for argument in arguments if not argument.startswith("--")]
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folders[0] if folders else folder)
        streams = {name: card_payments(name, kept) for name in STREAMS}
        if "--write" in arguments:
            write(streams, Path(folder))
        else:
            measure(streams, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
