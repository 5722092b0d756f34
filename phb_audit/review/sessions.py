"""Sessions: a random id in the browser, its hash here. 15 minutes without use or 8 hours end it; signing in always begins a new one.

A use is written when the last one written is 20 seconds old, so a session may end up to 20 seconds before its 15 minutes, never after.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, bindparam, delete, func, insert, select, update

from phb_audit.cases.casebook_store import reading
from phb_audit.review.keeping import KNOWN_BROWSERS, PROVIDER_SESSIONS, SESSIONS, TRIES
from phb_audit.review.turns import TURNS

IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=8)
SEEN_AGAIN = timedelta(seconds=20)  # a use so soon after another is not written: it would make every page wait for the disk
TRIES_WITHIN = timedelta(minutes=15)
MOST_TRIES = 5  # with one address from one place
MOST_TRIES_AN_ADDRESS, MOST_TRIES_A_PLACE = 20, 50

OF_HASH = select(SESSIONS).where(SESSIONS.c.session_hash == bindparam("of_hash"))  # asked with every page: put together once


@dataclass(frozen=True)
class Session:
    """A session in use. `form_token` stands in every form of it."""

    session_hash: str
    account_id: int
    form_token: str
    began_at: datetime
    seen_at: datetime


def hash_of(token: str) -> str:
    """What is kept of a session's id."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(engine: Engine, account_id: int, now: datetime, *, there: tuple[str, str] | None = None) -> str:
    """A new session; returns its id, which is kept nowhere but in the browser. `there`: the provider and its session that it began with."""
    token, when = secrets.token_urlsafe(32), text_of(now)
    row = {"session_hash": hash_of(token), "account_id": account_id, "form_token": secrets.token_urlsafe(32)}
    with engine.begin() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.began_at < text_of(now - LONGEST)))
        connection.execute(insert(SESSIONS), row | {"began_at": when, "seen_at": when})
        connection.execute(delete(PROVIDER_SESSIONS).where(PROVIDER_SESSIONS.c.began_at < text_of(now - LONGEST)))
        if there is not None:
            named = {"session_hash": row["session_hash"], "issuer": there[0], "sid_hash": hash_of(there[1]), "began_at": when}
            connection.execute(insert(PROVIDER_SESSIONS), named)
    return token


def resume(engine: Engine, token: str | None, now: datetime) -> Session | None:
    """The session of that id, now used once more; None, and it is gone, where it has ended."""
    if not token:
        return None
    session_hash = hash_of(token)
    with reading(engine) as connection:
        row = connection.execute(OF_HASH, {"of_hash": session_hash}).mappings().first()
    if row is None:
        return None
    began, seen = datetime.fromisoformat(row["began_at"]), datetime.fromisoformat(row["seen_at"])
    has_ended = now - seen >= IDLE or now - began >= LONGEST
    if has_ended or now - seen >= SEEN_AGAIN:
        kept = SESSIONS.c.session_hash == session_hash
        with TURNS.let_go(), engine.begin() as connection:
            connection.execute(delete(SESSIONS).where(kept) if has_ended else update(SESSIONS).where(kept).values(seen_at=text_of(now)))
    if has_ended:
        return None
    return Session(row["session_hash"], row["account_id"], row["form_token"], began, now)


def end(engine: Engine, session: Session) -> None:
    """End one session."""
    with engine.begin() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.session_hash == session.session_hash))


def end_all(engine: Engine, account_id: int) -> int:
    """End every session of a person, and forget their browsers; returns how many sessions there were."""
    with engine.begin() as connection:
        connection.execute(delete(KNOWN_BROWSERS).where(KNOWN_BROWSERS.c.account_id == account_id))
        return connection.execute(delete(SESSIONS).where(SESSIONS.c.account_id == account_id)).rowcount


def counts(engine: Engine, now: datetime) -> dict[int, int]:
    """How many sessions of each account are in use."""
    in_use = (SESSIONS.c.seen_at > text_of(now - IDLE)) & (SESSIONS.c.began_at > text_of(now - LONGEST))
    with reading(engine) as connection:
        found = connection.execute(select(SESSIONS.c.account_id, func.count()).where(in_use).group_by(SESSIONS.c.account_id))
        return {int(account_id): int(count) for account_id, count in found}


def is_form_token(session: Session, given: str) -> bool:
    """Whether a form carries the token of its session."""
    return hmac.compare_digest(session.form_token.encode(), given.encode())


def take_try(engine: Engine, email: str, place: str, now: datetime, *, is_known: bool = False) -> bool:
    """Whether another try to sign in is let through; it counts as a wrong one until `right_try` says otherwise.

    Counted and kept in one transaction, so that tries at the same moment do not slip through together. `is_known`: `place` is a browser
    this person has signed in with (browsers.py); what strangers tried elsewhere does not count against it.
    """
    recent = TRIES.c.tried_at > text_of(now - TRIES_WITHIN)
    address = _known_as(email)
    of_address, of_place = TRIES.c.email_hash == address, TRIES.c.place == place
    limits: list[tuple[ColumnElement[bool], int]] = [(of_address & of_place, MOST_TRIES)]
    if not is_known:
        limits += [(of_address, MOST_TRIES_AN_ADDRESS), (of_place, MOST_TRIES_A_PLACE)]
    with engine.begin() as connection:

        def count(which: ColumnElement[bool]) -> int:
            return int(connection.execute(select(func.count()).select_from(TRIES).where(recent, which)).scalar_one())

        if any(count(which) >= most for which, most in limits):
            return False
        connection.execute(delete(TRIES).where(~recent))
        connection.execute(insert(TRIES), {"email_hash": address, "place": place, "tried_at": text_of(now)})
    return True


def right_try(engine: Engine, email: str, place: str) -> None:
    """The last try was right: forget the wrong ones with that address from that place."""
    with engine.begin() as connection:
        connection.execute(delete(TRIES).where(TRIES.c.email_hash == _known_as(email), TRIES.c.place == place))


def _known_as(email: str) -> str:
    """An address as tries are counted: hashed, for people type passwords into the wrong field."""
    return hash_of(email.strip().casefold())


def text_of(moment: datetime) -> str:
    """A moment as it is kept: text that sorts as time does."""
    return moment.isoformat(timespec="microseconds")
