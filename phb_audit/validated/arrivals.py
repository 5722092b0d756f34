"""Files and feeds as the gate sees them: what came, what was refused, who is late, and which feed is much smaller or larger than usual."""

from __future__ import annotations

from phb_audit.run import Run
from phb_audit.warehouse import sql

TABLES_OF_ARRIVALS = {"landed.files": "candidate_files", "landed.feeds": "candidate_feeds"}


def load_arrivals(run: Run) -> None:
    """Make the temporary tables `candidate_files` and `candidate_feeds` of tonight."""
    for table, name in TABLES_OF_ARRIVALS.items():
        frame = run.warehouse.frame(sql(__file__, f"arrived_{table.split('.')[1]}"), {"run_id": run.run_id})
        run.warehouse.execute_with(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM arrived", arrived=frame)
