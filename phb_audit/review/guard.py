"""The guard before every page: who is asking, may they, is the form ours; and what every answer carries.

Nothing is served that is not a `Page`, and a page that `permissions` does not name is refused to everyone.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import secrets
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import parse_qs

from anyio import CapacityLimiter, move_on_after, to_thread
from python_multipart.exceptions import MultipartParseError
from sqlalchemy.exc import OperationalError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from phb_audit.cases.casebook_store import WAIT_SECONDS
from phb_audit.errors import PhbAuditError
from phb_audit.review import accounts, sessions
from phb_audit.review.desk import Desk, Form, Refused, Visit, not_found
from phb_audit.review.permissions import APART, OPEN_TO_ANYONE, may
from phb_audit.review.turns import TURNS

log = logging.getLogger("phb_audit.review")
MOST_FORM_BYTES, MOST_FIELDS = 64 * 1024, 200
MOST_FILE_MEGABYTES = 5
"""Of a workbook. One of the report with 10,000 items that are told alike has about one."""
MOST_FILE_BYTES = MOST_FILE_MEGABYTES * 1024 * 1024
MOST_LET_PASS_BYTES, MOST_LET_PASS_SECONDS = 50 * 1024 * 1024, 30
Handler = Callable[[Visit], Response]
AT_ONCE = CapacityLimiter(8)
WRITERS_AT_ONCE = CapacityLimiter(6)
"""Those who write are counted apart: they may wait for the casebook, and whoever only reads does not wait with them. Together they are
fewer than the connections an engine keeps (15)."""
OF_THE_SESSION = frozenset({"stay", "sign_out"})
P = ParamSpec("P")
T = TypeVar("T")
HEADERS = {
    "Content-Type": "text/plain; charset=utf-8",  # of an answer that says nothing, as one that leads on
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True)
class Page:
    """A page: its name in `permissions`, its path, what answers it, and by which method."""

    name: str
    path: str
    handler: Handler
    method: str = "GET"
    takes_file: bool = False
    takes_long: bool = False

    @property
    def takes_turns(self) -> bool:
        """Whether it is quick to work out: one at a time, then. What writes or takes long keeps no quick page waiting."""
        return self.method == "GET" and not self.takes_long

    @property
    def writes(self) -> bool:
        """Whether it may wait for the casebook: every form but those of signing in, staying and signing out."""
        return self.method == "POST" and self.name not in OPEN_TO_ANYONE | OF_THE_SESSION


def visit_of(page_name: str, desk: Desk, request: Request) -> Visit:
    """A request as pages take it, with a nonce of its own."""
    return Visit(desk, request, page_name, secrets.token_urlsafe(16), desk.clock())


async def in_turn(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Work that waits, in a thread: the first that asks is the first that is answered, and never so many at once that all are slow."""
    return await to_thread.run_sync(partial(work, *given, **named), limiter=AT_ONCE)


async def among_writers(work: Callable[[Page, Visit], Response], page: Page, visit: Visit) -> Response:
    """The same for who writes; whoever finds no place in time is told that nothing was recorded."""
    own, has_place = object(), False
    with move_on_after(WAIT_SECONDS):
        await WRITERS_AT_ONCE.acquire_on_behalf_of(own)
        has_place = True
    if not has_place:
        return cannot_write(visit)
    try:
        return await to_thread.run_sync(work, page, visit)
    finally:
        WRITERS_AT_ONCE.release_on_behalf_of(own)


