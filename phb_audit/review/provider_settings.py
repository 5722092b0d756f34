"""The settings file of signing in through a provider (OpenID Connect): who it is, what it must say of a person, and what that allows.

Secrets are never in it: it names the environment's variable, or the file, that holds one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from phb_audit.cases.transitions import ROLES
from phb_audit.errors import UsageError
from phb_audit.settings import read_toml

SEE = "See docs/how-to/sign-in-with-oidc.md."
NEEDED = frozenset({"name", "issuer", "client_id", "required_acr", "role_claim", "roles"})
SECRETS = ("secret_from", "secret_file", "key_file")
WORDS = frozenset({"scope", "acr_claim", "name_claim", "area_claim", "key_id"})
MORE = WORDS | frozenset({"areas", "sees_all_areas", "reads_userinfo", "trusted", *SECRETS})


@dataclass(frozen=True)
class ProviderSettings:
    """One provider. `roles` and `areas`: what a value of its claims is called here; an area map that is None lets all areas be seen."""

    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    uses_key: bool
    required_acr: tuple[str, ...]
    role_claim: str
    roles: Mapping[str, str]
    acr_claim: str = "acr"
    name_claim: str = "name"
    scope: str = "openid profile email"
    area_claim: str = ""
    areas: Mapping[str, str] | None = None
    reads_userinfo: bool = False
    key_id: str = ""
    trusted: Path | None = None


def provider_settings(file: Path, environ: Mapping[str, str]) -> ProviderSettings:
    """The provider a settings file tells of. Raises UsageError, with what to mend, for anything missing or not known."""
    if not file.is_file():
        raise UsageError(f"The settings file {file.name} is not there.", do=SEE)
    told = read_toml(file)
    table = told.get("oidc")
    if not isinstance(table, dict) or set(told) != {"oidc"}:
        raise UsageError(f"{file.name} must hold the table [oidc] and nothing else.", do=SEE)
    _insist_on_names(file.name, table)
    words = {name: _words(file.name, table, name) for name in NEEDED - {"required_acr", "roles"}}
    words |= {
        name: _words(file.name, table, name) for name in ("scope", "acr_claim", "name_claim", "area_claim", "key_id") if name in table
    }
    if not is_safe_address(words["issuer"]):
        raise UsageError(f"{file.name}: `issuer` must begin with https://.", do=SEE)
    if "openid" not in words.get("scope", "openid").split():
        raise UsageError(f"{file.name}: `scope` must hold openid.", do=SEE)
    secret, uses_key = _secret(file.name, table, environ)
    return ProviderSettings(
        secret=secret,
        uses_key=uses_key,
        required_acr=_required(file.name, table),
        roles=_roles(file.name, table),
        areas=_areas(file.name, table),
        reads_userinfo=table.get("reads_userinfo") is True,
        trusted=Path(str(table["trusted"])) if "trusted" in table else None,
        **words,
    )


def is_safe_address(address: str) -> bool:
    """Whether nobody on the way can read what is sent there: https, or this very machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and ipaddress.ip_address(host).is_loopback))
    except ValueError:
        return False


def _insist_on_names(file: str, table: Mapping[str, Any]) -> None:
    if missing := sorted(NEEDED - set(table)):
        raise UsageError(f"{file} lacks {', '.join(missing)}.", do=SEE)
    if unknown := sorted(set(table) - NEEDED - MORE):
        raise UsageError(f"{file}: unknown settings {', '.join(unknown)}.", do=f"Known: {', '.join(sorted(NEEDED | MORE))}.")
    for name in ("reads_userinfo", "sees_all_areas"):
        if not isinstance(table.get(name, False), bool):
            raise UsageError(f"{file}: `{name}` is true or false.", do=SEE)


def _words(file: str, table: Mapping[str, Any], name: str) -> str:
    words = table[name]
    if not isinstance(words, str) or not words.strip():
        raise UsageError(f"{file}: `{name}` must be words.", do=SEE)
    return words.strip()


def _secret(file: str, table: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[str, bool]:
    """The client's secret or private key, and whether it is a key. Its value is never shown."""
    given = [name for name in SECRETS if name in table]
    if len(given) != 1:
        raise UsageError(f"{file} needs one of {', '.join(SECRETS)}.", do=SEE)
    name = str(table[given[0]])
    if given[0] == "secret_from":
        value = environ.get(name, "")
        missing = f"The variable {name} is not set."
    else:
        missing = f"The file that `{given[0]}` names cannot be read, or is empty."
        try:
            value = Path(name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(missing, do=SEE) from error
    if not value:
        raise UsageError(missing, do=SEE)
    return value, given[0] == "key_file"


def _required(file: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    values = table["required_acr"]
    if not isinstance(values, list) or not values or not all(isinstance(one, str) and one.strip() for one in values):
        raise UsageError(f"{file}: `required_acr` must list at least one level of assurance.", do=SEE)
    return tuple(values)


def _roles(file: str, table: Mapping[str, Any]) -> Mapping[str, str]:
    roles = table["roles"]
    if not isinstance(roles, dict) or not roles:
        raise UsageError(f"{file}: [oidc.roles] must say which value of the claim is which role.", do=SEE)
    if unknown := sorted({str(role) for role in roles.values()} - set(ROLES)):
        raise UsageError(f"{file}: there is no role {', '.join(unknown)}.", do=f"The roles are {', '.join(ROLES)}.")
    return roles


def _areas(file: str, table: Mapping[str, Any]) -> Mapping[str, str] | None:
    """The area map; None where it is said that everyone sees all areas. One of the two must be said."""
    sees_all, areas = table.get("sees_all_areas") is True, table.get("areas")
    if sees_all == ("area_claim" in table) or sees_all == (areas is not None):
        raise UsageError(f"{file} needs either `area_claim` with [oidc.areas], or `sees_all_areas = true`.", do=SEE)
    if sees_all:
        return None
    if not isinstance(areas, dict) or not areas or not all(isinstance(area, str) and area.strip() for area in areas.values()):
        raise UsageError(f"{file}: [oidc.areas] must say which value of the claim is which area.", do=SEE)
    if any("|" in area for area in areas.values()):
        raise UsageError(f"{file}: an area's name holds no '|'.", do=SEE)
    return areas
