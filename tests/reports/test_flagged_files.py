"""The flagged items as PDF, workbook, CSV and JSON: the same items and numbers, the same bytes again, and text that stays text."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import polars as pl
import pypdf
import pytest
from pypdf.generic import DictionaryObject

from phb_audit.cases.workbook import WORDS
from phb_audit.errors import UsageError
from phb_audit.reports.flagged_files import csv_of, hash_of, json_of, pdf_of, safe, write_flagged
from phb_audit.reports.flagged_items import build_report
from phb_audit.reports.flagged_list import COLUMNS, OWN, REVIEW, TOLD, FlaggedList, flagged_list
from phb_audit.reports.flagged_workbook import write_workbook
from phb_audit.run import Run
from tests.builders import fill, make_run
from tests.reports.flagged_world import case, flag, flagged_world

NASTY = ('=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\tx", "{=1+1}", "＝1", '#image("/etc/passwd")', "*bold* $x$ <b>")  # noqa: RUF001


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    made = flagged_world(make_run(tmp_path_factory.mktemp("files")))
    odd = [
        case(f"n{place}", f"F0NASTY{place}", 20 + place, words, at_stake_pence=100 + place, holder_shown="PHB-00CAT0")
        for place, words in enumerate(NASTY)
    ]
    fill(
        made,
        {"flagged.cases": odd, "flagged.findings": [flag(f"nf{place}", f"n{place}", "P-02", "Odd words") for place in range(len(NASTY))]},
    )
    yield made
    made.warehouse.close()


@pytest.fixture(scope="module")
def told(run: Run) -> FlaggedList:
    return flagged_list(run)


@pytest.fixture(scope="module")
def workbook(told: FlaggedList, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "list.xlsx"
    write_workbook(told, path)
    return path


def letters(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def test_every_format_has_the_items_of_the_page_and_no_other(run: Run, told: FlaggedList, workbook: Path) -> None:
    page = build_report(run).read_text(encoding="utf-8")
    refs = set(told.items["case_ref"])
    assert refs == {ref for ref in re.findall(r"F0[0-9A-Z]{6,7}", unescape(re.sub(r"<[^>]+>", " ", page))) if ref in refs}
    assert "F02605JK" not in refs  # kept apart
    assert {row["case_ref"] for row in json.loads(json_of(told))["items"]} == refs
    assert {row["Reference"] for row in csv.DictReader(io.StringIO(csv_of(told).decode()))} == refs
    sheets = pl.read_excel(workbook, sheet_name=[REVIEW, OWN, TOLD], engine="calamine")
    assert {ref for sheet in sheets.values() if sheet.height for ref in sheet["Reference"]} == refs
    on_paper = letters(pdf_of(told))
    assert all(ref in on_paper for ref in refs)


def test_the_numbers_are_those_of_the_page(run: Run, told: FlaggedList, workbook: Path) -> None:
    review = told.totals.filter(group_code="review").row(0, named=True)
    assert told.of(REVIEW).height == review["cases_count"]
    # Of the items, two ask about one payment of £45.00; the odd ones are made without money in their flags.
    odd = sum(100 + place for place in range(len(NASTY)))
    assert told.of(REVIEW)["at_stake_pence"].sum() - 45_00 - odd == review["at_stake_pence"]
    held = json.loads(json_of(told))
    assert held["totals"] == told.totals.to_dicts()
    sheet = pl.read_excel(workbook, sheet_name=REVIEW, engine="calamine")
    assert [round(number * 100) for number in sheet["In question"]] == told.of(REVIEW)["at_stake_pence"].to_list()
    assert pl.read_excel(workbook, sheet_name="Totals", engine="calamine")["Items"].to_list() == told.totals["cases_count"].to_list()
    page = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", build_report(run).read_text(encoding="utf-8"))))
    assert told.opening[0] in page
    assert told.opening[1] in page


def test_the_same_night_gives_the_same_bytes(run: Run, told: FlaggedList, workbook: Path, tmp_path: Path) -> None:
    again = flagged_list(run)
    assert again.list_hash == told.list_hash
    for made in (csv_of, json_of, pdf_of):
        assert made(again) == made(told)
    write_workbook(again, tmp_path / "again.xlsx")
    assert hash_of(tmp_path / "again.xlsx") == hash_of(workbook)


def test_no_cell_is_a_formula_or_a_link(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as book:
        sheets = {name: book.read(name).decode() for name in book.namelist() if "sheet" in name and name.endswith(".xml")}
    assert not [name for name, sheet in sheets.items() if "<f>" in sheet or "<hyperlink" in sheet]
    sheet = pl.read_excel(workbook, sheet_name=REVIEW, engine="calamine")
    assert {words.strip() for words in NASTY} <= {words.strip() for words in sheet["What"]}


def test_a_csv_cell_never_begins_as_a_formula_does(told: FlaggedList) -> None:
    rows = list(csv.reader(io.StringIO(csv_of(told).decode(), newline="")))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "＝"))]  # noqa: RUF001
    assert not [cell for cell in cells if re.match(r"-\D", cell) or re.match(r"-\d+\+", cell)]
    assert safe("=1") == "'=1"
    assert safe("Corner = Shop") == "Corner = Shop"


def test_markup_stays_text_in_the_pdf(told: FlaggedList) -> None:
    on_paper = letters(pdf_of(told))
    assert '#image("/etc/passwd")' in on_paper.replace("“", '"').replace("”", '"')
    assert "*bold*$x$<b>" in on_paper


def test_the_pdf_is_tagged_and_says_which_standards_it_keeps(told: FlaggedList) -> None:
    read = pypdf.PdfReader(io.BytesIO(pdf_of(told)))
    root = read.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    meta = read.xmp_metadata.stream.get_data().decode() if read.xmp_metadata else ""
    assert "pdfuaid:part" in meta
    assert "pdfaid:part" in meta


def test_decisions_are_a_drop_down_and_rows_are_keyed(told: FlaggedList, workbook: Path) -> None:
    sheet = pl.read_excel(workbook, sheet_name=REVIEW, engine="calamine")
    assert sheet.columns[-3:] == ["Decision", "Reason", "Row key"]
    assert sheet["Decision"].null_count() == sheet.height  # nothing is preselected
    expected = [told.row_keys[case_id] for case_id in told.of(REVIEW)["case_id"]]
    assert sheet["Row key"].to_list() == expected
    assert len(set(expected)) == len(expected)
    with zipfile.ZipFile(workbook) as book:
        xml = book.read("xl/worksheets/sheet3.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert '<dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="Not a decision"' in xml
    assert "<sheetProtection" in xml
    assert f"Lists!$A$2:$A${len(WORDS) + 1}" in names
    assert 'name="Lists" sheetId="7" state="hidden"' in names


def test_our_own_side_comes_first_and_stands_by_itself(told: FlaggedList) -> None:
    assert told.items["group"].to_list()[0] == OWN
    own = told.of(OWN)
    assert all(own["own_part"])
    assert not any(own["sentence"])
    assert all(told.of(REVIEW)["sentence"])
    assert not [words for words in told.opening if "section" in words]


def test_a_file_is_written_beside_the_page_and_an_unknown_format_refused(run: Run, tmp_path: Path) -> None:
    runs = {"nights.runs": [{"commissioner_code": "QZZ", "as_of_on": date(2026, 10, 31), "state_code": "published"}]}
    fill(run, runs)
    run.warehouse.close()
    path = write_flagged(run.settings, "QZZ", "csv", tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.name == "QZZ-2026-10-31.csv"
    assert path.read_text(encoding="utf-8").startswith(",".join(list(COLUMNS.values())[:3]))
    with pytest.raises(UsageError, match="no format odt"):
        write_flagged(run.settings, "QZZ", "odt")
    with pytest.raises(UsageError, match="No night"):
        write_flagged(run.settings, "QYY", "csv")
