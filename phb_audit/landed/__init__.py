"""Landed: every file kept sealed by its SHA-256, every row as it came with file and line, nothing doubled.

`build` is the first stage of the night. Identity is pseudonymised on the way in.
"""

from __future__ import annotations

import polars as pl

from phb_audit.identity import read_or_make_key
from phb_audit.landed.arrivals import mapping_files
from phb_audit.landed.feeds import judged
from phb_audit.landed.files import manifest
from phb_audit.landed.night import Landing, Progress
from phb_audit.run import Run, StageTotals, Total
from phb_audit.sources.mapping import known_layouts, read_mappings
from phb_audit.sources.read import Reader
from phb_audit.tables import TABLES
from phb_audit.tables.landed import FEEDS, FILES

__all__ = ["build"]

STAGE = "landed"
LANDED = [table for table in TABLES.values() if table.name.startswith("landed.")]


def build(run: Run, progress: Progress | None = None) -> StageTotals:
    """Land every file of the run's inbox; a night run again lands the same rows once.

    `progress(number, of_how_many, shown_name)` is called for each file. Raises UsageError for a mapping file that cannot be used and
    BooksDoNotBalance; a file that cannot be read is refused in landed.files and stops nobody else.
    """
    layouts = (*read_mappings((*run.mappings, *mapping_files(run.inbox))), *known_layouts())
    key = read_or_make_key(run.settings.key_path(run.commissioner_code))
    with run.warehouse.transaction():
        for table in LANDED:
            run.warehouse.run(f"DELETE FROM {table.name} WHERE run_id = $run_id", {"run_id": run.run_id})
        landing = Landing(run, key, Reader(layouts), progress)
        landing.take_all()
        files = manifest(run.run_id, landing.entries, landing.tallies)
        run.warehouse.write(FILES, files)
        run.warehouse.write(FEEDS, judged(run, landing.latest))
    totals = books(files)
    run.keep_books(totals)
    return totals


def books(files: pl.DataFrame) -> StageTotals:
    """Rows and pence read, against rows and pence landed and recognised as sent before."""
    sums = files.select(pl.col("^(rows|pence)_(read|landed|repeated)$").sum()).row(0, named=True)
    return StageTotals(
        STAGE,
        (
            Total("in", "rows read", sums["rows_read"], sums["pence_read"]),
            Total("out", "rows landed", sums["rows_landed"], sums["pence_landed"]),
            Total("out", "rows sent before", sums["rows_repeated"], sums["pence_repeated"]),
        ),
    )
