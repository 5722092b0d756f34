"""Ways to a provider and back: who went, what must come back with them, once and within ten minutes, in the same browser."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, insert, select

from phb_audit.review.keeping import JOURNEYS
from phb_audit.review.sessions import hash_of, text_of

LONGEST = timedelta(minutes=10)
MOST_FROM_A_PLACE = 100  # under way at a time


@dataclass(frozen=True)
class Journey:
    """What is sent along (`state`, `nonce`) and kept back (`code_verifier`)."""

    state: str
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


def begin(engine: Engine, browser: str, place: str, now: datetime) -> Journey | None:
    """A new way for a browser; None where too many from that place are under way."""
    journey = Journey(*(secrets.token_urlsafe(size) for size in (32, 32, 48)))
    row = {"state_hash": hash_of(journey.state), "browser_hash": hash_of(browser), "nonce": journey.nonce}
    row |= {"code_verifier": journey.code_verifier, "place": place, "began_at": text_of(now)}
    with engine.begin() as connection:
        connection.execute(delete(JOURNEYS).where(JOURNEYS.c.began_at <= text_of(now - LONGEST)))
        under_way = connection.execute(select(func.count()).select_from(JOURNEYS).where(JOURNEYS.c.place == place)).scalar_one()
        if under_way >= MOST_FROM_A_PLACE:
            return None
        connection.execute(insert(JOURNEYS), row)
    return journey


def end(engine: Engine, state: str, browser: str, now: datetime) -> Journey | None:
    """The way with that state, which is then over; None where there is none, its time is past, or another browser began it."""
    kept = JOURNEYS.c.state_hash == hash_of(state)
    with engine.begin() as connection:
        row = connection.execute(select(JOURNEYS).where(kept)).mappings().first()
        connection.execute(delete(JOURNEYS).where(kept))
    if row is None or row["browser_hash"] != hash_of(browser) or row["began_at"] <= text_of(now - LONGEST):
        return None
    return Journey(state, row["nonce"], row["code_verifier"])
