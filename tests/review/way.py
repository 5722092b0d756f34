"""A browser in front of the app, and a provider to sign in with behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from starlette.testclient import TestClient

from phb_audit.review.desk import Desk
from phb_audit.settings import Settings
from tests.review.fake_provider import SAM, FakeProvider, provider_for
from tests.review.world import desk_of, in_process


@dataclass
class Way:
    """A browser in front of the app, and the provider behind."""

    client: TestClient
    fake: FakeProvider
    desk: Desk

    def go(self) -> str:
        """To the provider; returns where it sends the browser back to, without the host."""
        there = self.client.get("/sign-in/provider")
        assert there.status_code == 303, there.text
        back = requests.get(there.headers["location"], allow_redirects=False, timeout=10)
        assert back.status_code == 302, (there.headers["location"], back.text)
        parts = urlsplit(back.headers["location"])
        return f"{parts.path}?{parts.query}"

    def signed_in(self, **claims: Any) -> Any:
        """There and back as a person with these claims; returns the app's answer."""
        self.fake.person = {**SAM, **claims}
        return self.client.get(self.go())

    def is_in(self) -> bool:
        """Whether the browser is signed in."""
        return self.client.get("/help").text.count("Sign out") > 0

    def refusals(self) -> list[str]:
        """Why sign-ins were refused, as the log has it."""
        return [event.body["reason"] for event in self.desk.access.of_kind("sign_in_refused")]


@contextmanager
def through(home: Settings, fake: FakeProvider, folder: Path, changes: dict[str, str]) -> Iterator[Way]:
    """A browser in front of the app, with a provider of changed settings."""
    desk = desk_of(home, clock=fake.clock, provider=provider_for(folder, fake, changes))
    with in_process(desk) as client:
        yield Way(client, fake, desk)
