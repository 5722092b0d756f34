"""`phb-audit explain REF`: why a line was flagged, or why not."""

from __future__ import annotations

import sys
from dataclasses import replace

from phb_audit.errors import CLEAN, UsageError
from phb_audit.flagged import rules_in_force
from phb_audit.flagged.explain import explain
from phb_audit.flagged.explain_facts import WouldChange, say_nothing
from phb_audit.flagged.explain_receipts import Told, none_told
from phb_audit.settings import Settings
from phb_audit.tables.flagged import ORDINARY
from phb_audit.warehouse import Warehouse


def explain_ref(
    ref: str,
    *,
    settings: Settings,
    commissioner_code: str,
    as_json: bool = False,
    would_change: WouldChange = say_nothing,
    lane: str = ORDINARY,
    receipts: Told = none_told,
    as_known: tuple[Warehouse, tuple[str, ...]] | None = None,
) -> int:
    """Write the explanation of a reference to standard output; returns the exit code. Raises UsageError for an unknown reference.

    `as_known`: a warehouse of a night that has passed, and what is to be said first of it; else the newest night is asked.
    """
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.exists():
        raise UsageError(f"No night has been run for {commissioner_code} yet.", do="Run `phb-audit run` first.")
    rules = rules_in_force(commissioner_code, settings)
    if as_known is not None:
        found = explain(as_known[0], ref, rules, lane=lane, receipts=receipts)
        found = replace(found, notes=(*as_known[1], *found.notes))
    else:
        warehouse = Warehouse(path, read_only=True)
        try:
            found = explain(warehouse, ref, rules, would_change=would_change, lane=lane, receipts=receipts)
        finally:
            warehouse.close()
    sys.stdout.write(found.as_json() + "\n" if as_json else found.as_text())
    return CLEAN
