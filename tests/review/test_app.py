"""The review app over the shipped sample: who may open what, signing in, a decision from list to casebook, and what every page carries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from phb_audit.cases.casebook import casebook_events
from phb_audit.review.app import PAGES
from phb_audit.review.permissions import APART, MAY, OPEN_TO_ANYONE, may
from phb_audit.settings import Settings
from tests.review.world import CODE, NAMES, PASSWORD, ROLES, moves_of, sign_in, token

pytestmark = pytest.mark.slow


def path_of(path: str) -> str:
    return re.sub(r"\{\w+\}", "nothing", path)


def test_nothing_but_the_open_pages_is_shown_to_whoever_is_not_signed_in(browser: TestClient) -> None:
    for page in PAGES:
        if page.name not in OPEN_TO_ANYONE:
            answer = browser.request(page.method, path_of(page.path), data={} if page.method == "POST" else None)
            assert answer.status_code in (303, 400, 401, 403), page
            assert answer.status_code != 303 or answer.headers["location"] == "/sign-in"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_own_pages_and_no_other(browser: TestClient, role: str) -> None:
    assert sign_in(browser, role) == 303
    for page in PAGES:
        if page.method == "GET" and page.name not in OPEN_TO_ANYONE:
            status = browser.get(path_of(page.path)).status_code
            if role in MAY.get(page.name, ()):
                assert status in (200, 303, 404), (role, page.name)  # 404: there is none called "nothing"
            else:
                assert status == (404 if page.name in APART else 403), (role, page.name)


def test_what_is_not_named_nobody_may_and_the_specialist_sees_what_was_referred_or_is_restricted() -> None:
    assert not any(may(role, page) for role in ROLES for page in ("", "anything", "accounts.jinja", "../auditor"))
    assert {page.name for page in PAGES} <= {*MAY, *OPEN_TO_ANYONE}
    everyones = {page for page, roles in MAY.items() if roles == frozenset(ROLES)}
    cases = {"case", "paper", "step", "reveal_case"}  # of these only what was referred and confirmed: see test_attacks_reach.py
    assert {page for page in MAY if may("lcfs", page)} == everyones | cases | {"referred", "lane", "lane_case", "lane_step"}
    assert {page for page in MAY if may("administrator", page)} == everyones | {"accounts", "end_sessions"}


def test_a_wrong_password_says_only_that(browser: TestClient) -> None:
    assert sign_in(browser, "clinician", "not the password at all") == 400
    assert browser.get("/purchases").headers["location"] == "/sign-in"


def test_guesses_are_stopped(browser: TestClient) -> None:
    answers = [sign_in(browser, "governance", f"guess number {number} of many") for number in range(30)]
    assert answers[-1] == 429


def test_every_page_forbids_what_it_does_not_need(browser: TestClient) -> None:
    sign_in(browser, "clinician")
    for path in ("/sign-in", "/purchases", "/how-flags-work", "/nowhere"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_form_without_its_token_or_from_elsewhere_is_refused(browser: TestClient, settings: Settings) -> None:
    sign_in(browser, "clinician")
    ref = re.search(r'href="/purchases/(F[0-9A-Z]{8})', browser.get("/purchases").text)
    assert ref
    before = len(casebook_events(settings, CODE))
    path = f"/purchases/{ref[1]}/decide"
    assert browser.post(path, data={"move": "agree"}).status_code == 403
    given = {"move": "agree", "form_token": token(browser.get(f"/purchases/{ref[1]}").text)}
    assert browser.post(path, data=given, headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert browser.post(path, data=given, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert len(casebook_events(settings, CODE)) == before


def test_a_decision_from_the_list_to_the_casebook(browser: TestClient, settings: Settings) -> None:
    sign_in(browser, "clinician")
    refs = re.findall(r'href="/purchases/(F[0-9A-Z]{8})', browser.get("/purchases").text)
    page = next(text for ref in refs if 'value="agree"' in (text := browser.get(f"/purchases/{ref}").text))
    assert "A flag is a prompt to look, not a finding" in page
    hidden = dict(re.findall(r'name="(form_token|version|digest)" value="([^"]*)"', page))
    action = re.search(r'action="(/purchases/F[0-9A-Z]{8}/decide)"', page)
    assert action
    refused = browser.post(action[1], data={**hidden, "move": "agree", "reason": ""})
    assert refused.status_code == 400
    assert "<title>Error: " in refused.text
    before = len(moves_of(settings))
    done = browser.post(action[1], data={**hidden, "move": "agree", "reason": "It helps with the goal of getting out."})
    assert done.status_code in (200, 303)
    moves = moves_of(settings)
    assert len(moves) == before + 1
    assert (moves[-1].decided_by, moves[-1].body["move_code"]) == (NAMES["clinician"], "agree")


def test_nothing_of_what_is_kept_holds_the_password(settings: Settings) -> None:
    kept = [path for path in Path(settings.home).rglob("*") if path.is_file()]
    assert not [path.name for path in kept if PASSWORD.encode() in path.read_bytes()]
