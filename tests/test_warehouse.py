"""The warehouse: one writer, whole transactions, and frames by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from phb_audit.errors import DamagedWarehouse, NightAlreadyRunning, OtherVersion
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse

BOOKS = TABLES["nights.control_totals"]


def line(run_id: str, rows: int) -> pl.DataFrame:
    row = {"run_id": run_id, "stage_name": "landed", "side_code": "in", "item": "rows", "rows_count": rows, "sum_pence": 0}
    return pl.DataFrame([row], schema=BOOKS.polars_schema)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path / "night.duckdb")
    made.make_tables()
    return made


def test_a_run_written_twice_stands_once(warehouse: Warehouse) -> None:
    for _ in range(2):
        warehouse.replace_run(BOOKS, "A", line("A", 1))
    warehouse.replace_run(BOOKS, "B", line("B", 2))
    assert warehouse.frame("SELECT run_id, rows_count FROM nights.control_totals ORDER BY run_id").rows() == [("A", 1), ("B", 2)]


def test_a_frame_with_a_strange_column_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match="strange"):
        warehouse.write(BOOKS, line("A", 1).with_columns(strange=pl.lit(1)))


def test_a_failed_transaction_leaves_nothing(warehouse: Warehouse) -> None:
    with pytest.raises(RuntimeError, match="halfway"), warehouse.transaction():
        warehouse.write(BOOKS, line("A", 1))
        raise RuntimeError("halfway")
    assert warehouse.frame("SELECT count(*) FROM nights.control_totals").item() == 0


def test_a_second_connection_sees_what_is_committed_and_ends_without_ending_the_first(warehouse: Warehouse) -> None:
    count = "SELECT count(*) FROM nights.control_totals"
    with warehouse.beside() as second:
        with warehouse.transaction():
            warehouse.write(BOOKS, line("A", 1))
            assert second.frame(count).item() == 0
        assert second.frame(count).item() == 1
    assert warehouse.frame(count).item() == 1


def test_a_frame_is_seen_only_while_its_statement_runs(warehouse: Warehouse) -> None:
    assert warehouse.frame("SELECT sum(a) AS a FROM given", given=pl.DataFrame({"a": [1, 2]})).item() == 3
    with pytest.raises(Exception, match="given"):
        warehouse.frame("SELECT * FROM given")


def test_a_second_process_is_told_that_a_night_is_at_work(warehouse: Warehouse) -> None:
    code = (
        "import sys; from pathlib import Path; from phb_audit.warehouse import Warehouse\n"
        "from phb_audit.errors import OtherVersion, DamagedWarehouse, NightAlreadyRunning\n"
        "try: Warehouse(Path(sys.argv[1]))\n"
        "except NightAlreadyRunning as error: sys.stdout.write(str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(warehouse.path)], capture_output=True, text=True, check=True)
    assert "in use by another process" in done.stdout
    assert NightAlreadyRunning.exit_code == 4


def test_a_damaged_warehouse_is_told_from_a_busy_one(tmp_path: Path) -> None:
    path = tmp_path / "night.duckdb"
    path.write_text("this is no warehouse" * 1000)
    with pytest.raises(DamagedWarehouse, match="damaged"):
        Warehouse(path)


def test_a_warehouse_of_another_version_says_so(warehouse: Warehouse) -> None:
    warehouse.run("ALTER TABLE classified.strings ADD COLUMN older_words VARCHAR")
    with pytest.raises(OtherVersion, match=r"another version of phb_audit \(its classified.strings"):
        warehouse.make_tables()


def test_an_empty_frame_before_a_large_one_hides_nothing(warehouse: Warehouse) -> None:
    many = pl.concat([line("B", 1)] * 130_000)
    warehouse.write(BOOKS, line("A", 1))
    with warehouse.transaction():
        warehouse.write(BOOKS, many.head(0))
        warehouse.write(BOOKS, many)
        assert warehouse.frame("SELECT count(*) FROM nights.control_totals WHERE run_id = 'B'").item() == many.height
    assert warehouse.frame("SELECT count(*) FROM nights.control_totals WHERE run_id = 'B'").item() == many.height
