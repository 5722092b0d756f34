"""Measures by hand: double running against the truth of a made-up world, and how often the interval of a ratio holds the truth.

python -m tests.finance.measure FOLDER [HOLDERS] [SEED]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from phb_audit.assurance.intervals import wilson
from phb_audit.finance.double_running import CHANGE_OVER_DAYS, double_running
from phb_audit.finance.period import Period
from phb_audit.finance.ratios import ratio_interval
from phb_audit.synthetic import make_world
from tests.builders import make_run
from tests.finance.register_world import registers, service_truth

TRUE_RATIO = 0.93


def services(folder: Path, holders: int, seed: int) -> None:
    """Services found paid for twice for longer than the weeks of change, against those that were."""
    world = make_world(holders=holders, months=12, seed=seed, out=folder / "world")
    run = registers(make_run(folder / "run"), folder / "world")
    table = double_running(run.warehouse, Period(world.first_day, world.last_day))
    truth = service_truth(folder / "world")
    both = truth.join(table, on="contract_ref", how="full", coalesce=True).with_columns(pl.col("days", "days_count").fill_null(0))
    long = both.with_columns(is_true=pl.col("days") > CHANGE_OVER_DAYS, is_found=pl.col("days_count") > CHANGE_OVER_DAYS)
    right = long.filter(pl.col("is_true") & pl.col("is_found"))
    for name, of in (("precision", "is_found"), ("recall", "is_true")):
        told = wilson(right.height, long.filter(of).height)
        print(f"{name}: {told.count} of {told.of:.0f}, {told.value}, 95% {told.low:.3f} to {told.high:.3f}")  # noqa: T201
    missed = long.filter(pl.col("is_true") != pl.col("is_found"))
    days = both.select(true=pl.col("days").sum(), found=pl.col("days_count").sum(), off=(pl.col("days") - pl.col("days_count")).abs().sum())
    print(f"services {both.height}; days {days.row(0, named=True)}; wrong: {missed.select('days', 'days_count').rows()}")  # noqa: T201
    run.warehouse.close()


def coverage(times: int = 4_000) -> None:
    """How often the interval holds the ratio it was drawn from: budgets and quotes as uneven as those of care groups."""
    rng = np.random.default_rng(1)
    for n in (5, 10, 20, 60):
        held = unbounded = 0
        for _ in range(times):
            quotes = rng.lognormal(10, 0.7, n)
            costs = quotes * TRUE_RATIO * rng.lognormal(-0.02, 0.2, n)  # a mean of one
            low, high = ratio_interval(pl.Series(costs), pl.Series(quotes))
            unbounded += low is None
            held += low is not None and high is not None and low <= TRUE_RATIO <= high
        told = wilson(held, times - unbounded)
        print(f"n {n}: held {told.value:.3f} ({told.low:.3f} to {told.high:.3f}), without an end {unbounded} of {times}")  # noqa: T201


if __name__ == "__main__":
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    services(Path(sys.argv[1]), size, int(sys.argv[3]) if len(sys.argv) > 3 else 41)
    coverage()
