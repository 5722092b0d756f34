"""How pages are made: one environment in which everything is escaped, NHS.UK components, and what every page carries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

import phb_audit
from phb_audit.errors import PhbAuditError
from phb_audit.night import last_worked_on
from phb_audit.periods import plain_day
from phb_audit.reports import page as report_page
from phb_audit.review.components import Components
from phb_audit.review.sessions import IDLE

if TYPE_CHECKING:
    from phb_audit.review.desk import Problem, Visit
    from phb_audit.review.revealing import Who

LONDON = ZoneInfo("Europe/London")
LONGEST_NIGHT = timedelta(hours=4)  # what the nightly flow is given: one that says it runs for longer was killed
SERVICE = "Personal health budget spending review"
PATHS = {
    "lane": "/for-you",
    "queue": "/purchases",
    "people": "/people",
    "checks": "/second-checks",
    "referred": "/referred",
    "reports": "/reports",
    "flags": "/how-flags-work",
    "auditor": "/auditor",
    "accounts": "/accounts",
}


@cache
def environment() -> jinja2.Environment:
    """The one environment. Names of templates end in .jinja, so escaping is switched on for all and never by ending."""
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
                jinja2.FileSystemLoader(report_page.HERE / "templates"),
                jinja2.PackageLoader("nhsuk_frontend_jinja"),
            ]
        ),
        autoescape=True,
        undefined=jinja2.ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
        auto_reload=False,
    )
    made.filters.update(report_page.environment().filters)
    made.filters["moment"] = moment
    made.filters["nhs_number"] = nhs_number
    made.globals["link"] = link
    made.globals["component"] = Components(made).named
    made.globals["who_is"] = who_is
    return made


@cache
def templates_ready() -> None:
    """Have every template put together before somebody waits for the page it makes: the first page of an item took half a second."""
    made = environment()
    for name in made.list_templates(extensions=["jinja"]):
        made.get_template(name)


def rendered(visit: Visit, template: str, *, problems: Sequence[Problem] = (), **values: Any) -> str:
    """A page as text, with its header, menu and footer."""
    told: dict[str, Any] = {
        "service": SERVICE,
        "visit": visit,
        "account": visit.account,
        "menu": [(PATHS[page], words, page == visit.page) for page, words in visit.menu],
        "form_token": visit.session.form_token if visit.session else "",
        "cspNonce": visit.nonce,
        "idle_seconds": int(IDLE.total_seconds()) if visit.session else 0,
        "idle_at": clock_time((visit.now + IDLE).astimezone(LONDON)),
        "problems": [{"href": f"#{where}", "text": words} for where, words in problems],
        "problem_of": {where: ". ".join(words for other, words in problems if other == where) for where, _ in problems},
        "version": phb_audit.__version__,
        **night_words(visit),
    }
    return environment().get_template(template).render(told | values)


def night_words(visit: Visit) -> dict[str, Any]:
    """What every page says of the night: which it is, and whether it is an old one."""
    if visit.account is None:
        return {"run_id": "", "night_banner": ""}
    try:
        night = visit.night()
    except PhbAuditError:
        return {"run_id": "no night yet", "night_banner": ""}
    last = last_worked_on(visit.desk.settings, visit.desk.commissioner_code) if is_old(night.as_of, visit.today) else None
    return {"run_id": night.run_id, "night_banner": night_banner(night.as_of, visit.now, last)}


def is_old(as_of: date, today: date) -> bool:
    """Whether the newest night looks at a day before yesterday."""
    return as_of < today - timedelta(days=1)


def night_banner(as_of: date, now: datetime, last: tuple[date, str, datetime] | None) -> str:
    """What is said on every page of a night that is not last night's; empty where it is.

    `last`: the night that was worked on last, its state, and when that was written down. That a night did not finish is said only where
    it was begun: a sample, or a home nobody runs nights in, is old and nothing else.
    """
    today = now.astimezone(LONDON).date()
    if not is_old(as_of, today):
        return ""
    if last is not None and last[0] > as_of:
        day, state, at = last
        if state == "failed" or (state == "running" and now - at > LONGEST_NIGHT):
            which = "Last night's checks" if day >= today - timedelta(days=1) else f"The checks of {plain_day(day)}"
            return f"{which} did not finish. You are seeing {plain_day(as_of)}."
    return f"This shows the night of {plain_day(as_of)}. There is no later one yet."


def link(path: str, **query: object) -> str:
    """An address with its query; lists give their name again for each value, and what is empty is left out."""
    pairs = [
        (name, str(one))
        for name, value in query.items()
        for one in (value if isinstance(value, (list, tuple)) else [value])
        if one not in (None, "")
    ]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def who_is(visit: Visit, holder_id: str, ref: str = "") -> Who:
    """Who a holder is, for pages: masked until this session gave a reason."""
    from phb_audit.review import revealing

    return revealing.who_is(visit, holder_id, ref)


def nhs_number(text: str) -> str:
    """'9991234567' as '999 123 4567'."""
    digits = "".join(letter for letter in text if letter.isdigit())
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 else text


def london_day(at: str) -> date:
    """The day of a moment, in London."""
    return datetime.fromisoformat(at).astimezone(LONDON).date()


def moment(text: str | None) -> str | Markup:
    """'2026-10-31T09:05:00Z' as '31 October 2026, 9:05am'."""
    if not text:
        return report_page.DASH
    when = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(LONDON)
    return f"{plain_day(when.date())}, {clock_time(when)}"


def clock_time(when: datetime) -> str:
    """'9:05am'."""
    return f"{when.hour % 12 or 12}:{when:%M}{'am' if when.hour < 12 else 'pm'}"
