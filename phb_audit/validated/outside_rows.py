"""Suites over what is not typed here: files and feeds as they arrived, and the tables of later stages."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.validated.admission import require_agreement, verdicts_of
from phb_audit.validated.arrivals import TABLES_OF_ARRIVALS
from phb_audit.validated.bitmask import failing_rows, quoted
from phb_audit.validated.gate import Gate
from phb_audit.validated.problems import described
from phb_audit.validated.suite import Suite
from phb_audit.validated.verdicts import check_rows, require_no_stop

NOTICES = TABLES["validated.notices"]


def check_arrivals(run: Run, gate: Gate, suites: Mapping[str, Suite], owners: dict[str, str], checks: list[pl.DataFrame]) -> None:
    """Ask the suites of landed.files and landed.feeds, and note each file and feed that fails."""
    for table, candidates in TABLES_OF_ARRIVALS.items():
        suite = suites[table]
        run.warehouse.run(f"CREATE OR REPLACE TEMP TABLE failing_arrivals AS {failing_rows(suite, candidates)}")
        verdicts = verdicts_of(run, gate, suite, candidates)
        require_agreement(run, suite, verdicts, "failing_arrivals")
        checks.append(check_rows(run, suite, verdicts))
        require_no_stop(suite, verdicts)
        failing = run.warehouse.frame(
            f"SELECT c.*, f.failed_bits FROM {candidates} c JOIN failing_arrivals f USING (row_id) ORDER BY row_id"
        )
        noted = described(failing, suite, "inform", owners).with_columns(
            run_id=pl.lit(run.run_id), table_name=pl.lit(table), line_number=pl.lit(None, pl.Int64)
        )
        run.warehouse.write(NOTICES, noted.select(NOTICES.column_names))


def check_stage(run: Run, gate: Gate, suites: list[Suite]) -> None:
    """Ask the suites of a later stage's tables over the rows of tonight; store the verdicts, then stop where one must.

    A table without run_id is written anew each night: all its rows are tonight's.
    """
    for suite in suites:
        asked = ", ".join(map(quoted, columns_asked(suite)))
        tonight = {"run_id": run.run_id} if "run_id" in TABLES[suite.table].column_names else None
        rows = f"{suite.table} WHERE run_id = $run_id" if tonight else suite.table
        run.warehouse.run(f"CREATE OR REPLACE TEMP TABLE candidate_{suite.name} AS SELECT {asked} FROM {rows}", tonight)
        verdicts = verdicts_of(run, gate, suite, f"candidate_{suite.name}")
        with run.warehouse.transaction():
            run.warehouse.run(
                "DELETE FROM validated.checks WHERE run_id = $run_id AND suite_name = $suite", {"run_id": run.run_id, "suite": suite.name}
            )
            run.warehouse.write(TABLES["validated.checks"], check_rows(run, suite, verdicts))
        require_no_stop(suite, verdicts)
        run.warehouse.run(f"DROP TABLE candidate_{suite.name}")


def columns_asked(suite: Suite) -> list[str]:
    """The columns a suite asks about, its key first: the others need not be copied to be checked."""
    named = (name for one in suite.expectations for name in (*one.columns, *(only.column for only in one.where)))
    return list(dict.fromkeys([suite.key, *named]))
