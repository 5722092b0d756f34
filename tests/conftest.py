"""What every test shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from phb_audit.run import Run
from tests.builders import make_run

# A property holds or does not; how long a busy machine takes to see it says nothing.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A run on an empty warehouse, closed afterwards."""
    made = make_run(tmp_path)
    yield made
    made.warehouse.close()
