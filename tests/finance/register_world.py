"""A made-up world's registers alone, through landing and the gate: enough for what finance asks of contracts, plans and budgets."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl

from expectations import all_suites
from phb_audit import landed, validated
from phb_audit.run import Run


def registers(run: Run, world: Path, code: str = "QZZ") -> Run:
    """The run with the world's `commissioner` and `plans` folders landed and admitted."""
    for name in ("commissioner", "plans"):
        shutil.copytree(world / code / name, run.inbox / name)
    landed.build(run)
    validated.build(run, all_suites())
    return run


def service_truth(world: Path) -> pl.DataFrame:
    """What the world says of its services by contract."""
    return pl.read_csv(world / "truth_contracts.csv", try_parse_dates=True, schema_overrides={"person_ref": pl.String})
