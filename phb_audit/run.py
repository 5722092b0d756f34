"""One commissioner's night: who, which day, where its files are, and the books every stage must balance."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from phb_audit.errors import BooksDoNotBalance
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse

log = logging.getLogger("phb_audit")


@dataclass(frozen=True)
class Total:
    """One line of a stage's books: `side` 'in' or 'out', what is counted, rows, and the sum in pence."""

    side: str
    item: str
    rows: int
    pence: int


@dataclass(frozen=True)
class StageTotals:
    """The books of one stage. They balance when rows and pence in equal rows and pence out."""

    stage: str
    totals: tuple[Total, ...]

    @property
    def balance(self) -> tuple[int, int]:
        """Rows and pence in, less rows and pence out."""
        sign = {"in": 1, "out": -1}
        return (
            sum(sign[total.side] * total.rows for total in self.totals),
            sum(sign[total.side] * total.pence for total in self.totals),
        )

    def require_balance(self) -> StageTotals:
        """Itself, or BooksDoNotBalance."""
        if self.balance != (0, 0):
            rows, pence = self.balance
            raise BooksDoNotBalance(stage=self.stage, totals=f"{rows:+d} rows and {pence:+d} pence unaccounted for")
        return self

    def __str__(self) -> str:
        return f"{self.stage}: " + "; ".join(f"{t.side} {t.item} {t.rows} rows {t.pence} pence" for t in self.totals)


@dataclass
class Run:
    """Everything a stage may know of the night. `as_of` is the day the night looks at; no stage asks the clock."""

    commissioner_code: str
    as_of: date
    inbox: Path
    settings: Settings
    warehouse: Warehouse
    stand_in_holders: bool = False  # an account without a budget stands in for its own holder (files with no people in them)
    without_feeds: frozenset[str] = frozenset()
    mappings: tuple[Path, ...] = field(default=())
    decisions_up_to: int | None = None  # the newest event of the casebook it may see; None is all of them
    classifier: str | None = None  # the version that answers; None is the one in use

    @property
    def run_id(self) -> str:
        """'<commissioner>-<as_of>': the same night run twice is the same run."""
        return f"{self.commissioner_code}-{self.as_of.isoformat()}"

    def keep_books(self, totals: StageTotals) -> None:
        """Store a stage's books in nights.control_totals, then insist that they balance."""
        keep_books(self.warehouse, self.run_id, totals)
        totals.require_balance()
        log.info("%s %s", self.run_id, totals)


def keep_books(warehouse: Warehouse, run_id: str, totals: StageTotals) -> None:
    """Replace the books of one night and stage."""
    table = TABLES["nights.control_totals"]
    rows: Iterable[dict[str, object]] = (
        {"run_id": run_id, "stage_name": totals.stage, "side_code": t.side, "item": t.item, "rows_count": t.rows, "sum_pence": t.pence}
        for t in totals.totals
    )
    frame = pl.DataFrame(list(rows), schema=table.polars_schema)
    with warehouse.transaction():
        warehouse.run(
            "DELETE FROM nights.control_totals WHERE run_id = $run_id AND stage_name = $stage",
            {"run_id": run_id, "stage": totals.stage},
        )
        warehouse.write(table, frame)
