"""Files with no people in them: an account, or a person no register names, stands in for its own holder when the run says so."""

from __future__ import annotations

from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.warehouse import sql


def stand_in(run: Run) -> None:
    """Give every account and person of tonight's rows that the register lacks a budget that says 'none on file'."""
    frame = run.warehouse.frame(sql(__file__, "stand_ins"), {"run_id": run.run_id})
    run.warehouse.write(TABLES["validated.budgets"], frame)
