"""Which refused rows a newly admitted row repairs: one of another file, with the same sender's key, one for one.

A step names its keys in `same_row`; a column written 'name?' may be blank. Keys are compared by their 64-bit hashes, so that a
million new rows are read once.
"""

from __future__ import annotations

from collections.abc import Iterator

from phb_audit.run import Run
from phb_audit.validated.admission import Checked

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
    alike = " OR ".join(f"k{place} IN (SELECT k{place} FROM refused_keys)" for place in range(len(step.same_row)))
    run.warehouse.run(
        "CREATE OR REPLACE TEMP TABLE alike_keys AS SELECT * FROM "
        f"(SELECT row_id, file_id, line_number, {ours} FROM {step.landed_name} WHERE run_id = $run_id) WHERE {alike}",
        {"run_id": run.run_id},
    )
    for place in range(len(step.same_row)):
        yield _pairs(checked, f"k{place}")


def _key(key: tuple[str, ...], source: str = "") -> str:
    """One key's hash, or null where a column that must be filled is blank. `source` reads a column out of JSON."""
    names = {name: name.rstrip("?") for name in key}
    read = {name: f"({source}'$.{bare}')" if source else bare for name, bare in names.items()}
    cells = {name: f"coalesce({one}, '')" for name, one in read.items()}
    filled = " AND ".join(f"{cell} <> ''" for name, cell in cells.items() if not name.endswith("?"))
    return f"CASE WHEN {filled} THEN hash({', '.join(cells.values())}) END"


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
