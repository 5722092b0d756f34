"""`phb-audit classify`: the file comes back whole, with what each line was spent on added."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from phb_audit.classified.command import ADDED, classify_file
from phb_audit.errors import UnknownLayout, UnreadableFile


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
