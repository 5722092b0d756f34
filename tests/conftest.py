"""What every test shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from phb_audit.run import Run
from tests.builders import make_run


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A run on an empty warehouse, closed afterwards."""
    made = make_run(tmp_path)
    yield made
    made.warehouse.close()
