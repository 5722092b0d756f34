"""Reading layouts from TOML: our own in data/reference/layouts, and an analyst's mapping files."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.settings import read_toml, shipped
from phb_audit.sources.feeds import CELLS
from phb_audit.sources.layouts import Cell, Layout

FACTS = frozenset(
    {
        "code",
        "feed",
        "columns",
        "form",
        "rows_of",
        "only_with_rows",
        "amount_sign",
        "above",
        "constants",
        "file_name",
        "unique_reference",
        "each_row_once",
        "holder",
        "ignored",
        "may_be_missing",
    }
)


@cache
def known_layouts() -> tuple[Layout, ...]:
    """The layouts shipped in data/reference/layouts."""
    return read_mappings(tuple(sorted((shipped("reference") / "layouts").glob("*.toml"))))


def read_mappings(files: tuple[Path, ...]) -> tuple[Layout, ...]:
    """The layouts of several mapping files, in the order given."""
    return tuple(layout for file in files for layout in read_mapping(file))


def read_mapping(file: Path) -> tuple[Layout, ...]:
    """The layouts of one file. Raises UsageError, with the file and what to mend, for anything it does not know."""
    if not file.is_file():
        raise UsageError(f"The mapping file {file.name} is not there.", do="Check the path.")
    told = read_toml(file)
    tables = told.get("layout")
    if not isinstance(tables, list) or not tables or set(told) != {"layout"}:
        raise UsageError(f"{file.name} must hold [[layout]] tables and nothing else.", do="See docs/how-to/add-a-layout.md.")
    return tuple(_layout(table, file.name) for table in tables)


def _layout(table: dict[str, Any], file_name: str) -> Layout:
    code, feed = str(table.get("code", "")), str(table.get("feed", ""))
    where = f"{file_name}, layout '{code}'"
    _only(where, "settings", set(table), FACTS)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", code):
        raise UsageError(f"{where}: `code` must be small letters, digits and _.", do="Give the layout a code.")
    if feed not in CELLS:
        raise UsageError(f"{where}: '{feed}' is not a feed.", do=f"Use one of: {', '.join(CELLS)}.")
    columns = {name: _cell(value, where, name) for name, value in table.get("columns", {}).items()}
    if not columns:
        raise UsageError(f"{where}: no [layout.columns].", do="Say which header becomes which column.")
    named = set(columns) | set(table.get("above", {})) | set(table.get("constants", {})) | set(table.get("may_be_missing", []))
    _only(where, f"columns of feed {feed}", named, CELLS[feed])
    layout = Layout(
        code=code,
        feed=feed,
        columns=columns,
        form=str(table.get("form", "table")),
        rows_of=str(table.get("rows_of", "")),
        only_with_rows=bool(table.get("only_with_rows", False)),
        amount_sign=str(table.get("amount_sign", "")),
        above=dict(table.get("above", {})),
        constants={name: str(value) for name, value in table.get("constants", {}).items()},
        file_name=str(table.get("file_name", "")),
        unique_reference=tuple(table.get("unique_reference", ())),
        each_row_once=bool(table.get("each_row_once", False)),
        holder=str(table.get("holder", "")),
        ignored=tuple(table.get("ignored", ())),
        may_be_missing=frozenset(table.get("may_be_missing", ())),
    )
    _check(layout, where)
    return layout


def _cell(value: object, where: str, name: str) -> Cell:
    if isinstance(value, str):
        return Cell((value,))
    if isinstance(value, list) and value and all(isinstance(header, str) for header in value):
        return Cell(tuple(value), joins=True)
    if isinstance(value, dict) and set(value) == {"first_of"}:
        return Cell(tuple(value["first_of"]))
    raise UsageError(f"{where}: column {name} must be a header, a list of headers, or {{ first_of = [...] }}.", do="Mend the mapping file.")


def _check(layout: Layout, where: str) -> None:
    for name, value, allowed in (
        ("form", layout.form, ("table", "document", "ofx", "mt940", "camt053", "form", "paper", "print")),
        ("amount_sign", layout.amount_sign, ("", "in", "out")),
        ("holder", layout.holder, ("", "account")),
    ):
        if value not in allowed:
            raise UsageError(f"{where}: `{name}` is '{value}'.", do=f"Use one of: {', '.join(code for code in allowed if code)}.")
    if "amount_text" in layout.columns and "amount_text" in CELLS[layout.feed] and _needs_sign(layout) and not layout.amount_sign:
        raise UsageError(f"{where}: amount_text without `amount_sign`.", do='Say amount_sign = "out" where a positive amount is money out.')
    try:
        groups = set(re.compile(layout.file_name).groupindex)
    except re.error as error:
        raise UsageError(f"{where}: `file_name` is not a regular expression: {error}.", do="Mend it.") from error
    _only(where, "columns", groups, CELLS[layout.feed])
    known = {plain for cell in layout.columns.values() for plain in cell.headers}
    _only(where, "headers for unique_reference", set(layout.unique_reference), known)


def _needs_sign(layout: Layout) -> bool:
    return layout.feed in ("bank", "card", "managed", "notional")


def _only(where: str, what: str, named: set[str], allowed: frozenset[str] | set[str]) -> None:
    if unknown := sorted(named - set(allowed)):
        raise UsageError(f"{where}: unknown {what}: {', '.join(unknown)}.", do=f"Known: {', '.join(sorted(allowed))}.")
