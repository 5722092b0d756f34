"""Numbers of measures as people read them: one writing for text, charts, tables, workbook and PDF."""

from __future__ import annotations

from typing import Any

from phb_audit.money import pounds
from phb_audit.reports.page import DASH, percent

Row = dict[str, Any]
KEPT_BACK = "kept back"
PLACES = {"per_100": 1, "per_50000": 1, "per_100000": 1, "days": 1, "weeks": 1, "hours": 1, "score": 1}
AFTER = {
    "days": " days",
    "weeks": " weeks",
    "hours": " hours",
    "per_100": " per 100",
    "per_50000": " per 50,000",
    "per_100000": " per 100,000",
}
SOURCES = {
    "assurance/missed.py": "Purchases drawn by chance, and the log of decisions",
    "finance/double_running.py": "The contracts and budgets on file",
    "finance/growth.py": "The register of budgets, quarter by quarter",
    "finance/joint.py": "The joint budgets on file, and what the council counts",
    "finance/lines.py": "The national aims, and how many people live here",
    "finance/market.py": "The payments and contracts on file",
    "finance/neutrality.py": "The budgets on file, and what was quoted instead of them",
    "finance/outcomes.py": "The reviews and outcomes on file",
    "finance/payroll.py": "The pay slips and payments on file",
    "finance/people.py": "The register of budgets",
    "finance/positions.py": "The payments and budgets on file",
    "finance/sufficiency.py": "The budgets and plans on file",
    "finance/unspent.py": "The balances and budgets on file",
    "reports/measures_accounts.sql": "The budgets and bank statements on file",
    "reports/measures_checks.sql": "The log of decisions",
    "reports/measures_data.sql": "The files that came, and what was refused of them",
    "reports/measures_decisions.sql": "The items, and the log of decisions",
    "reports/measures_learned.sql": "The log of decisions",
    "reports/measures_payments.sql": "The payments, plans and receipts on file",
    "reports/measures_rules.sql": "The items, and the reasons they have",
    "reports/measures_waiting.sql": "The items that wait",
}
STANDING = {True: "met", False: "not met", None: DASH}


def number(value: float | None, unit_code: str, *, bare: bool = False) -> str:
    """A value in its unit: '34.4%', '£1,204.50', '9.0 days', '2.1 per 100', '1,204'; `bare` leaves the words away."""
    if value is None:
        return DASH
    if unit_code == "share":
        return percent(value, 1)
    if unit_code == "pence":
        return pounds(round(value))
    return f"{value:,.{PLACES.get(unit_code, 0)}f}" + ("" if bare else AFTER.get(unit_code, ""))


def shown(row: Row) -> str:
    """The value of a protected measure, or that it is kept back, or a dash where nothing was counted."""
    return KEPT_BACK if row["value"] is None and row["is_kept_back"] else number(row["value"], row["unit_code"])


def out_of(row: Row) -> str:
    """'189 of 549', '£640.00 for 12' where pounds are told for each of something; says what is kept back; empty where it is no ratio."""
    if not row["denominator_words"]:
        return ""
    told = [(row[side], _unit_of(row[f"{side}_words"])) for side in ("numerator", "denominator")]
    if row["is_kept_back"] and told[0][0] is None and told[1][0] is None:
        return KEPT_BACK
    between = " of " if told[0][1] == told[1][1] else " for "
    return between.join(KEPT_BACK if row["is_kept_back"] and side is None else number(side, unit, bare=True) for side, unit in told)


def _unit_of(words: str) -> str:
    """The unit of a side of a ratio, by its words: weeks are told to a tenth, so that pounds over weeks come to what is printed."""
    return "pence" if "pence" in words else "weeks" if words.startswith("weeks") else "count"


def source(row: Row) -> str:
    """What a measure was counted from, in words."""
    return SOURCES[row["source"]]


def interval(row: Row) -> str:
    """'30.5% to 38.5%', or a dash."""
    if row["lower"] is None or row["upper"] is None:
        return DASH
    return f"{number(row['lower'], row['unit_code'], bare=True)} to {number(row['upper'], row['unit_code'], bare=True)}"


def target(row: Row) -> str:
    """'at least 90.0%', or 'none set'."""
    if row["target"] is None:
        return "none set"
    return f"{row['target_code'].replace('_', ' ')} {number(row['target'], row['unit_code'])}"


def is_met(row: Row) -> bool | None:
    """Whether the value meets its target; None without either."""
    if row["target"] is None or row["value"] is None:
        return None
    return bool(row["value"] >= row["target"] if row["target_code"] == "at_least" else row["value"] <= row["target"])
