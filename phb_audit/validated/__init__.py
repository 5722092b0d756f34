"""Validated: landed rows typed and admitted, or refused whole with the reason.

`build` is the stage; `check_afterwards` asks the suites of later stages' tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from phb_audit.errors import QualityGateStopped
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables import TABLES
from phb_audit.validated import (
    budgets,
    contracts,
    council_claims,
    holder_events,
    instalments,
    monitoring_returns,
    outcome_records,
    pay_slips,
    payments,
    people,
    plan_lines,
    plan_outcomes,
    plans,
    receipts,
    support_records,
    visits,
)
from phb_audit.validated.admission import admit, books, check, forget
from phb_audit.validated.arrivals import load_arrivals
from phb_audit.validated.gate import Gate
from phb_audit.validated.held_back import hold_back
from phb_audit.validated.latest import make_room, restore
from phb_audit.validated.outside_rows import check_arrivals, check_stage
from phb_audit.validated.quarantine import owners_of_feeds, refuse, reopen
from phb_audit.validated.reference import load_reference
from phb_audit.validated.stand_ins import stand_in
from phb_audit.validated.suite import Suite, Value
from phb_audit.validated.verdicts import check_rows, require_no_stop
from phb_audit.warehouse import sql

# In this order, since plans must stand before their lines, and budgets before everything that names a holder.
STEPS = (
    budgets.STEP,
    people.STEP,
    plans.STEP,
    plan_outcomes.STEP,
    plan_lines.STEP,
    holder_events.STEP,
    instalments.STEP,
    payments.STEP,
    receipts.STEP,
    pay_slips.STEP,
    support_records.STEP,
    visits.STEP,
    monitoring_returns.STEP,
    contracts.STEP,
    council_claims.STEP,
    outcome_records.STEP,
)
CHECKS = TABLES["validated.checks"]

__all__ = ["STEPS", "build", "check_afterwards"]


def build(run: Run, suites: Iterable[Suite]) -> StageTotals:
    """Take tonight's landed rows, and refused ones of earlier nights, through the gate.

    The books count rows of every landed table, and pence of payments (signed) and instalments; an amount that cannot be read is 0.
    Raises QualityGateStopped where an expectation of severity 'stop' fails (its verdict is stored, nothing is admitted), and
    BooksDoNotBalance.
    """
    settled = {suite.table: suite.settled(_known(run)) for suite in suites}
    checks: list[pl.DataFrame] = []
    try:
        with run.warehouse.transaction():
            totals = _validate(run, settled, checks)
            run.warehouse.replace_run(CHECKS, run.run_id, pl.concat(checks))
    except QualityGateStopped:
        with run.warehouse.transaction():
            run.warehouse.replace_run(CHECKS, run.run_id, pl.concat(checks) if checks else CHECKS.polars_schema.to_frame())
        raise
    answer = StageTotals("validated", tuple(totals))
    run.keep_books(answer)
    return answer


def _validate(run: Run, suites: Mapping[str, Suite], checks: list[pl.DataFrame]) -> list[Total]:
    restore(run, STEPS)
    reopen(run)
    run.warehouse.run("DELETE FROM validated.notices WHERE run_id = $run_id", {"run_id": run.run_id})
    load_reference(run)
    load_arrivals(run)
    owners = owners_of_feeds(run)
    totals: list[Total] = []
    with Gate(run.warehouse.connection) as gate:
        check_arrivals(run, gate, suites, owners, checks)
        for step in STEPS:
            suite = suites[step.landed_name]
            checked = check(run, gate, step, suite)
            checks.append(check_rows(run, suite, checked.verdicts))
            require_no_stop(suite, checked.verdicts)
            make_room(run, checked)
            admit(run, checked)
            refuse(run, checked, owners)
            totals += books(run, checked)
            forget(run, checked)
            if step is budgets.STEP and run.stand_in_holders:
                stand_in(run)
    run.warehouse.run(sql(__file__, "credits_now_agreed"), {"run_id": run.run_id})
    hold_back(run, STEPS)
    return totals


def check_afterwards(run: Run, suites: Iterable[Suite], schema: str) -> None:
    """Post-conditions of a later stage: run its suites over tonight's rows of `schema` and store the verdicts.

    The books count rows of every landed table, and pence of payments (signed) and instalments; an amount that cannot be read is 0.
    Raises QualityGateStopped where one of severity 'stop' fails.
    """
    settled = [suite.settled(_known(run)) for suite in suites if suite.table.split(".")[0] == schema]
    with Gate(run.warehouse.connection) as gate:
        check_stage(run, gate, settled)


def _known(run: Run) -> dict[str, Value]:
    return {"as_of": run.as_of, "run_id": run.run_id}
