"""A little of the fuzzing each time: the same examples in every run."""

from __future__ import annotations

import pytest

from tests.benchmarks.fuzz import CHECKS, changed, run_one


@pytest.mark.parametrize("name", CHECKS)
def test_a_reader_refuses_or_gives_rows_whatever_it_is_fed(name: str) -> None:
    run_one(name, 60, is_repeatable=True)


def test_a_changed_file_is_another(tmp_path: object) -> None:
    assert changed(b"abcdef", [(0.5, "flip", 0)]) == b"abbdef"
    assert changed(b"abcdef", [(0.0, "cut", 2), (1.0, "token", 0)]) == b'cde"f'
