"""What a suite is: plain facts a table's rows must meet, why, who mends a failure, and what a failure does.

A suite is data. `gate.py` hands it to Great Expectations for the verdict; `bitmask.py` makes SQL of it that names the failing rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

Severity = Literal["stop", "quarantine", "inform"]
SEVERITIES: tuple[Severity, ...] = ("stop", "quarantine", "inform")
Value = str | int | float | date | tuple[str, ...]

# What may be asked of a table, and the parameters each kind takes.
KINDS: dict[str, frozenset[str]] = {
    "columns": frozenset(),  # the table has these columns
    "filled": frozenset(),  # the column is not null
    "unique": frozenset(),  # no value twice (nulls are left alone, as in every kind below)
    "one_of": frozenset({"values"}),
    "between": frozenset({"least", "most"}),
    "matching": frozenset({"pattern"}),
    "not_matching": frozenset({"pattern"}),
    "in_order": frozenset(),  # the second column is not before the first
    "known_in": frozenset({"table", "columns"}),  # the columns' values stand in that table (an anti-join)
    "holds": frozenset({"condition"}),  # an SQL condition over the row; null counts as met
}

SENDER = "the sender"  # stands for the owner of the feed the row came in
BITS_AT_MOST = 62
LAST_RESORT = "row_complete"  # the expectation whose words are left out where a row has a better reason


@dataclass(frozen=True)
class Only:
    """Narrows an expectation to rows where `column` is filled, or is one of `values`."""

    column: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """One fact about a table's rows.

    `reason` says why it is expected; `problem` says what is wrong with a row that fails, and may name columns in braces
    (never personal ones). A parameter beginning with '$' is filled in by the night: `$as_of`.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    severity_code: Severity
    reason: str
    problem: str
    fix_owner: str = SENDER
    rule_ids: tuple[str, ...] = ()
    parameters: Mapping[str, Value] = field(default_factory=dict)
    where: tuple[Only, ...] = ()

    def settled(self, known: Mapping[str, Value]) -> Expectation:
        """The same expectation with every `$name` parameter filled in from `known`; KeyError for a name it does not hold."""
        filled = {
            name: known[value[1:]] if isinstance(value, str) and value.startswith("$") else value for name, value in self.parameters.items()
        }
        return replace(self, parameters=filled)


@dataclass(frozen=True)
class Suite:
    """What the rows of `table` must be; `key` names the column that tells its rows apart."""

    table: str
    expectations: tuple[Expectation, ...]
    key: str = "row_id"

    @property
    def name(self) -> str:
        """'landed_payments' for the table 'landed.payments': also the name of its module in `expectations/`."""
        return self.table.replace(".", "_")

    @property
    def by_row(self) -> tuple[Expectation, ...]:
        """The expectations that single rows can fail, in the order of their bits."""
        return tuple(expectation for expectation in self.expectations if expectation.kind != "columns")

    def settled(self, known: Mapping[str, Value]) -> Suite:
        """The same suite with every `$name` parameter filled in."""
        return replace(self, expectations=tuple(expectation.settled(known) for expectation in self.expectations))
