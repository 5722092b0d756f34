from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.errors import UsageError
from phb_audit.synthetic.command import synth


def test_the_command_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert synth(holders=20, months=2, seed=1, out=tmp_path) == 0
    said = capsys.readouterr()
    assert "20 holders, 01 September 2026 to 31 October 2026" in said.out
    assert str(tmp_path / "truth.csv") in said.out
    assert said.err == "", "no progress where nobody watches"


def test_a_folder_that_holds_something_is_left_alone_unless_forced(tmp_path: Path) -> None:
    kept = tmp_path / "world" / "truth.csv"
    kept.parent.mkdir()
    assert synth(holders=2, months=1, seed=1, out=kept.parent) == 0
    before = kept.read_bytes()
    with pytest.raises(UsageError, match=r"not empty.*--force"):
        synth(holders=2, months=1, seed=2, out=kept.parent)
    assert kept.read_bytes() == before
    assert synth(holders=2, months=1, seed=2, out=kept.parent, force=True) == 0
    assert kept.read_bytes() != before
