"""What a provider's claims say of a person: who it is, and the role and the areas that the settings make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from phb_audit.errors import PhbAuditError
from phb_audit.review.provider_settings import ProviderSettings

OF_A_CASELOAD = frozenset({"clinician", "second_checker"})  # who sees cases of their own areas only


class ProviderDown(PhbAuditError):
    """The provider does not answer, or not as one."""


class NotBelieved(Exception):
    """What came back does not prove who the person is, or that they may sign in. `reason` is a word for the log; it holds no data."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Claimed:
    """Who a provider says the person is. `subject` is the provider's own id, and the only thing a person is known again by."""

    issuer: str
    subject: str
    shown_name: str
    email: str
    role: str
    areas: frozenset[str]
    sid: str = ""  # the provider's session, where it tells it


def who_is(claims: Mapping[str, Any], told: ProviderSettings) -> Claimed:
    """Who the claims say it is, and what the maps make of it. Raises NotBelieved for no role, more than one, no area, or no name."""
    roles = {told.roles[value] for value in values_of(claims, told.role_claim) if value in told.roles}
    if len(roles) != 1:
        raise NotBelieved("several_roles" if roles else "no_role")
    role = roles.pop()
    areas: frozenset[str] = frozenset()
    if told.areas is not None and role in OF_A_CASELOAD:
        areas = frozenset(told.areas[value] for value in values_of(claims, told.area_claim) if value in told.areas)
        if not areas:
            raise NotBelieved("no_area")
    name = " ".join(" ".join(values_of(claims, told.name_claim)[:1]).split())
    if not name:
        raise NotBelieved("no_name")
    return Claimed(told.issuer, str(claims["sub"]), name[:100], "".join(values_of(claims, "email")[:1])[:200], role, areas, _sid_of(claims))


def _sid_of(claims: Mapping[str, Any]) -> str:
    sid = claims.get("sid")
    return sid if isinstance(sid, str) else ""


def values_of(claims: Mapping[str, Any], name: str) -> list[str]:
    """The words a claim holds. A name with points leads into tables and lists: 'realm_access.roles', 'nhsid_nrbac_roles.role_code'."""
    found = claims[name] if name in claims else _inside(claims, name.split("."))
    return [one for one in _flat(found) if isinstance(one, str) and one.strip()]


def _inside(told: Any, path: list[str]) -> Any:
    if not path:
        return told
    if isinstance(told, list):
        return [_inside(one, path) for one in told]
    return _inside(told.get(path[0]), path[1:]) if isinstance(told, Mapping) else None


def _flat(told: Any) -> Iterator[Any]:
    if isinstance(told, list):
        for one in told:
            yield from _flat(one)
    else:
        yield told
