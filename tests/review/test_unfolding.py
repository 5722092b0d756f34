"""An upload of a few kilobytes that would take gigabytes is refused by what its parts say, before any cell is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import fastexcel
import pytest
import xlsxwriter
from starlette.testclient import TestClient

from phb_audit.errors import UnreadableFile
from phb_audit.review.unfolding import TooManyCells, require_small
from phb_audit.review.uploading import TOO_MANY
from phb_audit.settings import Settings
from tests.review.test_uploading import send
from tests.review.world import desk_of, in_process, sign_in

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def workbook(*cells: tuple[int, int], sheets: int = 1) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for row, column in cells or [(0, 0)]:
                sheet.write(row, column, "x")
    return made.getvalue()


def with_parts(told: dict[str, bytes | str], *, renamed: tuple[str, str] = ("", ""), book: bytes | None = None) -> bytes:
    """A workbook with other parts in place of its own; `renamed` changes the names of parts, and what is said of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book or workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = told.get(name, old.read(name))
            content = content.encode() if isinstance(content, str) else content
            was, now = (word.encode() for word in renamed)
            new.writestr(name.replace(*renamed), content.replace(was, now) if was else content)
    return out.getvalue()


def sheet(rows: str) -> str:
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>"


FAR = sheet('<row r="3000"><c r="XFD3000"><v>1</v></c></row>')
FAR_FILES = {
    "far": workbook((0, 0), (2999, 16383)),
    "wide": workbook((0, 100)),
    "long": workbook((0, 99), (10_000, 0)),
    "many-sheets": workbook((0, 99), (4_999, 0), sheets=3),
    "elsewhere": with_parts({SHEET: FAR}, renamed=("worksheets/sheet1.xml", "other/list.bin")),
    "prefixed": with_parts({SHEET: FAR.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:worksheet", '<x:worksheet xmlns:x="m"')}),
    "quoted-otherwise": with_parts({SHEET: FAR.replace('"', "'").replace("r=", "r = ")}),
    "small-letters": with_parts({SHEET: FAR.replace("XFD", "xfd")}),
    "without-places": with_parts({SHEET: sheet("<row>" + "<c><v>1</v></c>" * 101 + "</row>")}),
    "text-in-many-cells": with_parts(
        {
            SHEET: sheet("".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 2001))),
            TEXTS: f"<sst><si><t>{'x' * 60_000}</t></si></sst>",
        }
    ),
}
NO_WORKBOOKS = {
    "broken-sheet": with_parts({SHEET: FAR.replace("</worksheet>", "</other>")}),
    "no-place": with_parts({SHEET: sheet('<row r="1"><c r="1A"><v>1</v></c></row>')}),
    "own-words": with_parts({SHEET: '<!DOCTYPE w [<!ENTITY a "b">]>' + FAR}),
    "other-kind": with_parts({}, renamed=(SHEET, "content.xml")),
    "unfolds": with_parts({SHEET: b" " * (60 * 2**20)}),
}


@pytest.mark.parametrize("name", FAR_FILES)
def test_cells_beyond_a_list_are_found_however_they_are_told(name: str) -> None:
    with pytest.raises(TooManyCells):
        require_small(FAR_FILES[name])


@pytest.mark.parametrize("name", NO_WORKBOOKS)
def test_what_the_reader_might_take_otherwise_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile):
        require_small(NO_WORKBOOKS[name])


def test_a_list_as_large_as_may_be_is_taken() -> None:
    require_small(workbook((0, 99), (9_999, 0)))
    require_small(workbook((0, 99), (4_999, 0), sheets=2))


@pytest.fixture
def client(own_settings: Settings) -> Iterator[TestClient]:
    with in_process(desk_of(own_settings)) as opened:
        assert sign_in(opened, "clinician") == 303
        yield opened


@pytest.mark.slow
def test_a_far_cell_is_told_and_no_cell_is_made(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("it was unfolded")

    monkeypatch.setattr(fastexcel, "read_excel", read)
    answer = send(client, FAR_FILES["far"])
    assert answer.status_code == 400
    assert TOO_MANY in answer.text
