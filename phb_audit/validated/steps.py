"""What a table's way through the gate is made of; each module of this stage that types a landed table declares one `STEP`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from phb_audit.run import Run
from phb_audit.tables import TABLES, Table


@dataclass(frozen=True)
class Part:
    """A validated table filled from the candidates: those where `where` is true (all when empty), once for each `once_by`."""

    table_name: str
    where: str = ""
    once_by: str = ""

    @property
    def table(self) -> Table:
        """The table."""
        return TABLES[self.table_name]


@dataclass(frozen=True)
class Step:
    """From one landed table to its validated tables.

    `candidates` types the landed rows: it returns one row per landed row with every column of the validated tables and those its
    suite looks at. `same_row`: sets of landed columns by which a later row is known to repair a
    refused one ('name?' may be blank, 'name!' must be; the file's name and line are known too). `latest_by`:
    validated columns that make a row unique, where a later row takes the place of an earlier one. `pence`: the candidates'
    column the books add up. `is_optional`: nobody has to send it, and the books of a night without it do not speak of it.
    `holds_back`: a refused row keeps its holder from being judged tonight. `is_row_by_row`: rows can be typed in slices; `finish`
    then settles what depends on other rows, of all slices together.
    """

    landed_name: str
    parts: tuple[Part, ...]
    candidates: Callable[[Run, pl.DataFrame], pl.DataFrame]
    same_row: tuple[tuple[str, ...], ...] = ()
    latest_by: tuple[str, ...] = ()
    pence: str = ""
    is_optional: bool = False
    holds_back: bool = False
    is_row_by_row: bool = False
    finish: Callable[[Run, pl.DataFrame], pl.DataFrame] | None = None

    @property
    def landed(self) -> Table:
        """The landed table."""
        return TABLES[self.landed_name]

    @property
    def short_name(self) -> str:
        """'payments' for landed.payments; SQL sees its candidates as `candidate_payments`."""
        return self.landed.short_name

    @property
    def candidate_table(self) -> str:
        """The name by which SQL sees the candidates."""
        return f"candidate_{self.short_name}"
