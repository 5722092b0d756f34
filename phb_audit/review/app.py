"""The app: every page by name, path and method, each behind the guard; and what serves them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phb_audit.cases.casebook import Casebook
from phb_audit.cases.casebook_store import bring_up_to_date, engine_for
from phb_audit.review import (
    about,
    assigning,
    auditing,
    checking,
    deciding,
    gone,
    lanes,
    papers,
    people,
    provider_sign_in,
    provider_sign_out,
    question,
    queue,
    report_files,
    revealing,
    rule_pages,
    sign_in,
    static_files,
    uploading,
    workbook,
)
from phb_audit.review.cases import Decided
from phb_audit.review.desk import Desk
from phb_audit.review.front import Front
from phb_audit.review.guard import Page, guarded, nowhere_page, visit_of, with_headers
from phb_audit.review.keeping import access_log, accounts_engine
from phb_audit.review.lane_reading import Lanes
from phb_audit.review.night import Nights
from phb_audit.settings import Settings

if TYPE_CHECKING:
    from phb_audit.review.provider import Provider

PAGES = (
    Page("start", "/", sign_in.start),
    Page("sign_in", "/sign-in", sign_in.ask),
    Page("sign_in", "/sign-in", sign_in.sign_in, "POST"),
    Page("go_to_provider", "/sign-in/provider", provider_sign_in.go, takes_long=True),
    Page("come_back", "/sign-in/return", provider_sign_in.come_back, takes_long=True),
    Page("sign_out", "/sign-out", sign_in.sign_out, "POST"),
    Page("signed_out_there", "/sign-out/provider", provider_sign_out.hear, "POST"),
    Page("stay", "/stay", sign_in.stay, "POST"),
    Page("queue", "/purchases", queue.show),
    Page("assign", "/purchases/assign", assigning.assign, "POST"),
    Page("workbook", "/purchases.xlsx", workbook.take_away, takes_long=True),
    Page("case", "/purchases/{ref}", gone.show),
    Page("paper", "/purchases/{ref}/papers/{number}/{page}", papers.show, takes_long=True),
    Page("decide", "/purchases/{ref}/decide", deciding.decide, "POST"),
    Page("step", "/purchases/{ref}/step", deciding.step, "POST"),
    Page("question", "/purchases/{ref}/question", question.question),
    Page("own_view", "/purchases/{ref}/own-view", checking.say_own_view, "POST"),
    Page("check", "/purchases/{ref}/check", checking.check, "POST"),
    Page("close_overtaken", "/purchases/{ref}/overtaken", gone.close, "POST"),
    Page("checks", "/second-checks", checking.show),
    Page("referred", "/referred", checking.referred),
    Page("lane", "/for-you", lanes.show),
    Page("lane_case", "/for-you/{ref}", lanes.one),
    Page("lane_step", "/for-you/{ref}/step", lanes.step, "POST"),
    Page("people", "/people", people.show),
    Page("person", "/people/{holder}", people.one),
    Page("reveal_case", "/purchases/{ref}/reveal", revealing.reveal_case, "POST"),
    Page("reveal_person", "/people/{holder}/reveal", revealing.reveal_person, "POST"),
    Page("reports", "/reports", report_files.show, takes_long=True),
    Page("upload", "/reports/upload", uploading.ask),
    Page("upload", "/reports/upload", uploading.upload, "POST", takes_file=True),
    Page("record_upload", "/reports/upload/record", uploading.record, "POST"),
    Page("download", "/reports/{run_id}/{name}", report_files.download, takes_long=True),
    Page("flags", "/how-flags-work", rule_pages.show),
    Page("flag", "/how-flags-work/{rule_id}", rule_pages.one),
    Page("auditor", "/auditor", auditing.show, takes_long=True),
    Page("log", "/auditor/log", auditing.log_page, takes_long=True),
    Page("log_export", "/auditor/log.csv", auditing.log_export, takes_long=True),
    Page("sample", "/auditor/sample", auditing.sample_page, takes_long=True),
    Page("sample_export", "/auditor/sample.csv", auditing.sample_export, takes_long=True),
    Page("accounts", "/accounts", about.accounts_page),
    Page("end_sessions", "/accounts/end-sessions", about.end_sessions, "POST"),
    Page("accessibility", "/accessibility", about.accessibility),
    Page("data", "/how-we-use-data", about.data),
    Page("help", "/help", about.help_page),
    Page("static", "/static/{name}", static_files.serve, takes_long=True),
)


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def make_desk(
    settings: Settings,
    commissioner_code: str,
    *,
    origin: str,
    clock: Callable[[], datetime] = now,
    is_secure: bool = False,
    provider: Provider | None = None,
) -> Desk:
    """Everything the pages work with. `origin`: how browsers name this app, as 'http://127.0.0.1:8080'."""
    engine = engine_for(settings, commissioner_code)
    bring_up_to_date(engine)
    casebook = Casebook(engine)
    return Desk(
        settings=settings,
        commissioner_code=commissioner_code,
        accounts=accounts_engine(settings, commissioner_code),
        casebook=casebook,
        access=access_log(settings, commissioner_code),
        nights=Nights(settings, commissioner_code),
        decided=Decided(casebook),
        lanes=Lanes(settings, commissioner_code),
        clock=clock,
        origin=origin.rstrip("/"),
        is_secure=is_secure,
        provider=provider,
    )


def make_app(desk: Desk) -> Starlette:
    """The app of one commissioner. Requests under another host's name are refused."""
    routes = [Route(page.path, guarded(page, desk), methods=[page.method]) for page in PAGES]

    async def nowhere(request: Request, _: Exception) -> Response:
        visit = visit_of("nowhere", desk, request)
        return with_headers(await run_in_threadpool(nowhere_page, visit), visit)

    async def wrong_method(request: Request, _: Exception) -> Response:
        response = await nowhere(request, _)
        response.status_code = 405
        return response

    app = Starlette(
        routes=routes,
        middleware=[Middleware(Front, desk=desk)],
        exception_handlers={404: nowhere, 405: wrong_method},
    )
    app.router.redirect_slashes = False  # an address with one stroke too many is that of no page
    return app
