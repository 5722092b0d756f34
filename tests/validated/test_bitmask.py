"""The rows the bit mask names are as many as Great Expectations counts: for every kind of expectation, on dirty rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from phb_audit.validated.bitmask import PREDICATES, failing_rows, literal, quoted
from phb_audit.validated.gate import GX_NAMES, Gate
from phb_audit.validated.suite import BITS_AT_MOST, KINDS, Expectation, Only, Suite, Value

DIRTY = """
    CREATE TEMP TABLE dirty AS SELECT
        'r' || (n // CASE WHEN n < 6 THEN 2 ELSE 1 END) AS row_id,
        CASE WHEN n % 7 = 0 THEN NULL ELSE n END AS amount_pence,
        DATE '2026-01-01' + CAST(n * 3 AS INTEGER) AS paid_on,
        CASE WHEN n % 5 = 0 THEN NULL ELSE DATE '2026-06-01' END AS ends_on,
        CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN 'H1' WHEN 2 THEN 'H2' ELSE '!3' END AS holder_id,
        CASE n % 3 WHEN 0 THEN 'card' WHEN 1 THEN 'bank' END AS feed_code,
        CASE WHEN n % 6 = 0 THEN '12 x''y' ELSE 'plain {1}' END AS words
    FROM range(200) numbers(n)"""


def asked(name: str, kind: str, *columns: str, where: tuple[Only, ...] = (), **parameters: Value) -> Expectation:
    return Expectation(name, kind, columns, "quarantine", "why", "what", parameters=parameters, where=where)


SUITE = Suite(
    "landed.dirty",
    (
        asked("filled", "filled", "amount_pence"),
        asked("filled_where", "filled", "amount_pence", where=(Only("feed_code", ("card", "bank")), Only("ends_on"))),
        asked("unique", "unique", "row_id"),
        asked("one_of", "one_of", "holder_id", values=("H1", "H2")),
        asked("one_of_where", "one_of", "holder_id", values=("H1",), where=(Only("feed_code", ("card",)),)),
        asked("least", "between", "amount_pence", least=20),
        asked("most", "between", "paid_on", most=date(2026, 10, 31)),
        asked("both", "between", "amount_pence", least=20, most=100),
        asked("matching", "matching", "words", pattern=r"^plain \{\d\}$"),
        asked("not_matching", "not_matching", "holder_id", pattern="^!"),
        asked("not_matching_quote", "not_matching", "words", pattern="x'y"),
        asked("in_order", "in_order", "paid_on", "ends_on"),
        asked("known", "known_in", "holder_id", table="known", columns=("id",)),
        asked("known_pair", "known_in", "holder_id", "feed_code", table="known", columns=("id", "feed"), where=(Only("ends_on"),)),
        asked("holds", "holds", "amount_pence", condition="amount_pence > 50 OR regexp_matches(words, '^\\d{2}')"),
        asked("holds_where", "holds", "amount_pence", condition="amount_pence > 50", where=(Only("holder_id"),)),
    ),
)


ROUNDS = 4  # a count that needs another waits for the next round of statements


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect()
    made.execute(DIRTY)
    made.execute("CREATE TEMP TABLE known AS SELECT * FROM (VALUES ('H1', 'card'), ('H2', 'bank')) AS known(id, feed)")
    yield made
    made.close()


def test_great_expectations_and_the_bit_mask_count_alike(connection: duckdb.DuckDBPyConnection) -> None:
    with Gate(connection) as gate:
        verdicts = gate.check(SUITE, "dirty")
    masks = [mask for _, mask in connection.execute(failing_rows(SUITE, "dirty")).fetchall()]
    named = {one.name: sum(mask >> place & 1 for mask in masks) for place, one in enumerate(SUITE.by_row)}
    assert {name: verdict.rows_failed for name, verdict in verdicts.items()} == named
    assert all(named.values()), "each expectation must have something to find, else the comparison proves nothing"
    assert not any(verdict.is_met for verdict in verdicts.values())


def test_a_suite_is_counted_in_a_few_statements_and_not_in_one_for_each_set_of_rows(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from phb_audit.validated import gate_dialect

    told: list[str] = []
    execute = gate_dialect.Cursor.execute

    def listened(self: gate_dialect.Cursor, statement: str, *parameters: Any) -> gate_dialect.Cursor:
        told.append(statement)
        return execute(self, statement, *parameters)

    monkeypatch.setattr(gate_dialect.Cursor, "execute", listened)
    with Gate(connection) as gate:
        gate.check(SUITE, "dirty")
    counts = [statement for statement in told if "sum(" in statement]
    asked = sum(statement.count("sum(") for statement in counts)
    assert asked >= len(SUITE.by_row)
    assert len(counts) <= ROUNDS, f"{asked} counts took {len(counts)} statements"
    assert any("FILTER" in statement for statement in counts)


def test_the_dirty_suite_asks_every_kind_of_row() -> None:
    assert {one.kind for one in SUITE.expectations} == set(KINDS) - {"columns"}
    assert set(PREDICATES) == set(KINDS) - {"columns"}
    assert set(GX_NAMES) == set(KINDS)


def test_what_holds_is_met_and_nothing_is_named(connection: duckdb.DuckDBPyConnection) -> None:
    suite = Suite(
        "landed.dirty", (asked("words", "filled", "words"), asked("known", "known_in", "feed_code", table="known", columns=("feed",)))
    )
    with Gate(connection) as gate:
        verdicts = gate.check(suite, "dirty")
    assert [(verdict.is_met, verdict.rows_failed) for verdict in verdicts.values()] == [(True, 0), (True, 0)]
    assert connection.execute(failing_rows(suite, "dirty")).fetchall() == []


def test_a_missing_column_is_counted(connection: duckdb.DuckDBPyConnection) -> None:
    suite = Suite("landed.dirty", (asked("columns", "columns", "row_id", "absent", "gone"),))
    with Gate(connection) as gate:
        verdict = gate.check(suite, "dirty")["columns"]
    assert (verdict.is_met, verdict.rows_failed, verdict.rows_checked) == (False, 2, 200)


def test_an_expectation_that_cannot_be_asked_is_an_error_and_not_a_pass(connection: duckdb.DuckDBPyConnection) -> None:
    suite = Suite("landed.dirty", (asked("broken", "holds", "row_id", condition="no_such_column = 1"),))
    with Gate(connection) as gate, pytest.raises(RuntimeError, match="broken"):
        gate.check(suite, "dirty")


def test_names_and_values_cannot_break_out_of_a_statement() -> None:
    assert quoted('a"b') == '"a""b"'
    assert literal("o'clock") == "'o''clock'"
    assert literal(("a", "b")) == "('a', 'b')"
    assert literal(date(2026, 10, 31)) == "DATE '2026-10-31'"


def test_a_suite_with_more_expectations_than_bits_is_refused() -> None:
    many = Suite("landed.dirty", tuple(asked(f"e{n}", "filled", "row_id") for n in range(BITS_AT_MOST + 1)))
    with pytest.raises(ValueError, match="bits"):
        failing_rows(many, "dirty")
