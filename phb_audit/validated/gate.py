"""The quality gate: suites run by Great Expectations on the night's own DuckDB connection.

The only module that imports Great Expectations (with `gate_dialect` and `gate_expectations`, which are part of it); the import takes
some six seconds, so it is made inside the functions. What comes back is counts: Great Expectations never sees the quarantine.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

import duckdb

from phb_audit.validated.bitmask import failing
from phb_audit.validated.suite import Expectation, Only, Severity, Suite

GX_SEVERITY: dict[Severity, str] = {"stop": "critical", "quarantine": "warning", "inform": "info"}
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
GX_NAMES = {
    "columns": "ExpectTableColumnsToMatchSet",
    "filled": "CountOfNull",
    "unique": "CountOfRepeated",
    "one_of": "CountOutsideSet",
    "between": "CountOutsideLimits",
    "matching": "CountNotMatching",
    "not_matching": "CountMatching",
    "in_order": "CountOutOfOrder",
    "known_in": "CountWhere",
    "holds": "CountWhere",
}


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations found of one expectation: rows of the table, and rows that failed."""

    rows_checked: int
    rows_failed: int
    is_met: bool


class Gate:
    """Great Expectations on one open DuckDB connection. Use as a context manager; opening it takes the import."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.name = f"night_{id(connection)}"

    def __enter__(self) -> Gate:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own dependencies' deprecations are not ours to mend
            import great_expectations as gx

            from phb_audit.validated import gate_dialect, gate_expectations

            logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)  # it tells of its folder
            gate_dialect.SHARED[self.name] = self.connection
            self._shared, self._columns = gate_dialect.SHARED, gate_dialect.COLUMNS
            context = gx.get_context(mode="ephemeral")
            context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
            self._gx, self._expectations = gx, gate_expectations
            self._source: Any = context.data_sources.add_duckdb(self.name, connection_string=f"duckdb:///{self.name}")
        return self

    def __exit__(self, *problem: object) -> None:
        self._shared.pop(self.name, None)

    def check(self, suite: Suite, table: str) -> dict[str, Verdict]:
        """Verdicts by expectation name. The suite must be settled; the table may be a temporary one."""
        rows = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        self._columns.clear()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            asked = self._gx.ExpectationSuite(name=suite.name, expectations=[self._expectation(one) for one in suite.expectations])
            schema, _, name = table.rpartition(".")
            asset = self._source.add_table_asset(f"{suite.name}_{table}", table_name=name, schema_name=schema or None)
            batch = asset.get_batch(asset.build_batch_request())
            answers = batch.validate(asked, result_format=COUNTS_ONLY)
            self._source.delete_asset(asset.name)
        return {answer.expectation_config.meta["name"]: _verdict(answer, rows[0] if rows else 0) for answer in answers.results}

    def _expectation(self, expectation: Expectation) -> Any:
        name = GX_NAMES[expectation.kind]
        made = getattr(self._expectations, name, None) or getattr(self._gx.expectations, name)
        more: dict[str, Any] = {"severity": GX_SEVERITY[expectation.severity_code], "meta": {"name": expectation.name}}
        condition = self._row_condition(expectation.where)
        if condition is not None and expectation.kind not in ("known_in", "holds"):
            more["row_condition"] = condition
        return made(**_asked(expectation), **more)

    def _row_condition(self, where: tuple[Only, ...]) -> Any:
        from great_expectations.expectations.row_conditions import Column

        parts = [Column(only.column).is_in(only.values) if only.values else Column(only.column).is_not_null() for only in where]
        if not parts:
            return None
        return reduce(and_, parts)


def _asked(expectation: Expectation) -> Mapping[str, Any]:
    given, columns = expectation.parameters, expectation.columns
    if expectation.kind == "columns":
        return {"column_set": list(columns), "exact_match": False}
    if expectation.kind == "in_order":
        return {"column_A": columns[1], "column_B": columns[0], "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    if expectation.kind in ("known_in", "holds"):
        return {"words": failing(expectation)}
    names = {"values": "value_set", "least": "min_value", "most": "max_value", "pattern": "regex"}
    return {"column": columns[0], **{names[name]: list(value) if isinstance(value, tuple) else value for name, value in given.items()}}


def _verdict(answer: Any, rows: int) -> Verdict:
    result = answer.result
    if not result:
        raise RuntimeError(
            f"Great Expectations could not ask '{answer.expectation_config.meta['name']}': {_problem(answer.exception_info)}"
        )
    if "unexpected_count" in result:
        return Verdict(rows, int(result["unexpected_count"] or 0), bool(answer.success))
    mismatched = (result.get("details") or {}).get("mismatched", {}).get("missing", [])
    observed = result.get("observed_value")
    failed = observed if isinstance(observed, int) else len(mismatched)
    return Verdict(rows, failed, bool(answer.success))


def _problem(told: Mapping[str, Any]) -> str:
    """The first line of the first exception it met: the SQL error, without rows."""
    problems = [told] if "exception_message" in told else list(told.values())
    return next((str(problem["exception_message"]).splitlines()[0] for problem in problems if problem.get("raised_exception")), "no reason")
