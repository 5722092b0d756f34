"""`phb-audit classify`: the file comes back whole, with what each line was spent on added."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from phb_audit.classified.command import ADDED, classify_file
from phb_audit.errors import UnknownLayout, UnreadableFile, UsageError


def classified(folder: Path, content: str | bytes) -> list[list[str]]:
    source, out = folder / "in.csv", folder / "out.csv"
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    assert classify_file(source, out) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_columns_and_rows_come_back_unchanged_and_in_order(tmp_path: Path) -> None:
    rows = classified(tmp_path, 'merchant,description,mcc,amount_gbp\nTESCO,"LAGER, 12PK",5411,11.00\nBET365,,7995,20\n')
    assert rows[0] == ["merchant", "description", "mcc", "amount_gbp", *ADDED]
    assert [row[:4] for row in rows[1:]] == [["TESCO", "LAGER, 12PK", "5411", "11.00"], ["BET365", "", "7995", "20"]]
    assert [row[4] for row in rows[1:]] == ["X01", "X03"]


def test_headers_may_differ_in_case_order_and_bom(tmp_path: Path) -> None:
    rows = classified(tmp_path, "\ufeffReference;MCC; Description ;Merchant\n1;5411;;TESCO\n")
    assert rows[1][0] == "1"
    assert rows[1][4] == "H02"


def test_one_of_merchant_and_description_is_enough(tmp_path: Path) -> None:
    assert classified(tmp_path, "description\nHYDRO POOL 30M\n")[1][1] == "T02"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    rows = classified(tmp_path, "merchant,description\nCAFÉ ROSE,lunch £5\n".encode(encoding))
    assert rows[1][:3] == ["CAFÉ ROSE", "lunch £5", "H02"]


def test_a_short_row_is_filled_and_a_blank_line_left_out(tmp_path: Path) -> None:
    rows = classified(tmp_path, "merchant,description,mcc\nTESCO\n\nODEON,,7832\n")
    assert [row[0] for row in rows[1:]] == ["TESCO", "ODEON"]


def test_a_quoted_cell_may_hold_a_line_break(tmp_path: Path) -> None:
    assert classified(tmp_path, 'merchant,description\nX,"hydro\npool"\n')[1][1] == "hydro\npool"


def test_a_file_with_headers_only_comes_back_with_headers_only(tmp_path: Path) -> None:
    assert len(classified(tmp_path, "merchant,description\n")) == 1


def test_a_file_without_merchant_and_description_is_refused_with_the_headers_it_had(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayout, match="Headers seen: payee, total"):
        classified(tmp_path, "payee,total\nTESCO,1\n")


@pytest.mark.parametrize("content", ["", "merchant,description\nA,B,C\n"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableFile):
        classified(tmp_path, content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nothing\.csv"):
        classify_file(tmp_path / "nothing.csv", tmp_path / "out.csv")


ODD = [
    *(
        "",
        "   ",
        "12.50",
        "-5",
        "\U0001f389\U0001f389",
        "\u0430\u043f\u0442\u0435\u043a\u0430",
        "\u99ac\u8853",
        "\u0635\u064a\u062f",
        "a" * 10_000,
        "physio " * 1_500,
    ),
    *(
        "x\ny",
        "a\rb",
        "a\r\nb",
        'he said "hi"',
        '"',
        "a,b;c|d\te",
        "\x00NUL",
        "a\u2028b",
        "a\x0bb",
        "a\x0cb",
        "a\x85b",
        "[a-z]+",
        "%s{}",
        "=1+1",
    ),
    *("1" * 10_000, ". " * 5_000, "e\u0301" * 3_000, "\U0010ffff", "\ufeffx"),
]


def test_however_odd_a_row_it_comes_back_in_its_place_with_a_reason(tmp_path: Path) -> None:
    codes = ["", "0000", "abcd", "5" * 100, "-1", "\U0001f48a"]
    rows = [[ODD[at], ODD[-at], codes[at % len(codes)]] for at in range(len(ODD))] + [["", odd, ""] for odd in ODD]
    source = tmp_path / "in.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["merchant", "description", "mcc"], *rows])
    assert classify_file(source, tmp_path / "out.csv") == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.reader(file))[1:]
    assert [row[:3] for row in told] == rows
    assert all(row[-1] and row[-2] in ("true", "false") and row[3] for row in told)
    said = {row[1]: row for row in told[len(ODD) :]}
    assert all(said[odd][-2] == "true" for odd in ("", "12.50", "a" * 10_000, "\u99ac\u8853", "1" * 10_000))


def test_under_one_header_a_blank_line_is_an_empty_cell(tmp_path: Path) -> None:
    assert [row[0] for row in classified(tmp_path, "description\n\nmilk\n")[1:]] == ["", "milk"]


def test_empty_cells_beyond_the_headers_are_dropped(tmp_path: Path) -> None:
    assert classified(tmp_path, "merchant,description\nTESCO,milk,,\n")[1][:2] == ["TESCO", "milk"]


@pytest.mark.parametrize("content", ['merchant,description\nTESCO,"milk\nASDA,eggs\n', 'merchant,description\nTESCO,"milk'])
def test_a_quotation_mark_never_closed_is_refused_instead_of_swallowing_rows(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableFile, match="row 2: a quotation mark"):
        classified(tmp_path, content)


def test_an_answer_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("merchant\nTESCO\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"out\.csv cannot be written"):
        classify_file(tmp_path / "in.csv", tmp_path / "nowhere" / "out.csv")


def test_an_amount_that_is_none_is_told_and_hinders_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text('merchant,amount_gbp\nTESCO,nan\nTESCO,"1,234.50"\n\nTESCO,1e999\nTESCO,\nTESCO,-\nTESCO,N/A\n')
    assert classify_file(source, out) == 1
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[2] for row in rows[1:]] == ["H02"] * 6
    said = capsys.readouterr().err
    assert "in.csv, row 2: The amount 'nan'" in said
    assert "in.csv, row 5: The amount '1e999'" in said
    assert "2 of 6 rows have no amount; they were classified without." in said


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayout, match=r"'merchant' more than once \(columns 1 and 3\)"):
        classified(tmp_path, "merchant,mcc,Merchant\nTESCO,5411,ODEON\n")
    assert classified(tmp_path, "merchant,note,note\nTESCO,a,b\n")[1][:3] == ["TESCO", "a", "b"]
