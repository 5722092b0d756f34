"""The reference page of every table, made from their descriptions: `python -m phb_audit.tables.page > docs/reference/tables.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from phb_audit.tables import TABLES, Column, Table
from phb_audit.tables.asked import TABLES as ASKED
from phb_audit.tables.bi import TABLES as BI
from phb_audit.tables.bi import VIEWS as BI_VIEWS
from phb_audit.tables.describe import SQL_TYPES


def page() -> str:
    """All tables as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Tables"
    yield ""
    yield "Made from `phb_audit/tables/` by `python -m phb_audit.tables.page`; do not edit here."
    yield "Amounts are whole pence; positive is money out of the budget. *Personal* marks columns that could show who a person is."
    for table in TABLES.values():
        yield from _table(table)
    yield ""
    yield "## Worked out when asked for"
    yield ""
    yield "No night stores these: `phb-audit finance show NAME` works them out of the warehouse."
    for table in ASKED:
        yield from _table(table)
    yield ""
    yield "## For dashboards"
    yield ""
    yield "`phb-audit bi` writes these: tables as Parquet, and with their views in one DuckDB file ([how](../how-to/use-a-dashboard.md))."
    for table in BI:
        yield from _table(table)
    yield ""
    yield "### Views"
    for table in BI_VIEWS:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield f"## {table.name}"
    yield ""
    yield f"One row per {table.grain}. Key: {', '.join(f'`{name}`' for name in table.key)}." + (" Published." if table.is_published else "")
    yield ""
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for column in table.columns:
        yield f"| `{column.name}` | {SQL_TYPES[column.dtype].lower()}{'' if column.nullable else ', never null'} | {_meaning(column)} |"


def _meaning(column: Column) -> str:
    parts = [column.meaning]
    if column.unit:
        parts.append(f"({column.unit})")
    if column.values:
        parts.append("One of " + ", ".join(f"`{value}`" for value in column.values) + ".")
    if column.personal:
        parts.append("*Personal.*")
    return " ".join(parts).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
