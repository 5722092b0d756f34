"""What every page works with: the desk (the installation, its night, its casebook) and the visit (one request of one person)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from phb_audit.cases.casebook import Casebook
from phb_audit.review.accounts import Account
from phb_audit.review.cases import Decided, LiveCase, LiveCases, is_shown_to, shown_to
from phb_audit.review.decided import Known
from phb_audit.review.items import Item
from phb_audit.review.lane_reading import Lanes
from phb_audit.review.night import Nights, ShownNight
from phb_audit.review.page import LONDON, rendered
from phb_audit.review.permissions import MENU, may
from phb_audit.review.sessions import Session
from phb_audit.review.turns import TURNS
from phb_audit.settings import Settings

if TYPE_CHECKING:
    from phb_audit.review.provider import Provider

log = logging.getLogger("phb_audit.review")
Form = Mapping[str, Sequence[str]]
Problem = tuple[str, str]  # the id of the field a message leads to, and the message


class Refused(Exception):
    """A request that is answered with a page that says why. `status`: 403, 404, 409 or 400."""

    def __init__(self, status: int, heading: str, words: str) -> None:
        self.status, self.heading, self.words = status, heading, words
        super().__init__(heading)


def not_found() -> Refused:
    """The page is not there, or not for this person: the same words for both, so that nothing can be told from them."""
    return Refused(404, "Page not found", "It may have been moved or answered since, or it is not one of yours. Look for it in your list.")


@dataclass
class Desk:
    """One commissioner's app. `clock` gives the moment in UTC; `origin` is how browsers name this app, 'http://127.0.0.1:8080'.

    With a `provider` people sign in there, and no password of a local account is taken.
    """

    settings: Settings
    commissioner_code: str
    accounts: Engine
    casebook: Casebook
    access: Casebook
    nights: Nights
    decided: Decided
    lanes: Lanes
    clock: Callable[[], datetime]
    origin: str
    is_secure: bool = False
    provider: Provider | None = None

    @property
    def cookie(self) -> str:
        """The session's cookie; with TLS it is bound to this very host."""
        return "__Host-phb_review" if self.is_secure else "phb_review"

    @property
    def before_cookie(self) -> str:
        """The cookie of a browser that is about to sign in."""
        return "__Host-phb_before" if self.is_secure else "phb_before"

    @property
    def known_cookie(self) -> str:
        """The cookie by which a browser somebody signed in with is known again. It signs nobody in."""
        return "__Host-phb_known" if self.is_secure else "phb_known"


@dataclass
class Visit:
    """One request. `account` and `session` are those of whoever is signed in; pages for anyone may find none."""

    desk: Desk
    request: Request
    page: str
    nonce: str
    now: datetime
    form: Form = field(default_factory=dict)
    file: bytes | None = None
    account: Account | None = None
    session: Session | None = None

    @property
    def person(self) -> Account:
        """Whoever is signed in; pages behind the guard always have one."""
        if self.account is None:
            raise Refused(403, "You cannot see this page", "Sign in first.")
        return self.account

    @property
    def today(self) -> date:
        """Today in London."""
        return self.now.astimezone(LONDON).date()

    def given(self, name: str) -> str:
        """What the form says under a name, trimmed; empty where it says nothing."""
        return next(iter(self.form.get(name, ())), "").strip()

    def asked(self, name: str) -> list[str]:
        """What the address says under a name."""
        return [value for value in self.request.query_params.getlist(name) if value.strip()]

    def night(self) -> ShownNight:
        """The night that was the newest when this request first asked: a page speaks of one night."""
        return self._night

    @cached_property
    def _night(self) -> ShownNight:
        return self.desk.nights.newest()

    @cached_property
    def known(self) -> Known:
        """What was decided until this request came."""
        return self.desk.decided.known()

    def look_again(self) -> None:
        """This request has decided something: what follows of it knows that."""
        self.__dict__.pop("known", None)

    def every(self) -> LiveCases:
        """Every case, as it stands now; what a person may see of them is for whoever asks."""
        return self.desk.decided.live(self.night(), self.today, self.known)

    def cases(self) -> list[LiveCase]:
        """The cases of this person's, as they stand now."""
        return shown_to(self.every(), self.person)

    def item(self, case: LiveCase) -> Item:
        """What the night says of one of them."""
        return self.night().items.of(case.case_id)

    def case(self, ref: str) -> LiveCase:
        """One of them. Raises Refused, as if there were none, where it is not theirs."""
        case = self.every().of_ref(ref.strip().upper())
        if case is None or not is_shown_to(case, self.person):
            raise not_found()
        return case

    def cases_of(self, holder_id: str) -> list[LiveCase]:
        """Those of one person."""
        return shown_to(self.every().of_holder(holder_id), self.person)

    def keep(self, kind_code: str, **body: Any) -> None:
        """Write in the log who did or saw what."""
        with TURNS.let_go():
            self.desk.access.append(kind_code, [body], by=self.person.shown_name, at=self.now)

    def shown(self, template: str, *, status: int = 200, problems: Sequence[Problem] = (), **values: Any) -> Response:
        """A page. `problems` come first on it, each leading to its field."""
        return HTMLResponse(rendered(self, template, problems=problems, **values), status_code=status)

    def sent_to(self, path: str) -> Response:
        """Go there next, by GET."""
        return RedirectResponse(path, status_code=303)

    @property
    def place(self) -> str:
        """Where the request comes from, as far as can be told."""
        return self.request.client.host if self.request.client else "unknown"

    @property
    def menu(self) -> list[tuple[str, str]]:
        """The pages of this person's menu: name and words."""
        return [(page, words) for page, words in MENU if self.account and may(self.account.role, page)]
