"""Browsers somebody has signed in with: whoever guesses from elsewhere locks nobody out of their own.

Wrong tries are counted by account name, by place, and by both. A colleague at the same place, or the very person whose name is guessed,
would wait with the stranger; their own browser is told apart by a random id, of which the hash is kept here, and has tries of its own.
The id signs nobody in, and is another one after every sign-in, so that one put there by somebody else is worth nothing.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from phb_audit.cases.casebook_store import reading
from phb_audit.review.keeping import ACCOUNTS, KNOWN_BROWSERS
from phb_audit.review.sessions import hash_of, text_of

FORGOTTEN = timedelta(days=90)


def place_of(engine: Engine, email: str, browser: str | None, now: datetime) -> str | None:
    """Where tries with this address from this browser are counted; None where nobody signed in with both lately."""
    if not browser:
        return None
    known, browser_hash = KNOWN_BROWSERS.c, hash_of(browser)
    of_both = (known.browser_hash == browser_hash) & (ACCOUNTS.c.email == email.strip().casefold())
    asked = select(known.account_id).join(ACCOUNTS, ACCOUNTS.c.account_id == known.account_id)
    with reading(engine) as connection:
        found = connection.execute(asked.where(of_both, known.used_at > text_of(now - FORGOTTEN))).first()
    return None if found is None else f"browser {browser_hash}"


def remember(engine: Engine, account_id: int, browser: str | None, now: datetime) -> str:
    """This person has signed in with this browser; returns the id it goes by from now on, whoever else it is known of."""
    named, known = secrets.token_urlsafe(32), KNOWN_BROWSERS.c
    with engine.begin() as connection:
        connection.execute(delete(KNOWN_BROWSERS).where(known.used_at <= text_of(now - FORGOTTEN)))
        if browser:
            before = known.browser_hash == hash_of(browser)
            connection.execute(delete(KNOWN_BROWSERS).where(before, known.account_id == account_id))
            connection.execute(update(KNOWN_BROWSERS).where(before).values(browser_hash=hash_of(named)))
        row = {"browser_hash": hash_of(named), "account_id": account_id, "used_at": text_of(now)}
        connection.execute(insert(KNOWN_BROWSERS), row)
    return named
