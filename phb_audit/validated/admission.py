"""One landed table through the gate: read, typed, checked, and what is good written to the validated tables.

The statements here are made from the table descriptions, since they are the same for every table; no value is ever written into one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl
import pyarrow as pa

from phb_audit.errors import QualityGateStopped
from phb_audit.run import Run, Total
from phb_audit.validated.bitmask import failing_rows
from phb_audit.validated.gate import Gate, Verdict
from phb_audit.validated.problems import columns_in
from phb_audit.validated.steps import Part, Step
from phb_audit.validated.suite import Suite
from phb_audit.validated.whole_rows import from_json
from phb_audit.warehouse import sql

ROWS_AT_ONCE = 250_000
ROWS_IN_A_BATCH = 122_880  # as many as DuckDB keeps in one group of rows
PROVENANCE = ("row_id", "landed_run_id", "file_id", "line_number", "feed_code", "is_retry", "holder_ref", "account_ref")


@dataclass(frozen=True)
class Checked:
    """A table after the gate: its candidates as a view of that name, its failing rows in a temporary table; the verdicts by expectation."""

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
        refused = f"SELECT 1 FROM {self.failing_table} f WHERE f.row_id = c.row_id AND f.failed_bits & {self.refusing_bits} <> 0"
        overtaken = f"SELECT 1 FROM {self.overtaken_table} o WHERE o.row_id = c.row_id"
        return f"NOT EXISTS ({refused})" + (f" AND NOT EXISTS ({overtaken})" if self.step.latest_by else "")


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
    """Type the landed rows, a slice at a time where rows do not depend on one another, and show them to SQL as the step's candidates.

    They are read where they lie, not copied into a table: what is good is written once, to the validated tables.
    """
    wanted = list(dict.fromkeys([*PROVENANCE, *wanted_columns(step, suite)]))
    readers: list[Callable[[], pl.DataFrame]] = [*slices(run, step), partial(refused_rows, run, step)]
    kept = []
    for read in readers:
        # The frame of one slice is gone before the next is read: two at once would double the memory.
        typed = step.candidates(run, read())
        kept.append(typed.select(name for name in wanted if name in typed.columns))
        del typed
    together = pl.concat(kept, rechunk=False)
    del kept
    settled = together if step.finish is None else step.finish(run, together)
    run.warehouse.connection.register(step.candidate_table, in_batches(settled.with_columns(place=pl.int_range(pl.len()))))


def in_batches(frame: pl.DataFrame) -> pa.Table:
    """The frame as Arrow sees it, without a copy, in pieces that several threads can read at once."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.newest())
    return pa.Table.from_batches(table.to_batches(max_chunksize=ROWS_IN_A_BATCH), schema=table.schema)


def wanted_columns(step: Step, suite: Suite) -> list[str]:
    """What the validated tables, the books and the suite need of a candidate."""
    stored = [column for part in step.parts for column in (*part.table.column_names, part.where) if column not in ("run_id", "")]
    asked = [
        column for one in suite.expectations for column in (*one.columns, *(only.column for only in one.where), *columns_in(one.problem))
    ]
    return [*stored, *asked, *([step.pence] if step.pence else [])]


def slices(run: Run, step: Step) -> Iterator[Callable[[], pl.DataFrame]]:
    """Readers of tonight's landed rows, and of those an unfinished night left behind; large tables at most `ROWS_AT_ONCE` rows each."""
    for night in run.warehouse.frame(sql(__file__, "nights_to_validate"), {"run_id": run.run_id})["run_id"]:
        span = f"SELECT min(rowid), max(rowid) FROM {step.landed_name} WHERE run_id = $night"
        first, last = run.warehouse.frame(span, {"night": night}).row(0)
        if first is not None:
            size = ROWS_AT_ONCE if step.is_row_by_row else last - first + 1
            yield from (partial(landed_rows, run, step, night, start, start + size - 1) for start in range(first, last + 1, size))


