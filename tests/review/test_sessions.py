"""Sessions: ended at once by an administrator, and said on every page how long they last, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from phb_audit.review import accounts, sessions
from phb_audit.review.command import disable_user, enable_user, end_sessions
from phb_audit.review.desk import Desk
from tests.review.world import CODE, TODAY, copy_of, desk_of, in_process, sign_in, token

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(made_home: Path, tmp_path: Path) -> Desk:
    return desk_of(copy_of(made_home, tmp_path / "home"))


@pytest.fixture
def browser(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as client:
        yield client


def id_of(desk: Desk, role: str) -> int:
    return accounts.one(desk.accounts, f"{role}@example.org").account_id


def test_an_administrator_ends_a_persons_sessions_at_once(browser: TestClient, desk: Desk) -> None:
    assert sign_in(browser, "administrator") == 303
    with in_process(desk) as one, in_process(desk) as two, in_process(desk) as bystander:
        assert (sign_in(one, "clinician"), sign_in(two, "clinician"), sign_in(bystander, "auditor")) == (303, 303, 303)
        assert sessions.counts(desk.accounts, TODAY)[id_of(desk, "clinician")] == 2
        page = browser.get("/accounts").text
        assert "every session of Sam Okafor" in page
        given = {"form_token": token(page), "account_id": str(id_of(desk, "clinician"))}
        answer = browser.post("/accounts/end-sessions", data=given)
        assert answer.status_code == 303
        assert "Every session of Sam Okafor has ended." in browser.get(answer.headers["location"]).text
        assert [client.get("/purchases").status_code for client in (one, two)] == [303, 303]
        assert bystander.get("/purchases").status_code == 200
        assert sign_in(one, "clinician") == 303
    event = desk.access.of_kind("sessions_ended")[-1]
    assert (event.decided_by, event.body["account"]) == ("Jo Petrov", "Sam Okafor")
    assert browser.post("/accounts/end-sessions", data=given | {"account_id": "9999"}).status_code == 404


@pytest.mark.parametrize("role", ["clinician", "second_checker", "auditor", "governance", "lcfs"])
def test_nobody_else_ends_a_session(browser: TestClient, desk: Desk, role: str) -> None:
    assert sign_in(browser, role) == 303
    given = {"form_token": token(browser.get("/help").text), "account_id": str(id_of(desk, "administrator"))}
    assert browser.post("/accounts/end-sessions", data=given).status_code == 403


def test_the_command_line_ends_sessions_and_closes_and_opens_accounts(browser: TestClient, desk: Desk) -> None:
    said: list[str] = []
    assert sign_in(browser, "auditor") == 303
    assert end_sessions(desk.settings, CODE, "auditor@example.org", say=said.append) == 0
    assert browser.get("/purchases").status_code == 303
    assert sign_in(browser, "auditor") == 303
    assert disable_user(desk.settings, CODE, "auditor@example.org", say=said.append) == 0
    assert browser.get("/purchases").status_code == 303
    assert sign_in(browser, "auditor") == 400
    assert enable_user(desk.settings, CODE, "auditor@example.org", say=said.append) == 0
    assert sign_in(browser, "auditor") == 303
    assert said == [
        "1 sessions of Ada Fenn ended.",
        "Ada Fenn can no longer sign in; 1 of their sessions ended.",
        "Ada Fenn may sign in again.",
    ]
    assert [event.kind_code for event in desk.access.events() if event.decided_by == "the command line"] == [
        "sessions_ended",
        "account_disabled",
        "account_enabled",
    ]


def test_every_page_says_when_the_session_ends_with_scripts_and_without(browser: TestClient) -> None:
    assert sign_in(browser, "clinician") == 303
    for path in ("/purchases", "/people", "/help", "/nowhere"):
        text = browser.get(path).text
        assert 'data-idle-seconds="900"' in text, path
        without = re.search(r"<noscript>(.*?)</noscript>", text, re.DOTALL)
        assert without, path
        assert "If you do nothing, you are signed out at 9:45am." in without[1], path
    browser.cookies.clear()
    assert "<noscript>" not in browser.get("/help").text
    assert "You are signed out after 15 minutes without use" in browser.get("/sign-in").text
