"""The same log on SQLite and on PostgreSQL: made in steps, only added to, queued, copied and put back."""

from __future__ import annotations

import sqlite3
import stat
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from phb_audit.cases import casebook_store
from phb_audit.cases.casebook import CASE, FIRST, StaleCase, casebook_events, hash_of, metadata, open_casebook
from phb_audit.cases.casebook_copies import back_up, restore, verified
from phb_audit.cases.casebook_store import BrokenCasebook, file_of
from phb_audit.cases.verify_alone import problem_of
from phb_audit.errors import UsageError
from phb_audit.night import Night
from phb_audit.settings import Settings

CODE = "QZZ"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(tmp_path)
    return Settings(tmp_path, request.getfixturevalue("postgresql"))


@pytest.fixture
def code() -> str:
    """A commissioner of its own for each test: the server stays for all of them."""
    return f"Q{uuid.uuid4().hex[:8]}"


def step(version: int, checks_by: str | None = None) -> dict[str, Any]:
    return {"case_id": "c1", "case_version": version, "checks_by": checks_by}


def fill(settings: Settings, code: str) -> None:
    with open_casebook(settings, code) as book:
        book.append("category", [{"category_code": "T01", "reason": "Café £5"}], by="Ada Reviewer")
        book.append(CASE, [step(1)], by="Ada Reviewer")
        book.append(CASE, [step(2, checks_by="Ada Reviewer")], by="Ben Checker")


def test_what_is_added_comes_back_and_holds(settings: Settings, code: str) -> None:
    assert casebook_events(settings, code) == []
    fill(settings, code)
    events = casebook_events(settings, code)
    assert [event.decided_by for event in events] == ["Ada Reviewer", "Ada Reviewer", "Ben Checker"]
    assert events[0].body["reason"] == "Café £5"
    assert verified(settings, code, events[1].event_hash) == (None, 3, events[-1].event_hash)
    assert verified(settings, code, "f" * 64)[0] is not None


def test_one_commissioner_does_not_see_another(settings: Settings, code: str) -> None:
    fill(settings, code)
    assert casebook_events(settings, f"{code}x") == []


@pytest.mark.parametrize("statement", ["UPDATE events SET decided_by = 'x'", "DELETE FROM events", "UPDATE case_moves SET case_version = 9",
                                       "DELETE FROM case_moves"])  # fmt: skip
def test_the_database_refuses_to_change_or_delete(settings: Settings, code: str, statement: str) -> None:
    fill(settings, code)
    with (
        open_casebook(settings, code) as book,
        pytest.raises(DatabaseError, match="what was decided is not"),
        book.engine.begin() as direct,
    ):
        direct.execute(text(statement))
    assert len(casebook_events(settings, code)) == 3


def test_the_database_refuses_one_person_twice_and_one_place_twice(settings: Settings, code: str) -> None:
    fill(settings, code)
    with open_casebook(settings, code) as book:
        with pytest.raises(UsageError, match="One person"):
            book.append(CASE, [step(3, checks_by="ada reviewer ")], by="Ada Reviewer")
        with pytest.raises(StaleCase):
            book.append(CASE, [step(2)], by="Cem Other")
    assert len(casebook_events(settings, code)) == 3


def test_writers_queue_and_lose_nothing_also_when_all_make_the_book(settings: Settings, code: str) -> None:
    def write(number: int) -> None:
        with open_casebook(settings, code) as book:
            book.append("category", [{"number": number}, {"number": number}], by="Ada Reviewer")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(12)))
    assert [event.event_number for event in casebook_events(settings, code)] == list(range(1, 25))


