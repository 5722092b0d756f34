"""Verdicts written down: `validated.checks`, and the stop where the night must not go on."""

from __future__ import annotations

import polars as pl

from phb_audit.errors import QualityGateStopped
from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.validated.gate import Verdict
from phb_audit.validated.suite import SENDER, Suite

CHECKS = TABLES["validated.checks"]


def check_rows(run: Run, suite: Suite, verdicts: dict[str, Verdict]) -> pl.DataFrame:
    """One row per expectation of the suite, as checked tonight."""
    rows = [
        {
            "run_id": run.run_id,
            "suite_name": suite.name,
            "expectation_name": one.name,
            "severity_code": one.severity_code,
            "reason": one.reason,
            "rule_ids": "|".join(one.rule_ids),
            "fix_owner": "the sender of the feed" if one.fix_owner == SENDER else one.fix_owner,
            "rows_checked": verdicts[one.name].rows_checked,
            "rows_failed": verdicts[one.name].rows_failed,
            "is_met": verdicts[one.name].is_met,
        }
        for one in suite.expectations
    ]
    return pl.DataFrame(rows, schema=CHECKS.polars_schema)


def require_no_stop(suite: Suite, verdicts: dict[str, Verdict]) -> None:
    """Raises QualityGateStopped naming the first expectation of severity 'stop' that is not met."""
    for one in suite.expectations:
        if one.severity_code == "stop" and not verdicts[one.name].is_met:
            rows = verdicts[one.name].rows_failed
            raise QualityGateStopped(
                f"The quality gate stopped the night at {suite.table}: {one.problem} ({rows} of {verdicts[one.name].rows_checked} rows, "
                f"expectation '{one.name}').",
                do=f"To be mended by {one.fix_owner if one.fix_owner != SENDER else 'the sender of the feed'}; then run the night again.",
            )
