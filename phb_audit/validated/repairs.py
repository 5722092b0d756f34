"""Which refused rows a newly admitted row repairs: one of another file, with the same sender's key, one for one.

A step names its keys in `same_row`; a column written 'name?' may be blank, 'name!' must be. To leave a mended row open is a
nuisance; to take another payment for its repair would lose money, so keys are strict. They are compared by their 64-bit hashes,
so that a million new rows are read once.
"""

from __future__ import annotations

from collections.abc import Iterator

from phb_audit.run import Run
from phb_audit.validated.admission import Checked

FILE_NAMES = "(SELECT file_id, min(file_name) AS file_name FROM landed.files GROUP BY file_id) names"
OPEN = "validated.quarantine WHERE table_name = $table AND state_code = 'open'"


def repaired(run: Run, checked: Checked) -> Iterator[str]:
    """For each key in turn, the query that gives the row_ids of refused rows whose repair was admitted tonight."""
    step = checked.step
    table = {"table": step.landed_name}
    if not step.same_row or not run.warehouse.frame(f"SELECT count(*) FROM {OPEN}", table).item():
        return
    theirs = ", ".join(f"{_key(key, 'row ->> ')} AS k{place}" for place, key in enumerate(step.same_row))
    run.warehouse.run(f"CREATE OR REPLACE TEMP TABLE refused_keys AS SELECT row_id, file_id, line_number, {theirs} FROM {OPEN}", table)
    ours = ", ".join(f"{_key(key)} AS k{place}" for place, key in enumerate(step.same_row))
    named = f"{step.landed_name} LEFT JOIN {FILE_NAMES} USING (file_id)"
    alike = " OR ".join(f"k{place} IN (SELECT k{place} FROM refused_keys)" for place in range(len(step.same_row)))
    run.warehouse.run(
        "CREATE OR REPLACE TEMP TABLE alike_keys AS SELECT * FROM "
        f"(SELECT row_id, file_id, line_number, {ours} FROM {named} WHERE run_id = $run_id) WHERE {alike}",
        {"run_id": run.run_id},
    )
    for place in range(len(step.same_row)):
        yield _pairs(checked, f"k{place}")


def _key(key: tuple[str, ...], source: str = "") -> str:
    """One key's hash, or null where a column that must be filled is blank. `source` reads a column out of JSON."""
    cells = {name: f"coalesce(CAST({_read(name.rstrip('?!'), source)} AS VARCHAR), '')" for name in key}
    filled = " AND ".join(f"{cell} {'=' if name.endswith('!') else '<>'} ''" for name, cell in cells.items() if not name.endswith("?"))
    return f"CASE WHEN {filled} THEN hash({', '.join(cells.values())}) END"


def _read(name: str, source: str) -> str:
    return f"({source}'$.{name}')" if source and name not in ("file_name", "line_number") else name


def _pairs(checked: Checked, key: str) -> str:
    """The n-th refused row of a key goes with its n-th repair."""
    nth = f"row_number() OVER (PARTITION BY {key} ORDER BY line_number, row_id) AS nth"
    return f"""
        WITH refused AS (
            SELECT *, {nth} FROM refused_keys
            WHERE {key} IS NOT NULL AND row_id IN (SELECT row_id FROM validated.quarantine WHERE state_code = 'open')
        ), repair AS (
            SELECT *, {nth} FROM alike_keys a
            WHERE EXISTS (SELECT 1 FROM refused r WHERE r.{key} = a.{key} AND r.file_id <> a.file_id)
                AND row_id IN (SELECT c.row_id FROM {checked.step.candidate_table} c WHERE NOT c.is_retry AND {checked.admitted_sql})
        )
        SELECT refused.row_id FROM refused JOIN repair USING ({key}, nth) WHERE refused.file_id <> repair.file_id"""
