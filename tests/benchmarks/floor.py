"""Two floors: the least any engine must do with so many payment lines, and with everything a night publishes, on this machine, now."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import duckdb

TWELVE = """payment_id, account_id, holder_id, paid_on, posted_on, amount_pence, kind_code, is_spend,
    payee_text, description, mcc_code, balance_pence"""
TRIES = 3


def measured_floor(warehouse: Path, run_id: str, folder: Path) -> dict[str, float]:
    """Reading and writing the night's admitted lines as zstd Parquet of 12 columns.

    Returns `lines`, and the medians of the tries: `floor_seconds` by the clock and `floor_cpu_seconds` of the processor.
    """
    first = folder / "floor_in.parquet"
    with duckdb.connect(str(warehouse), read_only=True) as source:
        chosen = f"SELECT {TWELVE} FROM validated.payments WHERE run_id = '{run_id}'"
        source.execute(f"COPY ({chosen}) TO '{first}' (FORMAT parquet, COMPRESSION zstd)")
    lines, seconds, cpu = copied([first], folder / "floor_out.parquet")
    first.unlink()
    return {"lines": lines, "floor_seconds": seconds, "floor_cpu_seconds": cpu}


def whole_floor(published: Path, folder: Path) -> dict[str, float]:
    """Reading and writing every table a night published: `whole_rows`, `whole_floor_seconds` and `whole_floor_cpu_seconds`."""
    rows, seconds, cpu = copied(sorted(published.glob("*.parquet")), folder / "floor_out.parquet")
    return {"whole_rows": rows, "whole_floor_seconds": seconds, "whole_floor_cpu_seconds": cpu}


def copied(tables: list[Path], out: Path) -> tuple[int, float, float]:
    """Read each of the files and write it again; their rows, and the medians of the tries by the clock and of the processor."""
    taken: list[tuple[float, float]] = []
    with duckdb.connect() as connection:
        counts = [connection.execute(f"SELECT count(*) FROM '{table}'").fetchone() or (0,) for table in tables]
        for _ in range(TRIES):
            began, worked = time.perf_counter(), time.process_time()
            for table in tables:
                connection.execute(f"COPY (FROM '{table}') TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
            taken.append((time.perf_counter() - began, time.process_time() - worked))
    out.unlink(missing_ok=True)
    clock, cpu = (statistics.median(values) for values in zip(*taken, strict=True))
    return sum(rows for (rows,) in counts), clock, cpu
