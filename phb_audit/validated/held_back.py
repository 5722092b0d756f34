"""Holders held back: those a refused row touches. Everyone else's night goes on."""

from __future__ import annotations

from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.validated.steps import Step
from phb_audit.warehouse import sql


def hold_back(run: Run, steps: tuple[Step, ...]) -> None:
    """Write `validated.held_back`: one row per holder and feed with open refused rows of a table that judges spending."""
    names = [step.landed_name for step in steps if step.holds_back]
    frame = run.warehouse.frame(sql(__file__, "held_back"), {"run_id": run.run_id, "tables": names})
    run.warehouse.replace_run(TABLES["validated.held_back"], run.run_id, frame)
