"""The review app over the shipped sample: who may open what, signing in, a decision from list to casebook, and what every page carries."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.nightly import run_plain
from phb_audit.cases.casebook import CASE, casebook_events
from phb_audit.cli import sample_day
from phb_audit.night import Night
from phb_audit.review.app import PAGES, make_app, make_desk
from phb_audit.review.command import add_user
from phb_audit.review.permissions import MAY, OPEN_TO_ANYONE
from phb_audit.settings import Settings, shipped

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have httpx2, which nothing else here needs
    from starlette.testclient import TestClient

pytestmark = pytest.mark.slow
CODE, ORIGIN, PASSWORD = "QZZ", "http://127.0.0.1:8080", "three green pears by a canal"
ROLES = ("clinician", "second_checker", "auditor", "governance", "lcfs", "administrator")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("review") / "home"
    sample = shipped("sample")
    run_plain(Night(CODE, sample_day(sample), sample / CODE, home, threads=2))
    made = Settings(home)
    for role in ROLES:
        add_user(made, CODE, f"{role}@example.org", name=f"Ada {role}", role=role, areas=[], password=PASSWORD, say=lambda _: None)
    return made


@pytest.fixture
def browser(settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(make_desk(settings, CODE, origin=ORIGIN)), base_url=ORIGIN, follow_redirects=False) as client:
        yield client


def token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    return found[1]


def sign_in(browser: TestClient, role: str, password: str = PASSWORD) -> int:
    form = {"email": f"{role}@example.org", "password": password, "form_token": token(browser.get("/sign-in").text)}
    return browser.post("/sign-in", data=form).status_code


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
            refused = browser.get(path_of(page.path)).status_code == 403
            assert refused == (role not in MAY.get(page.name, ())), (role, page.name)


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
    before = len([event for event in casebook_events(settings, CODE) if event.kind_code == CASE])
    done = browser.post(action[1], data={**hidden, "move": "agree", "reason": "It helps with the goal of getting out."})
    assert done.status_code in (200, 303)
    moves = [event for event in casebook_events(settings, CODE) if event.kind_code == CASE]
    assert len(moves) == before + 1
    assert (moves[-1].decided_by, moves[-1].body["move_code"]) == ("Ada clinician", "agree")


def test_nothing_of_what_is_kept_holds_the_password(settings: Settings) -> None:
    kept = [path for path in Path(settings.home).rglob("*") if path.is_file()]
    assert not [path.name for path in kept if PASSWORD.encode() in path.read_bytes()]
