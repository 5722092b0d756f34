"""Those who write wait apart: a casebook that somebody holds keeps no page waiting, and no writer for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from phb_audit.cases.casebook import StaleCase
from phb_audit.review import deciding, guard, uploading
from phb_audit.review.app import PAGES
from phb_audit.settings import Settings
from tests.review.test_report_workbook import Book, mine
from tests.review.test_uploading import record, send
from tests.review.world import desk_of, hidden_of, in_process, moves_of, ready_ref, sign_in, token

pytestmark = pytest.mark.slow
WRITERS, PATIENCE = 20, 60
GIVEN = {"move": "agree", "reason": "It helps with the goal of getting out."}


class Held:
    """A casebook that lets nobody write until `go`; whoever has begun to wait counts."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Event()

    def move(self, *_: Any, **__: Any) -> None:
        self.begun.release()
        self.go.wait(PATIENCE)
        raise StaleCase("It has changed.")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    made = Held()
    monkeypatch.setattr(deciding, "move", made.move)
    return made


@pytest.fixture
def client(own_settings: Settings) -> Iterator[TestClient]:
    with in_process(desk_of(own_settings)) as opened:
        assert sign_in(opened, "clinician") == 303
        yield opened


def sent(client: TestClient, pool: ThreadPoolExecutor, ref: str) -> list[Future[int]]:
    """Many decisions at once."""
    given = {**hidden_of(client, ref), **GIVEN}
    return [pool.submit(lambda: client.post(f"/purchases/{ref}/decide", data=given).status_code) for _ in range(WRITERS)]


def test_pages_and_signing_in_go_on_while_writers_wait(client: TestClient, held: Held) -> None:
    ref = ready_ref(client)
    with ThreadPoolExecutor(WRITERS) as pool:
        waiting = sent(client, pool, ref)
        escape = threading.Timer(PATIENCE / 3, held.go.set)
        escape.start()
        try:
            assert all(held.begun.acquire(timeout=PATIENCE) for _ in range(int(guard.WRITERS_AT_ONCE.total_tokens)))
            for path in ("/help", "/purchases", f"/purchases/{ref}", "/second-checks"):
                assert client.get(path).status_code == 200, path
            assert client.post("/stay", data={"form_token": token(client.get("/help").text)}).status_code < 400
            assert not held.go.is_set()
            assert not any(one.done() for one in waiting)
        finally:
            escape.cancel()
            held.go.set()
        assert {one.result(PATIENCE) for one in waiting} <= {409, 403}


def test_signing_in_and_out_are_not_among_writers() -> None:
    apart = {page.name for page in PAGES if page.method == "POST" and not page.writes}
    assert apart == {"sign_in", "sign_out", "signed_out_there", "stay"}


def test_who_finds_no_place_in_time_is_told_that_nothing_was_recorded(
    client: TestClient, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = ready_ref(client)
    monkeypatch.setattr(guard, "WAIT_SECONDS", 0.5)
    with ThreadPoolExecutor(WRITERS) as pool:
        waiting = sent(client, pool, ref)
        try:
            places = int(guard.WRITERS_AT_ONCE.total_tokens)
            told = list(islice(as_completed(waiting, PATIENCE / 2), WRITERS - places))
            assert [one.result() for one in told] == [503] * (WRITERS - places)
            assert not any(one.done() for one in set(waiting) - set(told))
        finally:
            held.go.set()
        assert sorted(one.result(PATIENCE) for one in waiting) == [409] * places + [503] * (WRITERS - places)


def test_the_rows_of_a_workbook_wait_for_a_held_casebook_once(
    client: TestClient, own_settings: Settings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book.of(own_settings, tmp_path)
    refs = mine(client, book)[:3]
    preview = send(client, book.decide(dict.fromkeys(refs, "Agreed"), GIVEN["reason"]).saved())
    tried: list[object] = []

    def busy(*given: Any) -> None:
        tried.append(given)
        raise OperationalError("held", {}, Exception())

    monkeypatch.setattr(uploading, "made", busy)
    answer = record(client, preview.text)
    assert len(tried) == 1
    assert answer.text.count(uploading.BUSY) == 3
    assert moves_of(own_settings) == []
