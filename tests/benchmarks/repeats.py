"""How long the finder of copies takes beside a bare scan of the columns it reads: `python -m tests.benchmarks.repeats [LINES]`."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from phb_audit.detectors.repeats import counted
from phb_audit.warehouse import Warehouse, sql

LINES, LINES_A_HOLDER, TRIES = 10_000_000, 100, 3
SCAN = """SELECT max(payment_id), max(holder_id), max(paid_on), max(amount_pence), max(kind_code), max(payee_shown), max(payee_ref),
    max(payee_id), max(description) FROM matched.payments"""
DAYS = (date(2025, 1, 1), date(2026, 12, 31))


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Medians of the tries: seconds by the clock, and of the processor."""
    taken = []
    for _ in range(TRIES):
        began, worked = time.perf_counter(), time.process_time()
        act()
        taken.append((time.perf_counter() - began, time.process_time() - worked))
    clock, cpu = zip(*taken, strict=True)
    return statistics.median(clock), statistics.median(cpu)


def measured(lines: int, folder: Path) -> dict[str, float]:
    """`lines`, `pairs`, and seconds of the scan and of the finder (`scan`, `scan_cpu`, `finder`, `finder_cpu`)."""
    path = folder / "lines.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA matched")
        connection.execute(sql(__file__, "make_lines"), {"lines": lines, "holders": max(lines // LINES_A_HOLDER, 1)})
    warehouse = Warehouse(path, memory_limit="6GB", threads=2)
    try:
        pairs = counted(warehouse, *DAYS).height
        scan, scan_cpu = timed(lambda: warehouse.connection.execute(SCAN).fetchall())
        finder, finder_cpu = timed(lambda: counted(warehouse, *DAYS))
    finally:
        warehouse.close()
    return {"lines": lines, "pairs": pairs, "scan": scan, "scan_cpu": scan_cpu, "finder": finder, "finder_cpu": finder_cpu}


def in_words(told: dict[str, float]) -> str:
    """One paragraph."""
    clock, cpu = told["finder"] / max(told["scan"], 1e-9), told["finder_cpu"] / max(told["scan_cpu"], 1e-9)
    scan = f"a bare scan of the columns {told['scan']:.2f} s ({told['scan_cpu']:.2f} s of the processor)"
    finder = f"the finder {told['finder']:.2f} s ({told['finder_cpu']:.2f} s)"
    return f"{told['lines']:,.0f} lines, {told['pairs']:,.0f} pairs: {scan}, {finder}: {clock:.1f} times ({cpu:.1f} by the processor)."


def main(arguments: list[str]) -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(in_words(measured(int(arguments[0]) if arguments else LINES, Path(folder))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
