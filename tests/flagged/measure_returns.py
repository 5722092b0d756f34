"""How often E-13 speaks of honest returns, and whether it finds what is wrong.

`python -m tests.flagged.measure_returns HOME QZZ 2026-10-31`. A night's own lines make one honest return a quarter for each account whose
lines follow (a made-up world sends none). Every fifth of the last quarter tells of twelve pounds the bank has not booked yet. Every second
return is made wrong in one of five ways. HOME is not changed.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from phb_audit.assurance.intervals import wilson
from phb_audit.flagged.reading import read_spending
from phb_audit.reports.account_months import Month, roll_forward
from phb_audit.rules.register import shipped_rules
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse
from tests.builders import rows

QUARTERS = ((date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 9, 30)))
LINES = """SELECT holder_id, account_id, payment_id, paid_on, amount_pence, balance_pence, kind_code, file_id, line_number
FROM validated.payments WHERE feed_code <> 'notional' AND kind_code NOT IN ('authorisation', 'declined', 'reversed')
ORDER BY paid_on, file_id, line_number, payment_id"""
WRONG = (
    "a sum left out",
    "opens elsewhere",
    "a payment left out and the closing to it",
    "an instalment forgotten",
    "an instalment as other money",
)


def honest(warehouse: Warehouse) -> list[dict[str, Any]]:
    """One return for each quarter of each account whose lines follow in it and go on after it."""
    found = []
    for (holder_id, account_id), lines in warehouse.frame(LINES).group_by("holder_id", "account_id", maintain_order=True):
        months = {month.first_on: month for month in roll_forward(lines)}
        for first, last in QUARTERS:
            parts = [months.get(date(2026, first.month + place, 1)) for place in range(3)]
            if all(parts) and lines["paid_on"].min() < first and lines["paid_on"].max() > last:  # type: ignore[operator]
                own = lines.filter(pl.col("paid_on").is_between(first, last))
                found += _return(str(holder_id), str(account_id), first, last, [part for part in parts if part], own)
    return found


def _return(holder_id: str, account_id: str, first: date, last: date, months: list[Month], lines: pl.DataFrame) -> list[dict[str, Any]]:
    if any(month.breaks for month in months):
        return []
    loads = -int(lines.filter(pl.col("kind_code") == "instalment")["amount_pence"].sum())
    money = {"received_pence": loads, "other_income_pence": sum(month.in_pence for month in months) - loads}
    spent = {"other_spend_pence": sum(month.out_pence for month in months)}
    ends = {"opening_pence": months[0].opening_pence, "closing_pence": months[-1].closing_pence}
    about = {"holder_id": holder_id, "account_ref": account_id, "period_from_on": first, "period_to_on": last}
    return [{"return_id": f"M{holder_id}{account_id}{first}", "run_id": "measured", **about, **money, **spent, **ends}]


def late_cheque(one: dict[str, Any], place: int) -> dict[str, Any]:
    """Every fifth of the last quarter: the bank has not booked twelve pounds of the cash book, and its balance stands beside it."""
    if place % 5 or one["period_to_on"] != QUARTERS[-1][1]:
        return one
    booked = one["closing_pence"]
    return {
        **one,
        "other_spend_pence": one["other_spend_pence"] + 12_00,
        "closing_pence": booked - 12_00,
        "statement_balance_pence": booked,
    }


def wrong(one: dict[str, Any], place: int) -> tuple[str, int, dict[str, Any]]:
    """The return with one thing wrong: which, and by how much."""
    way = place % len(WRONG)
    if way == 0:
        return WRONG[0], 37_00, {**one, "other_spend_pence": one["other_spend_pence"] - 37_00}
    if way == 1:
        return WRONG[1], 25_00, {**one, "opening_pence": one["opening_pence"] + 25_00, "closing_pence": one["closing_pence"] + 25_00}
    if way == 2:
        more = {"other_spend_pence": one["other_spend_pence"] - 18_50, "closing_pence": one["closing_pence"] + 18_50}
        return WRONG[2], 18_50, {**one, **more}
    half = one["received_pence"] // 2
    if way == 3:
        return WRONG[3], half, {**one, "received_pence": one["received_pence"] - half, "closing_pence": one["closing_pence"] - half}
    return WRONG[4], half, {**one, "received_pence": one["received_pence"] - half, "other_income_pence": one["other_income_pence"] + half}


def said(warehouse: Warehouse, as_of: date, returns: list[dict[str, Any]]) -> pl.DataFrame:
    """What E-13 makes of these returns: subject_id, is_found, at_stake_pence."""
    table = TABLES["validated.monitoring_returns"]
    warehouse.run(f"DELETE FROM {table.name}")
    warehouse.write(table, rows(table.name, *returns))
    holders = pl.DataFrame({"holder_id": sorted({one["holder_id"] for one in returns})})
    rule = next(one for one in shipped_rules() if one.rule.id == "E-13")
    seen = rule.considered(read_spending(warehouse, "measured", as_of, holders)).collect()
    return seen.filter(pl.col("subject_code") == "return").select("subject_id", "is_found", "at_stake_pence", "variant_code")


def main() -> None:
    """Print what was found, with intervals."""
    home, code, day = sys.argv[1:]
    with TemporaryDirectory() as place:
        copy = Path(place) / "night.duckdb"
        shutil.copyfile(Settings(Path(home)).warehouse_path(code), copy)
        warehouse = Warehouse(copy)
        returns = honest(warehouse)
        seen = said(warehouse, date.fromisoformat(day), [late_cheque(one, number) for number, one in enumerate(returns)])
        sys.stdout.write(f"honest returns asked about: {wilson(int(seen['is_found'].sum()), seen.height)}\n")
        sys.stdout.write(f"what was made of them: {dict(Counter(seen['variant_code']))}\n")
        # One wrong return at a time in the chain of an account would need a night each: every second quarter is made wrong.
        altered = {one["return_id"]: wrong(one, number) for number, one in enumerate(returns) if number % 2}
        both = [altered[one["return_id"]][2] if one["return_id"] in altered else one for one in returns]
        seen = said(warehouse, date.fromisoformat(day), both)
        told = {name: (found, pence) for name, found, pence, _ in seen.iter_rows()}
        for words in WRONG:
            own = [(told[name], apart) for name, (why, apart, _) in altered.items() if why == words and apart]
            sys.stdout.write(f"{words}: found {wilson(sum(found for (found, _), _ in own), len(own))}")
            sys.stdout.write(f", to the penny {sum(found and pence == apart for (found, pence), apart in own)} of {len(own)}\n")
        warehouse.close()


if __name__ == "__main__":
    main()
