"""Lanes: what all reviewers may read, and what is for the Local Counter Fraud Specialist or the safeguarding lead alone.

A flag of another lane is in a case of its own, in tables of its own (schema `apart`). What ordinary readers see is made from ordinary
flags alone, so it is the same, to the byte, as it would be if the others did not exist. Safety comes first: a flag that could go to
both goes to the safeguarding lead.
"""

from __future__ import annotations

import hashlib

import polars as pl

from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.tables.apart import RESTRICTED, SAFEGUARDING
from phb_audit.tables.flagged import ORDINARY
from phb_audit.warehouse import sql

# What a reader of a lane may see of flags. The order is the order in which a story looks for a reader.
SEES = {ORDINARY: (ORDINARY,), RESTRICTED: (ORDINARY, RESTRICTED), SAFEGUARDING: (ORDINARY, RESTRICTED, SAFEGUARDING)}


def with_lane(flags: pl.DataFrame) -> pl.DataFrame:
    """Add lane_code from is_safeguarding and is_restricted."""
    lane = pl.when("is_safeguarding").then(pl.lit(SAFEGUARDING)).when("is_restricted").then(pl.lit(RESTRICTED)).otherwise(pl.lit(ORDINARY))
    return flags.with_columns(lane_code=lane)


def own_cases(flags: pl.DataFrame) -> pl.DataFrame:
    """A flag of another lane leaves the case of its subject for one of that lane. `is_from_apart`: it has left it already."""
    pairs = flags.select("lane_code", "case_id", "is_from_apart").iter_rows()
    ids = [
        case_id if lane == ORDINARY or has_left else hashlib.sha256(f"{lane}|{case_id}".encode()).hexdigest()[:16]
        for lane, case_id, has_left in pairs
    ]
    return flags.with_columns(pl.Series("case_id", ids, dtype=pl.String)).drop("is_from_apart")


def write(run: Run, name: str, frame: pl.DataFrame) -> None:
    """Write rows with lane_code to `flagged.<name>` or, of another lane, to `apart.<name>`."""
    is_ordinary = pl.col("lane_code") == ORDINARY
    run.warehouse.write(TABLES[f"flagged.{name}"], frame.filter(is_ordinary).drop("lane_code"))
    run.warehouse.write(TABLES[f"apart.{name}"], frame.filter(~is_ordinary))


def drop(run: Run, name: str, tonight: pl.DataFrame) -> None:
    """Remove the rows of tonight's holders from both tables of that name, so that tonight's take their place."""
    run.warehouse.execute_with(sql(__file__, f"drop_{name}"), tonight=tonight)
    run.warehouse.execute_with(sql(__file__, f"drop_apart_{name}"), tonight=tonight)
