"""One night of the sample for the whole room, made once; each file of tests works on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, sync_playwright

from flows.nightly import run_plain
from phb_audit.cli import sample_day
from phb_audit.night import Night
from phb_audit.settings import Settings, shipped
from tests.review.browser import ARGUMENTS, CHROMIUM, SCREENS, enter
from tests.review.fake_provider import FakeProvider, running
from tests.review.way import Way, through
from tests.review.world import CODE, Served, add_people, copy_of, desk_of, in_process, send_paper, served

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installation nobody changes."""
    folder, sample = tmp_path_factory.mktemp("review"), shipped("sample")
    home, inbox = folder / "home", folder / "inbox"
    shutil.copytree(sample / CODE, inbox)
    send_paper(inbox)
    run_plain(Night(CODE, sample_day(sample), inbox, home, threads=2))
    add_people(Settings(home))
    return home


@pytest.fixture(scope="module")
def settings(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy for one file of tests."""
    return copy_of(made_home, tmp_path_factory.mktemp("copy") / "home")


@pytest.fixture
def own_settings(made_home: Path, tmp_path: Path) -> Settings:
    """A copy for one test."""
    return copy_of(made_home, tmp_path / "home")


@pytest.fixture
def browser(settings: Settings) -> Iterator[TestClient]:
    """A browser of the app over the file's copy."""
    with in_process(desk_of(settings)) as client:
        yield client


@pytest.fixture(scope="module")
def served_provider() -> Iterator[FakeProvider]:
    with running() as fake:
        yield fake


@pytest.fixture
def fake(served_provider: FakeProvider) -> FakeProvider:
    """The provider as it is when it was just started."""
    fresh = FakeProvider(served_provider.issuer, keys=served_provider.keys[:1])
    for name in ("returns_to", "clock", "person", "userinfo", "spoil", "about", "is_down", "public_key", "keys", "codes", "exchanges"):
        setattr(served_provider, name, getattr(fresh, name))
    return served_provider


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Settings:
    return copy_of(made_home, tmp_path / "home")


@pytest.fixture
def way(home: Settings, fake: FakeProvider, tmp_path: Path) -> Iterator[Way]:
    with through(home, fake, tmp_path, {}) as made:
        yield made


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Served]:
    with served(settings) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def keys(app: Served, chromium: Browser) -> dict[str, dict[str, object]]:
    """Each role's cookies, as they are after signing in with the form."""
    found: dict[str, dict[str, object]] = {"": {}}
    for role in sorted({role for role, *_ in SCREENS.values()} - {""}):
        with chromium.new_context() as context:
            enter(context.new_page(), app.origin, role)
            found[role] = dict(context.storage_state())
    return found
