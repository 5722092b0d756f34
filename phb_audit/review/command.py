"""`phb-audit review` and `phb-audit user`: serving the app, and accounts."""

from __future__ import annotations

import ctypes
import ipaddress
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from phb_audit.cases.seen import published_file
from phb_audit.errors import CLEAN, UsageError
from phb_audit.review import accounts, sessions
from phb_audit.review.keeping import access_log, accounts_engine
from phb_audit.settings import Settings

if TYPE_CHECKING:
    from phb_audit.review.night import ShownNight
    from phb_audit.review.provider import Provider

Say = Callable[[str], None]
COMMAND_LINE = "the command line"
DEMO_PEOPLE = (("sam.okafor@example.org", "Sam Okafor", "clinician"), ("ada.fenn@example.org", "Ada Fenn", "auditor"))
PORT = 8080
ARENAS_AT_MOST = -8  # M_ARENA_MAX of malloc.h
RETURN_PATH = "/sign-in/return"  # registered with the provider


@dataclass(frozen=True)
class Served:
    """How the app is reached. `public_address` is given where a proxy does the TLS."""

    host: str = "127.0.0.1"
    port: int = PORT
    public_address: str | None = None
    certificate: Path | None = None
    key: Path | None = None
    oidc: Path | None = None

    @property
    def is_secure(self) -> bool:
        """Browsers reach it by https only."""
        return self.certificate is not None or self.public_address is not None

    @property
    def origin(self) -> str:
        """As browsers name it."""
        if self.public_address:
            return self.public_address.rstrip("/")
        return f"{'https' if self.certificate else 'http'}://{self.host}:{self.port}"

    def insist(self) -> None:
        """Raises UsageError unless what people type is safe on the way: this machine alone, TLS here, or TLS in a proxy.

        Local accounts are for this machine alone.
        """
        if (self.certificate is None) != (self.key is None):
            raise UsageError("A certificate and its key go together.", do="Give both --certificate and --key.")
        if self.public_address and not self.public_address.startswith("https://"):
            raise UsageError("--public-address must begin with https://.", do="The proxy in front must do the TLS.")
        if not is_this_machine(self.host) and not self.is_secure:
            raise UsageError(
                f"It would listen on {self.host} without TLS.",
                do="Give --certificate and --key, or --public-address of a proxy that does it.",
            )
        if self.oidc is None and (self.public_address or not is_this_machine(self.host)):
            raise UsageError(
                "Others than this machine could reach it, and local accounts are for 127.0.0.1 only.",
                do="Let people sign in with your organisation's provider: --oidc FILE. See docs/how-to/sign-in-with-oidc.md.",
            )


def is_this_machine(host: str) -> bool:
    """Whether nobody else can reach that address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def provider_of(served: Served, environ: Mapping[str, str]) -> Provider | None:
    """The provider people sign in with; None: local accounts. Raises UsageError where its settings cannot be used."""
    if served.oidc is None:
        return None
    from phb_audit.review.provider_settings import provider_settings

    told = provider_settings(served.oidc, environ)
    try:
        from phb_audit.review.provider import Provider
    except ImportError as error:
        raise UsageError(f"{error.name} is not installed.", do="Install the extra: pip install 'phb-audit[oidc]'.") from error
    return Provider(told, served.origin + RETURN_PATH)


def serve(settings: Settings, code: str, served: Served, environ: Mapping[str, str], *, say: Say) -> int:
    """Serve the app until it is stopped. Nothing that is asked for is logged: addresses name cases."""
    import uvicorn

    from phb_audit.review.ahead import read_ahead
    from phb_audit.review.app import make_app, make_desk
    from phb_audit.review.page import LONDON, templates_ready

    served.insist()
    provider = provider_of(served, environ)
    published_file(settings, code)
    desk = make_desk(settings, code, origin=served.origin, is_secure=served.is_secure, provider=provider)
    if provider is None and not any(not person.is_disabled for person in accounts.listed(desk.accounts)):
        raise UsageError("Nobody may sign in yet.", do="Add a person: phb-audit user add EMAIL --name NAME --role clinician.")
    use_few_heaps()

    def made_ready(night: ShownNight) -> None:
        templates_ready()
        desk.decided.live(night, desk.clock().astimezone(LONDON).date())

    threading.Thread(target=read_ahead, args=(desk.nights, made_ready), name="read ahead", daemon=True).start()
    say(f"Open {served.origin} (Ctrl-C stops it).")
    options: dict[str, Any] = {"access_log": False, "server_header": False, "log_level": "warning", "date_header": True}
    options |= {"proxy_headers": served.public_address is not None, "forwarded_allow_ips": "127.0.0.1"}
    if served.certificate:
        options |= {"ssl_certfile": str(served.certificate), "ssl_keyfile": str(served.key)}
    uvicorn.run(make_app(desk), host=served.host, port=served.port, **options)
    return CLEAN


def use_few_heaps() -> None:
    """Let the threads of this process share two heaps: with one for each, what one thread frees no other uses, and memory grows by half.

    Where the system's library knows no such setting nothing happens.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENAS_AT_MOST, 2)


