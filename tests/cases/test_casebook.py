"""The casebook: events are only added, each with its author, and a change of any shows."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from phb_audit.cases.casebook import BrokenCasebook, casebook_events, open_casebook
from phb_audit.errors import UsageError
from phb_audit.settings import Settings

CODE = "QZZ"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


def file_of(settings: Settings) -> Path:
    return settings.home / "casebook" / CODE / "casebook.sqlite"


def test_an_event_comes_back_as_it_was_added(settings: Settings) -> None:
    with open_casebook(settings, CODE) as book:
        book.append("category", [{"category_code": "T01"}], by=" Ada  Reviewer ", at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    (event,) = casebook_events(settings, CODE)
    assert (event.event_number, event.decided_by, event.decided_at) == (1, "Ada Reviewer", "2026-11-03T09:30:00Z")
    assert event.body == {"category_code": "T01"}


def test_a_decision_without_a_name_is_refused(settings: Settings) -> None:
    with open_casebook(settings, CODE) as book, pytest.raises(UsageError, match="name of the person"):
        book.append("category", [{}], by="  ")
    assert casebook_events(settings, CODE) == []


def test_nobody_having_decided_makes_no_file(settings: Settings) -> None:
    assert casebook_events(settings, CODE) == []
    assert not file_of(settings).exists()


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE events SET body = \'{"category_code": "X03"}\' WHERE event_number = 2',
        "UPDATE events SET decided_by = 'Somebody Else' WHERE event_number = 1",
        "DELETE FROM events WHERE event_number = 2",
        "DELETE FROM events WHERE event_number = 1",
    ],
)
def test_an_altered_event_is_noticed(settings: Settings, statement: str) -> None:
    with open_casebook(settings, CODE) as book:
        for code in ("T01", "A02", "H01"):
            book.append("category", [{"category_code": code}], by="Ada Reviewer")
    with closing(sqlite3.connect(file_of(settings))) as direct:
        for trigger in ("changed", "deleted"):  # whoever may write to the file can take these away
            direct.execute(f"DROP TRIGGER events_not_{trigger}")
        direct.execute(statement)
        direct.commit()
    with pytest.raises(BrokenCasebook, match="does not hold"):
        casebook_events(settings, CODE)


def test_two_writers_queue_and_lose_nothing(settings: Settings) -> None:
    with open_casebook(settings, CODE):
        pass

    def write(number: int) -> None:
        with open_casebook(settings, CODE) as book:
            book.append("category", [{"number": number}, {"number": number}], by="Ada Reviewer")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    events = casebook_events(settings, CODE)
    assert [event.event_number for event in events] == list(range(1, 33))
    assert sorted(event.body["number"] for event in events) == sorted([*range(16), *range(16)])


def test_a_file_that_is_no_casebook_says_so(settings: Settings) -> None:
    settings.folder("casebook", CODE)
    file_of(settings).write_bytes(b"this is a letter, not a database, and long enough to be read as a page" * 20)
    with pytest.raises(BrokenCasebook, match="cannot be read"):
        casebook_events(settings, CODE)