def test_a_writer_waits_for_a_held_book_only_so_long(settings: Settings, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(settings, code)
    monkeypatch.setattr(casebook_store, "WAIT_SECONDS", 1)
    with open_casebook(settings, code) as holder, open_casebook(settings, code) as book, ThreadPoolExecutor(1) as pool:
        with holder.engine.begin() as connection:
            casebook_store.hold_for_writing(connection, holder.engine)
            waiting = pool.submit(book.append, CASE, [step(3)], by="Cem Other")
            with pytest.raises(OperationalError):
                waiting.result(timeout=20)
        book.append(CASE, [step(3)], by="Cem Other")
    assert len(casebook_events(settings, code)) == 4


def test_a_copy_is_put_back_whole(settings: Settings, code: str, tmp_path: Path) -> None:
    fill(settings, code)
    copy = tmp_path / "copy.sqlite"
    count, last = back_up(settings, code, copy)
    assert stat.S_IMODE(copy.stat().st_mode) & 0o077 == 0
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.sqlite"]
    with pytest.raises(UsageError, match="there already"):
        back_up(settings, code, copy)
    with pytest.raises(UsageError, match="has events"):
        restore(settings, code, copy)
    other = f"{code}r"
    assert restore(settings, other, copy, head=last) == (count, last) == (3, casebook_events(settings, code)[-1].event_hash)
    assert casebook_events(settings, other) == casebook_events(settings, code)
    with open_casebook(settings, other) as book, pytest.raises(StaleCase):
        book.append(CASE, [step(2)], by="Cem Other")


def test_a_copy_that_does_not_hold_is_not_put_back(settings: Settings, code: str, tmp_path: Path) -> None:
    fill(settings, code)
    copy = tmp_path / "copy.sqlite"
    back_up(settings, code, copy)
    with pytest.raises(BrokenCasebook, match="hash of the report"):
        restore(settings, f"{code}r", copy, head="f" * 64)
    with closing(sqlite3.connect(copy)) as direct:
        direct.execute("DROP TRIGGER events_not_changed")
        direct.execute("UPDATE events SET decided_by = 'Somebody Else' WHERE event_number = 2")
        direct.commit()
    with pytest.raises(BrokenCasebook, match="from event 2"):
        restore(settings, f"{code}r", copy)
    copy.write_text("a letter")
    with pytest.raises(UsageError, match="cannot be read"):
        restore(settings, f"{code}r", copy)
    assert casebook_events(settings, f"{code}r") == []


def test_a_copy_moves_a_casebook_to_postgresql(tmp_path: Path, postgresql: str, code: str) -> None:
    here, there = Settings(tmp_path), Settings(tmp_path / "other", postgresql)
    fill(here, code)
    back_up(here, code, tmp_path / "copy.sqlite")
    restore(there, code, tmp_path / "copy.sqlite")
    assert casebook_events(there, code) == casebook_events(here, code)
    assert not file_of(there, code).exists()


def test_truncate_is_refused_on_postgresql(tmp_path: Path, postgresql: str, code: str) -> None:
    fill(Settings(tmp_path, postgresql), code)
    refused = pytest.raises(DatabaseError, match="not changed")
    with open_casebook(Settings(tmp_path, postgresql), code) as book, refused, book.engine.begin() as direct:
        direct.execute(text("TRUNCATE case_moves"))


def test_a_casebook_of_before_there_were_steps_is_brought_up_to_date_in_place(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.folder("casebook", CODE)
    row = {"event_number": 1, "kind_code": "category", "decided_by": "Ada", "decided_at": "2026-11-01T10:00:00Z", "body": "{}"}
    with closing(sqlite3.connect(file_of(settings, CODE))) as direct:
        direct.execute(
            "CREATE TABLE events (event_number INTEGER NOT NULL, kind_code TEXT NOT NULL, decided_by TEXT NOT NULL, "
            "decided_at TEXT NOT NULL, body TEXT NOT NULL, previous_hash TEXT NOT NULL, "
            "event_hash TEXT NOT NULL, PRIMARY KEY (event_number), "
            "UNIQUE (previous_hash), UNIQUE (event_hash))"
        )
        direct.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", (*row.values(), FIRST, hash_of(row, FIRST)))
        direct.commit()
    with open_casebook(settings, CODE) as book:
        book.append(CASE, [step(1)], by="Ada Reviewer")
        with pytest.raises(DatabaseError, match="not changed"), book.engine.begin() as direct_:
            direct_.execute(text("UPDATE events SET decided_by = 'x'"))
    assert verified(settings, CODE)[:2] == (None, 2)


def test_a_newer_casebook_is_left_alone(settings: Settings, code: str) -> None:
    fill(settings, code)
    with open_casebook(settings, code) as book, book.engine.begin() as direct:
        direct.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UsageError, match="newer phb_audit"):
        casebook_events(settings, code)


def test_the_steps_make_what_the_code_reads(settings: Settings, code: str) -> None:
    with open_casebook(settings, code) as book:
        found = inspect(book.engine)
        for table in metadata.tables.values():
            assert [column["name"] for column in found.get_columns(table.name)] == table.columns.keys()
    config = Config()
    config.set_main_option("script_location", str(Path(casebook_store.__file__).with_name("migrations")))
    steps = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == casebook_store.STEPS
    assert steps[0] == casebook_store.NEWEST


@pytest.mark.parametrize("address", ["mysql://a:secret@b/c", "not an address secret"])
def test_an_address_that_is_none_is_refused_without_showing_it(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match="no address of PostgreSQL") as refused:
        casebook_events(Settings(tmp_path, address), CODE)
    assert "secret" not in str(refused.value)
    assert "secret" not in repr(Settings(tmp_path, address))


def test_a_server_that_does_not_answer_says_so_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(BrokenCasebook, match="PHB_AUDIT_CASEBOOK_URL") as refused:
        casebook_events(Settings(tmp_path, f"postgresql://a:secret@/b?host={tmp_path}"), CODE)
    assert "secret" not in str(refused.value)


def test_a_night_in_another_process_finds_the_address_in_its_own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(CODE, date(2026, 11, 1), tmp_path, tmp_path)
    monkeypatch.delenv("PHB_AUDIT_CASEBOOK_URL", raising=False)
    assert night.settings.casebook_url is None
    monkeypatch.setenv("PHB_AUDIT_CASEBOOK_URL", "postgresql://a@b/c")
    assert night.settings.casebook_url == "postgresql://a@b/c"
    assert "postgresql" not in repr(night)


def test_a_code_that_would_leave_its_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot name a casebook"):
        casebook_store.schema_of('x"; DROP')


def test_reading_waits_for_no_writer_and_lets_none_wait(tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casebook_store, "WAIT_SECONDS", 0.2)
    with open_casebook(Settings(tmp_path), code) as casebook:
        casebook.append("note", [{"n": 1}], by="Ada Fenn")
        with casebook.engine.begin() as writing:
            writing.execute(text("SELECT 1"))
            assert [event.body["n"] for event in casebook.events()] == [1]
            with pytest.raises(DatabaseError, match="locked"):
                casebook.append("note", [{"n": 2}], by="Ada Fenn")
        with casebook_store.reading(casebook.engine) as before:
            count = text("SELECT count(*) FROM events")
            assert before.execute(count).scalar() == 1
            casebook.append("note", [{"n": 2}], by="Ada Fenn")
            assert before.execute(count).scalar() == 1  # one moment
    assert [event.body["n"] for event in casebook_events(Settings(tmp_path), code)] == [1, 2]


def proposed(settings: Settings, code: str, *, checked_by: str | None) -> None:
    """A proposal by Ada, and a check of it as somebody with the file in hand would write it."""
    with open_casebook(settings, code) as book:
        book.append(CASE, [step(1) | {"move_code": "propose_not_agreed"}], by="Ada")
        book.append(CASE, [step(2, checks_by=checked_by) | {"move_code": "confirm_not_agreed"}], by="Bo")


def test_a_check_that_names_nobody_is_refused_by_the_database(settings: Settings, code: str) -> None:
    with pytest.raises((DatabaseError, UsageError)):
        proposed(settings, code, checked_by=None)
    assert len(casebook_events(settings, code)) == 1
    proposed(settings, f"{code}b", checked_by="Ada")


def test_what_is_there_is_not_replaced(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    fill(settings, CODE)
    with closing(sqlite3.connect(file_of(settings, CODE))) as direct:
        for table in ("events", "case_moves"):
            with pytest.raises(sqlite3.IntegrityError):
                direct.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE event_number = 2")
    assert told(settings, CODE) == (None, 3)


def test_a_check_of_somebody_elses_proposal_is_found_by_whoever_checks_the_log(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    proposed(settings, CODE, checked_by="Cem")
    assert told(settings, CODE) == ("Event 2 does not name the person whose proposal it checks.", 2)
    proposed(settings, "QZY", checked_by=" ada ")
    assert told(settings, "QZY") == (None, 2)


def told(settings: Settings, code: str) -> tuple[str | None, int]:
    problem, count, _ = problem_of(file_of(settings, code))
    return problem, count
