"""Local accounts: who may sign in, with what role and whose cases; passwords kept as argon2id. There is no default password."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from phb_audit.cases.casebook_store import reading
from phb_audit.cases.decisions import same_person
from phb_audit.cases.transitions import ROLES
from phb_audit.errors import UsageError
from phb_audit.review.keeping import ACCOUNTS

PASSWORD_AT_LEAST, PASSWORD_AT_MOST = 12, 256
_hasher = PasswordHasher()
_one_at_a_time = threading.Lock()  # each takes 64 MiB while it works: many who sign in at once must not fill the memory
# Compared with where nobody has that address, so that the answer takes as long.
_nobody = _hasher.hash("nobody has this password")

OF_ID = select(ACCOUNTS).where(ACCOUNTS.c.account_id == bindparam("of_id"))  # asked with every page: put together once


@dataclass(frozen=True)
class Account:
    """A person who may sign in. `areas`: the areas whose cases they see; empty is all of the commissioner's."""

    account_id: int
    email: str
    shown_name: str
    role: str
    areas: frozenset[str] = field(default=frozenset())
    is_disabled: bool = False

    @property
    def role_words(self) -> str:
        """'Clinician'."""
        return ROLES[self.role]


def add_account(
    engine: Engine, email: str, shown_name: str, role: str, password: str, *, areas: Iterable[str] = (), at: datetime
) -> Account:
    """Add a person. Raises UsageError for an unknown role, an address or a name that is taken, or a password that is too easy."""
    if role not in ROLES:
        raise UsageError(f"There is no role {role!r}.", do=f"The roles are {', '.join(ROLES)}.")
    address, name = address_of(email), " ".join(shown_name.split())
    if not name:
        raise UsageError("A name is needed.", do="Give it with --name: it stands beside every decision.")
    if any(same_person(name, known.shown_name) for known in listed(engine)):
        raise UsageError(f"There is an account of the name {name} already.", do="Two people must not be taken for one: add an initial.")
    insist_on_password(password, address, name)
    row = {"email": address, "shown_name": name, "role": role, "areas": "|".join(sorted(set(areas))), "is_disabled": False}
    row |= {"password_hash": hashed(password), "added_at": at.isoformat(timespec="seconds")}
    try:
        with engine.begin() as connection:
            connection.execute(insert(ACCOUNTS), row)
    except IntegrityError as error:
        raise UsageError(f"There is an account for {address} already.", do="See `phb-audit user list`.") from error
    return one(engine, address)


def insist_on_password(password: str, address: str, name: str) -> None:
    """Raises UsageError for a password that is too short, too long, or holds the person's own name or address."""
    if not PASSWORD_AT_LEAST <= len(password) <= PASSWORD_AT_MOST:
        raise UsageError(f"The password has {len(password)} letters.", do=f"Use {PASSWORD_AT_LEAST} to {PASSWORD_AT_MOST}: four words do.")
    own = [part for part in (*name.casefold().split(), address.partition("@")[0]) if len(part) > 3]
    if len(set(password)) < 5 or any(part in password.casefold() for part in own):
        raise UsageError("The password is too easy to guess.", do="Use no name or address in it, and more than a few different letters.")


def address_of(email: str) -> str:
    """The address as it is kept. Raises UsageError where it is none."""
    address = email.strip().casefold()
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@") or any(letter.isspace() for letter in address):
        raise UsageError("That is no email address.", do="Write it as name@organisation.nhs.uk.")
    return address


def listed(engine: Engine) -> list[Account]:
    """Everyone, by name."""
    with reading(engine) as connection:
        return [_account(row) for row in connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.shown_name)).mappings()]


def one(engine: Engine, email: str) -> Account:
    """The account of an address. Raises UsageError where there is none."""
    address = address_of(email)
    found = next((account for account in listed(engine) if account.email == address), None)
    if found is None:
        raise UsageError(f"There is no account for {address}.", do="See `phb-audit user list`.")
    return found


def by_id(engine: Engine, account_id: int) -> Account | None:
    """The account of a session, unless it is disabled or gone."""
    with reading(engine) as connection:
        row = connection.execute(OF_ID, {"of_id": account_id}).mappings().first()
    return _account(row) if row is not None and not row["is_disabled"] else None


def set_password(engine: Engine, email: str, password: str) -> Account:
    """Give a person a new password. Raises UsageError where there is no such account, or the password is too easy."""
    account = one(engine, email)
    insist_on_password(password, account.email, account.shown_name)
    with engine.begin() as connection:
        changed = update(ACCOUNTS).where(ACCOUNTS.c.account_id == account.account_id)
        connection.execute(changed.values(password_hash=hashed(password)))
    return account


def set_disabled(engine: Engine, email: str, is_disabled: bool) -> Account:
    """Let a person no longer sign in, or again."""
    account = one(engine, email)
    with engine.begin() as connection:
        connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.account_id == account.account_id).values(is_disabled=is_disabled))
    return account


def verified(engine: Engine, email: str, password: str) -> Account | None:
    """The account when address and password fit and it is not disabled; takes as long whether the address is known or not."""
    with reading(engine) as connection:
        row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.email == email.strip().casefold())).mappings().first()
    fits = _fits(row["password_hash"] if row is not None else _nobody, password[: PASSWORD_AT_MOST + 1])
    return _account(row) if row is not None and fits and not row["is_disabled"] else None


def hashed(password: str) -> str:
    """A password as it is kept."""
    return _hasher.hash(password)


def _fits(kept: str, password: str) -> bool:
    try:
        with _one_at_a_time:
            return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _account(row: object) -> Account:
    told = dict(row)  # type: ignore[call-overload]
    areas = frozenset(area for area in told["areas"].split("|") if area)
    return Account(told["account_id"], told["email"], told["shown_name"], told["role"], areas, bool(told["is_disabled"]))
