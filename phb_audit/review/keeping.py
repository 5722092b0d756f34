"""What the app itself keeps: accounts, sessions, ways to sign in, and the log of who saw what. Decisions are in the casebook.

All in `home/review/<commissioner>/`, for the service account only. The log is a casebook of its own: only ever added to, and chained.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Boolean, Column, Engine, Integer, LargeBinary, MetaData, Table, Text

from phb_audit.cases.casebook import Casebook
from phb_audit.cases.casebook_store import bring_up_to_date, sqlite_engine
from phb_audit.review.access import AccessLog
from phb_audit.settings import Settings

OWNER_ONLY_FOLDER, OWNER_ONLY_FILE = 0o700, 0o600
metadata = MetaData()
ACCOUNTS = Table(
    "accounts",
    metadata,
    Column("account_id", Integer, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("shown_name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("areas", Text, nullable=False, default=""),
    Column("password_hash", Text, nullable=False),
    Column("is_disabled", Boolean, nullable=False, default=False),
    Column("added_at", Text, nullable=False),
)
SESSIONS = Table(
    "sessions",
    metadata,
    Column("session_hash", Text, primary_key=True),
    Column("account_id", Integer, nullable=False),
    Column("form_token", Text, nullable=False),
    Column("began_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
)
# Whom a provider means by its own id: the only thing a person is known again by.
IDENTITIES = Table(
    "identities",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account_id", Integer, nullable=False, unique=True),
    Column("first_at", Text, nullable=False),
)
JOURNEYS = Table(
    "journeys",
    metadata,
    Column("state_hash", Text, primary_key=True),
    Column("browser_hash", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("code_verifier", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("began_at", Text, nullable=False),
)
# Which of the provider's sessions one here began with, and which of its words that somebody was signed out were heard.
PROVIDER_SESSIONS = Table(
    "provider_sessions",
    metadata,
    Column("session_hash", Text, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("sid_hash", Text, nullable=False),
    Column("began_at", Text, nullable=False),
)
HEARD = Table("sign_outs_heard", metadata, Column("token_hash", Text, primary_key=True), Column("heard_at", Text, nullable=False))
TRIES = Table(
    "sign_in_tries",
    metadata,
    Column("try_id", Integer, primary_key=True),
    Column("email_hash", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("tried_at", Text, nullable=False),
)
KNOWN_BROWSERS = Table(
    "known_browsers",
    metadata,
    Column("browser_hash", Text, primary_key=True),
    Column("account_id", Integer, primary_key=True, autoincrement=False),
    Column("used_at", Text, nullable=False),
)


UPLOADS = Table(
    "uploads_waiting",
    metadata,
    Column("session_hash", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("uploaded_at", Text, nullable=False),
)


def accounts_engine(settings: Settings, commissioner_code: str) -> Engine:
    """The engine of accounts and sessions, their tables made when absent."""
    engine = sqlite_engine(_file(settings, commissioner_code, "accounts.sqlite"))
    metadata.create_all(engine)
    return engine


def access_log(settings: Settings, commissioner_code: str) -> AccessLog:
    """Who signed in, saw a person's data, took a file away or changed an account: events chained as those of the casebook are."""
    engine = sqlite_engine(access_log_file(settings, commissioner_code))
    bring_up_to_date(engine)
    return AccessLog(engine)


def lane_log(settings: Settings, commissioner_code: str, lane: str) -> Casebook:
    """The same of one lane's pages, apart from everybody else's: no page of the app shows it."""
    engine = sqlite_engine(_file(settings, commissioner_code, f"access_{lane}.sqlite"))
    bring_up_to_date(engine)
    return Casebook(engine)


def access_log_file(settings: Settings, commissioner_code: str) -> Path:
    """Where that log is."""
    return _file(settings, commissioner_code, "access.sqlite")


def has_log(settings: Settings, commissioner_code: str, lane: str | None = None) -> bool:
    """Whether there is such a log, or that of a lane's pages; nothing is made."""
    name = f"access_{lane}.sqlite" if lane else "access.sqlite"
    return (settings.home / "review" / commissioner_code / name).is_file()


def _file(settings: Settings, commissioner_code: str, name: str) -> Path:
    path = settings.folder("review", commissioner_code) / name
    path.parent.chmod(OWNER_ONLY_FOLDER)
    path.touch(mode=OWNER_ONLY_FILE)
    return path
