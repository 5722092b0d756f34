"""The floor: the least that any engine must do with so many payment lines, on this machine, now."""

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
    first, second = folder / "floor_in.parquet", folder / "floor_out.parquet"
    with duckdb.connect(str(warehouse), read_only=True) as source:
        chosen = f"SELECT {TWELVE} FROM validated.payments WHERE run_id = '{run_id}'"
        source.execute(f"COPY ({chosen}) TO '{first}' (FORMAT parquet, COMPRESSION zstd)")
    taken: list[tuple[float, float]] = []
    with duckdb.connect() as connection:
        (lines,) = connection.execute(f"SELECT count(*) FROM '{first}'").fetchone() or (0,)
        for _ in range(TRIES):
            began, worked = time.perf_counter(), time.process_time()
            connection.execute(f"COPY (FROM '{first}') TO '{second}' (FORMAT parquet, COMPRESSION zstd)")
            taken.append((time.perf_counter() - began, time.process_time() - worked))
    first.unlink()
    second.unlink()
    clock, cpu = (statistics.median(values) for values in zip(*taken, strict=True))
    return {"lines": lines, "floor_seconds": clock, "floor_cpu_seconds": cpu}
