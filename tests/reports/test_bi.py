"""For dashboards: described tables and views with nobody in them, small numbers kept back, and a package a validator accepts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from phb_audit.cli.packs import bi
from phb_audit.reports.bi import written_bi
from phb_audit.reports.pack_command import measured_for
from phb_audit.reports.protected import protect
from phb_audit.settings import Settings
from phb_audit.tables import TABLES as STORED
from phb_audit.tables.bi import TABLES, VIEWS
from tests.builders import make_run
from tests.reports.data_package import refusals
from tests.reports.pack_world import HOLDERS, pack_world


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = pack_world(make_run(tmp_path_factory.mktemp("bi")))
    run.warehouse.close()
    return written_bi(run.settings, "QZZ")


@pytest.fixture
def book(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect(str(folder / "dashboards.duckdb"), read_only=True)
    yield opened
    opened.close()


def test_every_file_has_the_columns_described_and_no_other(folder: Path, book: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES:
        frame = pl.read_parquet(folder / f"{table.short_name}.parquet")
        assert frame.schema == table.polars_schema, table.name
        assert frame.height > 0 or table.short_name == "feeds"
        assert not frame.select(table.key).is_duplicated().any()
    for table in (*TABLES, *VIEWS):
        told = book.sql(f"SELECT * FROM {table.name}").pl()
        assert told.columns == table.column_names, table.name
        assert not told.select(table.key).is_duplicated().any(), table.name
        assert all(column.nullable or told[column.name].null_count() == 0 for column in table.columns)


def test_tables_views_and_columns_say_what_they_are(book: duckdb.DuckDBPyConnection) -> None:
    said = book.sql("SELECT column_name, comment FROM duckdb_columns() WHERE schema_name = 'bi'").fetchall()
    assert len(said) == sum(len(table.columns) for table in (*TABLES, *VIEWS))
    assert all(comment for _, comment in said)
    for of, described in (("duckdb_tables()", TABLES), ("duckdb_views()", VIEWS)):
        comments = book.sql(f"SELECT comment FROM {of} WHERE schema_name = 'bi'").fetchall()
        assert {words for (words,) in comments} == {f"One row per {table.grain}" for table in described}


def test_nobody_is_in_it(folder: Path) -> None:
    personal = {column.name for table in STORED.values() for column in table.columns if column.personal}
    ids = {"holder_id", "account_id", "payee_id", "payment_id", "case_id", "case_ref", "holder_shown", "headline", "area_name", "paid_on"}
    names = {column.name for table in (*TABLES, *VIEWS) for column in table.columns}
    assert not names & (personal | ids)
    for path in folder.iterdir():
        content = path.read_bytes()
        assert not any(holder.encode() in content for holder in HOLDERS), path.name
        assert b"Corner Shop" not in content


def test_measures_are_those_of_the_pack_with_small_numbers_kept_back(folder: Path) -> None:
    asked = measured_for(Settings(folder.parents[2]), "QZZ", month=None, months=1)
    told = pl.read_parquet(folder / "measures.parquet")
    assert told.equals(protect(asked.measured).select(told.columns))
    assert told["is_kept_back"].any()


def test_spend_and_items_come_to_the_rows_they_are_made_from(folder: Path, book: duckdb.DuckDBPyConnection) -> None:
    purchases = pl.read_parquet(folder / "purchases.parquet")
    (spent, counted) = book.sql("SELECT sum(spent_pence)::BIGINT, sum(purchases_count)::BIGINT FROM bi.spend_by_month").fetchall()[0]
    assert (spent, counted) == (purchases["amount_pence"].sum(), purchases.height)
    assert (purchases["month_on"].dt.day() == 1).all()
    items = pl.read_parquet(folder / "items.parquet")
    decided = book.sql("SELECT sum(items_count)::BIGINT FROM bi.decisions_by_month").fetchall()[0][0]
    assert decided == items["decided_month_on"].drop_nulls().len() > 0


def test_made_again_it_is_the_same_and_in_one_move(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bi").mkdir()
    (tmp_path / "bi" / "old.parquet").write_text("old", encoding="utf-8")
    assert bi(out=tmp_path / "bi", home=folder.parents[2]) == 0
    assert str(tmp_path / "bi") in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "bi").iterdir()) == sorted(path.name for path in folder.iterdir())
    for name in ("datapackage.json", "measures.parquet", "purchases.parquet", "items.parquet"):
        assert (tmp_path / "bi" / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_package_names_every_file_and_its_hash(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {one["path"] for one in package["resources"]} == {path.name for path in folder.glob("*.parquet")}
    assert all(one["description"].startswith("One row per ") and one["schema"]["fields"] for one in package["resources"])


def test_frictionless_accepts_the_package(folder: Path) -> None:
    assert refusals(folder) == {}


def test_frictionless_refuses_a_table_that_is_not_as_described(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        shutil.copy(path, tmp_path)
    told = pl.read_parquet(folder / "items.parquet")
    told.drop(told.columns[0]).write_parquet(tmp_path / "items.parquet")
    assert set(refusals(tmp_path)) == {"items"}
