"""The cells behind measures, and the sums that tie them: what `protect` and the packs before work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from phb_audit.reports.small_numbers import Cell, Sum
from phb_audit.tables.measures import WHOLE

Row = dict[str, Any]
MONTH = "month"


@dataclass
class Grid:
    """The cells behind measures, each once however many measures print it, and the sums that tie them."""

    cells: list[Cell] = field(default_factory=list)
    places: dict[tuple[object, ...], int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    numerators: dict[int, int] = field(default_factory=dict)
    denominators: dict[int, int] = field(default_factory=dict)

    def place(self, row: Row, side: str, *, small: bool, money: bool) -> int:
        """The place of a row's numerator or denominator; the same words, group, days and number are the same cell."""
        amount, is_whole = row[side], row["group_code"] in (WHOLE, MONTH)  # a month is a whole of its own days
        group = "" if is_whole else (row["group_code"], row["group_key"])
        key = (row[f"{side}_words"], group, row["first_on"], row["last_on"], amount)
        if key not in self.places:
            self.places[key] = len(self.cells)
            self.cells.append(Cell(amount, small, money, is_whole=is_whole))
        elif small and not self.cells[self.places[key]].is_small:
            self.cells[self.places[key]] = Cell(amount, True, money, is_whole=is_whole)
        return self.places[key]

    def add(self, cell: Cell) -> int:
        """The place of a further cell."""
        self.cells.append(cell)
        return len(self.cells) - 1
