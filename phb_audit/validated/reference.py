"""The reference lists the suites look things up in, as temporary tables."""

from __future__ import annotations

from functools import cache

import polars as pl

from phb_audit.run import Run
from phb_audit.settings import shipped

LISTS = {"known_categories": ("taxonomy.csv", "code"), "known_merchant_codes": ("merchant_codes.csv", "mcc")}


@cache
def codes(file_name: str, column: str) -> pl.DataFrame:
    """The distinct codes of one column of a shipped reference file, as `code`."""
    listed = pl.read_csv(shipped("reference") / file_name, infer_schema=False)
    return listed.select(code=pl.col(column).str.strip_chars()).unique().sort("code")


def load_reference(run: Run) -> None:
    """Make `known_categories` and `known_merchant_codes`."""
    for name, (file_name, column) in LISTS.items():
        run.warehouse.execute_with(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM listed", listed=codes(file_name, column))
