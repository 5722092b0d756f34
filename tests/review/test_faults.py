"""Faults: killed while deciding, a full disk, a night that vanished, a locked casebook. Nothing half-kept, a plain page, recovery."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from phb_audit.cases.casebook import Casebook
from phb_audit.cases.casebook_copies import verified
from phb_audit.cases.casebook_store import WAIT_SECONDS, file_of
from phb_audit.review import item
from phb_audit.review.desk import Desk
from phb_audit.settings import Settings
from tests.review.world import (
    CODE,
    PASSWORD,
    desk_of,
    free_port,
    hidden_of,
    in_process,
    moves_of,
    night_path,
    post,
    ready_ref,
    refs_of,
    sign_in,
    token,
)

pytestmark = pytest.mark.slow
GIVEN = {"move": "agree", "reason": "It helps with the goal of getting out."}


@pytest.fixture
def desk(own_settings: Settings) -> Desk:
    return desk_of(own_settings)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as opened:
        assert sign_in(opened, "clinician") == 303
        yield opened


def is_plain(answer: Any) -> bool:
    """A page of ours, with its heading, a way on and nothing of the program's insides."""
    text = answer.text
    return answer.status_code in (500, 503) and text.count("<h1") == 1 and "Traceback" not in text and "sqlite" not in text.casefold()


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """That file's disk is full: SQLite may not grow it by another page, and has none free."""
    engine.dispose()
    limits: list[Any] = []

    def limited(connection: Any, _: object) -> None:
        connection.execute("PRAGMA max_page_count=1")
        limits.append(connection)

    from sqlalchemy import event

    event.listen(engine, "connect", limited)
    try:
        yield
    finally:
        event.remove(engine, "connect", limited)
        engine.dispose()


def test_a_full_disk_keeps_no_half_decision_and_the_same_form_is_sent_again(client: TestClient, desk: Desk, own_settings: Settings) -> None:
    ref, done = ready_ref(client), 0
    with full(desk.casebook.engine):
        for _ in range(20):  # until what is free in its last page is used up
            given = {**hidden_of(client, ref), "move": "tag", "tag": "a word to find it by"}
            answer = client.post(f"/purchases/{ref}/step", data=given)
            if answer.status_code != 303:
                break
            done += 1
        assert is_plain(answer)
        assert "Nothing was recorded" in answer.text
        assert len(moves_of(own_settings)) == done
    assert client.post(f"/purchases/{ref}/step", data=given).status_code == 303
    assert len(moves_of(own_settings)) == done + 1
    assert verified(own_settings, CODE)[0] is None


def test_nobody_sees_an_item_where_the_log_of_who_saw_what_cannot_be_written(client: TestClient, desk: Desk) -> None:
    ref = ready_ref(client)
    with full(desk.access.engine):
        for _ in range(60):  # until what is free in its last page is used up
            answer = client.get(f"/purchases/{ref}")
            if answer.status_code != 200:
                break
    assert is_plain(answer)
    assert "Why this was flagged" not in answer.text
    assert client.get(f"/purchases/{ref}").status_code == 200


def test_a_night_that_vanished_is_told_plainly_and_taken_up_when_it_is_back(client: TestClient, own_settings: Settings) -> None:
    path = night_path(own_settings)
    ref = ready_ref(client)
    away = path.with_name("night.away")
    path.rename(away)
    try:
        for asked in ("/purchases", f"/purchases/{ref}", "/people", "/auditor", "/help", "/how-flags-work"):
            answer = client.get(asked)
            assert answer.status_code in (200, 403) or is_plain(answer), asked
        assert is_plain(client.get("/purchases"))
        assert client.post("/sign-out", data={"form_token": token(client.get("/help").text)}).status_code == 303
    finally:
        away.rename(path)
    assert sign_in(client, "clinician") == 303
    assert client.get(f"/purchases/{ref}").status_code == 200


