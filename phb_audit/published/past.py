"""What was known on a day that has passed: a small warehouse of one holder, or of the nights' own books, from what each night published.

A night publishes the rows it wrote, and today's flags whole. So the newest row of each key up to the last night of that day is what was
known then; rows a later row of a register took the place of are kept in `validated.replaced`, with the night that replaced them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from phb_audit.errors import OtherVersion, UsageError
from phb_audit.published.parquet import WHOLE, path_of
from phb_audit.settings import Settings
from phb_audit.tables import TABLES, Table
from phb_audit.warehouse import Warehouse, sql

# Of the books that are not published: what nights wrote down of themselves, read from the warehouse up to that night.
OF_NIGHTS = ("nights.runs", "nights.limits", "nights.rules", "nights.own_limits", "nights.carried")
# Where a reference may stand: a table and the column that holds it; the first that has it says whose it is.
NAMED_IN = (
    ("matched.accounts", "holder_id"),
    ("matched.accounts", "account_id"),
    ("flagged.cases", "case_ref"),
    ("flagged.cases", "case_id"),
    ("flagged.findings", "flag_id"),
    ("flagged.suppressed", "flag_id"),
    ("flagged.cleared", "flag_id"),
    ("matched.payments", "payment_id"),
    ("matched.receipts", "receipt_id"),
)
ANSWERS = {
    "classified.payments": ("matched.payments", "payment_id"),
    "classified.receipt_lines": ("validated.receipt_lines", "receipt_line_id"),
}


@dataclass(frozen=True)
class Past:
    """A warehouse as it was known on a day: which night's, and whose (None: everybody's, without rows of holders)."""

    warehouse: Warehouse
    run_id: str
    as_of: date
    holder_id: str | None


@contextmanager
def as_known_on(settings: Settings, commissioner_code: str, day: date, ref: str | None = None) -> Iterator[Past]:
    """The newest night of that day or before, as it was published; with a reference, the rows of its holder too.

    Raises UsageError where no night had been published by then, or nothing of that name was known.
    """
    nights = published_nights(settings, commissioner_code, day)
    as_of, last = nights[-1]
    folders = [folder for _, folder in nights]
    with TemporaryDirectory(prefix="as-known-") as place:
        warehouse = Warehouse(Path(place) / "night.duckdb")
        try:
            warehouse.make_tables()
            holder_id = None if ref is None else whose(warehouse, folders, ref, as_of)
            _copy_books(settings, commissioner_code, warehouse, last.name, holder_id)
            for table in TABLES.values():
                if table.is_published:
                    _fill(warehouse, table, [last] if table.name in WHOLE else folders, holder_id)
            _forget_replaced(warehouse)
            yield Past(warehouse, last.name, as_of, holder_id)
        finally:
            warehouse.close()


def published_nights(settings: Settings, commissioner_code: str, day: date) -> list[tuple[date, Path]]:
    """The nights published for that day or before, oldest first: their day and folder. Raises UsageError where there is none."""
    place = settings.home / "published" / commissioner_code
    found = []
    for folder in place.glob(f"{commissioner_code}-*"):
        as_of = date.fromisoformat(folder.name.removeprefix(f"{commissioner_code}-"))
        found += [(as_of, folder)] if as_of <= day else []
    if not found:
        raise UsageError(f"No night of {day} or before has been published for {commissioner_code}.", do="See `phb-audit status`.")
    return sorted(found)


def whose(warehouse: Warehouse, folders: list[Path], ref: str, as_of: date) -> str:
    """The holder a reference belongs to, by what these nights published. Raises UsageError where they name nothing so."""
    for name, column in NAMED_IN:
        files = _files(TABLES[name], folders)
        asked = f"SELECT holder_id FROM read_parquet($files) WHERE {column} = $ref LIMIT 1"
        named = ref.upper() if column == "case_ref" else ref
        found = warehouse.frame(asked, {"files": files, "ref": named}) if files else pl.DataFrame()
        if not found.is_empty():
            return str(found.item())
    raise UsageError(f"On {as_of} nothing here was called {ref}.", do="It came later, or it is a reference of another commissioner.")


def _files(table: Table, folders: list[Path]) -> list[str]:
    return [str(path) for folder in folders if (path := path_of(table, folder)).exists()]


def _fill(warehouse: Warehouse, table: Table, folders: list[Path], holder_id: str | None) -> None:
    """The newest row of each key of one published table; rows of holders only for the one asked about."""
    files = _files(table, folders)
    if not files or (holder_id is None and "holder_id" in table.column_names and table.name not in WHOLE):
        return
    columns = set(warehouse.frame("SELECT * FROM read_parquet($files, union_by_name = true) LIMIT 0", {"files": files}).columns)
    if absent := [column.name for column in table.columns if column.name not in columns and not column.nullable]:
        raise OtherVersion(
            f"The nights asked about were published by another version of phb_audit ({table.name} has no {absent[0]}).",
            do="Ask with the version that made them, or run past nights again with `python -m flows.replay`.",
        )
    shown = ", ".join(name if name in columns else f"NULL AS {name}" for name in table.column_names)
    condition, given = _condition(table, holder_id)
    newest = f"QUALIFY row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY filename DESC) = 1"
    rows = f"SELECT {shown} FROM read_parquet($files, union_by_name = true, filename = true) {condition} {newest}"
    warehouse.run(f"INSERT INTO {table.name} {rows}", {"files": files, **given})


def _condition(table: Table, holder_id: str | None) -> tuple[str, dict[str, object]]:
    if holder_id is None:
        return "", {}
    if "holder_id" in table.column_names:
        return "WHERE holder_id IN ($holder_id, 'ALL')", {"holder_id": holder_id}
    if table.name in ANSWERS:
        of_table, key = ANSWERS[table.name]
        return f"WHERE {key} IN (SELECT {key} FROM {of_table})", {}
    return "", {}


def _copy_books(settings: Settings, commissioner_code: str, warehouse: Warehouse, last_run_id: str, holder_id: str | None) -> None:
    """What nights wrote of themselves up to that night, rows then waiting to be mended, and rows replaced by then."""
    now = Warehouse(settings.warehouse_path(commissioner_code), read_only=True)
    try:
        for name in OF_NIGHTS:
            warehouse.write(TABLES[name], now.frame(f"SELECT * FROM {name} WHERE run_id <= $last", {"last": last_run_id}))
        given: dict[str, object] = {"last": last_run_id, "holder_id": holder_id}
        warehouse.write(TABLES["validated.replaced"], now.frame(sql(__file__, "past_replaced"), given))
        if holder_id is None:
            warehouse.write(TABLES["validated.quarantine"], now.frame(sql(__file__, "past_quarantine"), {"last": last_run_id}))
    finally:
        now.close()


def _forget_replaced(warehouse: Warehouse) -> None:
    """Take away rows of registers that had been replaced by then, and links of receipts that a later match had let go."""
    for table in TABLES.values():
        if table.schema == "validated" and table.is_published and "row_id" in table.column_names and table.name != "validated.quarantine":
            asked = "row_id IN (SELECT row_id FROM validated.replaced WHERE table_name = $name)"
            warehouse.run(f"DELETE FROM {table.name} WHERE {asked}", {"name": table.name})
    warehouse.run(sql(__file__, "past_links_let_go"))
