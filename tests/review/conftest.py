"""One night of the sample for the whole room, made once; each file of tests works on a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.nightly import run_plain
from phb_audit.cli import sample_day
from phb_audit.night import Night
from phb_audit.settings import Settings, shipped
from tests.review.world import CODE, add_people, copy_of, send_paper


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
