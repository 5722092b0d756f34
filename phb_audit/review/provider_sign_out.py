"""The provider says that it has signed somebody out: their sessions here end at once. It asks from its own server, not from a browser."""

from __future__ import annotations

import logging

from starlette.responses import JSONResponse, Response

from phb_audit.review import identities
from phb_audit.review.claims import NotBelieved, ProviderDown
from phb_audit.review.desk import Visit
from phb_audit.review.provider_sign_in import provider_of

log = logging.getLogger("phb_audit.review")
NOT_PROVED = ("signature", "typ", "iss", "aud")  # anyone can send such a token: it is told in the server's log alone


def hear(visit: Visit) -> Response:
    """End the sessions a logout token names. 200 where it is believed, also when they had ended before; 400 where it is not."""
    provider, desk = provider_of(visit), visit.desk
    try:
        told = provider.signed_out(visit.given("logout_token"), visit.now)
        ended = identities.end_signed_out(desk.accounts, told, visit.now)
    except NotBelieved as error:
        if error.reason in NOT_PROVED:
            log.warning("a sign-out from the provider was not believed: %s", error.reason)
        else:
            desk.access.append("sign_out_refused", [{"reason": error.reason, "place": visit.place}], by=provider.told.name, at=visit.now)
        return JSONResponse({"error": "invalid_request", "error_description": error.reason}, status_code=400)
    except ProviderDown as error:
        log.error("the sign-in provider does not answer as it should: %s", type(error.__cause__).__name__)
        return JSONResponse({"error": "temporarily_unavailable"}, status_code=503)
    if ended:
        bodies = [{"account": name, "sessions": count} for name, count in sorted(ended.items())]
        desk.access.append("signed_out_there", bodies, by=provider.told.name, at=visit.now)
    return Response(status_code=200)
