"""A case as the newest published night shows it: what a reviewer sees, and what is kept with the decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.cases.casebook import CASE, Event
from phb_audit.cases.decisions import SeenCase
from phb_audit.cases.workbook import row_key
from phb_audit.errors import UsageError
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

FLAG = ("flag_id", "rule_id", "rule_version", "title", "sentence", "plan_words", "measured", "subject_id", "payment_id", "at_stake_pence")
RECEIPT = ("receipt_id", "file_id", "image_hash")


class UnknownCase(UsageError):
    """The newest night holds no such case."""


def published_file(settings: Settings, commissioner_code: str) -> Path:
    """The file `current` points to, by its real name. Raises UsageError where no night has been published."""
    path = (settings.home / "published" / commissioner_code / "current").resolve() / "night.duckdb"
    if not path.is_file():
        raise UsageError(f"No night has been published for {commissioner_code} yet.", do="Run `phb-audit run` first.")
    return path


def seen_case(settings: Settings, commissioner_code: str, ref: str) -> SeenCase:
    """The case with that reference or id. Raises UnknownCase where the newest night holds none, UsageError where there is no night."""
    warehouse = Warehouse(published_file(settings, commissioner_code), read_only=True)
    try:
        cases = warehouse.frame(sql(__file__, "seen_cases"), {"ref": ref.strip()})
        if cases.is_empty():
            raise UnknownCase(f"The newest night holds no case {ref}.", do="See `phb-audit case list`; it may have been overtaken.")
        case = cases.row(0, named=True)
        flags = warehouse.frame(sql(__file__, "seen_flags"), shown_cases=cases.select("case_id").head(1)).to_dicts()
    finally:
        warehouse.close()
    return seen_of(case, flags)


def seen_when_decided(events: Sequence[Event], ref: str) -> SeenCase | None:
    """The case with that reference or id as it was seen with its newest move; None where nobody ever moved one."""
    asked = ref.strip()
    moved = [event for event in events if event.kind_code == CASE and asked.upper() == event.body["case_ref"]]
    moved = moved or [event for event in events if event.kind_code == CASE and asked == event.body["case_id"]]
    return SeenCase.of_event(moved[-1]) if moved else None


def seen_of(case: Mapping[str, Any], flags: Sequence[Mapping[str, Any]]) -> SeenCase:
    """A case from its row of flagged.cases and its flags, as seen_flags.sql has them."""
    receipts = {flag["receipt_id"]: flag for flag in flags if flag["receipt_id"] is not None}
    return SeenCase(
        case_id=case["case_id"],
        case_ref=case["case_ref"],
        holder_id=case["holder_id"],
        run_id=case["run_id"],
        severity=case["severity"],
        families=tuple(sorted({flag["family_code"] for flag in flags})),
        flags=tuple({name: flag[name] for name in FLAG} for flag in flags),
        receipt_ids=tuple(sorted(receipts)),
        receipts=tuple({name: receipts[receipt_id][name] for name in RECEIPT} for receipt_id in sorted(receipts)),
        plan_version_ids=tuple(sorted({flag["plan_version_id"] for flag in flags if flag["plan_version_id"] is not None})),
        headline=case.get("headline"),
        first_flagged_on=str(first_on) if (first_on := case.get("first_flagged_on")) else None,
        is_commissioners=case.get("is_commissioners"),
    )


def row_keys(warehouse: Warehouse, shown: pl.DataFrame) -> dict[str, str]:
    """By case id, the hidden key of the cases in `shown` (column case_id): what a workbook's row was filled in about."""
    cases = warehouse.frame(sql(__file__, "seen_keys"), shown_cases=shown)
    flags: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for flag in warehouse.frame(sql(__file__, "seen_flags"), shown_cases=shown).iter_rows(named=True):
        flags[flag["case_id"]].append(flag)
    return {case["case_id"]: row_key(case["version"], seen_of(case, flags[case["case_id"]])) for case in cases.iter_rows(named=True)}


def ids_of_night(settings: Settings, commissioner_code: str) -> frozenset[str]:
    """Every case id of the newest published night, also of those that ordinary readers may not see."""
    warehouse = Warehouse(published_file(settings, commissioner_code), read_only=True)
    try:
        return frozenset(warehouse.frame(sql(__file__, "ids_of_night"))["case_id"])
    finally:
        warehouse.close()


def listed(settings: Settings, commissioner_code: str) -> pl.DataFrame:
    """Every case of the newest night that ordinary readers may see, the queue first."""
    warehouse = Warehouse(published_file(settings, commissioner_code), read_only=True)
    try:
        return warehouse.frame(sql(__file__, "listed_cases"))
    finally:
        warehouse.close()
