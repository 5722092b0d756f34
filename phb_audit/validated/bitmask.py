"""The failing rows: one pass over a table, with one bit for each expectation of its suite.

Great Expectations gives the verdict but cuts its lists of rows short; the predicates here are made from the same suite, and a
test holds that both count alike.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from phb_audit.validated.suite import BITS_AT_MOST, Expectation, Only, Suite, Value


def quoted(name: str) -> str:
    """A column name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Value) -> str:
    """A value for SQL."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, tuple):
        return "(" + ", ".join(literal(one) for one in value) + ")"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def _outside(expectation: Expectation) -> str:
    column, limits = quoted(expectation.columns[0]), expectation.parameters
    sides = [f"{column} < {literal(limits['least'])}"] if "least" in limits else []
    return " OR ".join(sides + ([f"{column} > {literal(limits['most'])}"] if "most" in limits else []))


def _unknown(expectation: Expectation) -> str:
    theirs = expectation.parameters["columns"]
    assert isinstance(theirs, tuple)
    same = " AND ".join(f"known.{quoted(their)} = batch.{quoted(our)}" for our, their in zip(expectation.columns, theirs, strict=True))
    filled = " AND ".join(f"batch.{quoted(our)} IS NOT NULL" for our in expectation.columns)
    return f"{filled} AND NOT EXISTS (SELECT 1 FROM {expectation.parameters['table']} known WHERE {same})"


def _repeated(expectation: Expectation) -> str:
    column = quoted(expectation.columns[0])
    return f"{column} IN (SELECT {column} FROM batch GROUP BY {column} HAVING count(*) > 1)"  # a window would hold every row at once


# For each kind, the SQL that is true of a row that fails it (null is not failing).
PREDICATES: dict[str, Callable[[Expectation], str]] = {
    "filled": lambda e: f"{quoted(e.columns[0])} IS NULL",
    "unique": _repeated,
    "one_of": lambda e: f"{quoted(e.columns[0])} NOT IN {literal(e.parameters['values'])}",
    "between": _outside,
    "matching": lambda e: f"NOT regexp_matches({quoted(e.columns[0])}, {literal(e.parameters['pattern'])})",
    "not_matching": lambda e: f"regexp_matches({quoted(e.columns[0])}, {literal(e.parameters['pattern'])})",
    "in_order": lambda e: f"{quoted(e.columns[1])} < {quoted(e.columns[0])}",
    "known_in": _unknown,
    "holds": lambda e: f"NOT ({e.parameters['condition']})",
}


def looked_at(only: Only) -> str:
    """The SQL that is true of the rows an expectation is about."""
    return f"{quoted(only.column)} IN {literal(only.values)}" if only.values else f"{quoted(only.column)} IS NOT NULL"


def failing(expectation: Expectation) -> str:
    """The SQL that is true of a row that fails; the table must be called `batch` in the statement around it."""
    parts = [looked_at(only) for only in expectation.where] + [PREDICATES[expectation.kind](expectation)]
    return " AND ".join(f"({part})" for part in parts)


def failing_rows(suite: Suite, table: str) -> str:
    """One row per row that fails something: its key and `failed_bits`, bit n being the n-th of `suite.by_row`."""
    if len(suite.by_row) > BITS_AT_MOST:
        raise ValueError(f"{suite.name} has more expectations than there are bits")
    bits = [f"CASE WHEN {failing(expectation)} THEN {1 << place} ELSE 0 END" for place, expectation in enumerate(suite.by_row)]
    total = " + ".join(bits) or "0"
    key = quoted(suite.key)
    return (
        f"WITH batch AS NOT MATERIALIZED (SELECT * FROM {table}) "
        f"SELECT {key}, failed_bits FROM (SELECT {key}, CAST({total} AS BIGINT) AS failed_bits FROM batch) WHERE failed_bits <> 0"
    )
