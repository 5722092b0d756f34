"""The stage `watched`: rates by group after each night, and the stop rule for what decisions taught.

Where the alarm sounds for questions, or for questions in vain, every weight that decisions raised and that falls on the group is put
back where it started, from the next night on and for as long as the alarm sounds. No person has to notice first.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from phb_audit.assurance.fairness import SCHEMA, group_rates, parts_to_stop
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables.watched import GROUP_RATES, MEASURES, STOPPED_PARTS
from phb_audit.warehouse import sql

STAGE = "watched"
DAYS = 400


def build(run: Run) -> StageTotals:
    """Write tonight's watched.group_rates and .stopped_parts; the books count the purchases that were looked at."""
    lines = run.warehouse.frame(sql(__file__, "flagged_lines"), {"from_on": run.as_of - timedelta(days=DAYS)})
    parts = [
        group_rates(lines.with_columns(counted=pl.col(f"{measure}_count"))).with_columns(pl.lit(measure).alias("measure_code"))
        for measure in MEASURES
    ]
    rates = pl.concat(parts).with_columns(pl.lit(run.run_id).alias("run_id"))
    stopped = stops(run, rates)
    with run.warehouse.transaction():
        run.warehouse.replace_run(GROUP_RATES, run.run_id, rates.select("run_id", "measure_code", *SCHEMA))
        run.warehouse.replace_run(STOPPED_PARTS, run.run_id, stopped)
    totals = _books(lines, rates)
    run.keep_books(totals)
    return totals


def stops(run: Run, rates: pl.DataFrame) -> pl.DataFrame:
    """Rows of watched.stopped_parts."""
    alarmed = rates.filter(pl.col("is_alarm") & pl.col("measure_code").is_in(["asked", "in_vain"]))["group_code"].unique().sort().to_list()
    weights = run.warehouse.frame(sql(__file__, "weights_tonight"), {"run_id": run.run_id})
    names = parts_to_stop(alarmed, weights, run.warehouse.frame(sql(__file__, "parts_by_group"))) if alarmed else []
    rows = [(run.run_id, name, "|".join(alarmed)) for name in names]
    return pl.DataFrame(rows, schema=STOPPED_PARTS.polars_schema, orient="row")


def _books(lines: pl.DataFrame, rates: pl.DataFrame) -> StageTotals:
    told = int(rates.filter(pl.col("measure_code") == "asked")["lines_count"].sum())
    every = int(lines["lines_count"].sum())
    return StageTotals(
        STAGE,
        (
            Total("in", "purchases of the last 400 days", every, 0),
            Total("out", "in groups large enough to be told", told, 0),
            Total("out", "in smaller groups", every - told, 0),
        ),
    )
