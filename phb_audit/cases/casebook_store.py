"""Where a casebook is kept, and bringing it up to date: SQLite by default, PostgreSQL where the installation gives its address.

On PostgreSQL each commissioner has a schema of its own, `casebook_<code>`: each is its own data controller, so that rights can be
given, and copies taken, of one without the other.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from phb_audit.errors import PhbAuditError, UsageError
from phb_audit.settings import Settings

NEWEST = "0003"
STEPS = ("0001", "0002", NEWEST)
WAIT_SECONDS = 30
ONLY_READS = "only_reads"
_one_at_a_time = threading.Lock()  # Alembic keeps what it works on in one place of the process


class BrokenCasebook(PhbAuditError):
    """A casebook cannot be read, or an event of it does not carry the hash it should."""


def file_of(settings: Settings, commissioner_code: str) -> Path:
    """The SQLite file of a commissioner's casebook, whether it is there or not."""
    return settings.home / "casebook" / commissioner_code / "casebook.sqlite"


def schema_of(commissioner_code: str) -> str:
    """The PostgreSQL schema of a commissioner. Raises UsageError for a code that is not letters, digits, _ and -."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", commissioner_code):
        raise UsageError(f"{commissioner_code!r} cannot name a casebook.", do="Use letters, digits, _ and - in a commissioner's code.")
    return f"casebook_{commissioner_code}"


def is_kept(settings: Settings, commissioner_code: str) -> bool:
    """Whether there is a casebook of that commissioner. Raises BrokenCasebook where the server cannot be asked."""
    if settings.casebook_url is None:
        return file_of(settings, commissioner_code).exists()
    engine = engine_for(settings, commissioner_code)
    try:
        return schema_of(commissioner_code) in inspect(engine).get_schema_names()
    except DatabaseError as error:
        raise _unreadable(engine) from error
    finally:
        engine.dispose()


def engine_for(settings: Settings, commissioner_code: str) -> Engine:
    """An engine on the casebook of a commissioner; nothing is made or opened yet but the folder of a SQLite file."""
    if settings.casebook_url is None:
        settings.folder("casebook", commissioner_code)
        return sqlite_engine(file_of(settings, commissioner_code))
    url = postgresql_url(settings.casebook_url)
    schema = schema_of(commissioner_code)
    options = f'-csearch_path="{schema}" -clock_timeout={WAIT_SECONDS}s'
    arguments = {"options": options, "connect_timeout": WAIT_SECONDS}
    try:
        return create_engine(url, connect_args=arguments, hide_parameters=True, execution_options={"casebook_schema": schema})
    except ImportError as error:
        raise UsageError("A casebook on PostgreSQL needs psycopg.", do="pip install 'phb-audit[postgres]'.") from error


def postgresql_url(address: str) -> URL:
    """The address as SQLAlchemy takes it, for psycopg. Raises UsageError, without the address, where it is none of PostgreSQL."""
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "postgresql":
        raise UsageError("PHB_AUDIT_CASEBOOK_URL is no address of PostgreSQL.", do="Write it as postgresql://user@server/database.")
    return url.set(drivername="postgresql+psycopg")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Write changes ahead of the book: readers wait for nobody. Of several that begin a book at once SQLite lets none wait for this."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def sqlite_engine(path: Path) -> Engine:
    """An engine on a SQLite file whose transactions take the write lock at their start, so that two writers queue; `reading` takes none."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": WAIT_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _no_hidden_begin(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(ONLY_READS) else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads: it sees one moment, waits for no writer, and lets none wait."""
    with engine.connect().execution_options(**{ONLY_READS: True}) as connection:
        yield connection


def hold_for_writing(connection: Connection, engine: Engine) -> None:
    """Let nobody else write to this casebook until the transaction ends. SQLite has done so when it began.

    Raises OperationalError where somebody else has held it for WAIT_SECONDS.
    """
    if engine.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": _schema_in(engine)})


def bring_up_to_date(engine: Engine) -> None:
    """Make a casebook, or take the steps it has not taken, all or none.

    Raises BrokenCasebook where it cannot be read, and UsageError where a newer phb_audit made it.
    """
    try:
        with reading(engine) as connection:
            if _step_of(connection) == NEWEST:
                return
        with _one_at_a_time, engine.begin() as connection:
            hold_for_writing(connection, engine)
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{_schema_in(engine)}"')
            _take_steps(connection)
    except DatabaseError as error:
        raise _unreadable(engine) from error


def _take_steps(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    if (found := _step_of(connection)) is not None and found not in STEPS:
        raise UsageError("The casebook was made by a newer phb_audit.", do="Install that version; nothing was changed.")
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _step_of(connection: Connection) -> str | None:
    """The step a casebook is at; None before any."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _schema_in(engine: Engine) -> str:
    return str(engine.get_execution_options()["casebook_schema"])


def _unreadable(engine: Engine) -> BrokenCasebook:
    if engine.dialect.name == "postgresql":
        where = f"database {engine.url.database} on {engine.url.host or 'this machine'}"
        return BrokenCasebook(f"The casebook in {where} cannot be read.", do="Check PHB_AUDIT_CASEBOOK_URL, the server, and the rights.")
    return BrokenCasebook(f"{Path(engine.url.database or '').name} cannot be read as a casebook.", do="Restore it from your backup.")
