"""Signing in with a provider: the whole way with a real one on this machine, and what a bad one or somebody in between would try."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from phb_audit.errors import UsageError
from phb_audit.review import accounts, identities, journeys
from phb_audit.review.command import Served, provider_of
from phb_audit.review.keeping import JOURNEYS
from phb_audit.review.provider_settings import provider_settings
from phb_audit.settings import Settings
from tests.review.fake_provider import CLIENT, SECRET, FakeProvider, Spoil, as_it_is, provider_for, written
from tests.review.way import Way, through
from tests.review.world import CODE, PASSWORD, TODAY, desk_of, in_process, refs_of, sign_in


def test_somebody_signs_in_with_role_and_areas_of_their_claims(way: Way) -> None:
    page = way.client.get("/sign-in").text
    assert "Sign in with Example NHS" in page
    assert 'name="password"' not in page
    assert way.signed_in(teams=["valley", "elsewhere"]).headers["location"] == "/"
    sam = accounts.one(way.desk.accounts, "sam.brook@example.org")
    assert (sam.shown_name, sam.role, sam.areas) == ("Sam Brook", "clinician", frozenset({"Valley team"}))
    mine = refs_of(way.client, "?chosen=1")
    areas = {case["case_ref"]: case["area_name"] for case in way.desk.nights.newest().cases}
    assert mine
    assert {areas[ref] for ref in mine} == {"Valley team"}
    event = way.desk.access.of_kind("sign_in")[-1]
    assert (event.decided_by, event.body["changes"]) == ("Sam Brook", ["first sign-in"])
    (exchange,) = way.fake.exchanges
    assert exchange["grant_type"] == "authorization_code"
    assert len(exchange["code_verifier"]) >= 43


def test_what_is_asked_of_the_provider(way: Way) -> None:
    asked = parse_qs(urlsplit(way.client.get("/sign-in/provider").headers["location"]).query)
    assert {name: asked[name][0] for name in ("response_type", "scope", "client_id", "acr_values", "code_challenge_method")} == {
        "response_type": "code",
        "scope": "openid profile email",
        "client_id": CLIENT,
        "acr_values": "AAL2 AAL3",
        "code_challenge_method": "S256",
    }
    assert len(asked["nonce"][0]) >= 32
    assert len(asked["state"][0]) >= 32
    again = parse_qs(urlsplit(way.client.get("/sign-in/provider").headers["location"]).query)
    assert not {again[name][0] for name in ("nonce", "state", "code_challenge")} & {
        asked[name][0] for name in ("nonce", "state", "code_challenge")
    }


def changed(**told: Any) -> Spoil:
    """Claims that say something else, or nothing."""

    def spoil(_: dict[str, Any], claims: dict[str, Any]) -> str | None:
        claims.update({name: value for name, value in told.items() if value is not None})
        for name in [name for name, value in told.items() if value is None]:
            claims.pop(name, None)
        return None

    return spoil


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token that says it needs no signature."""
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, claims))
    return f"{head}.{body}."


