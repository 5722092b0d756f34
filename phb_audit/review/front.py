"""What stands before every page: requests under another host's name go no further, and no answer leaves without our headers.

Its own two answers are plain words, made without a template: they are for when nothing else can be relied on.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from phb_audit.review.desk import Desk
from phb_audit.review.guard import reference_of, visit_of, with_headers

NOT_OURS = "This is not the address of the service. Open it by the address you were given."
PROBLEM = "Sorry, there is a problem. Nothing was recorded. Try again; if it happens again, give your administrator the reference {}."


class Front:
    """The app behind its own name; what breaks outside of a page's guard is told by a reference, with the same headers as a page."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app, self.desk = app, desk
        host = urlsplit(desk.origin).hostname or "127.0.0.1"
        self.own = re.compile(rf"{re.escape(f'[{host}]' if ':' in host else host)}(:\d{{1,5}})?", re.IGNORECASE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, has_begun = Request(scope, receive), False

        async def sent(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        if not self.own.fullmatch(request.headers.get("host", "")):
            await self._with_headers(PlainTextResponse(NOT_OURS, 400), request)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, sent)
        except Exception as error:
            if has_begun:
                raise
            words = PROBLEM.format(reference_of(error, "before any page"))
            await self._with_headers(PlainTextResponse(words, 500), request)(scope, receive, send)

    def _with_headers(self, response: Response, request: Request) -> Response:
        return with_headers(response, visit_of("front", self.desk, request))
