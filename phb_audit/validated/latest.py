"""Registers: where a later row has the key of an earlier one it takes its place, and the night can still be run again."""

from __future__ import annotations

from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.validated.admission import Checked
from phb_audit.validated.steps import Step
from phb_audit.validated.whole_rows import from_json


def restore(run: Run, steps: tuple[Step, ...]) -> None:
    """Put back what an earlier try of this night replaced, and delete what it admitted.

    Nothing is inserted where there is nothing to put back, and so in `make_room`: see `Warehouse.write` on an INSERT of no rows.
    """
    told = "SELECT DISTINCT table_name FROM validated.replaced WHERE run_id = $run_id"
    replaced = set(run.warehouse.frame(told, {"run_id": run.run_id})["table_name"])
    for table in dict.fromkeys(part.table_name for step in steps for part in step.parts):
        run.warehouse.run(f"DELETE FROM {table} WHERE run_id = $run_id", {"run_id": run.run_id})
        if table not in replaced:
            continue
        run.warehouse.run(
            f"INSERT INTO {table} SELECT {from_json(TABLES[table], 'row')} FROM validated.replaced "
            "WHERE run_id = $run_id AND table_name = $table ORDER BY row_id",
            {"run_id": run.run_id, "table": table},
        )
    run.warehouse.run("DELETE FROM validated.replaced WHERE run_id = $run_id", {"run_id": run.run_id})


def make_room(run: Run, checked: Checked) -> None:
    """Move the rows that tonight's admitted rows take the place of to `validated.replaced`."""
    if not checked.step.latest_by:
        return
    table = checked.step.parts[0].table_name
    same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM c.{name}" for name in checked.step.latest_by)
    outdated = f"EXISTS (SELECT 1 FROM {checked.step.candidate_table} c WHERE {same} AND {checked.admitted_sql})"
    run.warehouse.run(f"CREATE OR REPLACE TEMP TABLE outdated_rows AS SELECT old.row_id FROM {table} old WHERE {outdated}")
    if run.warehouse.frame("SELECT count(*) FROM outdated_rows").item():
        run.warehouse.run(
            f"INSERT INTO validated.replaced SELECT $run_id, $table, row_id, CAST(to_json(old) AS VARCHAR) FROM {table} old "
            "SEMI JOIN outdated_rows USING (row_id)",
            {"run_id": run.run_id, "table": table},
        )
        run.warehouse.run(f"DELETE FROM {table} WHERE row_id IN (SELECT row_id FROM outdated_rows)")
    run.warehouse.run("DROP TABLE outdated_rows")
