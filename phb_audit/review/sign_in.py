"""Signing in with a local account, signing out, and the page one starts on."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from phb_audit.review import accounts, browsers, sessions
from phb_audit.review.accounts import Account
from phb_audit.review.desk import Desk, Visit
from phb_audit.review.guard import before_token, is_before_token
from phb_audit.review.page import PATHS

WRONG = "Enter the email and password you were given"
TOO_MANY = "Too many tries. Wait 15 minutes, or ask your administrator"


def ask(visit: Visit) -> Response:
    """The form, or the button that leads to the provider; whoever is signed in goes on."""
    if visit.account:
        return visit.sent_to("/")
    return sign_in_page(visit)


def sign_in(visit: Visit) -> Response:
    """Check the password and begin a new session. Where people sign in with a provider, no password is taken."""
    desk, email = visit.desk, visit.given("email")
    if desk.provider:
        return sign_in_page(visit, status=403, stopped="Passwords are not taken here.")
    if not is_before_token(visit.request.cookies.get(desk.before_cookie), visit.given("form_token")):
        return sign_in_page(visit, status=403, problem="The page was open too long. Enter them again", email=email)
    browser = visit.request.cookies.get(desk.known_cookie)
    own = browsers.place_of(desk.accounts, email, browser, visit.now)
    place = own or visit.place
    if not sessions.take_try(desk.accounts, email, place, visit.now, is_known=own is not None):
        return sign_in_page(visit, status=429, problem=TOO_MANY, email=email)
    password = next(iter(visit.form.get("password", ())), "")
    account = accounts.verified(desk.accounts, email, password)
    if account is None:
        return sign_in_page(visit, status=400, problem=WRONG, email=email)
    sessions.right_try(desk.accounts, email, place)
    response = signed_in(visit, account)
    known_as = browsers.remember(desk.accounts, account.account_id, browser, visit.now)
    set_cookie(response, desk, desk.known_cookie, known_as, kept_for=browsers.FORGOTTEN)
    return response


def signed_in(visit: Visit, account: Account, *, there: tuple[str, str] | None = None, **told: Any) -> Response:
    """A new session for an account; any session the browser had is ended. `there`: the provider and its session, where it names one."""
    desk = visit.desk
    if visit.session:
        sessions.end(desk.accounts, visit.session)
    visit.account = account
    visit.keep("sign_in", place=visit.place, role=account.role, **told)
    response = visit.sent_to("/")
    set_cookie(response, desk, desk.cookie, sessions.begin(desk.accounts, account.account_id, visit.now, there=there))
    response.delete_cookie(desk.before_cookie, path="/", secure=desk.is_secure, httponly=True, samesite="lax")
    return response


def sign_out(visit: Visit) -> Response:
    """End the session here and in the browser."""
    if visit.session:
        visit.keep("sign_out")
        sessions.end(visit.desk.accounts, visit.session)
    response = visit.sent_to("/sign-in?signed_out=1")
    response.delete_cookie(visit.desk.cookie, path="/", secure=visit.desk.is_secure, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def start(visit: Visit) -> Response:
    """The first page of a person's menu."""
    return visit.sent_to(PATHS[visit.menu[0][0]])


def stay(visit: Visit) -> Response:
    """Use the session once more; the guard has done so."""
    return Response(status_code=204)


def sign_in_page(visit: Visit, *, status: int = 200, problem: str = "", stopped: str = "", email: str = "") -> Response:
    """The page. `problem` is about the form's fields; `stopped` says why a way through the provider ended without signing in."""
    desk = visit.desk
    cookie = visit.request.cookies.get(desk.before_cookie) or secrets.token_urlsafe(32)
    response = visit.shown(
        "sign_in.jinja",
        status=status,
        problems=[("email", problem)] if problem else [],
        email=email,
        form_token=before_token(cookie),
        is_signed_out=bool(visit.asked("signed_out")),
        stopped=stopped,
        provider=desk.provider,
    )
    set_cookie(response, desk, desk.before_cookie, cookie)
    return response


def set_cookie(response: Response, desk: Desk, name: str, value: str, *, kept_for: timedelta | None = None) -> None:
    """A cookie that scripts cannot read and other sites do not send with their forms; it goes when the browser is closed, unless told."""
    seconds = None if kept_for is None else int(kept_for.total_seconds())
    response.set_cookie(name, value, max_age=seconds, path="/", secure=desk.is_secure, httponly=True, samesite="lax")
