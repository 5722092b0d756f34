"""Signing in with a provider: the way there, and what happens when somebody comes back."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from phb_audit.review import identities, journeys
from phb_audit.review.claims import Claimed, NotBelieved, ProviderDown
from phb_audit.review.desk import Visit, not_found
from phb_audit.review.sign_in import TOO_MANY, set_cookie, sign_in_page, signed_in

if TYPE_CHECKING:
    from phb_audit.review.provider import Provider

log = logging.getLogger("phb_audit.review")
NOBODY = "somebody not signed in"
START_AGAIN = "This sign-in was not begun in this browser, was finished before, or took more than 10 minutes. Start again."
REFUSED = {
    "disabled": "Your account here is closed. Ask your administrator.",
    "name_taken": "There is an account in your name already. Ask your administrator to link it to you.",
    "address_taken": "There is an account with your address already. Ask your administrator to link it to you.",
    "no_role": "You were not given a role here. Ask your administrator.",
    "several_roles": "You were given more than one role here, and only one can be used. Ask your administrator.",
    "no_area": "You were given no area here. Ask your administrator.",
    "no_name": "Your account has no name, which stands beside every decision. Ask your administrator.",
    "acr": "You signed in in a way that is not strong enough for these records. Sign in with your card, key or app.",
}
NOT_PROVED = "You could not be signed in. Start again; if it happens again, tell your administrator."


def go(visit: Visit) -> Response:
    """Send the browser to the provider."""
    provider, desk = provider_of(visit), visit.desk
    if visit.account:
        return visit.sent_to("/")
    browser = visit.request.cookies.get(desk.before_cookie) or secrets.token_urlsafe(32)
    journey = journeys.begin(desk.accounts, browser, visit.place, visit.now)
    if journey is None:
        return sign_in_page(visit, status=429, stopped=TOO_MANY + ".")
    try:
        response = RedirectResponse(provider.address_for(journey, visit.now), status_code=303)
    except ProviderDown as error:
        return down(visit, error)
    set_cookie(response, desk, desk.before_cookie, browser)
    return response


def come_back(visit: Visit) -> Response:
    """Sign in whoever the provider says has come back; its words are shown to nobody."""
    provider, desk = provider_of(visit), visit.desk
    browser = visit.request.cookies.get(desk.before_cookie, "")
    journey = journeys.end(desk.accounts, once(visit, "state"), browser, visit.now)
    if journey is None:
        return sign_in_page(visit, status=400, stopped=START_AGAIN)
    who: Claimed | None = None
    try:
        code = once(visit, "code")
        if not code:
            raise NotBelieved("refused_there")
        who = provider.claimed(code, journey, visit.now, once(visit, "iss"))
        account, changes = identities.account_of(desk.accounts, who, visit.now)
    except NotBelieved as error:
        told = {"reason": error.reason, "place": visit.place} | ({"subject": who.subject} if who else {})
        desk.access.append("sign_in_refused", [told], by=NOBODY, at=visit.now)
        return sign_in_page(visit, status=403, stopped=REFUSED.get(error.reason, NOT_PROVED))
    except ProviderDown as error:
        return down(visit, error)
    there = (who.issuer, who.sid) if who.sid else None
    return signed_in(visit, account, there=there, **({"changes": changes} if changes else {}))


def provider_of(visit: Visit) -> Provider:
    """The provider. Raises Refused, as for a page that is not there, where people sign in with passwords."""
    if visit.desk.provider is None:
        raise not_found()
    return visit.desk.provider


def down(visit: Visit, error: ProviderDown) -> Response:
    """The page for a provider that does not answer."""
    log.error("the sign-in provider does not answer as it should: %s", type(error.__cause__).__name__)
    return sign_in_page(visit, status=503, stopped=str(error))


def once(visit: Visit, name: str) -> str:
    """A parameter of the address; empty where it stands there not once but more often."""
    values = visit.asked(name)
    return values[0] if len(values) == 1 else ""
