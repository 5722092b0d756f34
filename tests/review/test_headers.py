"""What every answer carries, whatever it says, so that a browser does nothing with it but show it."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from phb_audit.review.app import PAGES
from phb_audit.settings import Settings
from tests.review.world import (
    ORIGIN,
    desk_of,
    in_process,
    sign_in,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("is_secure", [False, True])
def test_every_answer_carries_what_keeps_a_browser_safe(own_settings: Settings, is_secure: bool) -> None:
    origin = "https://review.example.org" if is_secure else ORIGIN
    with in_process(desk_of(own_settings, origin=origin, is_secure=is_secure)) as client:
        answers = [client.get("/sign-in")]
        assert sign_in(client, "auditor") == 303
        answers += [client.get(re.sub(r"\{\w+\}", "nothing", page.path)) for page in PAGES if page.method == "GET"]
        answers += [client.get("/nowhere"), client.put("/purchases"), client.post("/sign-in", content=b"")]
        nonces = set()
        for answer in answers:
            headers = answer.headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            nonces.add(re.search(r"nonce-([\w-]+)", policy)[1])  # type: ignore[index]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert ("strict-transport-security" in headers) == is_secure
            assert "no-store" in headers["cache-control"] or answer.url.path.startswith("/static")
            for cookie in headers.get_list("set-cookie"):
                assert "httponly" in cookie.lower()
                assert "samesite=lax" in cookie.lower()
                assert ("secure" in cookie.lower()) == is_secure
        assert len(nonces) == len(answers)
        assert not is_secure or "__Host-phb_review" in client.cookies


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", ""])
def test_another_hosts_name_is_refused(browser: TestClient, host: str) -> None:
    assert browser.get("/sign-in", headers={"host": host}).status_code == 400
