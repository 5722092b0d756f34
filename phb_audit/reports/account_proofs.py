"""What of an account is held against what: our own instalments first, then statements, returns, payroll and refunds, to the penny.

The comparisons are those of the rules, worked out anew for one holder; nothing is compared twice in two ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.flagged.findings import worded
from phb_audit.flagged.reading import read_spending
from phb_audit.rules.register import Registered
from phb_audit.warehouse import Warehouse, sql

# Rule and what it holds against what; the commissioner's own part comes first. None of them finds what is of a lane.
HELD = {
    "A-12": "Instalments: what we recorded as paid, against what came in",
    "E-12": "Statements and cards: where the lines go on, against where they stopped",
    "E-13": "Returns and ledgers: against their own sums, the return before, the statement, and what we paid",
    "W-09": "Payroll: net pay on slips, against what was paid",
    "E-10": "Refund notes: against money that came back",
}
# Comparisons that need balances: the feeds, and what their lines stand on.
ON_BALANCES = {"E-12": (("bank", "card"), "statements"), "E-13": (("managed",), "ledgers")}


@dataclass(frozen=True)
class Disagreement:
    """One thing that does not agree: since when, the first line where it shows, by how much, and in the rule's words; `next_step` is
    whom it is put to, or that nobody is asked.
    """

    rule_id: str
    on: date
    first_line_id: str | None
    apart_pence: int
    words: str
    next_step: str


@dataclass(frozen=True)
class Proof:
    """One comparison: how many things were looked at, and those that do not agree, earliest first."""

    rule_id: str
    words: str
    looked_count: int
    disagreements: tuple[Disagreement, ...]
    cannot: str = ""  # why some of it, or all, cannot be proved

    @property
    def apart_pence(self) -> int:
        """What all of them come to."""
        return sum(one.apart_pence for one in self.disagreements)


def prove(
    warehouse: Warehouse, run_id: str, as_of: date, holder_id: str, rules: Sequence[Registered]
) -> tuple[tuple[Proof, ...], pl.DataFrame]:
    """Every comparison of one holder's accounts, in the order of `HELD`; and what A-12 made of each instalment, for who owes what."""
    spending = read_spending(warehouse, run_id, as_of, pl.DataFrame({"holder_id": [holder_id]}))
    by_id = {one.rule.id: one for one in rules}
    rows = {rule_id: by_id[rule_id].considered(spending).collect() for rule_id in HELD}
    lacking = warehouse.frame(sql(__file__, "account_page_without_balances"), {"holder_id": holder_id})
    proofs = tuple(_proof(by_id[rule_id], rows[rule_id], cannot_be_proved(rule_id, rows[rule_id], lacking)) for rule_id in HELD)
    return proofs, rows["A-12"]


def cannot_be_proved(rule_id: str, rows: pl.DataFrame, lacking: pl.DataFrame) -> str:
    """Why accounts of the rule's feeds were not among the `rows` it looked at, in words; empty where all were.

    `lacking`: one row per account and feed with a line without a balance (account_id, feed_code, has_none).
    """
    if rule_id not in ON_BALANCES:
        return ""
    feeds, papers = ON_BALANCES[rule_id]
    left = lacking.filter(pl.col("feed_code").is_in(feeds) & ~pl.col("account_id").is_in(rows["subject_id"].implode()))
    if left.is_empty():
        return ""
    why = f"the {papers} carry no balances" if left["has_none"].all() else "not every line carries a balance"
    return f"Cannot be proved: {why}" if rows.is_empty() else f"{left.height} more cannot be proved: {why}"


def _proof(one: Registered, rows: pl.DataFrame, cannot: str) -> Proof:
    found = []
    for by_day, part in one.by_limits(rows.filter("is_found")):
        line = pl.coalesce("first_line_id", "payment_id") if "first_line_id" in part.columns else pl.col("payment_id")
        told = part.select(
            "subject_on",
            line.alias("line"),
            "at_stake_pence",
            worded(by_day, part, "sentence").alias("words"),
            worded(by_day, part, "ask").alias("next_step"),
        )
        found += [Disagreement(one.rule.id, *row) for row in told.iter_rows()]
    found.sort(key=lambda row: (row.on, row.first_line_id or "", row.words))
    return Proof(one.rule.id, HELD[one.rule.id], rows.height, tuple(found), cannot)
