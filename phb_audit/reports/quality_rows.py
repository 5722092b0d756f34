"""The rows that failed, whole: every cell the sender wrote, with file and line, the reason in words, and who can mend it."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.tables.describe import PROVENANCE
from phb_audit.validated.free_text import masked_text
from phb_audit.warehouse import sql

OURS = frozenset(column.name for column in PROVENANCE)  # shown as file and line, or of no use to whoever mends the row
ROWS_AT_MOST = 50_000
"""Of refused rows for each owner, and of remarks: nobody mends more by hand, and a workbook of a million rows opens nowhere."""


def refused(run: Run) -> pl.DataFrame:
    """One row per refused row that is still open, by owner, file and line, the first of each owner; `row` is the landed row as JSON."""
    return run.warehouse.frame(sql(__file__, "quality_refused"), {"most": ROWS_AT_MOST})


def reasons(run: Run) -> pl.DataFrame:
    """One row per owner and reason, over all refused rows that are open: `rows_count`, `tonight_count`, `amount_pence`."""
    return run.warehouse.frame(sql(__file__, "quality_reasons"), {"run_id": run.run_id})


def alike(rows: pl.DataFrame) -> pl.DataFrame:
    """The same of rows at hand."""
    said = pl.col("reason").str.replace_all(r'"[^"]*"|[0-9]{4}-[0-9]{2}-[0-9]{2}', "...")
    counted = rows.group_by("fix_owner", reason=said).agg(pl.len().alias("rows_count"), pl.col("amount_pence").sum())
    return counted.sort("fix_owner", "rows_count", "reason", descending=[False, True, False])


def remarks(run: Run) -> pl.DataFrame:
    """One row per admitted row of tonight with a remark, as `refused` has them; files and feeds are not among them."""
    noted = run.warehouse.frame(sql(__file__, "quality_remarks"), {"run_id": run.run_id, "most": ROWS_AT_MOST})
    parts = [_with_rows(run, noted.filter(pl.col("table_name") == name), name) for name in noted["table_name"].unique().sort()]
    return pl.concat(parts) if parts else noted.with_columns(row=pl.lit("{}"))


def _with_rows(run: Run, noted: pl.DataFrame, table_name: str) -> pl.DataFrame:
    """Adds the landed row as JSON. The table's name is one of ours, never a reader's."""
    name = TABLES[table_name].name
    rows = run.warehouse.frame(
        f"SELECT l.row_id, CAST(to_json(l) AS VARCHAR) AS row FROM {name} l WHERE l.row_id IN (SELECT row_id FROM noted)", noted=noted
    )
    return noted.join(rows, on="row_id", how="left", maintain_order="left").with_columns(pl.col("row").fill_null("{}"))


def cells(row: str) -> list[tuple[str, str]]:
    """The cells of a landed row as (heading, text) pairs, blanks left out, numbers that say who a person is masked."""
    landed: dict[str, Any] = json.loads(row)
    return [(heading(name), masked_text(str(value))) for name, value in landed.items() if name not in OURS and str(value or "").strip()]


def heading(column_name: str) -> str:
    """A landed column's name as people read it: 'paid_on_text' is 'paid on'."""
    return column_name.removesuffix("_text").replace("_", " ")


def landed_columns(table_name: str) -> list[str]:
    """The columns of a landed table that hold what the sender wrote, or its pseudonym."""
    return [name for name in TABLES[table_name].column_names if name not in OURS]