def test_what_nobody_foresaw_breaks_only_its_page_and_is_told_by_a_reference(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = ready_ref(client)
    with monkeypatch.context() as broken:
        broken.setattr(item, "papers_of", lambda *_: 1 // 0)
        answer = client.get(f"/purchases/{ref}")
    assert is_plain(answer)
    assert re.search(r"reference [0-9A-F]{8}", answer.text)
    assert "zero" not in answer.text
    assert client.get("/purchases").status_code == 200
    assert client.get(f"/purchases/{ref}").status_code == 200


def test_no_page_reads_the_parquet_files(client: TestClient, own_settings: Settings) -> None:
    files = sorted(night_path(own_settings).parent.glob("*.parquet"))
    assert files
    for file in files:
        file.unlink()
    assert client.get(f"/purchases/{ready_ref(client)}").status_code == 200
    assert client.get("/people").status_code == 200


def test_a_casebook_locked_for_more_than_thirty_seconds(client: TestClient, own_settings: Settings) -> None:
    ref = ready_ref(client)
    given = {**hidden_of(client, ref), **GIVEN}
    holder = sqlite3.connect(file_of(own_settings, CODE), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    answer = client.post(f"/purchases/{ref}/decide", data=given)
    assert time.monotonic() - began < WAIT_SECONDS + 10
    assert is_plain(answer)
    assert "Nothing was recorded" in answer.text
    holder.execute("ROLLBACK")
    holder.close()
    assert moves_of(own_settings) == []
    assert client.post(f"/purchases/{ref}/decide", data=given).status_code == 303
    assert len(moves_of(own_settings)) == 1


def test_a_casebook_locked_for_a_moment_is_waited_for(client: TestClient, own_settings: Settings) -> None:
    ref = ready_ref(client)
    given = {**hidden_of(client, ref), **GIVEN}
    holder = sqlite3.connect(file_of(own_settings, CODE), isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    threading.Timer(2, lambda: holder.execute("ROLLBACK")).start()
    assert client.post(f"/purchases/{ref}/decide", data=given).status_code == 303
    holder.close()
    assert len(moves_of(own_settings)) == 1


def test_two_people_at_the_same_moment_make_one_decision(own_settings: Settings) -> None:
    answers: list[int] = []
    desk = desk_of(own_settings)
    with in_process(desk) as one, in_process(desk) as other:
        for person in (one, other):
            assert sign_in(person, "clinician") == 303
        ref = ready_ref(one)
        forms = [(person, {**hidden_of(person, ref), **GIVEN}) for person in (one, other)]
        threads = [
            threading.Thread(
                target=lambda person=person, given=given: answers.append(person.post(f"/purchases/{ref}/decide", data=given).status_code)
            )
            for person, given in forms
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) in ([303, 403], [303, 409])
    assert len(moves_of(own_settings)) == 1


@contextmanager
def running(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "phb_audit", "review", "--home", str(settings.home), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[2]) as process:
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                try:
                    httpx.get(f"http://127.0.0.1:{port}/sign-in")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield process
        finally:
            process.kill()


def test_killed_in_the_middle_of_decisions_nothing_is_half_kept_and_it_starts_again(own_settings: Settings) -> None:
    told = 0
    for delay in (0.05, 0.2, 0.5):
        port = free_port()
        with running(own_settings, port) as process, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            form = {"email": "clinician@example.org", "password": PASSWORD, "form_token": token(client.get("/sign-in").text)}
            assert client.post("/sign-in", data=form).status_code == 303
            waiting = [(ref, hidden_of(client, ref)) for ref in refs_of(client)]  # type: ignore[arg-type]
            threading.Timer(delay, process.send_signal, [signal.SIGKILL]).start()
            try:
                for ref, hidden in waiting:
                    answer = client.post(f"/purchases/{ref}/step", data={**hidden, "move": "tag", "tag": "seen"})
                    assert answer.status_code == 303
                    told += 1
            except httpx.TransportError:
                pass
            process.wait(10)
        kept = len(moves_of(own_settings))
        assert told <= kept <= told + 1, "what was said to be recorded is, and at most the one that was on its way"
        told = kept
        assert verified(own_settings, CODE)[0] is None
    assert told > 0
    with in_process(desk_of(own_settings)) as client:
        assert sign_in(client, "clinician") == 303
        assert post(client, ready_ref(client), "decide", **GIVEN).status_code == 303


def test_events_of_one_kind_are_checked_without_reading_the_others(desk: Desk) -> None:
    log = desk.access
    for number in range(5):
        log.append("one" if number % 2 else "other", [{"number": number}], by="Sam Okafor")
    assert [event.body["number"] for event in log.of_kind("one")] == [1, 3]
    assert log.of_kind("one") == log.events("one")
    assert isinstance(log, Casebook)
