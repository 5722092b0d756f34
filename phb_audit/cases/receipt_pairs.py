"""Pairs of payment and receipt that people decided on: together, or apart for good; and the names of suppliers such pairs tell.

A decision holds for that payment and that receipt. A receipt that comes again with another number, day or total is another receipt
(its id says so), and may be offered again: the evidence has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from phb_audit.cases.casebook import Event, open_casebook
from phb_audit.errors import UsageError
from phb_audit.matched.payees import business_key, squeezed
from phb_audit.settings import Settings
from phb_audit.tables.decided import RECEIPT_PAIRS, SUPPLIER_ALIASES
from phb_audit.warehouse import Warehouse, sql

KIND = "receipt_pair"
BODY = ("payment_id", "receipt_id", "holder_id", "is_together", "reason", "payee_name", "supplier_key")


def decide_pair(
    settings: Settings,
    commissioner_code: str,
    pair: tuple[str, str],
    *,
    is_together: bool,
    reason: str,
    by: str,
    at: datetime | None = None,
) -> None:
    """Record that a payment and a receipt belong together, or do not.

    Raises UsageError where either is not on file, they are of two holders, or `by` names nobody.
    """
    said = look_up(settings, commissioner_code, pair)
    body = {"payment_id": pair[0], "receipt_id": pair[1], "is_together": is_together, "reason": reason, **said}
    with open_casebook(settings, commissioner_code) as casebook:
        casebook.append(KIND, [body], by=by, at=at)


def look_up(settings: Settings, commissioner_code: str, pair: tuple[str, str]) -> dict[str, str]:
    """The holder of both, and their names made comparable. Raises UsageError where they are not one holder's."""
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.exists():
        raise UsageError("No night has been run here yet.", do="Run `phb-audit run`; or give --home.")
    warehouse = Warehouse(path, read_only=True)
    try:
        found = warehouse.frame(sql(__file__, "receipt_pair"), {"payment_id": pair[0], "receipt_id": pair[1]})
    finally:
        warehouse.close()
    if found.is_empty():
        raise UsageError("That payment and that receipt are not on file for one holder.", do="Take both ids from `phb-audit explain`.")
    keys = found.select(
        "holder_id",
        payee_name=squeezed(business_key(pl.col("payee_text").fill_null(""))),
        supplier_key=squeezed(business_key(pl.col("supplier_name").fill_null(""))),
    )
    return {name: str(value) for name, value in keys.row(0, named=True).items()}


def pairs_decided(events: Iterable[Event]) -> pl.DataFrame:
    """The newest decision on each pair, as decided.receipt_pairs."""
    told = _told(events).sort("event_number").unique(["payment_id", "receipt_id"], keep="last", maintain_order=True)
    return told.select(RECEIPT_PAIRS.column_names).sort(RECEIPT_PAIRS.key)


def supplier_aliases(events: Iterable[Event]) -> pl.DataFrame:
    """What confirmed pairs tell of names that are not alike, as decided.supplier_aliases; a pair taken back tells nothing."""
    standing = _told(events).sort("event_number").unique(["payment_id", "receipt_id"], keep="last", maintain_order=True)
    is_named = (pl.col("payee_name") != "") & (pl.col("supplier_key") != "")
    named = standing.filter(pl.col("is_together") & is_named & (pl.col("payee_name") != pl.col("supplier_key")))
    aliases = named.group_by("payee_name", "supplier_key", maintain_order=True).agg(
        pairs_count=pl.len().cast(pl.Int64),
        event_number=pl.col("event_number").last(),
        decided_by=pl.col("decided_by").last(),
        decided_at=pl.col("decided_at").last(),
    )
    return aliases.select(SUPPLIER_ALIASES.column_names).sort(SUPPLIER_ALIASES.key)


def _told(events: Iterable[Event]) -> pl.DataFrame:
    rows = [
        {name: event.body.get(name) for name in BODY}
        | {"event_number": event.event_number, "decided_by": event.decided_by, "decided_at": event.decided_at}
        for event in events
        if event.kind_code == KIND
    ]
    return pl.DataFrame(rows, schema={**RECEIPT_PAIRS.polars_schema, "payee_name": pl.String, "supplier_key": pl.String})
