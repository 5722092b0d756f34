"""A provider people sign in with (OpenID Connect, by Authlib): where to send them, and what it says of whoever comes back.

Code flow with PKCE; the identity token's signature, issuer, audience, nonce, times and level of assurance are checked. Nothing it
sends is logged or shown.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, RSAKey

from phb_audit.errors import UsageError
from phb_audit.review.claims import Claimed, NotBelieved, ProviderDown, values_of, who_is
from phb_audit.review.journeys import Journey
from phb_audit.review.provider_settings import ProviderSettings, is_safe_address
from phb_audit.review.signed_out import SignedOut, signed_out_of

# Signed with the provider's private key: never 'none', and never a key that both sides know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LEEWAY_SECONDS, WAIT_SECONDS, ASSERTION_SECONDS = 60, 10, 300
REMEMBERED, ANEW_AFTER = timedelta(hours=1), timedelta(minutes=1)


class Provider:
    """One provider. Asked nothing before somebody signs in; what it tells about itself is remembered for an hour."""

    def __init__(self, told: ProviderSettings, return_address: str) -> None:
        self.told, self.return_address = told, return_address
        self._lock = threading.Lock()
        self._about: tuple[datetime, dict[str, Any]] | None = None
        self._keys: KeySet | None = None
        self._anew_at: datetime | None = None
        if told.uses_key:
            try:
                RSAKey.import_key(told.secret)
            except (JoseError, ValueError, TypeError) as error:
                raise UsageError("`key_file` holds no RSA private key (PEM).", do="See docs/how-to/sign-in-with-oidc.md.") from error

    def address_for(self, journey: Journey, now: datetime) -> str:
        """Where a browser is sent to sign in. Raises ProviderDown."""
        about = self.about(now)
        asked: dict[str, Any] = {"nonce": journey.nonce, "code_verifier": journey.code_verifier, "state": journey.state}
        if self.told.acr_claim == "acr":
            asked["acr_values"] = " ".join(self.told.required_acr)
        else:
            asked["claims"] = _claims_asked(self.told.acr_claim, self.told.required_acr)
        with self._session() as session:
            return str(session.create_authorization_url(about["authorization_endpoint"], **asked)[0])

    def signing_out_address(self) -> str:
        """Where a browser signs out of the provider too; empty where none is known."""
        address = str(self._about[1].get("end_session_endpoint") or "") if self._about else ""
        return address if is_safe_address(address) else ""

    def claimed(self, code: str, journey: Journey, now: datetime, issuer_given: str) -> Claimed:
        """Who came back with a code. Raises NotBelieved, or ProviderDown."""
        about = self.about(now)
        must_say = about.get("authorization_response_iss_parameter_supported") is True
        if (issuer_given or must_say) and issuer_given != self.told.issuer:
            raise NotBelieved("issuer")
        with self._session() as session:
            token = self._token(session, about, code, journey)
            claims = self.checked(str(token.get("id_token") or ""), token, journey.nonce, now)
            if self.told.reads_userinfo:
                claims = self._with_userinfo(session, about, claims)
        return who_is(claims, self.told)

    def about(self, now: datetime) -> dict[str, Any]:
        """What the provider tells about itself, where it is who it should be. Raises ProviderDown."""
        with self._lock:
            if self._about is None or now - self._about[0] >= REMEMBERED:
                told = self._fetched(self.told.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if told.get("issuer") != self.told.issuer or not all(is_safe_address(str(told.get(name))) for name in ENDPOINTS):
                    raise ProviderDown("The provider has another name, or an address without https.", do="Check `issuer`.")
                self._about, self._keys = (now, told), None
            return self._about[1]

    def checked(self, id_token: str, token: Mapping[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        """The claims of an identity token that holds in every respect. Raises NotBelieved."""
        try:
            read = self._decoded(id_token)
            must = {"iss": {"essential": True, "value": self.told.issuer}, "aud": {"essential": True, "value": self.told.client_id}}
            known = {"nonce": nonce, "client_id": self.told.client_id, "access_token": token.get("access_token")}
            claims = CodeIDToken(read.claims, read.header, must, known)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except JoseError as error:
            raise NotBelieved(str(getattr(error, "claim", None) or error.error or "token")) from error
        except (ValueError, TypeError, KeyError) as error:
            raise NotBelieved("token") from error
        if not set(values_of(claims, self.told.acr_claim)) & set(self.told.required_acr):
            raise NotBelieved("acr")
        return dict(claims)

    def signed_out(self, logout_token: str, now: datetime) -> SignedOut:
        """Whom the provider says it has signed out. Raises NotBelieved, or ProviderDown."""
        self.about(now)
        try:
            read = self._decoded(logout_token, now)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotBelieved("signature") from error
        return signed_out_of(read.header, read.claims, self.told, now)

    def _decoded(self, token: str, now: datetime | None = None) -> jwt.Token:
        """The token, where its signature holds. `now` is given where anyone may send one: then keys are asked for anew once a minute at
        most."""
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # the provider has changed its keys
            if now is not None:
                if self._anew_at is not None and now - self._anew_at < ANEW_AFTER:
                    raise
                self._anew_at = now
            return jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS)

    def _token(self, session: OAuth2Session, about: Mapping[str, Any], code: str, journey: Journey) -> Mapping[str, Any]:
        asked = {"grant_type": "authorization_code", "code": code, "code_verifier": journey.code_verifier, "allow_redirects": False}
        try:
            token = session.fetch_token(about["token_endpoint"], redirect_uri=self.return_address, **asked)
        except AuthlibBaseError as error:
            raise NotBelieved("code") from error
        except (requests.RequestException, ValueError) as error:
            raise _down() from error
        if not token.get("access_token"):
            raise NotBelieved("code")
        return dict(token)

    def _with_userinfo(self, session: OAuth2Session, about: Mapping[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        address = str(about.get("userinfo_endpoint") or "")
        if not is_safe_address(address):
            raise ProviderDown("The provider names no address for `reads_userinfo`.", do="Set it to false, or ask the provider.")
        told = _table(lambda: session.get(address, allow_redirects=False))
        if told.get("sub") != claims["sub"]:
            raise NotBelieved("userinfo")
        return told | claims  # what the signed token says stands

    def _key_set(self, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            address = self._about[1]["jwks_uri"] if self._about else ""
            try:
                self._keys = KeySet.import_key_set(self._fetched(address))  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise _down() from error
        return self._keys

    def _fetched(self, address: str) -> dict[str, Any]:
        with self._session() as session:
            return _table(lambda: session.get(address, withhold_token=True, allow_redirects=False))

    def _session(self) -> OAuth2Session:
        told = self.told
        session = OAuth2Session(
            told.client_id,
            told.secret,
            token_endpoint_auth_method="private_key_jwt" if told.uses_key else "client_secret_basic",
            scope=told.scope,
            redirect_uri=self.return_address,
            code_challenge_method="S256",
            default_timeout=WAIT_SECONDS,
        )
        if told.uses_key:
            headers = {"kid": told.key_id} if told.key_id else None
            until = {"exp": int(time.time()) + ASSERTION_SECONDS}
            session.register_client_auth_method(PrivateKeyJWT(claims=until, headers=headers, alg="RS512"))
        if told.trusted:
            session.verify = str(told.trusted)
        return session


def _claims_asked(claim: str, values: tuple[str, ...]) -> str:
    """The `claims` parameter for a level of assurance that stands elsewhere than in `acr`, as Entra's `acrs`."""
    return json.dumps({"id_token": {claim: {"essential": True, "values": list(values)}}})


def _table(ask: Callable[[], requests.Response]) -> dict[str, Any]:
    """What an address answers, as a table. Raises ProviderDown."""
    try:
        answer = ask()
        answer.raise_for_status()
        told = answer.json()
    except (requests.RequestException, AuthlibBaseError, ValueError) as error:
        raise _down() from error
    if not answer.ok or not isinstance(told, dict):
        raise _down()
    return told


def _down() -> ProviderDown:
    return ProviderDown("The sign-in service does not answer as it should.", do="Try again in a few minutes, or tell your administrator.")
