"""What a provider must say when it has signed somebody out (OpenID Connect Back-Channel Logout 1.0, section 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from phb_audit.review.claims import NotBelieved
from phb_audit.review.provider_settings import ProviderSettings

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LEEWAY, OLDEST = timedelta(seconds=60), timedelta(minutes=10)
KINDS = (None, "JWT", "LOGOUT+JWT", "APPLICATION/LOGOUT+JWT")


@dataclass(frozen=True)
class SignedOut:
    """Who was signed out: a person, one session of theirs, or a session alone. `token_id` is good once."""

    issuer: str
    token_id: str
    subject: str
    sid: str


def signed_out_of(header: Mapping[str, Any], claims: Mapping[str, Any], told: ProviderSettings, now: datetime) -> SignedOut:
    """What a token whose signature holds says. Raises NotBelieved with the name of the claim that does not hold."""
    audience = claims.get("aud")
    events, kind = claims.get("events"), header.get("typ")
    holds = {
        "typ": kind is None or (isinstance(kind, str) and kind.upper() in KINDS),
        "iss": claims.get("iss") == told.issuer,
        "aud": told.client_id in (audience if isinstance(audience, list) else [audience]),
        "iat": (at := _moment(claims, "iat", now)) is not None and now - OLDEST - LEEWAY <= at <= now + LEEWAY,
        "exp": (until := _moment(claims, "exp", now)) is not None and until > now - LEEWAY,
        "events": isinstance(events, dict) and isinstance(events.get(EVENT), dict),
        "nonce": "nonce" not in claims,  # else an identity token could be sent in its place
        "jti": bool(_words(claims, "jti")),
        "sub": bool(_words(claims, "sub") or _words(claims, "sid")),
    }
    if wrong := [name for name, is_right in holds.items() if not is_right]:
        raise NotBelieved(wrong[0])
    return SignedOut(told.issuer, _words(claims, "jti"), _words(claims, "sub"), _words(claims, "sid"))


def _words(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str):
        raise NotBelieved(name)
    return value


def _moment(claims: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(value, now.tzinfo)
    except (OverflowError, ValueError, OSError):
        return None
