"""What a night hands to readers: immutable, described, and named by a pointer that moves at once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from phb_audit import published
from phb_audit.errors import PhbAuditError
from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse
from tests.builders import fill


def payment(number: int, run_id: str = "QZZ-2026-10-31") -> dict[str, object]:
    return {"payment_id": f"P{number}", "run_id": run_id, "amount_pence": number * 100, "match_code": "fits"}


@pytest.fixture
def folder(run: Run) -> Path:
    fill(run, {"matched.payments": [payment(2), payment(1), payment(3, "QZZ-2026-09-30")]})
    published.build(run)
    return run.settings.folder("published", "QZZ")


def test_the_pointer_names_the_newest_night(folder: Path) -> None:
    assert (folder / "current").resolve().name == "QZZ-2026-10-31"


def test_tonights_rows_are_published_sorted_by_their_key(folder: Path) -> None:
    rows = pl.read_parquet(folder / "current" / "matched_payments.parquet")
    assert rows["payment_id"].to_list() == ["P1", "P2"]


def test_the_order_in_which_rows_were_written_to_the_warehouse_leaves_no_trace(run: Run) -> None:
    table = TABLES["matched.payments"]
    path = run.settings.folder("published", "QZZ") / "current" / "matched_payments.parquet"
    for day, number in ((1, 2), (2, 1), (3, 3)):
        fill(run, {"matched.payments": [payment(number) | {"paid_on": date(2026, 10, day)}]})
    published.build(run)
    in_order = path.read_bytes()
    rows = run.warehouse.frame(f"SELECT * FROM {table.name}")
    assert rows["payment_id"].to_list() == ["P2", "P1", "P3"]
    run.warehouse.replace_run(table, run.run_id, rows.reverse())
    published.build(run)
    assert path.read_bytes() == in_order
    assert pl.read_parquet(path)["payment_id"].to_list() == ["P2", "P1", "P3"]


def test_a_table_that_cannot_be_written_stops_the_night_and_the_old_files_stay(run: Run, folder: Path) -> None:
    before = (folder / "current" / "datapackage.json").read_bytes()
    run.warehouse.run("DROP TABLE classified.payments")
    with pytest.raises(duckdb.CatalogException, match=r"payments"):
        published.build(run)
    assert (folder / "current" / "datapackage.json").read_bytes() == before
    assert run.warehouse.frame("SELECT count(*) FROM duckdb_databases() WHERE database_name = 'readers'").item() == 0


def test_the_readers_file_holds_the_same_tables_with_their_words(folder: Path) -> None:
    readers = Warehouse(folder / "current" / "night.duckdb", read_only=True)
    assert readers.frame("SELECT count(*) FROM matched.payments").item() == 2
    words = readers.frame(
        "SELECT comment FROM duckdb_columns() WHERE schema_name = 'matched' AND table_name = 'payments' AND column_name = 'amount_pence'"
    )
    assert "positive" in words["comment"][0]
    readers.close()


def test_the_readers_file_is_slim(folder: Path) -> None:
    readers = Warehouse(folder / "current" / "night.duckdb", read_only=True)
    names = readers.frame("SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()")["name"].to_list()
    readers.close()
    published_tables = {table.name for table in TABLES.values() if table.is_published}
    assert set(names) == published_tables - published.PARQUET_ONLY


def test_every_file_is_named_with_its_hash_and_rows(folder: Path) -> None:
    package = json.loads((folder / "current" / "datapackage.json").read_text())
    payments = next(resource for resource in package["resources"] if resource["path"] == "matched_payments.parquet")
    assert payments["rows"] == 2
    assert payments["hash"].startswith("sha256:")
    assert {field["name"] for field in payments["schema"]["fields"]} == set(TABLES["matched.payments"].column_names)


def test_columns_that_could_show_a_person_are_marked(folder: Path) -> None:
    package = json.loads((folder / "current" / "datapackage.json").read_text())
    payments = next(resource for resource in package["resources"] if resource["path"] == "matched_payments.parquet")
    assert {field["name"] for field in payments["schema"]["fields"] if field.get("personal")} >= {"payee_ref", "plan_line_words"}


def test_a_night_published_twice_leaves_the_same_bytes_and_nothing_half_made(run: Run, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in (folder / "current").iterdir() if path.suffix != ".duckdb"}
    published.build(run)
    after = {path.name: path.read_bytes() for path in (folder / "current").iterdir() if path.suffix != ".duckdb"}
    assert after == before
    assert sorted(path.name for path in folder.iterdir()) == ["QZZ-2026-10-31", "current"]


def test_what_a_killed_night_left_half_made_is_cleared(run: Run, folder: Path) -> None:
    (folder / ".QZZ-2026-10-31.new").mkdir()
    (folder / ".QZZ-2026-10-31.new" / "rubbish.parquet").write_text("half")
    published.build(run)
    assert not (folder / "current" / "rubbish.parquet").exists()


def test_a_pointer_that_became_a_folder_is_told_plainly(run: Run, folder: Path) -> None:
    (folder / "current").unlink()
    (folder / "current").mkdir()
    with pytest.raises(PhbAuditError, match="is a folder, not a link"):
        published.build(run)
