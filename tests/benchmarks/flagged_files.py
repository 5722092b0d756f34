"""How long a report of many flagged items takes, in every format, and how much memory: `python -m tests.benchmarks.flagged_files [ITEMS]`.

A ratio, so that it holds on any machine: beside each time stands that of writing the same cells to a plain CSV with the standard library.
Each format runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from phb_audit.night import Run
from phb_audit.reports.flagged_files import WRITERS
from phb_audit.reports.flagged_items import build_report
from phb_audit.reports.flagged_list import COLUMNS, flagged_list
from phb_audit.tables import TABLES
from tests.builders import AS_OF, fill, make_run, rows
from tests.reports.flagged_world import case, flag, payment

ITEMS = 10_000
RULES = ("P-02", "E-01", "A-13", "L-01", "G-01")
FORMATS = ("html", *WRITERS)


def many(run: Run, items: int) -> Run:
    """A night with so many cases, two flags each."""
    people = [f"H{number:05d}a0b1c2d3e4f" for number in range(max(items // 5, 1))]
    cases, flags, payments = [], [], []
    for place in range(items):
        who, day = people[place % len(people)], AS_OF - timedelta(days=place % 90)
        told = {"payment_id": f"P{place}", "holder_id": who, "subject_on": day, "at_stake_pence": 10_00 + place}
        cases.append(
            case(f"c{place:05d}", f"F{place:08d}", place + 1, f"Shop number {place}, a payee of usual length", **told)
            | {"priority_code": ("high", "medium", "low", "low")[place % 4], "holder_shown": f"PHB-{who[1:7].upper()}"}
        )
        for number in range(2):
            rule = RULES[(place + number) % len(RULES)]
            flags.append(flag(f"f{place}x{number}", f"c{place:05d}", rule, f"Title of {rule}", **told))
        payments.append(payment(f"P{place}", who, f"Shop number {place}", 10_00 + place, paid_on=day))
    for name, given in {"flagged.cases": cases, "flagged.findings": flags, "matched.payments": payments}.items():
        with_run = [{"run_id": run.run_id, **row} for row in given]
        run.warehouse.write(TABLES[name], rows(name, *with_run))
    return fill(run, {"nights.runs": [{"commissioner_code": "QZZ", "as_of_on": date(2026, 10, 31), "state_code": "published"}]})


def one(home: Path, kind: str) -> dict[str, float]:
    """Seconds, peak MiB and the size of one format, made in this process from the night below `home`."""
    run = make_run(home)
    started = time.perf_counter()
    if kind == "html":
        path = build_report(run)
    else:
        path = home / f"list.{kind}"
        WRITERS[kind](flagged_list(run), path)
    taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    floor = timed(lambda: csv.writer(io.StringIO()).writerows(flagged_list(run).items.select(*COLUMNS).iter_rows()))
    return {"seconds": round(taken, 2), "floor_seconds": round(floor, 3), "peak_mib": round(peak), "kib": round(path.stat().st_size / 1024)}


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Make the night once, then each format in a process of its own, and print a table."""
    if len(sys.argv) > 2:
        sys.stdout.write(json.dumps(one(Path(sys.argv[1]), sys.argv[2])) + "\n")
        return
    items = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    with tempfile.TemporaryDirectory() as folder:
        run = many(make_run(Path(folder)), items)
        run.warehouse.close()
        found = []
        for kind in FORMATS:
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.flagged_files", folder, kind], check=True, capture_output=True, text=True
            )
            found.append({"format": kind, **json.loads(done.stdout.splitlines()[-1])})
    table = pl.DataFrame(found).with_columns(times_the_floor=(pl.col("seconds") / pl.col("floor_seconds")).round(1))
    sys.stdout.write(f"{items:,} items\n")
    for row in table.iter_rows(named=True):
        sys.stdout.write("  ".join(f"{name} {value}" for name, value in row.items()) + "\n")


if __name__ == "__main__":
    main()
