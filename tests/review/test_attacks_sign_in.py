"""Getting in as somebody else: sessions set before and kept after, and guesses at passwords."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from phb_audit.review import accounts, browsers, sessions
from phb_audit.review.desk import Desk
from phb_audit.review.keeping import accounts_engine
from phb_audit.review.sessions import MOST_TRIES, MOST_TRIES_A_PLACE, MOST_TRIES_AN_ADDRESS
from phb_audit.settings import Settings
from tests.review.attacks import as_role, without_secrets
from tests.review.world import (
    CODE,
    PASSWORD,
    ROLES,
    TODAY,
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


def guesses(desk: Desk, how_many: int, *names: str, place: str = "testclient") -> list[int]:
    """The answers to that many wrong passwords by a stranger, with these names in turn."""
    with in_process(desk, client=(place, 5000)) as stranger:
        return [sign_in(stranger, names[number % len(names)], f"guess {number} of many") for number in range(how_many)]


def again(client: TestClient, role: str, password: str = PASSWORD) -> int:
    """Sign in, whoever was signed in before."""
    client.cookies.delete("phb_review")
    return sign_in(client, role, password)


def test_a_stranger_who_guesses_at_one_account_locks_out_nobody_else_at_the_same_place(own_settings: Settings) -> None:
    desk = desk_of(own_settings)
    assert guesses(desk, 60, "auditor")[MOST_TRIES:] == [429] * (60 - MOST_TRIES)
    for role in ROLES:
        with in_process(desk) as colleague:
            assert sign_in(colleague, role) == (429 if role == "auditor" else 303), role


def test_a_stranger_who_guesses_at_all_locks_nobody_out_of_a_browser_they_signed_in_with(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(own_settings)
    with in_process(desk) as own, in_process(desk) as other:
        assert (sign_in(own, "clinician"), again(own, "auditor"), sign_in(other, "governance")) == (303, 303, 303)
        tried = counting(monkeypatch)
        names = (*ROLES, *(f"user{number}" for number in range(143)))
        assert guesses(desk, 1000, *names).count(429) == 1000 - MOST_TRIES_A_PLACE
        for place in range(10):
            guesses(desk, 5, "clinician", place=f"10.0.0.{place}")
        assert tried.count("clinician@example.org") == MOST_TRIES_AN_ADDRESS
        assert (again(own, "clinician"), again(own, "auditor")) == (303, 303)
        # Of another's name it knows nothing, and its own tries are few, too.
        assert again(other, "clinician") == 429
        own.cookies.delete("phb_review")
        assert [sign_in(own, "clinician", "wrong every time") for _ in range(MOST_TRIES + 1)] == [*[400] * MOST_TRIES, 429]
        assert sign_in(own, "auditor") == 303


def test_a_browser_that_was_made_known_by_somebody_else_is_known_no_more_after_signing_in(own_settings: Settings) -> None:
    desk = desk_of(own_settings)
    with in_process(desk) as thief, in_process(desk) as victim:
        assert sign_in(thief, "governance") == 303
        planted = thief.cookies["phb_known"]
        victim.cookies.set("phb_known", planted, domain="127.0.0.1")
        assert sign_in(victim, "clinician") == 303
        kept = [cookie.value for cookie in victim.cookies.jar if cookie.name == "phb_known" and cookie.value != planted]
        assert browsers.place_of(desk.accounts, "clinician@example.org", planted, TODAY) is None
        assert [browsers.place_of(desk.accounts, "clinician@example.org", one, TODAY) is not None for one in kept] == [True]


def test_a_browser_is_forgotten_after_ninety_days_and_with_every_session_of_its_person(own_settings: Settings) -> None:
    desk = desk_of(own_settings)
    with in_process(desk) as client:
        assert sign_in(client, "clinician") == 303
        known, email = client.cookies["phb_known"], "clinician@example.org"
    assert browsers.place_of(desk.accounts, email, known, TODAY + timedelta(days=89))
    assert browsers.place_of(desk.accounts, email, known, TODAY + timedelta(days=90)) is None
    assert browsers.place_of(desk.accounts, "nobody@example.org", known, TODAY) is None
    assert known.encode() not in (own_settings.home / "review" / CODE / "accounts.sqlite").read_bytes()
    sessions.end_all(desk.accounts, accounts.one(desk.accounts, email).account_id)
    assert browsers.place_of(desk.accounts, email, known, TODAY) is None


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_known_name_and_an_unknown_one_take_as_long(own_settings: Settings, monkeypatch: pytest.MonkeyPatch, is_locked: bool) -> None:
    desk, hashed = desk_of(own_settings), list[str]()
    fits = accounts._fits
    monkeypatch.setattr(accounts, "_fits", lambda kept, password: hashed.append(kept) or fits(kept, password))
    if is_locked:
        guesses(desk, 60, *(f"user{number}" for number in range(60)))
    hashed.clear()
    answers = [guesses(desk, 1, name) for name in ("governance", "nobody")]
    assert answers == [[429], [429]] if is_locked else [[400], [400]]
    assert len(hashed) == (0 if is_locked else 2)
    assert all(kept.split("$")[:4] == hashed[0].split("$")[:4] for kept in hashed), "the same work for both"


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
