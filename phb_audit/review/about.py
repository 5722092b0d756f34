"""Pages about the service: accessibility statement, how we use data, help; and the list of accounts for the administrator."""

from __future__ import annotations

from starlette.responses import Response

from phb_audit.review import accounts
from phb_audit.review.desk import Visit


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
    visit.keep("view_accounts")
    return visit.shown("accounts.jinja", people=accounts.listed(visit.desk.accounts))
