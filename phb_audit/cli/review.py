"""`phb-audit review` and `phb-audit user`: the review app, and who may sign in to it."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from phb_audit.cli.options import Home, one_commissioner, say, settings_for
from phb_audit.errors import UsageError

user = App(name="user", help="Accounts of the review app: who may sign in, with what role.")
Stdin = Annotated[bool, Parameter(name="--password-stdin", help="Read the password from standard input.", negative="")]


def review(
    *,
    host: Annotated[str, Parameter(help="Where to listen. Other than this machine only with TLS or --public-address.")] = "127.0.0.1",
    port: int = 8080,
    public_address: Annotated[str | None, Parameter(help="How browsers reach it, https://..., through a proxy that does the TLS.")] = None,
    certificate: Annotated[Path | None, Parameter(help="A TLS certificate (PEM), with --key.")] = None,
    key: Annotated[Path | None, Parameter(help="Its key (PEM).")] = None,
    oidc: Annotated[Path | None, Parameter(help="Settings (TOML) of a provider to sign in with; then no password is taken.")] = None,
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Serve the review app, where people decide. Stops with Ctrl-C."""
    from phb_audit.review.command import Served, serve

    settings = settings_for(home)
    served = Served(host, port, public_address, certificate, key, oidc)
    return serve(settings, one_commissioner(settings, commissioner), served, os.environ, say=say)


@user.command
def add(
    email: str,
    /,
    *,
    name: Annotated[str, Parameter(help="As it stands beside decisions; two people never share one.")],
    role: Annotated[str, Parameter(help="clinician, second_checker, auditor, lcfs, safeguarding_lead, governance or administrator.")],
    area: Annotated[list[str] | None, Parameter(help="Only cases of this area; may be given again (default: all).")] = None,
    password_stdin: Stdin = False,
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Add a person. The password is asked for, twice; there is no default one."""
    from phb_audit.review.command import add_user

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    return add_user(settings, code, email, name=name, role=role, areas=area or [], password=password_given(password_stdin), say=say)


@user.command
def password(email: str, /, *, password_stdin: Stdin = False, commissioner: str | None = None, home: Home = None) -> int:
    """Give a person a new password, and sign them out everywhere."""
    from phb_audit.review.command import change_password

    settings = settings_for(home)
    return change_password(settings, one_commissioner(settings, commissioner), email, password_given(password_stdin), say=say)


@user.command(name="list")
def list_(*, commissioner: str | None = None, home: Home = None) -> int:
    """Who may sign in."""
    from phb_audit.review.command import list_users

    settings = settings_for(home)
    return list_users(settings, one_commissioner(settings, commissioner), say=say)


@user.command
def disable(email: str, /, *, commissioner: str | None = None, home: Home = None) -> int:
    """Let a person no longer sign in, and sign them out everywhere. What they decided stays."""
    from phb_audit.review.command import disable_user

    settings = settings_for(home)
    return disable_user(settings, one_commissioner(settings, commissioner), email, say=say)


@user.command
def enable(email: str, /, *, commissioner: str | None = None, home: Home = None) -> int:
    """Let a disabled person sign in again."""
    from phb_audit.review.command import enable_user

    settings = settings_for(home)
    return enable_user(settings, one_commissioner(settings, commissioner), email, say=say)


@user.command
def sign_out(email: str, /, *, commissioner: str | None = None, home: Home = None) -> int:
    """End every session of a person, at once. They may sign in again."""
    from phb_audit.review.command import end_sessions

    settings = settings_for(home)
    return end_sessions(settings, one_commissioner(settings, commissioner), email, say=say)


@user.command
def link(
    email: str,
    subject: str,
    /,
    *,
    oidc: Annotated[Path, Parameter(help="The settings file (TOML) of the provider.")],
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Say that the provider's id SUBJECT is the person of an account that is here already."""
    from phb_audit.review.command import link_user

    settings = settings_for(home)
    return link_user(settings, one_commissioner(settings, commissioner), email, subject, oidc, os.environ, say=say)


def password_given(from_stdin: bool) -> str:
    """A password typed twice, or one line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password (12 letters or more; four words do): ")
    if first != getpass.getpass("Once more: "):
        raise UsageError("The two passwords differ.", do="Run the command again.")
    return first
