"""Registers of more rows than DuckDB keeps in one group: every row is found by what it says, in the same night and the next."""

from __future__ import annotations

import polars as pl
import pytest

from expectations import all_suites
from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.validated import build
from tests.builders import fill, rows
from tests.validated import small_world as a
from tests.validated.test_build import next_night

PLANS = 130_000


def register(run: Run, first: str, approver: str) -> None:
    """So many plans of the one holder, approved by `approver`, and an outcome of the first; row ids begin with `first`."""
    one = rows("landed.plans", a.plan(run_id=run.run_id, approver_role_text=approver))
    many = pl.concat([one] * PLANS).with_columns(number=pl.int_range(PLANS).cast(pl.String))
    named = many.with_columns(row_id=pl.format(f"{first}{{}}", "number"), plan_ref_text=pl.format("PL{}", "number")).drop("number")
    run.warehouse.write(TABLES["landed.plans"], named)
    fill(run, {"landed.plan_outcomes": [a.outcome(f"{first}outcome", plan_ref_text="PL0")], "landed.files": [a.landed_file()]})


def count(run: Run, question: str) -> int:
    return run.warehouse.frame(question).item()


@pytest.mark.timeout(120)
def test_a_large_register_is_read_by_its_outcomes_and_taken_over_whole_by_the_next(run: Run) -> None:
    fill(run, {"landed.budgets": [a.budget()]})
    register(run, "old", "nurse")
    build(run, all_suites())
    assert count(run, "SELECT count(*) FROM validated.quarantine") == 0
    assert count(run, "SELECT count(*) FROM validated.plans WHERE approver_role = 'nurse'") == PLANS
    assert count(run, "SELECT count(*) FROM validated.plan_outcomes") == 1

    november = next_night(run, 30)
    register(november, "new", "panel")
    for _ in range(2):  # and once more: what was replaced is put back first
        build(november, all_suites())
        assert count(run, "SELECT count(*) FROM validated.plans WHERE approver_role = 'panel'") == PLANS
        assert count(run, "SELECT count(*) FROM validated.plans WHERE approver_role = 'nurse'") == 0
        assert count(run, "SELECT count(*) FROM validated.replaced WHERE table_name = 'validated.plans'") == PLANS
        assert count(run, "SELECT count(*) FROM validated.quarantine") == 0
