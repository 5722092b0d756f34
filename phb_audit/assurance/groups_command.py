"""`phb-audit groups`: are care groups asked alike, as the last night kept it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from phb_audit.assurance.fairness import LEAST_COUNT, LEAST_HOLDERS
from phb_audit.assurance.in_words import table
from phb_audit.errors import CLEAN, UsageError
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

MEASURES = {
    "asked": "Purchases asked about",
    "confirmed": "Asked about, and something came of it",
    "in_vain": "Asked about in vain",
}
HEADINGS = ("care group", "holders", "purchases", "counted", "expected", "ratio (95%)", "chance", "alarm")


def tell_groups(settings: Settings, commissioner_code: str, *, as_json: bool, say: Callable[[str], None]) -> int:
    """Say the rates of the last night by care group, as tables or as one JSON object. Raises UsageError where no night has been run."""
    path = settings.warehouse_path(commissioner_code)
    if not path.is_file():
        raise UsageError(f"No night of {commissioner_code} has been run yet.", do="Run `phb-audit run` first.")
    warehouse = Warehouse(path, read_only=True)
    try:
        rates = warehouse.frame(sql(__file__, "group_rates")).to_dicts()
        stopped = warehouse.frame(sql(__file__, "stopped_parts")).to_dicts()
    finally:
        warehouse.close()
    if not rates:
        raise UsageError("No night has kept rates by group yet.", do="Run `phb-audit run` first.")
    say(json.dumps({"rates": rates, "stopped": stopped}, indent=1) if as_json else in_words(rates, stopped))
    return CLEAN


def in_words(rates: list[dict[str, Any]], stopped: list[dict[str, Any]]) -> str:
    """The rates as Markdown tables, and the parts of scores that a stop rule put back."""
    told = [
        f"{words}\n\n{table(HEADINGS, [_row(row) for row in rates if row['measure_code'] == code])}" for code, words in MEASURES.items()
    ]
    few = (
        f"Night {rates[0]['run_id']}. Groups of fewer than {LEAST_HOLDERS} holders are not told, nor counts from 1 to {LEAST_COUNT - 1}. "
        "Purchases are held against all with the same plan match and the same state of the receipt. No group enters an order."
    )
    back = [f"Put back where it started, since it fell on {row['group_codes']}: {row['part_name']}." for row in stopped]
    return "\n\n".join([few, *told, *(back or ["No weight is put back."])])


def _row(row: dict[str, Any]) -> list[object]:
    counts = [row[name] for name in ("holders_count", "lines_count", "observed_count")]
    expected = None if row["expected"] is None else f"{row['expected']:.1f}"
    ratio = None if row["ratio"] is None or row["low"] is None else f"{row['ratio']:.2f} ({row['low']:.2f}-{row['high']:.2f})"
    chance = None if row["chance_share"] is None or row["is_suppressed"] else f"{row['chance_share']:.3f}"
    told = [*counts, expected, ratio, chance, "yes" if row["is_alarm"] else "no"]
    return [row["group_code"], *("-" if value is None else value for value in told)]