def landed_rows(run: Run, step: Step, night: str, first: int, last: int) -> pl.DataFrame:
    """The landed rows of one night between two places in the table, blanks null; without those a later night took up."""
    left = [f"row_id NOT IN (SELECT row_id FROM {one.table_name} WHERE run_id > $run_id)" for one in step.parts]
    later = " AND ".join(left) if _has_later_night(run) else "$run_id IS NOT NULL"
    return run.warehouse.frame(
        f"SELECT {_cells(step, is_retry=False)} FROM {step.landed_name} "
        f"WHERE run_id = $night AND rowid BETWEEN $first AND $last AND {later}",
        {"night": night, "run_id": run.run_id, "first": first, "last": last},
    )


def refused_rows(run: Run, step: Step) -> pl.DataFrame:
    """The refused rows of earlier nights that are still open, out of the quarantine itself: history need not be read."""
    kept = "FROM validated.quarantine WHERE table_name = $table AND state_code = 'open' AND run_id < $run_id"
    return run.warehouse.frame(
        f"SELECT {_cells(step, is_retry=True)} FROM (SELECT {from_json(step.landed, 'row')} {kept}) "
        "ORDER BY landed_run_id, file_id, line_number, row_id",
        {"run_id": run.run_id, "table": step.landed_name},
    )


def _cells(step: Step, *, is_retry: bool) -> str:
    """The select list of a landed table: blanks become null, and every table gets a feed."""
    names = [name for name in step.landed.column_names if name not in ("run_id", "layout_code")]
    texts = ", ".join(name if name == "line_number" else f"nullif(trim({name}), '') AS {name}" for name in names)
    feed = "" if "feed_code" in names else f", '{step.short_name}' AS feed_code"
    return f"run_id AS landed_run_id, {texts}{feed}, {str(is_retry).lower()} AS is_retry"


def _has_later_night(run: Run) -> bool:
    """Has a later night been through the gate? Only then may it have taken rows that this one left behind."""
    return bool(run.warehouse.frame("SELECT count(*) FROM validated.checks WHERE run_id > $run_id", {"run_id": run.run_id}).item())


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
    source = f"{checked.step.candidate_table} c WHERE {checked.admitted_sql}{where}"
    if part.once_by:
        unknown = f"c.{part.once_by} NOT IN (SELECT {part.once_by} FROM {part.table_name})"
        firsts = f"SELECT min(c.place) FROM {source} AND {unknown} GROUP BY c.{part.once_by}"
        source = f"{checked.step.candidate_table} c WHERE c.place IN ({firsts})"
    return f"INSERT INTO {part.table_name} SELECT {names} FROM {source}"


def books(run: Run, checked: Checked) -> list[Total]:
    """The table's lines of the books: landed tonight and tried again, against admitted, refused and overtaken."""
    step = checked.step
    pence = f"coalesce({step.pence}, 0)" if step.pence else "0"
    refused = f"c.row_id IN (SELECT row_id FROM {checked.failing_table} WHERE failed_bits & {checked.refusing_bits} <> 0)"
    overtaken = f"c.row_id IN (SELECT row_id FROM {checked.overtaken_table})"
    counted = run.warehouse.frame(
        f"SELECT is_retry, {refused} AS is_refused, {overtaken} AS is_overtaken, "
        f"count(*) AS rows_count, CAST(sum({pence}) AS BIGINT) AS pence FROM {step.candidate_table} c GROUP BY ALL"
    )
    sides = {
        ("in", "landed"): ~pl.col("is_retry"),
        ("in", "tried again"): pl.col("is_retry"),
        ("out", "refused"): pl.col("is_refused"),
        ("out", "overtaken by a later row"): pl.col("is_overtaken"),
        ("out", "admitted"): ~pl.col("is_refused") & ~pl.col("is_overtaken"),
    }
    is_told = not (step.is_optional and counted.is_empty())
    totals = []
    for (side, item), condition in sides.items():
        rows, sum_pence = counted.filter(condition).select(pl.sum("rows_count", "pence")).row(0)
        if rows or (is_told and item in ("landed", "admitted")):
            totals.append(Total(side, f"{step.short_name} {item}", rows, sum_pence))
    return totals


def forget(run: Run, checked: Checked) -> None:
    """Let go of the candidates and what is known of them: the next table needs the memory."""
    run.warehouse.connection.unregister(checked.step.candidate_table)
    for name in (checked.failing_table, checked.overtaken_table):
        run.warehouse.run(f"DROP TABLE {name}")
