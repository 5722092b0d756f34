"""`phb-audit price-drift`: each supplier once, by its strongest month; what we saw, what is usual, for whom, and of how many."""

from __future__ import annotations

import json
from collections.abc import Callable

from phb_audit.errors import CLEAN, UsageError
from phb_audit.money import pounds
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

NOTE = "Dearer is not wrong: ask the supplier, or whoever buys the care, what the price is for. Nobody whose budget pays it is asked."


def tell_drifts(settings: Settings, commissioner_code: str, *, months: int, as_json: bool, say: Callable[[str], None]) -> int:
    """Say it as text or as one JSON array. Raises UsageError where no night has been run, or for a number of months below one."""
    path = settings.warehouse_path(commissioner_code)
    if not path.is_file():
        raise UsageError(f"No night of {commissioner_code} has been run yet.", do="Run `phb-audit run` first.")
    if months < 1:
        raise UsageError(f"{months} months are none.", do="Ask for one month or more.")
    warehouse = Warehouse(path, read_only=True)
    try:
        as_of = warehouse.frame(sql(__file__, "newest_day"))["as_of_on"][0]
        rows = warehouse.frame(sql(__file__, "drifts_told"), {"as_of": as_of, "months": months}).to_dicts()
    finally:
        warehouse.close()
    if as_json:
        say(json.dumps(rows, indent=1, default=str))
        return CLEAN
    say(f"{len(rows)} {'supplier' if len(rows) == 1 else 'suppliers'}, as of {as_of:%d %B %Y}")
    for row in rows:
        say(f"\n{row['sentence']}\n  {row['usual']}\n  They paid {pounds(row['spent_pence'])} in the month.")
    say(f"\n{NOTE}" if rows else "None became dearer beyond what others' charges and April explain, for three people or more.")
    return CLEAN