def add_user(settings: Settings, code: str, email: str, *, name: str, role: str, areas: Sequence[str], password: str, say: Say) -> int:
    """Add a person."""
    from phb_audit.review.app import now

    account = accounts.add_account(accounts_engine(settings, code), email, name, role, password, areas=areas, at=now())
    _keep(settings, code, "account_added", account)
    say(f"{account.shown_name} may sign in as {account.role_words} with {account.email}.")
    return CLEAN


def change_password(settings: Settings, code: str, email: str, password: str, *, say: Say) -> int:
    """Give a person a new password."""
    engine = accounts_engine(settings, code)
    account = accounts.set_password(engine, email, password)
    ended = sessions.end_all(engine, account.account_id)
    _keep(settings, code, "password_changed", account)
    say(f"{account.shown_name} has a new password; {ended} of their sessions ended.")
    return CLEAN


def list_users(settings: Settings, code: str, *, say: Say) -> int:
    """Say who may sign in."""
    found = accounts.listed(accounts_engine(settings, code))
    for one in found:
        areas = ", ".join(sorted(one.areas)) or "all areas"
        say(f"{one.shown_name}  {one.email}  {one.role}  {areas}{'  (disabled)' if one.is_disabled else ''}")
    say(f"{len(found)} accounts.")
    return CLEAN


def disable_user(settings: Settings, code: str, email: str, *, say: Say) -> int:
    """Let a person no longer sign in."""
    engine = accounts_engine(settings, code)
    account = accounts.set_disabled(engine, email, True)
    ended = sessions.end_all(engine, account.account_id)
    _keep(settings, code, "account_disabled", account)
    say(f"{account.shown_name} can no longer sign in; {ended} of their sessions ended.")
    return CLEAN


def enable_user(settings: Settings, code: str, email: str, *, say: Say) -> int:
    """Let a disabled person sign in again."""
    account = accounts.set_disabled(accounts_engine(settings, code), email, False)
    _keep(settings, code, "account_enabled", account)
    say(f"{account.shown_name} may sign in again.")
    return CLEAN


def end_sessions(settings: Settings, code: str, email: str, *, say: Say) -> int:
    """End every session of a person."""
    engine = accounts_engine(settings, code)
    account = accounts.one(engine, email)
    ended = sessions.end_all(engine, account.account_id)
    _keep(settings, code, "sessions_ended", account)
    say(f"{ended} sessions of {account.shown_name} ended.")
    return CLEAN


def link_user(settings: Settings, code: str, email: str, subject: str, oidc: Path, environ: Mapping[str, str], *, say: Say) -> int:
    """Say that a provider's id is the person of an account that is here already."""
    from phb_audit.review.app import now
    from phb_audit.review.identities import link
    from phb_audit.review.provider_settings import provider_settings

    told = provider_settings(oidc, environ)
    account = link(accounts_engine(settings, code), email, told.issuer, subject, now())
    _keep(settings, code, "account_linked", account)
    say(f"{account.shown_name} signs in with {told.name} from now on.")
    return CLEAN


def demo_people(settings: Settings, code: str, home: str) -> str:
    """Make the demo's people, or give them a new password, and say once how to sign in. Two, for a second check needs another."""
    engine = accounts_engine(settings, code)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    for email, name, role in DEMO_PEOPLE:
        _demo_person(engine, email, name, role, password)
    people = " or ".join(f"{email} ({role})" for email, _, role in DEMO_PEOPLE)
    return (
        f"Start the review app:  .venv/bin/phb-audit review --home {home}\n"
        f"Then open:             http://127.0.0.1:{PORT}\n"
        f"Sign in as:            {people}\n"
        f"Password, said once:   {password}"
    )


def _demo_person(engine: Engine, email: str, name: str, role: str, password: str) -> None:
    from phb_audit.review.app import now

    if any(known.email == email for known in accounts.listed(engine)):
        sessions.end_all(engine, accounts.set_password(engine, email, password).account_id)
    else:
        accounts.add_account(engine, email, name, role, password, at=now())


def _keep(settings: Settings, code: str, kind: str, account: accounts.Account) -> None:
    log = access_log(settings, code)
    try:
        log.append(kind, [{"account": account.shown_name, "role": account.role}], by=COMMAND_LINE)
    finally:
        log.close()
