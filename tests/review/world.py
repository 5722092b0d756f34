"""A small installation with one account of every role, and the two ways tests reach its app: in process, and served on this machine."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from phb_audit.cases.casebook import CASE, Event, casebook_events
from phb_audit.cases.seen import published_file
from phb_audit.review import accounts
from phb_audit.review.app import make_app, make_desk
from phb_audit.review.desk import Desk
from phb_audit.review.keeping import accounts_engine
from phb_audit.settings import Settings
from tests.evidence import drawn

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have httpx2, which nothing else here needs
    from starlette.testclient import TestClient

CODE, ORIGIN, PASSWORD = "QZZ", "http://127.0.0.1:8080", "three green pears by a canal"
NAMES = {
    "clinician": "Sam Okafor",
    "second_checker": "Bo Lindqvist",
    "auditor": "Ada Fenn",
    "governance": "Kit Marlow",
    "lcfs": "Noor Haddad",
    "safeguarding_lead": "Esi Mensah",
    "administrator": "Jo Petrov",
}
ROLES = tuple(NAMES)
TODAY = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)  # the morning after the sample's newest night
CASE_LINK = re.compile(r'href="/purchases/(F[0-9A-Z]{8})')
HIDDEN = re.compile(r'name="(form_token|version|digest)" value="([^"]*)"')


class Clock:
    """A clock that a test turns."""

    def __init__(self, at: datetime = TODAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def copy_of(made: Path, to: Path) -> Settings:
    """A copy of an installation of its own, for a test to change."""
    shutil.copytree(made, to, symlinks=True)
    return Settings(to)


def send_paper(inbox: Path) -> None:
    """The one paper of the world: an invoice for a flagged purchase, £41.00 to Clearpay on 5 January 2026."""
    path = inbox / "receipts" / "9992679344" / "invoice.pdf"
    path.parent.mkdir(parents=True)
    drawn.pdf(path, ("CLEARPAY B4I3L", "Date: 05/01/2026", "First of four parts   38.00", "Charge for paying late   3.00", "TOTAL   41.00"))
    path.with_suffix(".typ").unlink()


def add_people(settings: Settings) -> None:
    """One account of every role."""
    engine = accounts_engine(settings, CODE)
    for role, name in NAMES.items():
        accounts.add_account(engine, f"{role}@example.org", name, role, PASSWORD, at=TODAY)
    engine.dispose()


def desk_of(settings: Settings, *, origin: str = ORIGIN, clock: Clock | None = None, **more: Any) -> Desk:
    """The desk of a test's installation, on the morning after its newest night."""
    return replace(make_desk(settings, CODE, origin=origin, clock=clock or Clock()), **more)


@contextmanager
def in_process(desk: Desk, **more: Any) -> Iterator[TestClient]:
    """The app without a network."""
    with TestClient(make_app(desk), base_url=desk.origin, follow_redirects=False, **more) as client:
        yield client


def token(page: str) -> str:
    """The token in the first form of a page."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    return found[1]


def sign_in(client: httpx.Client, role: str, password: str = PASSWORD) -> int:
    """Sign in with the form; returns the answer's status."""
    form = {"email": f"{role}@example.org", "password": password, "form_token": token(client.get("/sign-in").text)}
    return int(client.post("/sign-in", data=form).status_code)


def refs_of(client: TestClient, query: str = "") -> list[str]:
    """The references on the first page of the list."""
    return list(dict.fromkeys(CASE_LINK.findall(client.get(f"/purchases{query}").text)))


def ready_ref(client: TestClient, move: str = "agree") -> str:
    """The first item on the list that the person may decide."""
    return next(ref for ref in refs_of(client) if f'value="{move}"' in client.get(f"/purchases/{ref}").text)


def hidden_of(client: TestClient, ref: str) -> dict[str, str]:
    """What every form of an item's page carries."""
    return dict(HIDDEN.findall(client.get(f"/purchases/{ref}").text))


def post(client: TestClient, ref: str, form: str, **given: str) -> Any:
    """Send one of an item's forms as its page would."""
    return client.post(f"/purchases/{ref}/{form}", data={**hidden_of(client, ref), **given})


def moves_of(settings: Settings) -> list[Event]:
    """What is in the casebook about cases."""
    return [event for event in casebook_events(settings, CODE) if event.kind_code == CASE]


def night_path(settings: Settings) -> Path:
    """The newest published file."""
    return published_file(settings, CODE)


@dataclass
class Served:
    """The app behind a real socket of this machine."""

    origin: str
    desk: Desk


@contextmanager
def served(settings: Settings, *, clock: Clock | None = None, **more: Any) -> Iterator[Served]:
    """Serve the app in a thread on a free port until the block ends."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    desk = desk_of(settings, origin=origin, clock=clock, **more)
    server = uvicorn.Server(uvicorn.Config(make_app(desk), log_level="error", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    try:
        yield Served(origin, desk)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
