"""Whom a provider means: the account of its id for a person. An address or a name is never enough, for both can be changed there.

The name stays as it was at first, since it stands beside decisions and tells a second person from the first; role and areas are
what the provider says each time.
"""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from phb_audit.cases.casebook_store import reading
from phb_audit.cases.decisions import same_person
from phb_audit.errors import UsageError
from phb_audit.review import accounts, sessions
from phb_audit.review.accounts import Account
from phb_audit.review.claims import Claimed, NotBelieved
from phb_audit.review.keeping import ACCOUNTS, HEARD, IDENTITIES, PROVIDER_SESSIONS, SESSIONS
from phb_audit.review.signed_out import OLDEST, SignedOut

FORGOTTEN = 6 * OLDEST  # one so old is refused for its age


def account_of(engine: Engine, who: Claimed, now: datetime) -> tuple[Account, list[str]]:
    """The account, made at the first time, and what changed about it in words.

    Raises NotBelieved where it is disabled, or where another person has that name or address.
    """
    with engine.begin() as connection:
        known = connection.execute(
            select(IDENTITIES.c.account_id).where(IDENTITIES.c.issuer == who.issuer, IDENTITIES.c.subject == who.subject)
        ).scalar()
        changes = ["first sign-in"] if known is None else []
        account_id = _added(connection, who, now) if known is None else int(known)
        before = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id)).mappings().one()
        if before["is_disabled"]:
            raise NotBelieved("disabled")
        now_is = {"role": who.role, "areas": "|".join(sorted(who.areas))}
        changes += [f"{name}: {before[name] or 'all'}, now {value or 'all'}" for name, value in now_is.items() if before[name] != value]
        connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id).values(**now_is))
    if changes:
        sessions.end_all(engine, account_id)
    account = accounts.by_id(engine, account_id)
    if account is None:
        raise NotBelieved("disabled")
    return account, changes


def _added(connection: Connection, who: Claimed, now: datetime) -> int:
    """A new account, with a password nobody knows."""
    address = _address(who)
    for other in connection.execute(select(ACCOUNTS.c.email, ACCOUNTS.c.shown_name)):
        if same_person(other.shown_name, who.shown_name):
            raise NotBelieved("name_taken")
        if other.email == address:
            raise NotBelieved("address_taken")
    row: dict[str, object] = {"email": address, "shown_name": who.shown_name, "role": who.role, "is_disabled": False}
    row |= {"areas": "|".join(sorted(who.areas)), "password_hash": accounts.hashed(secrets.token_urlsafe(32))}
    row |= {"added_at": now.isoformat(timespec="seconds")}
    account_id = int(connection.execute(insert(ACCOUNTS).values(row)).inserted_primary_key[0])  # type: ignore[index]
    _tie(connection, who.issuer, who.subject, account_id, now)
    return account_id


def link(engine: Engine, email: str, issuer: str, subject: str, now: datetime) -> Account:
    """Say that a provider's id is the person of an account that is here already. Raises UsageError where either is taken."""
    account = accounts.one(engine, email)
    with engine.begin() as connection:
        for row in connection.execute(select(IDENTITIES)):
            if row.account_id == account.account_id or (row.issuer, row.subject) == (issuer, subject):
                raise UsageError("That account, or that id, is linked already.", do="See `phb-audit user list`.")
        _tie(connection, issuer, subject, account.account_id, now)
    return account


def end_signed_out(engine: Engine, told: SignedOut, now: datetime) -> dict[str, int]:
    """End the sessions of whom a provider has signed out: of its session where it names one, else all of the person's.

    Returns how many ended, by name. Raises NotBelieved where the same word was heard before.
    """
    with engine.begin() as connection:
        connection.execute(delete(HEARD).where(HEARD.c.heard_at < sessions.text_of(now - FORGOTTEN)))
        heard = {"token_hash": sessions.hash_of(f"{told.issuer}|{told.token_id}"), "heard_at": sessions.text_of(now)}
        if connection.execute(select(HEARD).where(HEARD.c.token_hash == heard["token_hash"])).first():
            raise NotBelieved("jti")
        connection.execute(insert(HEARD), heard)
        which = select(SESSIONS.c.session_hash, ACCOUNTS.c.shown_name).join(ACCOUNTS, ACCOUNTS.c.account_id == SESSIONS.c.account_id)
        if told.subject:
            of_person = (IDENTITIES.c.issuer == told.issuer) & (IDENTITIES.c.subject == told.subject)
            which = which.join(IDENTITIES, IDENTITIES.c.account_id == SESSIONS.c.account_id).where(of_person)
        if told.sid:
            of_session = (PROVIDER_SESSIONS.c.issuer == told.issuer) & (PROVIDER_SESSIONS.c.sid_hash == sessions.hash_of(told.sid))
            which = which.join(PROVIDER_SESSIONS, PROVIDER_SESSIONS.c.session_hash == SESSIONS.c.session_hash).where(of_session)
        found = connection.execute(which).all()
        hashes = [row.session_hash for row in found]
        connection.execute(delete(SESSIONS).where(SESSIONS.c.session_hash.in_(hashes)))
        connection.execute(delete(PROVIDER_SESSIONS).where(PROVIDER_SESSIONS.c.session_hash.in_(hashes)))
    return dict(Counter(row.shown_name for row in found))


def linked(engine: Engine) -> frozenset[int]:
    """The accounts that sign in through a provider."""
    with reading(engine) as connection:
        return frozenset(connection.execute(select(IDENTITIES.c.account_id)).scalars())


def _tie(connection: Connection, issuer: str, subject: str, account_id: int, now: datetime) -> None:
    row = {"issuer": issuer, "subject": subject, "account_id": account_id, "first_at": now.isoformat(timespec="seconds")}
    connection.execute(insert(IDENTITIES), row)


def _address(who: Claimed) -> str:
    """The address the provider gives; where it gives none that is one, its own id in the shape of an address."""
    try:
        return accounts.address_of(who.email)
    except UsageError:
        host = who.issuer.split("//", 1)[-1].split("/", 1)[0]
        return f"{sessions.hash_of(who.subject)[:16]}@{host}".casefold()
