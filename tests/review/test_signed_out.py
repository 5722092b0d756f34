"""A provider that says it has signed somebody out: whose sessions end, and what is not believed."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from phb_audit.review.keeping import PROVIDER_SESSIONS
from tests.review.fake_provider import CLIENT, SECRET
from tests.review.way import Way
from tests.review.world import TODAY, desk_of, in_process, sign_in

PATH = "/sign-out/provider"
AT = int(TODAY.timestamp())
EVENT = "http://schemas.openid.net/event/backchannel-logout"


def heard(way: Way, token: str) -> Any:
    """What the app answers the provider's server, which has no cookie and no page of ours."""
    with in_process(way.desk) as server:
        return server.post(PATH, data={"logout_token": token})


def test_every_session_of_a_person_ends_and_nobody_elses(way: Way) -> None:
    assert way.signed_in().status_code == 303
    with in_process(way.desk) as other, in_process(way.desk) as third:
        elsewhere, bystander = Way(other, way.fake, way.desk), Way(third, way.fake, way.desk)
        assert elsewhere.signed_in().status_code == 303
        assert bystander.signed_in(sub="1002", name="Val Ley", email="val@example.org").status_code == 303
        answer = heard(way, way.fake.logout_token(sub="1001"))
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert [one.is_in() for one in (way, elsewhere, bystander)] == [False, False, True]
    event = way.desk.access.of_kind("signed_out_there")[-1]
    assert (event.decided_by, event.body) == ("Example NHS", {"account": "Sam Brook", "sessions": 2})
    assert way.signed_in().status_code == 303, "they may sign in again"


@pytest.mark.parametrize("names_person", [True, False])
def test_a_session_that_is_named_ends_alone(way: Way, names_person: bool) -> None:
    assert way.signed_in(sid="one").status_code == 303
    with in_process(way.desk) as other:
        elsewhere = Way(other, way.fake, way.desk)
        assert elsewhere.signed_in(sid="two").status_code == 303
        person = {"sub": "1001" if names_person else None}
        assert heard(way, way.fake.logout_token(sid="two", **person)).status_code == 200
        assert (way.is_in(), elsewhere.is_in()) == (True, False)
        assert heard(way, way.fake.logout_token(sid="one", sub="9999")).status_code == 200
        assert way.is_in(), "the session is not that person's"
        assert heard(way, way.fake.logout_token(sid="one", **person)).status_code == 200
        assert not way.is_in()
    with way.desk.accounts.connect() as connection:
        assert connection.execute(select(PROVIDER_SESSIONS)).all() == []


def test_a_word_is_good_once(way: Way) -> None:
    token = way.fake.logout_token(sub="1001", jti="the-same")
    assert heard(way, token).status_code == 200
    assert way.signed_in().status_code == 303
    assert heard(way, token).status_code == 400
    assert heard(way, way.fake.logout_token(sub="1001", jti="the-same")).status_code == 400
    assert way.is_in()
    assert way.desk.access.of_kind("sign_out_refused")[-1].body["reason"] == "jti"


SPOILT: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "https://elsewhere.example"}, "iss"),
    "another audience": ({"aud": "another-app"}, "aud"),
    "no audience": ({"aud": None}, "aud"),
    "no time": ({"iat": None}, "iat"),
    "from tomorrow": ({"iat": AT + 86400, "exp": AT + 90000}, "iat"),
    "from an hour ago": ({"iat": AT - 3600, "exp": AT + 3600}, "iat"),
    "a time that is none": ({"iat": 1e300}, "iat"),
    "over": ({"iat": AT - 300, "exp": AT - 61}, "exp"),
    "no end": ({"exp": None}, "exp"),
    "no event": ({"events": None}, "events"),
    "another event": ({"events": {"http://schemas.openid.net/event/other": {}}}, "events"),
    "an event that is a word": ({"events": {EVENT: "yes"}}, "events"),
    "events that are a list": ({"events": [EVENT]}, "events"),
    "a nonce, as identity tokens have": ({"nonce": "x"}, "nonce"),
    "no name of its own": ({"jti": None}, "jti"),
    "nobody": ({"sub": None}, "sub"),
    "nobody and an empty session": ({"sub": None, "sid": ""}, "sub"),
    "a person that is a number": ({"sub": 1001}, "sub"),
    "another kind of token": ({"header": {"typ": "at+jwt"}}, "typ"),
}


def test_what_does_not_hold_ends_no_session(way: Way) -> None:
    assert way.signed_in().status_code == 303
    for what, (changes, reason) in SPOILT.items():
        answer = heard(way, way.fake.logout_token(**({"sub": "1001"} | changes)))
        assert (answer.status_code, answer.json()["error_description"]) == (400, reason), what
    logged = [event.body["reason"] for event in way.desk.access.of_kind("sign_out_refused")]
    assert logged == [reason for _, reason in SPOILT.values() if reason not in ("iss", "aud", "typ")]
    claims = {"iss": way.fake.issuer, "aud": CLIENT, "iat": AT, "exp": AT + 120, "jti": "1", "sub": "1001", "events": {EVENT: {}}}
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, claims))
    unsigned = f"{head}.{body}."
    shared = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])
    theirs = jwt.encode({"alg": "RS256", "kid": way.fake.keys[0].kid}, claims, RSAKey.generate_key(2048), algorithms=["RS256"])
    for token in (unsigned, shared, theirs, "", "a.b.c", "words"):
        assert heard(way, token).status_code == 400
    assert way.is_in()
    for kind in ("JWT", "logout+jwt", "application/logout+jwt"):
        assert heard(way, way.fake.logout_token(header={"typ": kind}, sub="nobody here")).status_code == 200
    assert heard(way, way.fake.logout_token(aud=[CLIENT, "another-app"])).status_code == 200
    assert not way.is_in()


def test_an_identity_token_is_no_word_of_signing_out(way: Way) -> None:
    assert way.signed_in().status_code == 303
    assert heard(way, way.fake.id_token("x")).status_code == 400
    assert way.is_in()


def test_new_keys_are_taken_up_but_not_asked_for_at_will(way: Way) -> None:
    assert way.signed_in().status_code == 303
    asked: list[bool] = []
    provider = way.desk.provider
    assert provider is not None
    fetched = provider._key_set
    provider._key_set = lambda *, anew=False: (asked.append(anew), fetched(anew=anew))[1]  # type: ignore[method-assign]
    for _ in range(3):
        assert heard(way, way.fake.logout_token(header={"kid": "unknown"})).status_code == 400
    assert asked.count(True) == 1
    way.fake.keys.insert(0, RSAKey.generate_key(2048, {"kid": "second"}))
    way.fake.clock.at += timedelta(minutes=1)
    assert heard(way, way.fake.logout_token()).status_code == 200
    assert not way.is_in()


def test_a_provider_that_is_down_is_not_taken_for_a_wrong_word(way: Way) -> None:
    token = way.fake.logout_token()
    way.fake.is_down = True
    assert heard(way, token).status_code == 503


def test_where_passwords_are_used_there_is_no_such_page(way: Way) -> None:
    with in_process(desk_of(way.desk.settings)) as client:
        assert client.post(PATH, data={"logout_token": way.fake.logout_token()}).status_code == 404
        assert sign_in(client, "clinician") == 303