def signed_with_what_is_public(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token signed by HMAC with the client's secret: something both sides know."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])


def signed_by_another(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token signed by somebody else who uses the provider's key id."""
    return jwt.encode(header, claims, RSAKey.generate_key(2048), algorithms=["RS256"])


AT = int(TODAY.timestamp())
SPOILT: dict[str, tuple[Spoil, str]] = {
    "another nonce": (changed(nonce="x" * 43), "nonce"),
    "no nonce": (changed(nonce=None), "nonce"),
    "another issuer": (changed(iss="https://elsewhere.example"), "iss"),
    "another audience": (changed(aud="another-app"), "aud"),
    "several audiences without azp": (changed(aud=[CLIENT, "another-app"]), "azp"),
    "meant for another app": (changed(aud=[CLIENT, "another-app"], azp="another-app"), "azp"),
    "expired": (changed(iat=AT - 900, exp=AT - 61), "exp"),
    "no end": (changed(exp=None), "exp"),
    "from tomorrow": (changed(iat=AT + 86400, exp=AT + 90000), "iat"),
    "no subject": (changed(sub=None), "sub"),
    "no acr": (changed(acr=None), "acr"),
    "a weaker acr": (changed(acr="AAL1"), "acr"),
    "an access token that was swapped": (changed(at_hash="x" * 22), "at_hash"),
    "no role": (changed(roles=None), "no_role"),
    "an unknown role": (changed(roles=["PHB.Everything", "clinician"]), "no_role"),
    "two roles": (changed(roles=["PHB.Clinician", "PHB.Auditor"]), "several_roles"),
    "no area": (changed(teams=None), "no_area"),
    "an unknown area": (changed(teams=["elsewhere"]), "no_area"),
    "no name": (changed(name=" "), "no_name"),
    "alg none": (unsigned, ""),
    "a shared secret": (signed_with_what_is_public, ""),
    "another's signature": (signed_by_another, "bad_signature"),
    "no token at all": (lambda *_: "", ""),
    "no token but words": (lambda *_: "a.b.c", ""),
}


def test_what_does_not_prove_who_it_is_signs_nobody_in(way: Way) -> None:
    for what, (spoil, reason) in SPOILT.items():
        way.fake.spoil = spoil
        answer = way.signed_in()
        assert answer.status_code == 403, what
        assert "phb_review" not in way.client.cookies, what
        assert "elsewhere" not in answer.text, what
        assert way.refusals()[-1] == (reason or way.refusals()[-1]), what
    assert len(way.refusals()) == len(SPOILT)
    assert not way.is_in()
    assert not [known for known in accounts.listed(way.desk.accounts) if known.shown_name == "Sam Brook"]
    way.fake.spoil = as_it_is
    assert way.signed_in().headers["location"] == "/"


def test_a_way_back_works_once_and_only_where_it_was_begun(way: Way, home: Settings) -> None:
    back = way.go()
    with in_process(way.desk) as other:
        assert other.get(back).status_code == 400
        other.get("/sign-in")
        assert other.get(way.go()).status_code == 400, "a browser of its own, but not the one that began"
    assert way.client.get(back).status_code == 400, "whoever tried it elsewhere has used it up"
    back = way.go()
    assert way.client.get(back).headers["location"] == "/"
    way.client.cookies.clear()
    exchanges = len(way.fake.exchanges)
    assert way.client.get(back).status_code == 400
    assert len(way.fake.exchanges) == exchanges, "the provider is not even asked"
    assert not way.is_in()


@pytest.mark.parametrize("spoilt", ["state=x", "code=x", "iss=https://elsewhere.example", "error=access_denied"])
def test_an_answer_that_was_changed_on_the_way_signs_nobody_in(way: Way, spoilt: str) -> None:
    name = spoilt.partition("=")[0]
    parts = [part for part in way.go().partition("?")[2].split("&") if not part.startswith(f"{name}=")]
    if name == "error":
        parts = [part for part in parts if not part.startswith("code=")]
    assert way.client.get(f"/sign-in/return?{'&'.join([*parts, spoilt])}").status_code in (400, 403)
    assert not way.is_in()
    doubled = way.go()
    assert way.client.get(f"{doubled}&code=x&state=y").status_code in (400, 403)
    assert not way.is_in()


def test_a_code_of_somebody_elses_way_is_worth_nothing(way: Way) -> None:
    """The code of another browser's way, put into one's own: the provider asks for the verifier that fits it."""
    theirs = parse_qs(way.go().partition("?")[2])["code"][0]
    mine = parse_qs(way.go().partition("?")[2])["state"][0]
    assert way.client.get(f"/sign-in/return?code={theirs}&state={mine}").status_code == 403
    assert way.refusals() == ["code"]


def test_a_provider_that_names_itself_in_its_answers_must_do_so(way: Way) -> None:
    way.fake.about = {"authorization_response_iss_parameter_supported": True}
    back = "&".join(part for part in way.go().split("&") if not part.startswith("iss="))
    assert way.client.get(back).status_code == 403
    assert way.refusals() == ["issuer"]


def test_a_way_ends_after_ten_minutes_and_too_many_are_not_begun(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journeys, "MOST_FROM_A_PLACE", 3)
    back = way.go()
    way.fake.clock.at += timedelta(minutes=10)
    assert way.client.get(back).status_code == 400
    for _ in range(journeys.MOST_FROM_A_PLACE):
        assert way.client.get("/sign-in/provider").status_code == 303
    assert way.client.get("/sign-in/provider").status_code == 429
    way.fake.clock.at += timedelta(minutes=10)
    assert way.client.get("/sign-in/provider").status_code == 303


def test_a_person_is_known_again_by_the_providers_id_alone(way: Way) -> None:
    assert way.signed_in().status_code == 303
    first = accounts.one(way.desk.accounts, "sam.brook@example.org")
    way.client.cookies.clear()
    assert way.signed_in(email="other@example.org", name="Another Name").status_code == 303
    assert "Sam Brook (Clinician)" in way.client.get("/help").text
    assert accounts.by_id(way.desk.accounts, first.account_id) == first
    way.client.cookies.clear()
    for claims, reason in (
        ({"sub": "2002"}, "name_taken"),
        ({"sub": "2002", "name": "sam  BROOK."}, "name_taken"),
        ({"sub": "2002", "name": "Val Ley"}, "address_taken"),
        ({"sub": "2002", "name": "Val Ley", "email": "clinician@example.org"}, "address_taken"),
    ):
        assert way.signed_in(**claims).status_code == 403
        assert way.refusals()[-1] == reason
        assert not way.is_in()
    assert way.signed_in(sub="2002", name="Val Ley", email="").status_code == 303
    assert [known.shown_name for known in accounts.listed(way.desk.accounts) if known.email.startswith("val")] == []


def test_an_account_that_was_here_before_is_linked_by_hand(way: Way) -> None:
    assert way.signed_in(name="Sam Okafor").status_code == 403
    assert way.desk.access.of_kind("sign_in_refused")[-1].body["subject"] == "1001"
    identities.link(way.desk.accounts, "clinician@example.org", way.fake.issuer, "1001", TODAY)
    assert way.signed_in(name="Sam Okafor").status_code == 303
    assert "Sam Okafor (Clinician)" in way.client.get("/help").text
    for email, subject in (("clinician@example.org", "3003"), ("auditor@example.org", "1001")):
        with pytest.raises(UsageError, match="linked already"):
            identities.link(way.desk.accounts, email, way.fake.issuer, subject, TODAY)


def test_a_new_role_counts_at_once_and_ends_sessions_of_the_old_one(way: Way) -> None:
    assert way.signed_in().status_code == 303
    with in_process(way.desk) as elsewhere:
        other = Way(elsewhere, way.fake, way.desk)
        assert other.signed_in(roles=["PHB.Auditor"]).status_code == 303
        assert elsewhere.get("/auditor").status_code == 200
    assert not way.is_in()
    assert way.desk.access.of_kind("sign_in")[-1].body["changes"] == ["role: clinician, now auditor", "areas: Hill team, now all"]


def test_a_closed_account_stays_closed(way: Way) -> None:
    assert way.signed_in().status_code == 303
    accounts.set_disabled(way.desk.accounts, "sam.brook@example.org", True)
    assert not way.is_in()
    assert way.signed_in().status_code == 403
    assert way.refusals() == ["disabled"]


def test_no_password_is_taken_beside_a_provider(way: Way) -> None:
    form = way.client.get("/sign-in")
    given = {"email": "clinician@example.org", "password": PASSWORD, "form_token": "x"}
    assert way.client.post("/sign-in", data=given).status_code == 403
    assert form.status_code == 200
    assert not way.is_in()


def test_without_a_provider_its_pages_are_not_there(home: Settings) -> None:
    with in_process(desk_of(home)) as client:
        assert client.get("/sign-in/provider").status_code == 404
        assert client.get("/sign-in/return?code=x&state=y").status_code == 404
        assert sign_in(client, "clinician") == 303


def test_changed_keys_are_fetched_again(way: Way) -> None:
    assert way.signed_in().status_code == 303
    way.client.cookies.clear()
    way.fake.keys = [RSAKey.generate_key(2048, {"kid": "second"})]
    assert way.signed_in().status_code == 303


@pytest.mark.parametrize("about", [{"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://elsewhere.example/token"}, {}])
def test_a_provider_that_is_down_or_another_is_said_plainly(way: Way, about: dict[str, str]) -> None:
    way.fake.about, way.fake.is_down = about, not about
    answer = way.client.get("/sign-in/provider")
    assert answer.status_code == 503
    assert "You are not signed in" in answer.text
    way.fake.about, way.fake.is_down = {}, False
    assert way.signed_in().status_code == 303


def test_roles_may_stand_deep_and_in_what_the_provider_tells_of_a_user(home: Settings, fake: FakeProvider, tmp_path: Path) -> None:
    changes = {'role_claim = "roles"': 'role_claim = "nrbac.role_code"\nreads_userinfo = true', '"PHB.Clinician"': '"R8000"'}
    with through(home, fake, tmp_path, changes) as way:
        fake.userinfo = {"sub": "1001", "nrbac": [{"role_code": "R1"}, {"role_code": "R8000"}], "acr": "AAL3"}
        assert way.signed_in(roles=None).status_code == 303
        way.client.cookies.clear()
        fake.userinfo = {"sub": "1002", "nrbac": [{"role_code": "R8000"}]}
        assert way.signed_in().status_code == 403
        assert way.refusals() == ["userinfo"]
        fake.userinfo = {"sub": "1001", "nrbac": [{"role_code": "R8000"}], "acr": "AAL3"}
        assert way.signed_in(acr="AAL1").status_code == 403, "only the signed token says how strong it was"


def test_a_level_of_assurance_may_stand_in_another_claim(home: Settings, fake: FakeProvider, tmp_path: Path) -> None:
    changes = {'required_acr = ["AAL2", "AAL3"]': 'required_acr = ["c1"]\nacr_claim = "acrs"'}
    with through(home, fake, tmp_path, changes) as way:
        asked = parse_qs(urlsplit(way.client.get("/sign-in/provider").headers["location"]).query)
        assert asked["claims"] == ['{"id_token": {"acrs": {"essential": true, "values": ["c1"]}}}']
        assert way.signed_in().status_code == 403
        assert way.signed_in(acrs=["c1", "c2"]).status_code == 303


def test_a_private_key_in_place_of_a_secret(home: Settings, fake: FakeProvider, tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048)
    (tmp_path / "key.pem").write_bytes(key.as_pem(private=True))
    changes = {'secret_from = "PHB_OIDC_SECRET"': f'key_file = "{tmp_path / "key.pem"}"\nkey_id = "ours"'}
    with through(home, fake, tmp_path, changes) as way:
        assert way.signed_in().status_code == 403, "it knows the secret only"
        fake.public_key = key
        assert way.signed_in().status_code == 303
    (tmp_path / "key.pem").write_text("no key", encoding="utf-8")
    with pytest.raises(UsageError, match="no RSA private key"):
        provider_for(tmp_path, fake, changes)


WRONG_SETTINGS = {
    'required_acr = ["AAL2", "AAL3"]': ("required_acr = []", "level of assurance"),
    'client_id = "phb-audit"': ("", "lacks client_id"),
    'name = "Example NHS"': ('name = "x"\nsecret = "x"', "unknown settings secret"),
    'area_claim = "teams"': ("", "sees_all_areas"),
    '"PHB.Auditor" = "auditor"': ('"PHB.Auditor" = "master"', "no role master"),
    'secret_from = "PHB_OIDC_SECRET"': ('secret_from = "NOT_SET"', "NOT_SET is not set"),
    'issuer = "http://127.0.0.1': ('issuer = "http://elsewhere.example', "https"),
    'role_claim = "roles"': ('role_claim = "roles"\nscope = "profile"', "openid"),
}


@pytest.mark.parametrize("old", WRONG_SETTINGS)
def test_settings_that_would_let_too_many_in_are_refused(fake: FakeProvider, tmp_path: Path, old: str) -> None:
    new, words = WRONG_SETTINGS[old]
    with pytest.raises(UsageError, match=words) as refused:
        provider_settings(written(tmp_path, fake, {old: new}), {"PHB_OIDC_SECRET": SECRET})
    assert SECRET not in str(refused.value)


def test_the_secret_is_in_no_words_about_the_settings(fake: FakeProvider, tmp_path: Path) -> None:
    provider = provider_for(tmp_path, fake)
    assert SECRET not in repr(provider.told)
    assert SECRET not in str(vars(provider))


def test_local_accounts_are_for_this_machine_alone(fake: FakeProvider, tmp_path: Path) -> None:
    pem = tmp_path / "x.pem"
    for reachable in (Served(public_address="https://review.example.org"), Served(host="0.0.0.0", certificate=pem, key=pem)):
        with pytest.raises(UsageError, match=r"127\.0\.0\.1 only"):
            reachable.insist()
    file = written(tmp_path, fake, {})
    Served(public_address="https://review.example.org", oidc=file).insist()
    with pytest.raises(UsageError, match="without TLS"):
        Served(host="0.0.0.0", oidc=file).insist()
    Served().insist()
    assert provider_of(Served(), {}) is None
    made = provider_of(Served(public_address="https://review.example.org/", oidc=file), {"PHB_OIDC_SECRET": SECRET})
    assert made is not None
    assert made.return_address == "https://review.example.org/sign-in/return"


def test_signing_out_offers_to_sign_out_there_too(way: Way) -> None:
    assert way.signed_in().status_code == 303
    assert f'href="{way.fake.issuer}/end"' in way.client.get("/sign-in?signed_out=1").text or way.is_in()
    way.client.cookies.clear()
    assert f'href="{way.fake.issuer}/end"' in way.client.get("/sign-in?signed_out=1").text


def test_nothing_that_was_kept_holds_what_came_from_the_provider(way: Way, home: Settings) -> None:
    assert way.signed_in().status_code == 303
    kept = b"".join(path.read_bytes() for path in (home.home / "review" / CODE).rglob("*") if path.is_file())
    for secret in (SECRET, "an-access-token", way.fake.exchanges[0]["code"]):
        assert secret.encode() not in kept
    with way.desk.accounts.connect() as connection:
        assert connection.execute(select(JOURNEYS)).all() == [], "what was kept back for the way is gone"
