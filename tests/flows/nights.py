"""Nights for tests: a small world on disk, one night in a process of its own, and what a night left, as one hash a file."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
from datetime import date
from multiprocessing.context import ForkServerContext
from pathlib import Path

from phb_audit.identity import read_or_make_key
from phb_audit.night import Night
from phb_audit.published import PARQUET_ONLY
from phb_audit.settings import Settings
from phb_audit.synthetic import make_world
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse

CODE = "QZZ"
LAST_DAY = date(2026, 10, 31)


def small_world(folder: Path, *, holders: int = 12, months: int = 3, seed: int = 5) -> Path:
    """A made-up world; its commissioner's folder is `<folder>/QZZ`."""
    make_world(holders=holders, months=months, seed=seed, out=folder, commissioner_code=CODE, last_day=LAST_DAY)
    return folder


def night_of(world: Path, home: Path, *, day: date = LAST_DAY) -> Night:
    """The night of a world in a home."""
    return Night(CODE, day, world / CODE, home, threads=2)


def home_with_key(home: Path, like: Path) -> Path:
    """An empty home with the same identity key, so that pseudonyms are the same."""
    shutil.copyfile(Settings(like).key_path(CODE), Settings(home).key_path(CODE))
    return home


def fresh_home(home: Path) -> Path:
    """A home with a key of its own and nothing else."""
    read_or_make_key(Settings(home).key_path(CODE))
    return home


def left_behind(home: Path, day: date = LAST_DAY) -> dict[str, str]:
    """SHA-256 of every published file and page of one night, by name; of the DuckDB file, whose bytes DuckDB salts, that of each table."""
    run_id = f"{CODE}-{day.isoformat()}"
    folder = home / "published" / CODE / run_id
    pages = (("reports", ".html"), ("quality", ".html"), ("quality", ".xlsx"))
    paths = [path for path in sorted(folder.glob("*")) if path.suffix != ".duckdb"]
    paths += [home / room / CODE / f"{run_id}{ending}" for room, ending in pages]
    found = {path.name + path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    readers = Warehouse(folder / "night.duckdb", read_only=True)
    for table in TABLES.values():
        if table.is_published and table.name not in PARQUET_ONLY:
            rows = readers.frame(f"SELECT * FROM {table.name}")
            found[table.name] = hashlib.sha256(rows.write_csv().encode()).hexdigest()
    readers.close()
    return found


def run_in_this_process(night: Night) -> None:
    """One plain night."""
    from flows.nightly import run_plain

    run_plain(night)


def processes() -> ForkServerContext:
    """Processes that start with everything imported already, so that a kill falls into the night and not into an import."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.nightly", "great_expectations", "tests.flows.nights"])
    return context
