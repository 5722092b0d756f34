"""One landed table through the gate: read, typed, checked, and what is good written to the validated tables.

The statements here are made from the table descriptions, since they are the same for every table; no value is ever written into one.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from phb_audit.errors import QualityGateStopped
from phb_audit.run import Run, Total
from phb_audit.validated.bitmask import failing_rows
from phb_audit.validated.gate import Gate, Verdict
from phb_audit.validated.problems import columns_in
from phb_audit.validated.steps import Part, Step
from phb_audit.validated.suite import Suite
from phb_audit.validated.whole_rows import from_json
from phb_audit.warehouse import sql

ROWS_AT_ONCE = 2_000_000
PROVENANCE = ("row_id", "landed_run_id", "file_id", "line_number", "feed_code", "is_retry", "holder_ref", "account_ref")


@dataclass(frozen=True)
class Checked:
    """A table after the gate: its candidates and failing rows stand in temporary tables; the verdicts by expectation."""

    step: Step
    suite: Suite
    verdicts: dict[str, Verdict]

    @property
    def refusing_bits(self) -> int:
        """The bits whose expectations refuse a row."""
        return sum(1 << place for place, one in enumerate(self.suite.by_row) if one.severity_code == "quarantine")

    @property
    def failing_table(self) -> str:
        """Temporary table of the rows that fail anything: row_id, failed_bits."""
        return f"failing_{self.step.short_name}"

    @property
    def overtaken_table(self) -> str:
        """Temporary table of the rows a later row takes the place of: row_id."""
        return f"overtaken_{self.step.short_name}"

    @property
    def admitted_sql(self) -> str:
        """The condition on a candidate `c` that is admitted."""
        return (
            f"c.row_id NOT IN (SELECT row_id FROM {self.failing_table} WHERE failed_bits & {self.refusing_bits} <> 0) "
            f"AND c.row_id NOT IN (SELECT row_id FROM {self.overtaken_table})"
        )


def check(run: Run, gate: Gate, step: Step, suite: Suite) -> Checked:
    """Type tonight's rows and those tried again, ask both Great Expectations and the bit mask, and insist that they agree."""
    load_candidates(run, step, suite)
    run.warehouse.run(f"CREATE OR REPLACE TEMP TABLE failing_{step.short_name} AS {failing_rows(suite, step.candidate_table)}")
    checked = Checked(step, suite, verdicts_of(run, gate, suite, step.candidate_table))
    require_agreement(run, suite, checked.verdicts, checked.failing_table)
    mark_overtaken(run, checked)
    return checked


def verdicts_of(run: Run, gate: Gate, suite: Suite, table: str) -> dict[str, Verdict]:
    """Great Expectations' verdicts; of an empty table nothing need be asked."""
    rows = run.warehouse.frame(f"SELECT count(*) AS rows_count FROM {table}").item()
    if rows == 0:
        return {expectation.name: Verdict(0, 0, True) for expectation in suite.expectations}
    return gate.check(suite, table)


def require_agreement(run: Run, suite: Suite, verdicts: dict[str, Verdict], failing_table: str) -> None:
    """The rows named must be as many as Great Expectations counted, expectation by expectation; else the night stops."""
    bits = run.warehouse.frame(f"SELECT failed_bits, count(*) AS rows_count FROM {failing_table} GROUP BY ALL").rows()
    for place, expectation in enumerate(suite.by_row):
        named = sum(rows for mask, rows in bits if mask >> place & 1)
        counted = verdicts[expectation.name].rows_failed
        if named != counted:
            raise QualityGateStopped(
                f"The two ways of counting '{expectation.name}' in {suite.table} disagree: {counted} and {named} rows.",
                do="This is a fault of the program: report it, and keep the files of this night.",
            )


def load_candidates(run: Run, step: Step, suite: Suite) -> None:
    """Type the landed rows into the step's temporary table, `ROWS_AT_ONCE` at a time."""
    counted = run.warehouse.frame(f"SELECT count(*) FROM {step.landed_name} WHERE run_id = $run_id", {"run_id": run.run_id}).item()
    parts = int(counted) // ROWS_AT_ONCE + 1
    for part in range(parts):
        typed = step.candidates(run, landed_rows(run, step, part, parts))
        wanted = list(dict.fromkeys([*PROVENANCE, *wanted_columns(step, suite)]))
        kept = typed.select(name for name in wanted if name in typed.columns)
        start = f"CREATE OR REPLACE TEMP TABLE {step.candidate_table} AS" if part == 0 else f"INSERT INTO {step.candidate_table}"
        run.warehouse.execute_with(f"{start} SELECT * FROM typed_rows", typed_rows=kept)


def wanted_columns(step: Step, suite: Suite) -> list[str]:
    """What the validated tables, the books and the suite need of a candidate."""
    stored = [column for part in step.parts for column in (*part.table.column_names, part.where) if column not in ("run_id", "")]
    asked = [
        column for one in suite.expectations for column in (*one.columns, *(only.column for only in one.where), *columns_in(one.problem))
    ]
    return [*stored, *asked, *([step.pence] if step.pence else [])]


