"""One night of the sample for the whole room, made once; each file of tests works on a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.nightly import run_plain
from phb_audit.cli import sample_day
from phb_audit.night import Night
from phb_audit.settings import Settings, shipped
from tests.review.world import CODE, add_people, copy_of


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installation nobody changes."""
    home = tmp_path_factory.mktemp("review") / "home"
    sample = shipped("sample")
    run_plain(Night(CODE, sample_day(sample), sample / CODE, home, threads=2))
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
