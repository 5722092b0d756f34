"""Real card lines as a night leaves them in matched.payments; read where they lie, never copied here."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl

from flows.nightly import run_plain
from phb_audit.night import Night
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "data"
FOLDERS = {"birmingham_pcard": ("*.csv", "*.xls"), "calderdale_pcard": ("*.csv.gz", "sample.csv")}
DAY = date(2021, 12, 31)
ALL_DAYS = (date(2000, 1, 1), DAY)
PAYMENTS = TABLES["matched.payments"]


def card_payments(name: str, kept_in: Path) -> pl.DataFrame:
    """Rows of matched.payments of one public folder, an account for each holder; its night is run in `kept_in` unless it was before."""
    home = kept_in / name / "home"
    path = home / "warehouse" / "QPC" / "night.duckdb"
    if not path.exists():
        inbox = kept_in / name / "inbox"
        (inbox / "mappings").mkdir(parents=True)
        shutil.copy(ROOT / "tests" / "mappings" / f"{name}.toml", inbox / "mappings")
        for pattern in FOLDERS[name]:
            for file in (PUBLIC / name).glob(pattern):
                shutil.copy(file, inbox)
        run_plain(Night("QPC", DAY, inbox, home, accounts_stand_in=True, threads=2))
    warehouse = Warehouse(path, read_only=True)
    try:
        return warehouse.frame("SELECT * FROM matched.payments ORDER BY payment_id")
    finally:
        warehouse.close()


def warehouse_of(payments: pl.DataFrame, folder: Path) -> Warehouse:
    """A warehouse that holds these payments and nothing else."""
    path = folder / "night.duckdb"
    path.unlink(missing_ok=True)
    warehouse = Warehouse(path, threads=2)
    warehouse.make_tables()
    warehouse.write(PAYMENTS, payments)
    return warehouse
