"""Signing in and out, and the page one starts on."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from phb_audit.review import accounts, sessions
from phb_audit.review.desk import Desk, Visit
from phb_audit.review.guard import BEFORE_COOKIE, before_token, is_before_token
from phb_audit.review.page import PATHS

WRONG = "Enter the email and password you were given"
TOO_MANY = "Too many tries. Wait 15 minutes, or ask your administrator"


def ask(visit: Visit) -> Response:
    """The form; whoever is signed in goes on."""
    if visit.account:
        return visit.sent_to("/")
    return _form(visit)


def sign_in(visit: Visit) -> Response:
    """Check the password and begin a new session; any session the browser had is ended."""
    desk, email = visit.desk, visit.given("email")
    if not is_before_token(visit.request.cookies.get(BEFORE_COOKIE), visit.given("form_token")):
        return _form(visit, status=403, problem="The page was open too long. Enter them again", email=email)
    place = visit.request.client.host if visit.request.client else "unknown"
    if not sessions.take_try(desk.accounts, email, place, visit.now):
        return _form(visit, status=429, problem=TOO_MANY, email=email)
    password = next(iter(visit.form.get("password", ())), "")
    account = accounts.verified(desk.accounts, email, password)
    if account is None:
        return _form(visit, status=400, problem=WRONG, email=email)
    sessions.right_try(desk.accounts, email, place)
    if visit.session:
        sessions.end(desk.accounts, visit.session)
    visit.account = account
    visit.keep("sign_in", place=place, role=account.role)
    response = visit.sent_to("/")
    _set_cookie(response, desk, desk.cookie, sessions.begin(desk.accounts, account.account_id, visit.now))
    response.delete_cookie(BEFORE_COOKIE, path="/")
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


def _form(visit: Visit, *, status: int = 200, problem: str = "", email: str = "") -> Response:
    cookie = visit.request.cookies.get(BEFORE_COOKIE) or secrets.token_urlsafe(32)
    problems = [("email", problem)] if problem else []
    token = before_token(cookie)
    response = visit.shown(
        "sign_in.jinja", status=status, problems=problems, email=email, form_token=token, is_signed_out=bool(visit.asked("signed_out"))
    )
    _set_cookie(response, visit.desk, BEFORE_COOKIE, cookie)
    return response


def _set_cookie(response: Response, desk: Desk, name: str, value: str) -> None:
    response.set_cookie(name, value, path="/", secure=desk.is_secure, httponly=True, samesite="lax")