def landed_rows(run: Run, step: Step, part: int = 0, parts: int = 1) -> pl.DataFrame:
    """Tonight's landed rows, those an unfinished night left behind, and refused rows of earlier nights; blanks are null."""
    table, key = step.landed, "account_ref" if step.short_name == "payments" else "holder_ref"
    names = [column.name for column in table.columns if column.name != "run_id"]
    texts = ", ".join(name if name == "line_number" else f"nullif(trim({name}), '') AS {name}" for name in names)
    feed = "" if "feed_code" in names else f", '{step.short_name}' AS feed_code"
    ours = f"hash(coalesce({key}, '')) % $parts = $part"
    nights = run.warehouse.frame(sql(__file__, "nights_to_validate"), {"run_id": run.run_id})["run_id"].to_list()
    later = " AND ".join(f"row_id NOT IN (SELECT row_id FROM {one.table_name} WHERE run_id > $run_id)" for one in step.parts)
    fresh = [
        run.warehouse.frame(
            f"SELECT run_id AS landed_run_id, {texts}{feed}, false AS is_retry FROM {table.name} "
            f"WHERE run_id = $night AND {ours} AND {later}",
            {"night": night, "run_id": run.run_id, "part": part, "parts": parts},
        )
        for night in nights
    ]
    refused = f"SELECT {from_json(table, 'row')} FROM validated.quarantine WHERE table_name = $table AND state_code = 'open' AND run_id <> $run_id"
    again = run.warehouse.frame(
        f"SELECT run_id AS landed_run_id, {texts}{feed}, true AS is_retry FROM ({refused}) WHERE {ours} ORDER BY landed_run_id, file_id, line_number, row_id",
        {"run_id": run.run_id, "table": table.name, "part": part, "parts": parts},
    )
    return pl.concat([*fresh, again])


def mark_overtaken(run: Run, checked: Checked) -> None:
    """Where a later row of a register has the same key, the earlier one is overtaken; other tables have none."""
    step = checked.step
    start = f"CREATE OR REPLACE TEMP TABLE {checked.overtaken_table} AS"
    if not step.latest_by:
        run.warehouse.run(f"{start} SELECT row_id FROM {step.candidate_table} WHERE false")
        return
    keys = ", ".join(step.latest_by)
    run.warehouse.run(
        f"{start} SELECT c.row_id FROM {step.candidate_table} c LEFT JOIN "
        "(SELECT file_id, min(file_name) AS file_name FROM landed.files GROUP BY file_id) f USING (file_id) "
        f"WHERE c.row_id NOT IN (SELECT row_id FROM {checked.failing_table} WHERE failed_bits & {checked.refusing_bits} <> 0) "
        f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY landed_run_id DESC, file_name DESC, line_number DESC, row_id DESC) > 1"
    )


def admit(run: Run, checked: Checked) -> None:
    """Write the good rows of the candidates to the validated tables."""
    for part in checked.step.parts:
        run.warehouse.run(_insert(checked, part), {"run_id": run.run_id})


def _insert(checked: Checked, part: Part) -> str:
    names = ", ".join("$run_id AS run_id" if name == "run_id" else f"c.{name}" for name in part.table.column_names)
    where = f" AND c.{part.where}" if part.where else ""
    once = ""
    if part.once_by:
        where += f" AND c.{part.once_by} NOT IN (SELECT {part.once_by} FROM {part.table_name})"
        once = f" QUALIFY row_number() OVER (PARTITION BY c.{part.once_by} ORDER BY c.rowid) = 1"
    return f"INSERT INTO {part.table_name} SELECT {names} FROM {checked.step.candidate_table} c WHERE {checked.admitted_sql}{where}{once}"


def books(run: Run, checked: Checked) -> list[Total]:
    """The table's lines of the books: landed tonight and tried again, against admitted, refused and overtaken."""
    step = checked.step
    pence = f"coalesce({step.pence}, 0)" if step.pence else "0"
    refused = f"c.row_id IN (SELECT row_id FROM {checked.failing_table} WHERE failed_bits & {checked.refusing_bits} <> 0)"
    overtaken = f"c.row_id IN (SELECT row_id FROM {checked.overtaken_table})"
    sides = {
        ("in", "landed"): "NOT c.is_retry",
        ("in", "tried again"): "c.is_retry",
        ("out", "refused"): refused,
        ("out", "overtaken by a later row"): overtaken,
        ("out", "admitted"): f"NOT ({refused}) AND NOT ({overtaken})",
    }
    totals = [
        Total(
            side,
            f"{step.short_name} {item}",
            *run.warehouse.frame(
                f"SELECT count(*) AS rows_count, CAST(coalesce(sum({pence}), 0) AS BIGINT) AS pence FROM {step.candidate_table} c WHERE {condition}"
            ).row(0),
        )
        for (side, item), condition in sides.items()
    ]
    return [total for total in totals if total.rows or total.item.endswith(("landed", "admitted"))]
