from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.money import pence_of
from phb_audit.synthetic.sheets import Dialect, Records, Sheet, Shelf


@pytest.mark.parametrize(
    ("dialect", "shown"),
    [
        (Dialect(), "-1234.05"),
        (Dialect(has_commas=True), "-1,234.05"),
        (Dialect(has_commas=True, has_brackets=True), "(1,234.05)"),
        (Dialect(sign="£"), "-£1234.05"),
    ],
)
def test_money_as_senders_write_it(dialect: Dialect, shown: str) -> None:
    assert dialect.money(-1234_05) == shown


@given(st.integers(-(10**9), 10**9), st.booleans(), st.booleans(), st.sampled_from(["", "£"]))
def test_money_reads_back(pence: int, has_commas: bool, has_brackets: bool, sign: str) -> None:
    assert pence_of(Dialect(has_commas=has_commas, has_brackets=has_brackets, sign=sign).money(pence)) == pence


def test_a_row_knows_its_line(tmp_path: Path) -> None:
    with Shelf(tmp_path) as shelf:
        sheet = Sheet(tmp_path, "a.csv", ("Day", "Sum"), Dialect(), preamble=["Account:,12", ""])
        shelf.sheets["a.csv"] = sheet
        assert [sheet.add(["1", "2"]), sheet.add(["3", "4"])] == [4, 5]
    assert (tmp_path / "a.csv").read_text().splitlines()[3:] == ["1,2", "3,4"]


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=("Cs", "Cc"))), min_size=3, max_size=3))
def test_cells_read_back_whatever_they_hold(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    folder = tmp_path_factory.mktemp("sheet")
    dialect = Dialect(delimiter=";", is_shuffled=True)
    with Shelf(folder) as shelf:
        shelf.sheets["x.csv"] = Sheet(folder, "x.csv", ("one", "two", "three"), dialect)
        shelf.sheets["x.csv"].add(cells)
    with (folder / "x.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert [row[name] for name in ("one", "two", "three")] == cells


def test_header_habits() -> None:
    assert [Dialect(header=habit).heading("Sort Code") for habit in ("as is", "upper", "lower", "snake")] == [
        "Sort Code", "SORT CODE", "sort code", "sort_code",
    ]  # fmt: skip


def test_records_are_a_list_or_lines(tmp_path: Path) -> None:
    with Shelf(tmp_path) as shelf:
        for name, is_list in (("a.json", True), ("b.jsonl", False)):
            shelf.records[name] = Records(tmp_path, name, is_list=is_list)
            assert [shelf.records[name].add("{}"), shelf.records[name].add("[1]")] == [1, 2]
    assert (tmp_path / "a.json").read_text() == "[\n{},\n[1]\n]\n"
    assert (tmp_path / "b.jsonl").read_text() == "{}\n[1]\n"
