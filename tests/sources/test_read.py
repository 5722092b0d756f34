"""Files as senders make them: encodings, delimiters, header dirt, repeated headers, totals, Excel, gzip."""

from __future__ import annotations

import gzip
import io

import pytest
import xlsxwriter

from phb_audit.errors import UnknownLayout, UnreadableFile
from phb_audit.sources import read
from tests.sources.cells import cells, recognised
from tests.sources.test_bank import FILES, HEAD

MEMO = FILES["bank_memo"].replace("TESCO STORES 2231", "CAFÉ £5 LUNCH")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_are_coped_with(encoding: str, delimiter: str, line_end: str) -> None:
    rows = cells(MEMO.replace(",", delimiter).replace("\n", line_end).encode(encoding))
    assert rows.select("line_number", "payee_text", "amount_text").rows() == [(2, "CAFÉ £5 LUNCH", "-3.20")]


def test_one_bad_byte_does_not_spoil_a_utf8_file() -> None:
    rows = cells((MEMO + MEMO.split("\n")[1]).encode() + b"\xff\n")
    assert rows["payee_text"].to_list()[0] == "CAFÉ £5 LUNCH"


def test_a_gzip_file_is_read() -> None:
    assert cells(gzip.compress(MEMO.encode())).height == 1


def test_headers_match_in_any_case_order_and_punctuation() -> None:
    lines = [line.split(",") for line in FILES["bank_memo"].splitlines()]
    turned = "\n".join(",".join(reversed(line)) for line in lines).replace("Subcategory", " SUB_CATEGORY ").replace("Date", "date.")
    assert cells(turned)["amount_text"].to_list() == ["-3.20"]


def test_lines_above_the_header_are_passed_over_and_counted() -> None:
    assert cells("My Bank\n\nStatement of July\n" + FILES["bank_memo"])["line_number"].to_list() == [5]


def test_a_header_may_run_over_a_line_end() -> None:
    data = FILES["bank_memo"].replace("Amount", '"Amo\nunt"')
    assert cells(data).select("line_number", "amount_text").rows() == [(3, "-3.20")]


def test_a_header_said_again_further_down_is_no_row() -> None:
    assert cells(FILES["bank_memo"] + FILES["bank_memo"])["line_number"].to_list() == [2, 4]


def test_a_totals_line_lands_and_can_be_refused_later() -> None:
    rows = cells(FILES["bank_memo"] + ",,,-3.20,,Total\n")
    assert rows.select("line_number", "paid_on_text").rows() == [(2, "01/07/2026"), (3, None)]


def test_an_unknown_layout_is_refused_with_its_headers_and_the_nearest_known() -> None:
    with pytest.raises(UnknownLayout) as refused:
        recognised("When,Who,How much\n01/07/2026,TESCO,3.20\n")
    assert "When, Who, How much" in str(refused.value)
    assert "Nearest: " in str(refused.value)
    assert "mapping file" in refused.value.do


def test_the_nearest_layout_is_the_one_with_most_in_common() -> None:
    with pytest.raises(UnknownLayout, match=r"Nearest: bank_memo, which also needs Memo\."):
        recognised(FILES["bank_memo"].replace("Memo", "Remark"))


def test_rows_without_headers_are_not_shown_in_the_refusal() -> None:
    with pytest.raises(UnknownLayout) as refused:
        recognised("Jane Example,1 High Street,12.00\nJohn Example,2 High Street,300.00\n")
    assert "Example" not in str(refused.value)


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n\x00\x01\x02\x03", b"PK\x03\x04nothing", b"\x1f\x8bnothing"])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        recognised(data)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnknownLayout):
        recognised(data)


def test_a_file_with_a_header_only_lands_no_rows() -> None:
    assert cells(FILES["bank_memo"].split("\n")[0]).height == 0


def workbook(rows: list[list[object]], other: list[list[object]] | None = None) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, grid in (("Notes", other or []), ("Data", rows)):
            sheet = book.add_worksheet(name)
            for place, row in enumerate(grid):
                sheet.write_row(place, 0, row)
    return buffer.getvalue()


def test_a_workbook_lands_with_the_sheets_own_rows() -> None:
    from datetime import date

    head = FILES["bank_memo"].split("\n")[0].split(",")
    grid: list[list[object]] = [
        ["A bank"],
        [],
        head,
        [1, date(2026, 7, 1), "12-34-56 12345678", -3.2, "DEB", "TESCO"],
        [],
        [2, None, "x", 0.1 + 0.2],
    ]
    found = recognised(workbook(grid, [["Read me first"]]))
    rows = read.rows_of(found.pieces)
    assert rows.select("line_number", "paid_on_text", "amount_text").rows() == [(4, "2026-07-01", "-3.2"), (6, None, "0.3")]
    assert found.unmapped == ("Number", "sheet 1")


def test_a_workbook_of_absurd_size_is_refused() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write(1_048_575, 16_383, "far away")
    with pytest.raises(UnreadableFile, match="farthest"):
        recognised(buffer.getvalue())


def test_a_damaged_old_workbook_is_refused_and_ends_no_night() -> None:
    with pytest.raises(UnreadableFile):
        recognised(b"\xd0\xcf\x11\xe0" + b"\x00\x01damaged" * 100)


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        recognised(b"[" * 100_000 + b"]" * 100_000)


def test_what_a_layout_does_not_use_is_named() -> None:
    assert recognised(FILES["bank_memo"].replace("Memo", "Memo,Branch").replace("2231", "2231,Leeds")).unmapped == ("Number", "Branch")


def test_a_large_file_is_read_in_parts_with_the_same_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    head, row = FILES["bank_memo"].split("\n")[:2]
    data = "\n".join([head, *(row.replace("TESCO", f'"TE\nSCO" {place}' if place % 3 else f"TESCO {place}") for place in range(50))])
    data = data.replace('"TE\nSCO"', "TESCO")
    whole = cells(data)
    monkeypatch.setattr(read, "CHUNK_BYTES", 200)
    assert len(recognised(data).pieces) > 5
    assert cells(data).equals(whole)


def test_the_account_may_stand_in_the_files_name() -> None:
    from phb_audit.sources.layouts import Cell, Layout

    columns = {"paid_on_text": Cell(("When",)), "amount_text": Cell(("Sum",)), "payee_text": Cell(("Whom",))}
    layout = Layout("named", "bank", columns, amount_sign="out", file_name=r"(?P<sort_code>\d{6})_(?P<account_number>\d{8})")
    rows = cells("When,Sum,Whom\n01/07/2026,3.20,TESCO\n", layout, name="x/123456_12345678.csv")
    assert rows.select("sort_code", "account_number").rows() == [("123456", "12345678")]
    assert HEAD
