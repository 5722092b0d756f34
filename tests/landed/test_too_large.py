"""Files too large, and packed files that unfold to too much, are refused before they fill the memory."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from phb_audit import landed
from phb_audit.errors import UnreadableFile
from phb_audit.run import Run
from phb_audit.sources.decoding import unpacked
from phb_audit.sources.workbooks import require_sane_size
from tests.landed.test_build import JULY, books, files, send


def sparse(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        out.truncate(size)


def test_a_file_of_one_endless_line_is_refused_unread_and_the_others_land(run: Run) -> None:
    sparse(run.inbox / "endless.csv", 900 * 2**20)
    sparse(run.inbox / "huge.csv", 2 * 2**30)
    send(run, july_csv=JULY)
    began = time.monotonic()
    assert books(landed.build(run))["rows landed"][0] == 10
    assert time.monotonic() - began < 60
    told = files(run)
    assert "one line of more than 16 MB" in str(told["endless.csv"]["reason"])
    assert "larger than 1024 MB" in str(told["huge.csv"]["reason"])


def test_a_packed_file_that_unfolds_to_too_much_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="unfolds to too much"):
        unpacked(gzip.compress(b"\0" * (64 * 2**20)))
    assert unpacked(gzip.compress(b"a") + gzip.compress(b"b")) == b"ab"


def with_sheet(xml: bytes) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write(0, 0, "x")
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, xml if name.startswith("xl/worksheets/") else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("dimension", [b"", b'<dimension ref="A1:B2"/>'])
def test_a_far_cell_is_found_whatever_the_workbook_says_of_itself(dimension: bytes) -> None:
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    xml = b"<worksheet>" + dimension + b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>' + cell + b"</sheetData></worksheet>"
    with pytest.raises(UnreadableFile, match="farthest"):
        require_sane_size(with_sheet(xml))


def test_a_workbook_that_unfolds_to_too_much_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="unfolds to too much"):
        require_sane_size(with_sheet(b"<worksheet><sheetData>" + b" " * (420 * 2**20)))