def guarded(page: Page, desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """The page behind the guard, as Starlette takes it."""

    async def endpoint(request: Request) -> Response:
        visit = visit_of(page.name, desk, request)
        try:
            if page.takes_file:
                await in_turn(admit_person, page, visit)
                visit.form, visit.file = await file_of(request)
            elif page.method == "POST":
                visit.form = await form_of(request)
        except Refused as refused:
            await let_pass(request)
            return with_headers(refusal_page(visit, refused), visit)
        except OperationalError:
            return with_headers(cannot_write(visit), visit)
        return with_headers(await (among_writers if page.writes else in_turn)(answer, page, visit), visit)

    endpoint.page = page  # type: ignore[attr-defined]
    return endpoint


def answer(page: Page, visit: Visit) -> Response:
    """The page's answer, or the page that says why there is none."""
    with TURNS.taken() if page.takes_turns else contextlib.nullcontext():
        return answered(page, visit)


def answered(page: Page, visit: Visit) -> Response:
    """The same, whenever its turn is."""
    try:
        admit(page, visit)
        return page.handler(visit)
    except Refused as refused:
        return refusal_page(visit, refused)
    except OperationalError:
        return cannot_write(visit)
    except PhbAuditError as error:
        return visit.shown("refused.jinja", status=503, heading="The service cannot answer just now", words=str(error))
    except Exception as error:
        return unexpected(visit, error)


def admit(page: Page, visit: Visit) -> None:
    """Find out who asks. Raises Refused unless this person may open this page, and a form is one of our own."""
    if page.name == "static":
        return
    admit_person(page, visit)
    if page.name not in OPEN_TO_ANYONE and page.method == "POST":
        insist_on_token(visit)


def insist_on_token(visit: Visit) -> None:
    """Raises Refused for a form that is not one of this session's."""
    if visit.session is None or not sessions.is_form_token(visit.session, visit.given("form_token")):
        raise Refused(
            403, "The form could not be accepted", "It was not sent from this session. Go back, load the page again and send it again."
        )


def admit_person(page: Page, visit: Visit) -> None:
    """Raises Refused unless this person may open this page, from our own pages."""
    if page.method == "POST":
        insist_on_origin(visit)
    recognise(visit)
    if page.name in OPEN_TO_ANYONE:
        return
    if visit.account is None or visit.session is None:
        raise Refused(401, "Sign in", "You are not signed in, or were signed out after 15 minutes without use.")
    if not may(visit.account.role, page.name):
        visit.keep("refused", page=page.name)
        if page.name in APART:
            raise not_found()
        raise Refused(403, "You cannot see this page", f"It is not among the pages of a {visit.account.role_words}.")


def recognise(visit: Visit) -> None:
    """Who is signed in, where somebody is."""
    desk = visit.desk
    session = sessions.resume(desk.accounts, visit.request.cookies.get(desk.cookie), visit.now)
    account = accounts.by_id(desk.accounts, session.account_id) if session else None
    if session and account:
        visit.session, visit.account = session, account


def insist_on_origin(visit: Visit) -> None:
    """Raises Refused for a form that another site sent."""
    headers = visit.request.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if (site is not None and site != "same-origin") or (origin is not None and origin != visit.desk.origin):
        raise Refused(403, "The form could not be accepted", "It came from another site.")


async def form_of(request: Request) -> Form:
    """The fields of a form. Raises Refused for one that is too large or is none; nothing is read beyond the limit."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused(400, "The form could not be read", "Send it from its page.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_FORM_BYTES:
            raise Refused(413, "The form is too long", "Write less and send it again.")
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise Refused(400, "The form could not be read", "Send it from its page.") from error


async def let_pass(request: Request) -> None:
    """Let what is still on its way come in, and keep none of it: a browser that is cut off while it sends shows no answer."""
    passed = 0
    with contextlib.suppress(ClientDisconnect, RuntimeError), move_on_after(MOST_LET_PASS_SECONDS):
        async for part in request.stream():
            passed += len(part)
            if passed > MOST_LET_PASS_BYTES:
                return


def nowhere_page(visit: Visit) -> Response:
    """The page where there is none; whoever is signed in keeps the menu."""
    with contextlib.suppress(OperationalError):
        recognise(visit)
    return refusal_page(visit, not_found())


async def file_of(request: Request) -> tuple[Form, bytes]:
    """The fields and the one file of a form with a file. Raises Refused as `form_of` does; the file stays in memory."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refused(400, "The form could not be read", "Send it from its page.")
    taken = 0

    async def bounded() -> AsyncGenerator[bytes, None]:
        nonlocal taken
        async for part in request.stream():
            taken += len(part)
            if taken > MOST_FILE_BYTES + MOST_FORM_BYTES:
                raise Refused(413, "The file is too large", f"A workbook of decisions has less than {MOST_FILE_MEGABYTES} MB.")
            yield part

    parser = MultiPartParser(request.headers, bounded(), max_files=1, max_fields=10)
    parser.spool_max_size = 2 * MOST_FILE_BYTES  # never on the disk
    try:
        found = await parser.parse()
    except (MultiPartException, MultipartParseError, UnicodeError, KeyError) as error:
        raise Refused(400, "The form could not be read", "Send it from its page.") from error
    file = found.get("file")
    data = await file.read() if isinstance(file, UploadFile) else b""
    await found.close()
    return {name: [value] for name, value in found.multi_items() if isinstance(value, str)}, data


def refusal_page(visit: Visit, refused: Refused) -> Response:
    """The page that says why; whoever is not signed in is asked to."""
    if refused.status == 401 and visit.request.method == "GET":
        return visit.sent_to("/sign-in")
    return visit.shown(
        "refused.jinja", status=refused.status, heading=refused.heading, words=refused.words, is_signed_out=refused.status == 401
    )


def cannot_write(visit: Visit) -> Response:
    """The page for a casebook that is locked, or a disk that is full: what is kept is kept whole or not at all."""
    log.error("the casebook, the accounts or the log cannot be read or written, page %s", visit.page)
    words = (
        "Nothing was recorded: it is busy, or its disk is full. Wait a minute and send it again. If it goes on, tell your administrator."
    )
    return visit.shown("refused.jinja", status=503, heading="The service cannot record anything just now", words=words)


def unexpected(visit: Visit, error: Exception) -> Response:
    """A page with a reference."""
    reference = reference_of(error, visit.page)
    words = f"Nothing was recorded. Try again; if it happens again, give your administrator the reference {reference}."
    return visit.shown("refused.jinja", status=500, heading="Sorry, there is a problem", words=words)


def reference_of(error: Exception, page: str) -> str:
    """What a person is told of an error; the log says where and of what kind it was, and never its text, which may hold data."""
    reference = secrets.token_hex(4).upper()
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error("reference %s: %s in %s line %s, page %s", reference, type(error).__name__, Path(where.filename).name, where.lineno, page)
    return reference


def with_headers(response: Response, visit: Visit) -> Response:
    """The answer with what keeps browsers from doing anything but show it."""
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{visit.nonce}'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.headers["Content-Type"] == "application/json":
        response.headers.setdefault("Content-Disposition", 'attachment; filename="answer.json"')  # for a machine, and for no window
    if visit.desk.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def before_token(cookie: str) -> str:
    """What the sign-in form carries for its cookie."""
    return hashlib.sha256(f"sign-in|{cookie}".encode()).hexdigest()


def is_before_token(cookie: str | None, given: str) -> bool:
    """Whether a sign-in form belongs to the browser that sends it."""
    return bool(cookie) and hmac.compare_digest(before_token(cookie or ""), given)
