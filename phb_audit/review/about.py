"""Pages about the service: accessibility statement, how we use data, help; and the list of accounts for the administrator."""

from __future__ import annotations

from starlette.responses import Response

from phb_audit.review import accounts, identities, sessions
from phb_audit.review.desk import Visit, not_found


def accessibility(visit: Visit) -> Response:
    """The accessibility statement."""
    return visit.shown("accessibility.jinja")


def data(visit: Visit) -> Response:
    """How data are used here."""
    return visit.shown("data.jinja")


def help_page(visit: Visit) -> Response:
    """What to do when."""
    return visit.shown("help.jinja")


def accounts_page(visit: Visit) -> Response:
    """Who may sign in. Accounts are added and disabled on the server, by `phb-audit user`."""
    engine = visit.desk.accounts
    visit.keep("view_accounts")
    ended = next((known.shown_name for known in accounts.listed(engine) if [str(known.account_id)] == visit.asked("ended")), "")
    return visit.shown(
        "accounts.jinja",
        people=accounts.listed(engine),
        linked=identities.linked(engine),
        open_sessions=sessions.counts(engine, visit.now),
        ended=ended,
    )


def end_sessions(visit: Visit) -> Response:
    """End every session of a person, at once."""
    engine, given = visit.desk.accounts, visit.given("account_id")
    account = next((known for known in accounts.listed(engine) if str(known.account_id) == given), None)
    if account is None:
        raise not_found()
    visit.keep("sessions_ended", account=account.shown_name, role=account.role)
    sessions.end_all(engine, account.account_id)
    return visit.sent_to(f"/accounts?ended={account.account_id}")
