"""The analyst asks which layout fits a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.errors import CLEAN, REFUSED, UsageError
from phb_audit.landed.command import check_layout

BANK = "Number,Date,Account,Amount,Subcategory,Memo\n1,01/07/2026,12-34-56 12345678,-3.20,DEB,JANE SMITH\n2,,,,,a,b\n"


def test_a_file_that_fits_is_explained_without_its_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "stmt_12345678.csv"
    file.write_text(BANK)
    assert check_layout(file, ()) == CLEAN
    told = capsys.readouterr().out
    assert "stmt_########.csv: layout bank_memo, feed bank." in told
    assert "2 rows" in told
    assert "1 of them cannot be trusted" in told
    assert "Memo                           -> payee_text" in told
    assert "Not used: Number." in told
    assert "JANE" not in told
    assert "12345678" not in told


def test_a_file_that_fits_nothing_is_refused_with_its_headers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.csv"
    file.write_text("When,Whom\n1,2\n")
    assert check_layout(file, ()) == REFUSED
    assert "It has: When, Whom." in capsys.readouterr().out


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        check_layout(tmp_path / "none.csv", ())
