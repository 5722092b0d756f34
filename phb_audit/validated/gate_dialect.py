"""DuckDB for SQLAlchemy, as much of it as Great Expectations needs: reading tables on a connection the night already holds.

The public dialects do not run with DuckDB 2.0. Ours is PostgreSQL's with another driver; it writes nothing and shares the night's
connection, so that temporary tables and the open transaction are seen. Part of the gate: imported by `gate.py` alone.
"""

# ruff: noqa: D102 - the dialect's methods are SQLAlchemy's, which describes them

from __future__ import annotations

import builtins
import sys
from collections.abc import Sequence
from typing import Any, Literal

import duckdb
import sqlalchemy as sa
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy.dialects import postgresql, registry
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.pool import StaticPool

SHARED: dict[str, duckdb.DuckDBPyConnection] = {}  # the address duckdb:///NAME leads to the connection kept here under NAME

COLUMNS: dict[tuple[str, str], list[Any]] = {}  # what the table being checked is made of; the gate empties it before each
BATCH = "batch"  # what the table is called in the statement that counts
SQL_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "BIGINT": sa.BIGINT,
    "INTEGER": sa.INTEGER,
    "HUGEINT": sa.NUMERIC,
    "VARCHAR": sa.VARCHAR,
    "DATE": sa.DATE,
    "DOUBLE": sa.FLOAT,
    "BOOLEAN": sa.BOOLEAN,
}


class Cursor:
    """A DB-API cursor that holds its whole result: Great Expectations reads rows after it has closed the connection."""

    arraysize = 1
    rowcount = -1
    lastrowid = None

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.description: list[tuple[Any, ...]] | None = None
        self.rows: list[tuple[Any, ...]] = []

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        """Run a statement and fetch what it gives."""
        answer = self.connection.execute(statement, list(parameters)) if parameters else self.connection.execute(statement)
        found = answer.description
        self.description = [(column[0], str(column[1]), None, None, None, None, None) for column in found] if found else None
        self.rows = answer.fetchall() if found else []
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        return self.rows.pop(0) if self.rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """The next rows."""
        taken, self.rows = self.rows[:size], self.rows[size:]
        return taken

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows that are left."""
        return self.fetchmany(len(self.rows))

    def close(self) -> None:
        """Nothing is held open."""


class SharedConnection:
    """A DB-API connection over the night's own: it ends no transaction and closes nothing, since neither is its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def cursor(self) -> Cursor:
        """A new cursor."""
        return Cursor(self.connection)

    def commit(self) -> None:
        """The night's transaction is the night's to end."""

    rollback = close = commit


class Driver:
    """The DB-API module SQLAlchemy asks for."""

    apilevel = "2.0"
    threadsafety = 1
    paramstyle = "numeric_dollar"
    Error = InterfaceError = Warning = duckdb.Error
    DatabaseError = duckdb.DatabaseError
    OperationalError = duckdb.OperationalError
    ProgrammingError = duckdb.ProgrammingError
    IntegrityError = duckdb.IntegrityError
    InternalError = duckdb.InternalError
    DataError = duckdb.DataError
    NotSupportedError = duckdb.NotSupportedError

    @staticmethod
    def connect(name: str) -> SharedConnection:
        """The connection shared under that name."""
        return SharedConnection(SHARED[name])


class Compiler(PGCompiler):
    """PostgreSQL's `~` finds a pattern anywhere; DuckDB's wants the whole text, so it is written as a function."""

    def visit_custom_op_binary(self, element: Any, operator: Any, **more: Any) -> str:
        """Write `left ~ right` as `regexp_matches(left, right)`."""
        if operator.opstring not in ("~", "!~"):
            return str(super().visit_custom_op_binary(element, operator, **more))  # type: ignore[no-untyped-call]
        found = f"regexp_matches({self.process(element.left, **more)}, {self.process(element.right, **more)})"
        return found if operator.opstring == "~" else f"NOT {found}"


