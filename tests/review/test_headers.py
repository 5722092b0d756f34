"""What every answer carries, whatever it says, so that a browser does nothing with it but show it (OWASP ASVS 4.0.3, 14.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.testclient import TestClient

from phb_audit.review import app, page
from phb_audit.review.app import PAGES
from phb_audit.review.guard import MOST_FORM_BYTES
from phb_audit.settings import Settings
from tests.review.test_faults import full
from tests.review.way import Way
from tests.review.world import ORIGIN, desk_of, hidden_of, in_process, night_path, ready_ref, sign_in, token

pytestmark = pytest.mark.slow
A_YEAR = 31_536_000
KIND = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Answers:
    """Answers of one app, held against what each must carry."""

    is_secure: bool
    nonces: list[str] = field(default_factory=list)

    def check(self, answer: Any, status: int | None = None) -> None:
        """Raises unless it has that status, and carries all that is asked for."""
        headers, what = answer.headers, f"{answer.status_code} {answer.url.path}"
        assert status in (None, answer.status_code), what
        # 14.4.1: a type, and where it is text its letters
        kind = headers["content-type"]
        assert not re.match(r"text/|\S+\+xml|application/xml", kind) or "charset=utf-8" in kind.lower(), what
        # 14.4.2: what is for a machine opens in no window
        assert kind != "application/json" or headers["content-disposition"].startswith("attachment"), what
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, what
        assert "unsafe" not in policy, what
        self.nonces.append(re.search(r"nonce-([\w-]+)", policy)[1])  # type: ignore[index]
        assert headers["x-content-type-options"] == "nosniff", what
        assert headers["referrer-policy"] == "same-origin", what
        # 14.4.5: by https alone, and every name below
        strict = headers.get("strict-transport-security", "")
        assert (strict == f"max-age={A_YEAR}; includeSubDomains") is self.is_secure, what
        assert bool(strict) is self.is_secure, what
        # 14.4.7: in nobody's frame
        assert "frame-ancestors 'none'" in policy, what
        assert headers["x-frame-options"] == "DENY", what
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin", what
        assert "no-store" in headers["cache-control"] or answer.url.path.startswith("/static/"), what
        assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(headers), what
        for cookie in headers.get_list("set-cookie"):
            assert "httponly" in cookie.lower(), what
            assert "samesite=lax" in cookie.lower(), what
            assert ("secure" in cookie.lower()) is self.is_secure, what


@contextmanager
def signed_in(settings: Settings, is_secure: bool, role: str = "clinician") -> Iterator[tuple[TestClient, Answers]]:
    origin = "https://review.example.org" if is_secure else ORIGIN
    with in_process(desk_of(settings, origin=origin, is_secure=is_secure), raise_server_exceptions=False) as client:
        assert sign_in(client, role) == 303
        assert not is_secure or "__Host-phb_review" in client.cookies
        yield client, Answers(is_secure)


@pytest.mark.parametrize("is_secure", [False, True])
def test_every_page_carries_them_each_with_a_nonce_of_its_own(own_settings: Settings, is_secure: bool) -> None:
    with signed_in(own_settings, is_secure, "auditor") as (client, answers):
        for one in (one for one in PAGES if one.method == "GET"):
            answers.check(client.get(re.sub(r"\{\w+\}", "nothing", one.path)))
        assert len(set(answers.nonces)) == len(answers.nonces) > 20


@pytest.mark.parametrize("is_secure", [False, True])
def test_every_kind_of_answer_carries_them(own_settings: Settings, is_secure: bool) -> None:
    with signed_in(own_settings, is_secure) as (client, answers):
        ref = ready_ref(client)
        decide, given = f"/purchases/{ref}/decide", hidden_of(client, ref)
        answers.check(client.get("/purchases"), 200)
        answers.check(client.get("/static/nhsuk.css"), 200)
        answers.check(client.get("/static/nhsuk.js"), 200)
        answers.check(client.post("/stay", data=given), 204)
        answers.check(client.get("/"), 303)
        answers.check(client.post(decide, data=given), 400)
        answers.check(client.post(decide, json={}), 400)
        answers.check(client.get("/purchases", headers={"host": "elsewhere.example"}), 400)
        answers.check(client.get("/accounts"), 403)
        answers.check(client.post(decide, data={"move": "agree"}), 403)
        for nowhere in (
            "/nowhere",
            "/static/nothing.css",
            "/static/",
            "/purchases/",
            f"{client.base_url}//elsewhere.example/",
            "/purchases/F00000000",
        ):
            answers.check(client.get(nowhere), 404)
        answers.check(client.put("/purchases"), 405)
        answers.check(client.post(decide, data=given | {"version": "99", "move": "agree"}), 409)
        answers.check(client.post(decide, content=b"x" * (MOST_FORM_BYTES + 1), headers=KIND), 413)
        client.cookies.clear()
        answers.check(client.post(decide, data=given), 401)
        answers.check(client.get("/purchases"), 303)
        for _ in range(6):
            last = client.post(
                "/sign-in", data={"email": "x@example.org", "password": "a guess", "form_token": token(client.get("/sign-in").text)}
            )
            answers.check(last)
        assert last.status_code == 429


def test_what_fails_carries_them_too(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with signed_in(own_settings, True) as (client, answers):
        desk = client.app.user_middleware[0].kwargs["desk"]  # type: ignore[attr-defined]
        with full(desk.access.engine):
            found = [client.get("/purchases?q=" + "x" * 200) for _ in range(60)]
        assert found[-1].status_code == 503
        answers.check(found[-1])
        path = night_path(own_settings)
        away = path.rename(path.with_name("night.away"))
        answers.check(client.get("/purchases"), 503)
        away.rename(path)
        with monkeypatch.context() as broken:
            broken.setattr(page, "link", lambda *_, **__: 1 // 0)
            broken.setattr("phb_audit.review.queue.link", lambda *_, **__: 1 // 0)
            answers.check(client.get("/purchases"), 500)
        with monkeypatch.context() as broken:  # also outside of any page, and where no page can be made
            broken.setattr(app, "nowhere_page", lambda *_: 1 // 0)
            answer = client.get("/nowhere")
        answers.check(answer, 500)
        assert re.search(r"reference [0-9A-F]{8}\.$", answer.text)
        assert "zero" not in answer.text


def test_what_a_providers_machine_is_told_opens_in_no_window(way: Way) -> None:
    answers = Answers(is_secure=way.desk.is_secure)
    answer = way.client.post("/sign-out/provider", data={"logout_token": "nothing"})
    answers.check(answer, 400)
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example", "127.0.0.1.elsewhere.example", "", "elsewhere.example@127.0.0.1", "127.0.0.1:80:80", "127.0.0.1:x", "127x0.0.1"],
)
def test_another_hosts_name_is_refused(browser: TestClient, host: str) -> None:
    answer = browser.get("/sign-in", headers={"host": host})
    Answers(is_secure=False).check(answer, 400)
    assert "<" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "127.0.0.1:9"])
def test_its_own_name_is_taken_with_any_port(browser: TestClient, host: str) -> None:
    assert browser.get("/sign-in", headers={"host": host}).status_code == 200


def test_a_name_in_brackets_is_its_own_too(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings, origin="http://[::1]:8080")) as client:
        assert client.get("/sign-in", headers={"host": "[::1]:8080"}).status_code == 200
        assert client.get("/sign-in", headers={"host": "::1"}).status_code == 400
