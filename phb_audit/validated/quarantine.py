"""Refused rows: kept whole with the reason, tried again every night, and closed when they or their repair are admitted."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.validated.admission import Checked
from phb_audit.validated.problems import described
from phb_audit.validated.repairs import repaired
from phb_audit.validated.suite import SENDER
from phb_audit.warehouse import sql

QUARANTINE = TABLES["validated.quarantine"]
NOTICES = TABLES["validated.notices"]
FILE_NAMES = "(SELECT file_id, min(file_name) AS file_name FROM landed.files GROUP BY file_id)"


def reopen(run: Run) -> None:
    """Undo what an earlier try of this night did: its refusals go, and what it closed is open again."""
    run.warehouse.run("DELETE FROM validated.quarantine WHERE run_id = $run_id", {"run_id": run.run_id})
    run.warehouse.run(sql(__file__, "reopen"), {"run_id": run.run_id})


def owners_of_feeds(run: Run) -> dict[str, str]:
    """Who sends each feed, as landing wrote it down."""
    return dict(run.warehouse.frame("SELECT feed_code, max(owner) AS owner FROM landed.feeds GROUP BY feed_code ORDER BY feed_code").rows())


def failing_frame(run: Run, checked: Checked) -> pl.DataFrame:
    """One row per candidate that fails anything, with its columns, bits, file name and amount for the books."""
    pence = f"coalesce(c.{checked.step.pence}, 0)" if checked.step.pence else "0"
    return run.warehouse.frame(
        f"SELECT c.*, f.failed_bits, n.file_name, CAST({pence} AS BIGINT) AS books_pence FROM {checked.step.candidate_table} c "
        f"JOIN {checked.failing_table} f USING (row_id) LEFT JOIN {FILE_NAMES} n USING (file_id) "
        "ORDER BY n.file_name, c.line_number, c.row_id"
    )


def refuse(run: Run, checked: Checked, owners: dict[str, str]) -> None:
    """Keep tonight's refused rows; give those tried in vain their reason of tonight; close those that got through."""
    failing = failing_frame(run, checked)
    refused = described(failing, checked.suite, "quarantine", owners)
    fresh, again = refused.filter(~pl.col("is_retry")), refused.filter("is_retry")
    run.warehouse.write(QUARANTINE, _whole(run, checked, fresh))
    run.warehouse.execute_with(
        sql(__file__, "refused_again"), again=again.select("row_id", "reason_codes", "reason", "rule_ids", "fix_owner")
    )
    _close(run, f"SELECT row_id FROM {checked.step.candidate_table} c WHERE c.is_retry AND {checked.admitted_sql}", "readmitted")
    _close(run, f"SELECT row_id FROM {checked.overtaken_table}", "replaced")
    for rows in repaired(run, checked):
        _close(run, rows, "replaced")
    notices = described(failing.filter(~pl.col("row_id").is_in(refused["row_id"].implode())), checked.suite, "inform", owners)
    run.warehouse.write(
        NOTICES, notices.with_columns(run_id=pl.lit(run.run_id), table_name=pl.lit(checked.step.landed_name)).select(NOTICES.column_names)
    )


def _whole(run: Run, checked: Checked, fresh: pl.DataFrame) -> pl.DataFrame:
    """Tonight's refused rows as quarantine rows, each with its landed row as JSON."""
    table = checked.step.landed_name
    rows = run.warehouse.frame(
        f"SELECT l.row_id, CAST(to_json(l) AS VARCHAR) AS row FROM {table} l WHERE l.row_id IN (SELECT row_id FROM fresh)",
        fresh=fresh.select("row_id"),
    )
    account = pl.col("account_ref") if "account_ref" in fresh.columns and table != "landed.people" else pl.lit(None, pl.String)
    return (
        fresh.join(rows, on="row_id", how="left", maintain_order="left")
        .with_columns(
            run_id=pl.lit(run.run_id),
            table_name=pl.lit(table),
            file_name=pl.col("file_name").fill_null("unknown file"),
            account_id=account,
            amount_pence="books_pence",
            state_code=pl.lit("open"),
            closed_run_id=pl.lit(None, pl.String),
            fix_owner=pl.col("fix_owner").fill_null(SENDER),
        )
        .select(QUARANTINE.column_names)
    )


def _close(run: Run, rows: str, state: str) -> None:
    run.warehouse.run(
        f"UPDATE validated.quarantine SET state_code = $state, closed_run_id = $run_id WHERE state_code = 'open' AND row_id IN ({rows})",
        {"state": state, "run_id": run.run_id},
    )
