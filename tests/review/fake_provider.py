"""A provider to sign in with, in this process and served on this machine: real discovery, keys, codes with PKCE and signed tokens.

It is as strict as a good one. What a bad one, or somebody in between, would send is made by `spoil`.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from phb_audit.review.provider import Provider
from phb_audit.review.provider_settings import provider_settings
from tests.review.world import ORIGIN, Clock

CLIENT, SECRET = "phb-audit", "a secret that no page and no log may hold"
RETURN = f"{ORIGIN}/sign-in/return"
SAM = {"sub": "1001", "name": "Sam Brook", "email": "sam.brook@example.org", "roles": ["PHB.Clinician"], "teams": ["hill"], "acr": "AAL2"}
Spoil = Callable[[dict[str, Any], dict[str, Any]], str | None]


def as_it_is(header: dict[str, Any], claims: dict[str, Any]) -> str | None:
    """Spoil nothing."""
    return None


@dataclass
class FakeProvider:
    """`person`: the claims of whoever signs in next. `spoil` may change header and claims, or give another token whole."""

    issuer: str
    returns_to: str = RETURN
    clock: Clock = field(default_factory=Clock)
    person: Mapping[str, Any] = field(default_factory=lambda: dict(SAM))
    userinfo: Mapping[str, Any] = field(default_factory=dict)
    spoil: Spoil = as_it_is
    about: dict[str, Any] = field(default_factory=dict)
    is_down: bool = False
    public_key: RSAKey | None = None
    keys: list[RSAKey] = field(default_factory=lambda: [RSAKey.generate_key(2048, {"kid": "first"})])
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    exchanges: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> Starlette:
        """Its pages."""
        routes = [
            Route("/.well-known/openid-configuration", self.discovery),
            Route("/keys", self.key_set),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/userinfo", self.told_of_user),
        ]
        return Starlette(routes=routes)

    def discovery(self, _: Request) -> Response:
        if self.is_down:
            return Response("<html>gateway</html>", status_code=502)
        told = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", "end_session_endpoint": f"{self.issuer}/end"}
        told |= {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in (("authorization", "authorize"), ("token", "token"))}
        return JSONResponse(told | {"userinfo_endpoint": f"{self.issuer}/userinfo"} | self.about)

    def key_set(self, _: Request) -> Response:
        return JSONResponse(KeySet(self.keys).as_dict(private=False))

    def authorize(self, request: Request) -> Response:
        """Whoever comes is signed in at once, and sent back with a code."""
        asked = dict(request.query_params)
        is_right = (
            asked.get("response_type") == "code" and asked.get("client_id") == CLIENT and asked.get("redirect_uri") == self.returns_to
        )
        if not is_right or asked.get("code_challenge_method") != "S256" or "openid" not in asked.get("scope", "").split():
            return Response("bad request", status_code=400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(
            f"{self.returns_to}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}", status_code=302
        )

    async def token(self, request: Request) -> Response:
        """A code is good once, for who proves to have begun."""
        async with request.form() as sent:
            form = {name: str(value) for name, value in sent.items()}
        self.exchanges.append(form)
        if not self.is_client(request, form):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge or form.get("redirect_uri") != self.returns_to:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse({"access_token": "an-access-token", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])})

    def is_client(self, request: Request, form: Mapping[str, str]) -> bool:
        """Whether who asks is the client: by its secret, or by a short-lived word signed with its key."""
        if self.public_key is None:
            wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            return secrets.compare_digest(request.headers.get("authorization", ""), f"Basic {wanted}")
        try:
            read = jwt.decode(form.get("client_assertion", ""), self.public_key, algorithms=["RS512"])
        except JoseError:
            return False
        claims = read.claims
        is_short = 0 < claims["exp"] - time.time() <= 300
        return (
            is_short
            and claims["iss"] == claims["sub"] == CLIENT
            and claims["aud"] == f"{self.issuer}/token"
            and read.header["kid"] == "ours"
        )

    def id_token(self, nonce: str) -> str:
        """A signed token for the person."""
        at = int(self.clock().timestamp())
        header = {"alg": "RS256", "kid": self.keys[0].kid}
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": nonce, **self.person}
        made = self.spoil(header, claims)
        return made if made is not None else jwt.encode(header, claims, self.keys[0], algorithms=["RS256", "PS256"])

    def logout_token(self, *, header: Mapping[str, Any] | None = None, **changes: Any) -> str:
        """Its signed word that it has signed somebody out; claims that are None are left out."""
        at = int(self.clock().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 120, "jti": secrets.token_hex(8), "sub": self.person["sub"]}
        claims |= {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        signed = {"alg": "RS256", "kid": self.keys[0].kid, "typ": "logout+jwt"} | dict(header or {})
        return jwt.encode(signed, claims, self.keys[0], algorithms=["RS256"])

    def told_of_user(self, request: Request) -> Response:
        if request.headers.get("authorization") != "Bearer an-access-token":
            return Response(status_code=401)
        return JSONResponse(dict(self.userinfo))


@contextmanager
def running() -> Iterator[FakeProvider]:
    """A provider served on a free port of this machine until the block ends."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    fake = FakeProvider(f"http://127.0.0.1:{listening.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(fake.app(), log_level="error", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    try:
        yield fake
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


SETTINGS = """
[oidc]
name = "Example NHS"
issuer = "{issuer}"
client_id = "{client}"
secret_from = "PHB_OIDC_SECRET"
required_acr = ["AAL2", "AAL3"]
role_claim = "roles"
area_claim = "teams"

[oidc.roles]
"PHB.Clinician" = "clinician"
"PHB.Auditor" = "auditor"
"PHB.Specialist" = "lcfs"

[oidc.areas]
hill = "Hill team"
valley = "Valley team"
"""


def written(folder: Path, fake: FakeProvider, changes: Mapping[str, str]) -> Path:
    """The settings file for it; `changes` replace words of it."""
    text = SETTINGS.format(issuer=fake.issuer, client=CLIENT)
    for old, new in changes.items():
        text = text.replace(old, new)
    file = folder / "oidc.toml"
    file.write_text(text, encoding="utf-8")
    return file


def provider_for(folder: Path, fake: FakeProvider, changes: Mapping[str, str] | None = None) -> Provider:
    """Our side of it."""
    return Provider(provider_settings(written(folder, fake, changes or {}), {"PHB_OIDC_SECRET": SECRET}), fake.returns_to)
