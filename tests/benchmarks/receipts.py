"""Receipts matched to payments on made-up worlds at three levels of dirt: `python -m tests.benchmarks.receipts --seed 91`.

Prints a Markdown table; the stages up to matching are run, nothing else.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.nightly import run_stage
from phb_audit.assurance.receipts_judged import judge_receipts, true_pairs
from phb_audit.night import Night, begin
from phb_audit.synthetic.paper_dirt import LEVELS
from phb_audit.synthetic.world import LAST_DAY, make_world
from phb_audit.warehouse import Warehouse, sql

STAGES = ("landed", "validated", "decided", "classified", "matched")


def measure(level: str, seed: int, holders: int, keep: Path | None = None) -> dict[str, Any]:
    """One world at one level, through matching."""
    with TemporaryDirectory(prefix="phb-audit-receipts-") as folder:
        world = (keep or Path(folder)) / f"{level}-{seed}"
        make_world(holders=holders, months=12, seed=seed, out=world, papers=level)
        night = Night("QZZ", LAST_DAY, world / "QZZ", world / "home")
        with night.opened() as run:
            begin(run)
        seconds = 0.0
        for stage in STAGES:
            began = time.monotonic()
            run_stage(night, stage)
            seconds = time.monotonic() - began
        warehouse = Warehouse(world / "home" / "warehouse" / "QZZ" / "night.duckdb", read_only=True)
        try:
            links = warehouse.frame(sql(str(Path(sys.modules[judge_receipts.__module__].__file__ or "")), "receipt_links"))
            return {"level": level, "seconds": seconds, **judge_receipts(true_pairs(world, "QZZ", warehouse), links)}
        finally:
            warehouse.close()


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=91)
    asked.add_argument("--holders", type=int, default=300)
    asked.add_argument("--levels", nargs="*", default=list(LEVELS))
    asked.add_argument("--keep", type=Path)
    given = asked.parse_args()
    rows = [measure(level, given.seed, given.holders, given.keep) for level in given.levels]
    sys.stdout.write("\n".join(in_words(rows)) + "\n")


def in_words(rows: list[dict[str, Any]]) -> list[str]:
    """Two kinds of Markdown tables: one line a level, and the confusion of each."""
    heads = ("papers", "true pairs", "linked", "precision", "recall", "linked or offered", "ties", "wrong (another, none)", "seconds")
    lines = [f"| {' | '.join(heads)} |", "|---|---:|---:|---|---|---|---:|---|---:|"]
    for row in rows:
        shares = [_share(row[name]) for name in ("precision", "recall", "recall_with_open")]
        wrong = f"{row['wrong_with_another_receipt']}, {row['wrong_without_any']}"
        cells = [row["level"], row["true_pairs"], row["linked"], *shares, row["open_groups"], wrong, f"{row['seconds']:.1f}"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    columns = ("one", "split", "combined", "open", "missed")
    for row in rows:
        lines += ["", f"{row['level']}: true kind against what was linked", "", f"| | {' | '.join(columns)} |"]
        lines.append("|---|---:|---:|---:|---:|---:|")
        lines += [f"| {line['kind']} | {' | '.join(str(line[code]) for code in columns)} |" for line in row["confusion"]]
    return lines


def _share(found: dict[str, float]) -> str:
    return f"{found['value']:.4f} ({found['low']:.4f}-{found['high']:.4f})"


if __name__ == "__main__":
    main()
