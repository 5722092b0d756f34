"""What counts as a file, in which order, under which name."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.landed.arrivals import arrived, data_files, mapping_files, masked_name


def test_files_come_sorted_without_readmes_hidden_files_and_mappings(tmp_path: Path) -> None:
    for name in ("b/two.csv", "a.csv", "README.md", "b/.hidden", ".git/x.csv", "~$open.xlsx", "mappings/ours.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(name)
    assert [path.name for path in data_files(tmp_path)] == ["a.csv", "two.csv"]
    assert [path.name for path in mapping_files(tmp_path)] == ["ours.toml"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert list(arrived(tmp_path / "none")) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("bank/stmt_12345678.csv", "bank/stmt_########.csv"),
        ("12-34-56 12345678.csv", "##-##-## ########.csv"),
        ("999 000 0018.csv", "### ### ####.csv"),
        ("july_2026-07-31.csv", "july_2026-07-31.csv"),
        ("july_2026-07.csv", "july_2026-07.csv"),
        ("part_12345.csv", "part_12345.csv"),
    ],
)
def test_digits_that_could_be_an_account_are_masked(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def test_two_copies_whose_masked_names_agree_are_told_apart(tmp_path: Path) -> None:
    for name in ("a_11111111.csv", "a_22222222.csv"):
        (tmp_path / name).write_text("same")
    assert [arrival.shown_name for arrival, _ in arrived(tmp_path)] == ["a_########.csv", "a_########.csv (2)"]
