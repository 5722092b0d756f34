"""detected.histories and detected.peers: what stood before each spend line, kept up night by night for those whom tonight touched.

A line matched tonight can change only what stands before later lines of the same holder, and what others had paid before the months after
it: from its day on the holder is looked at again, from its month on the peers. So a night over all files, and many nights over the same
files in pieces, leave the same rows.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.run import Run
from phb_audit.tables.detected import HISTORIES, PEERS
from phb_audit.warehouse import Warehouse, sql

REFERENCE_DAYS = 365
REFERENCE_LINES = 10_000


def keep_up(run: Run) -> None:
    """Bring both tables up to tonight, in one transaction."""
    warehouse = run.warehouse
    with warehouse.transaction():
        warehouse.run(sql(__file__, "looked_at"), {"run_id": run.run_id})
        warehouse.run(sql(__file__, "drop_histories"))
        warehouse.run(f"INSERT INTO {HISTORIES.name} BY NAME {sql(__file__, 'histories')}")
        first_on = warehouse.frame(sql(__file__, "first_looked_at")).item()
        if first_on is not None:
            months = {"from_on": first_on, "to_on": run.as_of}
            warehouse.run(f"DELETE FROM {PEERS.name} WHERE month_on >= $from_on", {"from_on": first_on})
            warehouse.run(f"INSERT INTO {PEERS.name} BY NAME {sql(__file__, 'peers')}", months)


def reference_ids(warehouse: Warehouse, from_on: date, to_on: date) -> pl.DataFrame:
    """payment_id of the lines that say what is usual: at most `REFERENCE_LINES`, the same whatever order the lines came in."""
    return warehouse.frame(sql(__file__, "reference"), {"from_on": from_on, "to_on": to_on, "most": REFERENCE_LINES})


def seen(warehouse: Warehouse, asked: pl.DataFrame) -> pl.DataFrame:
    """What features are made of, one row per spend line in `asked` (payment_id)."""
    return warehouse.frame(sql(__file__, "seen"), asked=asked)