class DuckDBDialect(PGDialect):
    """What SQLAlchemy must know: how to connect, and which tables and columns there are (temporary ones among them)."""

    name = driver = "duckdb"
    statement_compiler = Compiler
    execution_ctx_cls = DefaultExecutionContext  # type: ignore[assignment]
    supports_statement_cache = True
    default_paramstyle = "numeric_dollar"
    supports_server_side_cursors = False
    use_insertmanyvalues = False

    @classmethod
    def import_dbapi(cls) -> Any:
        return Driver

    @classmethod
    def get_pool_class(cls, url: Any) -> Any:
        return StaticPool

    def create_connect_args(self, url: Any) -> Any:
        return [url.database], {}

    def initialize(self, connection: Any) -> None:
        self.server_version_info = (15, 0)
        self.default_schema_name = "main"

    def do_ping(self, connection: Any) -> bool:
        return True

    def on_connect(self) -> None:
        return None

    def do_begin(self, connection: Any) -> None:
        return None

    def get_default_isolation_level(self, connection: Any) -> None:  # type: ignore[override]
        return None

    def get_schema_names(self, connection: Any, **more: Any) -> list[str]:
        return [row[0] for row in self._asked(connection, "SELECT DISTINCT schema_name FROM duckdb_schemas() WHERE NOT internal", ())]

    def get_table_names(self, connection: Any, schema: str | None = None, **more: Any) -> list[str]:
        return [
            row[0] for row in self._asked(connection, "SELECT table_name FROM duckdb_tables() WHERE schema_name = $1", (schema or "main",))
        ]

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **more: Any) -> bool:
        return bool(self._columns(connection, table_name, schema))

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **more: Any) -> list[dict[str, Any]]:  # type: ignore[override]
        found = self._columns(connection, table_name, schema)
        if not found:
            raise sa.exc.NoSuchTableError(table_name)
        return [
            {"name": name, "type": SQL_TYPES.get(kind, sa.types.NullType)(), "nullable": is_nullable, "default": None}
            for name, kind, is_nullable in found
        ]

    def _columns(self, connection: Any, table_name: str, schema: str | None) -> list[Any]:
        statement = (
            "SELECT column_name, data_type, is_nullable FROM duckdb_columns() "
            "WHERE table_name = $1 AND schema_name = $2 ORDER BY column_index"
        )
        name = (str(table_name), schema or "main")
        if name not in COLUMNS:
            COLUMNS[name] = self._asked(connection, statement, name)
        return COLUMNS[name]

    @staticmethod
    def _asked(connection: Any, statement: str, parameters: tuple[object, ...]) -> list[Any]:
        rows: list[Any] = connection.exec_driver_sql(statement, parameters).fetchall()
        return rows

    def get_view_names(self, *asked: Any, **more: Any) -> list[str]:
        return []

    def get_pk_constraint(self, *asked: Any, **more: Any) -> Any:
        return {"constrained_columns": [], "name": None}

    def get_table_comment(self, *asked: Any, **more: Any) -> Any:
        return {"text": None}

    get_temp_table_names = get_foreign_keys = get_indexes = get_view_names
    get_unique_constraints = get_check_constraints = get_view_names


class dialect(postgresql.dialect):  # type: ignore[misc,valid-type]  # noqa: N801
    """A mark: Great Expectations looks for a class of this name and kind in the dialect's module before it writes a pattern."""


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Great Expectations' SQL engine, told that our dialect knows patterns and that it may make no tables."""

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("create_temp_table", False)
        super().__init__(*given, **named)
        self.dialect_module = sys.modules[__name__]

    def resolve_metric_bundle(self, metric_fn_bundle: Any) -> dict[Any, Any]:
        """All counts that can be made at once in one statement: what is asked of some rows only is counted with FILTER.

        Great Expectations would send one statement for each set of rows. What does not fit is left to it.
        """
        asked = list(metric_fn_bundle)
        base = self.get_domain_records(domain_kwargs={})
        counts = [self._filtered(one, base) for one in asked]
        if any(count is None for count in counts) or not asked:
            found: dict[Any, Any] = super().resolve_metric_bundle(asked)
            return found
        named = [count.label(f"c{place}") for place, count in enumerate(counts)]
        (row,) = self.execute_query(sa.select(*named).select_from(base.alias(BATCH))).fetchall()
        return {one.metric_configuration.id: value for one, value in zip(asked, row, strict=True)}

    def _filtered(self, one: Any, base: Any) -> Any:
        """One count as a column over the whole table, or None where it is no simple count of some of its rows."""
        count, records = one.metric_fn, self.get_domain_records(domain_kwargs=one.compute_domain_kwargs or {})
        if getattr(count, "name", "") not in ("sum", "count"):
            return None
        if records is base:
            return count
        if not isinstance(records, sa.Select) or records.get_final_froms() != [base]:
            return None
        return count if records.whereclause is None else count.filter(records.whereclause)


class DuckDBDatasource(SQLDatasource):
    """Where Great Expectations finds the tables; `context.data_sources.add_duckdb` once this module is imported."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]

    def _save_context_project_config(self) -> None:
        """There is no project to save: writing it out for every table would take longer than the questions."""

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """Our engine."""
        return DuckDBExecutionEngine


registry.register("duckdb", __name__, "DuckDBDialect")
