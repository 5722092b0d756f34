"""`datapackage.json`: every published table and column in words, with units, rows and the SHA-256 of its file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit import __version__
from phb_audit.published.parquet import path_of
from phb_audit.run import Run
from phb_audit.tables import Column, Table

FIELD_TYPES: dict[object, str] = {pl.String: "string", pl.Int64: "integer", pl.Float64: "number", pl.Boolean: "boolean", pl.Date: "date"}


def write_datapackage(run: Run, tables: list[Table], folder: Path) -> None:
    """Describe the Parquet files of `folder` (Data Package v1 profile; `personal` marks columns that need care)."""
    title = f"phb_audit night of {run.as_of.isoformat()}, commissioner {run.commissioner_code}"
    write_package(run.run_id.lower(), title, [(table, path_of(table, folder)) for table in tables], folder)


def write_package(name: str, title: str, files: Sequence[tuple[Table, Path]], folder: Path) -> None:
    """Write `datapackage.json` of tables and their Parquet files."""
    package = {
        "profile": "data-package",
        "name": name,
        "title": title,
        "version": __version__,
        "resources": [_resource(table, path) for table, path in files],
    }
    (folder / "datapackage.json").write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _resource(table: Table, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "format": "parquet",
        "description": f"One row per {table.grain}.",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": pl.scan_parquet(path).select(pl.len()).collect().item(),
        "schema": {"fields": [_field(column) for column in table.columns], "primaryKey": list(table.key)},
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": FIELD_TYPES[column.dtype], "description": column.meaning}
    if column.unit:
        field["unit"] = column.unit
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
    if constraints:
        field["constraints"] = constraints
    if column.personal:
        field["personal"] = True
    return field
