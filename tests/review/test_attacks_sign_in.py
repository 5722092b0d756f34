"""Getting in as somebody else: sessions set before and kept after, and guesses at passwords."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from phb_audit.review import accounts
from phb_audit.review.keeping import accounts_engine
from phb_audit.review.sessions import MOST_TRIES, MOST_TRIES_A_PLACE, MOST_TRIES_AN_ADDRESS
from phb_audit.settings import Settings
from tests.review.attacks import as_role, without_secrets
from tests.review.world import (
    CODE,
    Clock,
    desk_of,
    in_process,
    sign_in,
    token,
)

pytestmark = pytest.mark.slow


def test_a_session_that_was_there_before_signing_in_is_worth_nothing(browser: TestClient) -> None:
    browser.cookies.set("phb_review", "chosen-by-somebody-else", domain="127.0.0.1")
    assert sign_in(browser, "clinician") == 303
    kept = [cookie.value for cookie in browser.cookies.jar if cookie.name == "phb_review"]
    assert "chosen-by-somebody-else" not in kept[-1:]
    browser.cookies.clear()
    browser.cookies.set("phb_review", "chosen-by-somebody-else", domain="127.0.0.1")
    assert browser.get("/purchases").headers["location"] == "/sign-in"


def test_a_session_ends_for_good(own_settings: Settings) -> None:
    clock = Clock()
    with in_process(desk_of(own_settings, clock=clock)) as client:
        assert sign_in(client, "clinician") == 303
        kept = client.cookies["phb_review"]
        client.post("/sign-out", data={"form_token": token(client.get("/help").text)})
        client.cookies.set("phb_review", kept, domain="127.0.0.1")
        assert client.get("/purchases").status_code == 303
        as_role(client, "clinician")
        clock.at += timedelta(minutes=15)
        assert client.get("/purchases").status_code == 303
        as_role(client, "clinician")
        for _ in range(49):
            clock.at += timedelta(minutes=10)
            last = client.get("/purchases").status_code
        assert last == 303, "8 hours end it even in use"


def test_a_disabled_account_and_a_new_password_end_every_session(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        assert sign_in(client, "clinician") == 303
        engine = accounts_engine(own_settings, CODE)
        accounts.set_disabled(engine, "clinician@example.org", True)
        engine.dispose()
        assert client.get("/purchases").status_code == 303
        assert sign_in(client, "clinician") == 400


def test_a_thousand_guesses_from_one_place_try_fifty_passwords(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = counting(monkeypatch)
    with in_process(desk_of(own_settings)) as client:
        form = token(client.get("/sign-in").text)
        answers = [
            client.post("/sign-in", data={"email": f"user{number}@example.org", "password": "one guess of many", "form_token": form})
            for number in range(1000)
        ]
        assert len(tried) == MOST_TRIES_A_PLACE
        assert [answer.status_code for answer in answers].count(429) == 1000 - MOST_TRIES_A_PLACE


def test_guesses_at_one_address_are_few_from_one_place_and_from_many(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tried, clock = counting(monkeypatch), Clock()
    desk = desk_of(own_settings, clock=clock)
    for place in range(100):
        with in_process(desk, client=(f"10.0.0.{place}", 5000)) as client:
            answers = [sign_in(client, "auditor", f"guess {number} from {place}") for number in range(10)]
            assert len(tried) <= MOST_TRIES * (place + 1)
    assert answers[-1] == 429
    assert len(tried) == MOST_TRIES_AN_ADDRESS
    clock.at += timedelta(minutes=15, seconds=1)
    with in_process(desk, client=("10.0.0.1", 5000)) as client:
        assert sign_in(client, "auditor") == 303


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tried: list[str] = []
    verified = accounts.verified

    def counted(engine: object, email: str, password: str) -> accounts.Account | None:
        tried.append(email)
        return verified(engine, email, password)  # type: ignore[arg-type]

    monkeypatch.setattr(accounts, "verified", counted)
    return tried


def test_a_place_named_in_a_header_is_not_believed(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        answers = [
            client.post(
                "/sign-in",
                data={"email": "auditor@example.org", "password": "a wrong guess", "form_token": token(client.get("/sign-in").text)},
                headers={"x-forwarded-for": f"10.1.1.{number}"},
            ).status_code
            for number in range(MOST_TRIES + 1)
        ]
        assert answers[-1] == 429


def test_a_known_address_and_an_unknown_one_are_answered_alike(browser: TestClient) -> None:
    answers = {}
    for email in ("governance@example.org", "nobody@example.org"):
        form = {"email": email, "password": "not the password", "form_token": token(browser.get("/sign-in").text)}
        answers[email] = without_secrets(browser.post("/sign-in", data=form).text)
    assert len(set(answers.values())) == 1
