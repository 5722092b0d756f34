"""Made-up worlds of about so many payment lines, kept below data/bench so that a second run need not make them again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from phb_audit import synthetic
from phb_audit.synthetic.world import LAST_DAY, make_world

BENCH = Path(__file__).resolve().parents[2] / "data" / "bench"
CODE = "QZZ"
SEED = 11
TRIAL_HOLDERS = 150


def world_of(lines: int, *, months: int = 12) -> Path:
    """A world of about `lines` payment lines in so many months; the number of holders comes from a small trial world."""
    trial = made(TRIAL_HOLDERS, months)
    holders = max(1, round(lines * TRIAL_HOLDERS / payment_lines(trial)))
    return made(holders, months)


def made(holders: int, months: int) -> Path:
    """The world of so many holders and months, made now unless it is there."""
    world = BENCH / f"world-{holders}-holders-{months}-months-{maker_version()}"
    if not (world / "truth.csv").is_file():
        half_made = world.with_name(world.name + ".new")
        make_world(holders=holders, months=months, seed=SEED, out=half_made, commissioner_code=CODE, last_day=LAST_DAY)
        half_made.rename(world)
    return world


def maker_version() -> str:
    """First six hex digits of the hash of what makes worlds: a world of another maker is not this one."""
    sources = sorted(path for path in Path(synthetic.__file__).parent.iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:6]


def payment_lines(world: Path) -> int:
    """How many payment lines the world's truth lists."""
    truth = pl.scan_csv(world / "truth.csv", schema_overrides={"subject_code": pl.String}, infer_schema=False)
    return int(truth.filter(pl.col("subject_code") == "payment").select(pl.len()).collect().item())
