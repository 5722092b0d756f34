"""The floor: the least that any engine must do with so many payment lines, on this machine, now."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import duckdb

TWELVE = """payment_id, account_id, holder_id, paid_on, posted_on, amount_pence, kind_code, is_spend,
    payee_text, description, mcc_code, balance_pence"""
TRIES = 3


def floor_seconds(warehouse: Path, run_id: str, folder: Path) -> tuple[int, float]:
    """Lines the night admitted, and the median seconds of three tries at reading and writing them as zstd Parquet (12 columns)."""
    first, second = folder / "floor_in.parquet", folder / "floor_out.parquet"
    with duckdb.connect(str(warehouse), read_only=True) as source:
        chosen = f"SELECT {TWELVE} FROM validated.payments WHERE run_id = '{run_id}'"
        source.execute(f"COPY ({chosen}) TO '{first}' (FORMAT parquet, COMPRESSION zstd)")
    taken: list[float] = []
    with duckdb.connect() as connection:
        (lines,) = connection.execute(f"SELECT count(*) FROM '{first}'").fetchone() or (0,)
        for _ in range(TRIES):
            began = time.perf_counter()
            connection.execute(f"COPY (FROM '{first}') TO '{second}' (FORMAT parquet, COMPRESSION zstd)")
            taken.append(time.perf_counter() - began)
    first.unlink()
    second.unlink()
    return lines, statistics.median(taken)
