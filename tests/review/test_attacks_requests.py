"""Requests no page of ours sends: forms without their token or from elsewhere, bodies without end, other hosts and methods, odd words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from starlette.testclient import TestClient

from phb_audit.review.app import PAGES
from phb_audit.review.guard import MOST_FORM_BYTES
from phb_audit.review.permissions import APART, MAY, OPEN_TO_ANYONE
from phb_audit.review.queue import FILTERS
from phb_audit.settings import Settings
from tests.review.attacks import FORMULA, SCRIPT, SECRET_WORDS, as_role
from tests.review.world import (
    ROLES,
    desk_of,
    hidden_of,
    in_process,
    moves_of,
    ready_ref,
    refs_of,
    token,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("role", ROLES)
def test_every_form_of_every_role_is_refused_without_its_token(browser: TestClient, role: str, settings: Settings) -> None:
    as_role(browser, role)
    before = len(moves_of(settings))
    for page in (page for page in PAGES if page.method == "POST" and page.name not in OPEN_TO_ANYONE):
        for filled in ({}, {"form_token": ""}, {"form_token": "x" * 43}):
            files = {"file": ("x.xlsx", b"x")} if page.takes_file else None
            answer = browser.post(re.sub(r"\{\w+\}", "F00000000", page.path), data=filled or {"move": "agree"}, files=files)
            # To everyone but its readers a lane is not there, whatever they send.
            is_there = page.name not in APART or role in MAY[page.name]
            assert answer.status_code == (403 if is_there else 404), page
    assert len(moves_of(settings)) == before
    assert browser.get("/help").status_code == 200


def test_a_token_of_another_session_is_none(browser: TestClient) -> None:
    as_role(browser, "auditor")
    other = token(browser.get("/help").text)
    as_role(browser, "clinician")
    ref = ready_ref(browser)
    given = hidden_of(browser, ref) | {"form_token": other, "move": "agree", "reason": "It helps with a goal."}
    assert browser.post(f"/purchases/{ref}/decide", data=given).status_code == 403


@pytest.mark.parametrize("headers", [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "same-site"}])
def test_a_form_from_elsewhere_is_refused_even_with_its_token(browser: TestClient, headers: dict[str, str]) -> None:
    as_role(browser, "clinician")
    ref = ready_ref(browser)
    given = hidden_of(browser, ref) | {"move": "agree", "reason": "It helps with a goal."}
    assert browser.post(f"/purchases/{ref}/decide", data=given, headers=headers).status_code == 403
    assert browser.post("/sign-out", data=given, headers=headers).status_code == 403


def test_a_body_that_is_too_large_is_not_read_and_too_many_fields_are_refused(browser: TestClient) -> None:
    as_role(browser, "clinician")
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            read.append(number)
            yield b"reason=" + b"x" * 8192 + b"&"

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/purchases/F00000000/decide", content=endless(), headers=kind).status_code == 413
    assert browser.post("/sign-in", content=b"x" * (MOST_FORM_BYTES + 1), headers=kind).status_code == 413
    assert browser.post("/sign-in", content=b"&".join(b"a=1" for _ in range(1000)), headers=kind).status_code == 400
    assert browser.post("/sign-in", content=b"\xff\xfe=\xff", headers=kind).status_code in (400, 403)
    assert browser.post("/sign-in", json={"email": "x"}).status_code == 400


def test_no_method_but_those_named_does_anything(browser: TestClient) -> None:
    as_role(browser, "clinician")
    for page in PAGES:
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS"):
            assert browser.request(method, re.sub(r"\{\w+\}", "F00000000", page.path)).status_code == 405, (method, page.path)


ODD = st.text(max_size=60) | st.sampled_from(
    [SCRIPT, FORMULA, "' OR 1=1 --", "../../x", "%00", "\x00", "9" * 400, "-1", "NaN", "{{7*7}}", "${7*7}"]
)
NAMES = st.sampled_from([*FILTERS, "page", "sort", "dir", "chosen", "log", "seed", "size", "by", "done", "recorded", "holder", "x"])
FIELDS = st.sampled_from(
    ["move", "reason", "then", "question", "due_on-day", "due_on-year", "choice", "verdict", "version", "digest", "tag", "x"]
)


@pytest.mark.parametrize("role", ["clinician", "auditor", "lcfs", "administrator"])
def test_no_page_breaks_on_anything_asked_of_it(made_home: object, own_settings: Settings, role: str) -> None:
    with in_process(desk_of(own_settings), raise_server_exceptions=True) as client:
        as_role(client, role)
        found = refs_of(client, "?chosen=1") if role in MAY["queue"] else []
        form_token = token(client.get("/help").text)
        places = st.sampled_from([page for page in PAGES if page.name not in ("sign_out", "static")])

        @effort(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(
            places,
            ODD | st.sampled_from(found or ["F00000000"]),
            st.dictionaries(NAMES, ODD, max_size=4),
            st.dictionaries(FIELDS, ODD, max_size=6),
        )
        def asked(page: object, word: str, query: dict[str, str], form: dict[str, str]) -> None:
            quoted = re.sub(r"[^\w.-]", lambda letter: "".join(f"%{byte:02x}" for byte in letter[0].encode("utf-8", "replace")), word)
            path = re.sub(r"\{\w+\}", quoted or "x", page.path)  # type: ignore[attr-defined]
            data = {**form, "form_token": form_token} if page.method == "POST" else None  # type: ignore[attr-defined]
            answer = client.request(page.method, path, params=query, data=data)  # type: ignore[attr-defined]
            assert answer.status_code < 500, (path, query, form, answer.text[-900:])
            assert "<script>alert" not in answer.text
            assert not [secret for secret in SECRET_WORDS if secret in answer.text and secret not in str(query)]
            if answer.is_redirect:
                assert answer.headers["location"].startswith("/")
                assert not answer.headers["location"].startswith("//")

        asked()
