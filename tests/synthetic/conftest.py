"""One made-up world for all tests of this folder, and the stories it was written from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.synthetic import WorldTotals, make_world
from phb_audit.synthetic.story import Story
from phb_audit.synthetic.world import stories

SAMPLE_SEED, SAMPLE_HOLDERS, SAMPLE_MONTHS, SAMPLE_DRAWN = 3, 60, 12, 2
WINDOW = (date(2025, 11, 1).toordinal(), date(2026, 10, 31).toordinal())


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WorldTotals]:
    """The world of the sample, made anew."""
    out = tmp_path_factory.mktemp("world")
    return out, make_world(holders=SAMPLE_HOLDERS, months=SAMPLE_MONTHS, seed=SAMPLE_SEED, out=out, drawn=SAMPLE_DRAWN)


@pytest.fixture(scope="session")
def truth(world: tuple[Path, WorldTotals]) -> pl.DataFrame:
    """Its truth; empty texts instead of nulls."""
    return pl.read_csv(world[0] / "truth.csv").with_columns(pl.col(pl.String).fill_null(""))


@pytest.fixture(scope="session")
def lines_of(world: tuple[Path, WorldTotals]) -> Callable[[str], list[str]]:
    """The lines of a file of the world, decoded as its sender wrote it."""

    def read(name: str) -> list[str]:
        raw = (world[0] / "QZZ" / name).read_bytes()
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16").splitlines()
        try:
            return raw.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            return raw.decode("cp1252").splitlines()

    return read


@pytest.fixture(scope="session")
def told() -> list[Story]:
    """The stories of 120 holders."""
    return list(stories(120, SAMPLE_MONTHS, 11, WINDOW, "QZZ"))
