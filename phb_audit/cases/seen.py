"""A case as the newest published night shows it: what a reviewer sees, and what is kept with the decision."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.cases.decisions import SeenCase
from phb_audit.errors import UsageError
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

FLAG = ("flag_id", "rule_id", "rule_version", "title", "sentence", "plan_words", "measured", "payment_id", "at_stake_pence")


def published_file(settings: Settings, commissioner_code: str) -> Path:
    """The file `current` points to, by its real name. Raises UsageError where no night has been published."""
    path = (settings.home / "published" / commissioner_code / "current").resolve() / "night.duckdb"
    if not path.is_file():
        raise UsageError(f"No night has been published for {commissioner_code} yet.", do="Run `phb-audit run` first.")
    return path


def seen_case(settings: Settings, commissioner_code: str, ref: str) -> SeenCase:
    """The case with that reference or id. Raises UsageError where the newest night holds none."""
    warehouse = Warehouse(published_file(settings, commissioner_code), read_only=True)
    try:
        cases = warehouse.frame(sql(__file__, "seen_cases"), {"ref": ref.strip()})
        if cases.is_empty():
            raise UsageError(f"The newest night holds no case {ref}.", do="See `phb-audit case list`; it may have been overtaken.")
        case = cases.row(0, named=True)
        flags = warehouse.frame(sql(__file__, "seen_flags"), shown_cases=cases.select("case_id").head(1))
    finally:
        warehouse.close()
    return seen_of(case, flags)


def seen_of(case: Mapping[str, Any], flags: pl.DataFrame) -> SeenCase:
    """A case from its row of flagged.cases and its flags, as seen_flags.sql has them."""
    return SeenCase(
        case_id=case["case_id"],
        case_ref=case["case_ref"],
        holder_id=case["holder_id"],
        run_id=case["run_id"],
        severity=case["severity"],
        families=tuple(sorted(set(flags["family_code"]))),
        flags=tuple(flags.select(FLAG).iter_rows(named=True)),
        receipt_ids=tuple(flags["receipt_id"].drop_nulls().unique().sort()),
    )


def listed(settings: Settings, commissioner_code: str) -> pl.DataFrame:
    """Every case of the newest night that ordinary readers may see, the queue first."""
    warehouse = Warehouse(published_file(settings, commissioner_code), read_only=True)
    try:
        return warehouse.frame(sql(__file__, "listed_cases"))
    finally:
        warehouse.close()
