"""Where cases stand after what people decided: who decided leaves the queue, unless something new was found since.

New is a flag the person did not see, or one whose money has grown by more than a tenth and fifty pounds since.
"""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.warehouse import sql

GROWN_SHARE, GROWN_PENCE = 0.10, 50_00
OPEN = "open"
COLUMNS = ("case_id", "state_code", "is_queued", "decision_code", "decided_by", "decided_at", "due_on", "news")


def untouched() -> list[pl.Expr]:
    """The columns of a case nobody has done anything with."""
    nothing = {"decision_code": pl.String, "decided_by": pl.String, "decided_at": pl.String, "due_on": pl.Date, "news": pl.String}
    return [
        pl.lit(OPEN).alias("state_code"),
        pl.lit(True).alias("is_queued"),
        *(pl.lit(None, dtype=kind).alias(name) for name, kind in nothing.items()),
    ]


def stand(run: Run) -> None:
    """Bring flagged.cases up to date with decided.cases, and rank those in the queue."""
    decided = run.warehouse.frame(sql(__file__, "read_decided"))
    flags = run.warehouse.frame(sql(__file__, "read_case_flags"))
    now = standing(decided, flags)
    run.warehouse.execute_with(sql(__file__, "open_again"), standing_now=now.select("case_id"))
    run.warehouse.execute_with(sql(__file__, "stand_where"), standing_now=now)
    run.warehouse.run(sql(__file__, "rank_cases"))


def standing(decided: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    """COLUMNS of the cases in `decided` (rows of decided.cases). `flags`: case_id, flag_id, title, at_stake_pence of those that stand."""
    new = news(decided, flags)
    is_opened = pl.col("is_closed") & pl.col("titles").is_not_null()
    since = pl.format("New since {} decided: {}.", "decided_by", "titles")
    return (
        decided.join(new, on="case_id", how="left", maintain_order="left")
        .with_columns(
            news=pl.when(pl.col("titles").is_not_null()).then(since),
            due_on=pl.coalesce("due_on", "wake_on"),
            state_code=pl.when(is_opened).then(pl.lit(OPEN)).otherwise("state_code"),
            is_queued=pl.col("is_queued") | is_opened,
        )
        .select(COLUMNS)
    )


def news(decided: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    """case_id and `titles` of what is new in it, for the decided cases that have something new."""
    seen = (
        decided.select("case_id", pl.col("flags_seen").str.split("|").alias("seen"))
        .explode("seen")
        .filter(pl.col("seen").is_not_null() & (pl.col("seen") != ""))
        .select(
            "case_id", flag_id=pl.col("seen").str.extract(r"^(.*):"), seen_pence=pl.col("seen").str.extract(r":(-?\d+)$").cast(pl.Int64)
        )
    )
    # Without a move that changed its state there is nothing to compare with.
    moved = decided.filter(pl.col("decision_code").is_not_null()).select("case_id")
    then, now = pl.col("seen_pence").abs(), pl.col("at_stake_pence").abs()
    has_grown = (now > then * (1 + GROWN_SHARE)) & (now > then + GROWN_PENCE)
    return (
        flags.join(moved, on="case_id", how="semi")
        .join(seen, on=["case_id", "flag_id"], how="left")
        .filter(pl.col("seen_pence").is_null() | has_grown)
        .group_by("case_id")
        .agg(pl.col("title").unique().sort().str.join("; ").alias("titles"))
    )
