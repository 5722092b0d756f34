"""Real public card files land through mapping files alone, with every row accounted for."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from phb_audit import landed
from phb_audit.money import pence_of
from phb_audit.run import Run

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
NAMES = ("birmingham_pcard", "oxford_pcard", "barnet_pcard", "calderdale_pcard")
NOT_LINES = {"SOURCE.txt", "merchant_category_to_taxonomy.csv"}


def real(name: str) -> list[Path]:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"the public data set {name} is not beside the project")
    return [path for path in sorted(folder.iterdir()) if path.name not in NOT_LINES]


def counted(path: Path) -> int:
    """Rows with any cell, counted without the code under test."""
    if path.suffix == ".xls":
        sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
        return int(sheet.filter(~pl.all_horizontal(pl.all().is_null())).height)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    with io.StringIO(data.decode("latin-1"), newline="") as file:
        first = file.readline()
        rows = csv.reader(file, delimiter=";" if first.count(";") > first.count(",") else ",")
        return sum(any(cell.strip() for cell in row) for row in rows)


def lay(run: Run, files: list[Path], mapping: str) -> None:
    for path in files:
        (run.inbox / path.name).symlink_to(path)
    run.mappings = (ROOT / "tests" / "mappings" / f"{mapping}.toml",)
    run.stand_in_holders = True


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_the_real_files_is_accounted_for(run: Run, name: str) -> None:
    files = real(name)
    lay(run, files, name)
    landed.build(run)
    manifest = run.warehouse.frame("FROM landed.files ORDER BY file_name")
    assert manifest["state_code"].to_list() == ["landed"] * len(files)
    read = dict(zip(manifest["file_id"], manifest["rows_read"], strict=True))
    counts = sorted(counted(path) for path in files)
    assert sorted(read.values()) == counts
    assert run.warehouse.frame("FROM landed.payments").height + int(manifest["rows_repeated"].sum()) == sum(counts)


@pytest.mark.parametrize("name", NAMES)
def test_real_rows_have_a_day_an_amount_a_payee_and_a_stand_in(run: Run, name: str) -> None:
    lay(run, real(name), name)
    landed.build(run)
    filled = run.warehouse.frame(
        "SELECT avg((paid_on_text IS NOT NULL)::INT) AS paid, avg((amount_text IS NOT NULL)::INT) AS amount, "
        "avg((payee_text IS NOT NULL)::INT) AS payee, avg(regexp_matches(holder_ref, '^H[0-9a-f]{16}$')::INT) AS holder "
        "FROM landed.payments"
    )
    assert min(filled.row(0)) > 0.99


def test_a_total_line_of_a_real_file_lands_so_that_it_can_be_refused(run: Run) -> None:
    lay(run, real("barnet_pcard"), "barnet_pcard")
    landed.build(run)
    total = run.warehouse.frame("FROM landed.payments WHERE paid_on_text IS NULL")
    assert total["line_number"].to_list() == [3866]
    assert pence_of(total["amount_text"].item()) == 381_012_77


def test_overlapping_real_files_land_once(run: Run) -> None:
    lay(run, real("calderdale_pcard"), "calderdale_pcard")
    landed.build(run)
    files = run.warehouse.frame("FROM landed.files")
    sample = files.filter(pl.col("file_name") == "sample.csv")
    assert sample["rows_repeated"].item() > 10_000
    lines = run.warehouse.frame("SELECT count(*) AS n, count(DISTINCT row_id) AS ids FROM landed.payments").row(0)
    assert lines[0] == lines[1]
