"""One Parquet file a table: tonight's rows, in an order that never changes, and sorted only where they do not stand in it already."""

from __future__ import annotations

from pathlib import Path

from phb_audit.run import Run
from phb_audit.tables import Table
from phb_audit.warehouse import Warehouse

# The state of today, and the registers its pages quote, whole. Of every other published table: the rows this night wrote.
WHOLE = frozenset(
    {
        "flagged.findings",
        "flagged.suppressed",
        "flagged.cases",
        "flagged.stories",
        "flagged.ranked",
        "flagged.score_parts",
        "drawn.cases",
        "drawn.findings",
        "shown.payments",
        "shown.receipts",
        "shown.receipt_lines",
        "shown.receipt_links",
        "shown.holders",
        "validated.budgets",
        "validated.plans",
        "validated.plan_outcomes",
        "validated.plan_lines",
        "matched.accounts",
        "matched.refund_links",
    }
)
# Rows of one holder stand together, in the order of days, and answers of one text stand together: files are small, and a reader
# of one holder reads little of them.
ORDER = ("holder_id", "paid_on", "subject_on", "string_id")
# Level 1 writes random ids as small as level 3 does, in less time; a Bloom filter of every dictionary is read by nobody here.
HOW = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false"


def write_parquet(run: Run, warehouse: Warehouse, table: Table, folder: Path) -> None:
    """Write tonight's rows of one table to its file in `folder`."""
    order = "" if _stand_in_order(run, warehouse, table) else f"ORDER BY {', '.join(_order(table))}"
    rows = f"SELECT {', '.join(table.column_names)} FROM {table.name} {_tonight(table)} {order}"
    warehouse.run(f"COPY ({rows}) TO '{path_of(table, folder)}' ({HOW})", _parameters(run, table))


def path_of(table: Table, folder: Path) -> Path:
    """Where the file of a table stands."""
    return folder / f"{table.name.replace('.', '_')}.parquet"


def _order(table: Table) -> list[str]:
    return [*(name for name in ORDER if name in table.column_names and name not in table.key), *table.key]


def _stand_in_order(run: Run, warehouse: Warehouse, table: Table) -> bool:
    """Do the rows stand in the warehouse as they are published? A look at the key is far cheaper than sorting whole rows."""
    place = f"row({', '.join(_order(table))})"
    looked = f"SELECT {place} AS here, lag({place}) OVER () AS before FROM {table.name} {_tonight(table)}"
    return bool(warehouse.frame(f"SELECT count(*) = 0 FROM ({looked}) WHERE before > here", _parameters(run, table)).item())


def _tonight(table: Table) -> str:
    return "" if table.name in WHOLE or "run_id" not in table.column_names else "WHERE run_id = $run_id"


def _parameters(run: Run, table: Table) -> dict[str, object] | None:
    return {"run_id": run.run_id} if _tonight(table) else None
