"""When a holder's budget came to its end: by death, end of eligibility, or the end of the last budget."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, shared

DEATH, ENDED = "death", "ended"


@shared
def budget_ends(spending: Spending) -> pl.LazyFrame:
    """One row per holder whose budget has ended: stopped_on (the first of death, end of eligibility, last budget's end) and ended_code."""
    events = spending.events.filter(pl.col("event_code").is_in(["death", "end_of_eligibility"])).select(
        "holder_id", stopped_on="from_on", ended_code=pl.when(pl.col("event_code") == "death").then(pl.lit(DEATH)).otherwise(pl.lit(ENDED))
    )
    budgets = (
        spending.budgets.group_by("holder_id")
        .agg(pl.col("ends_on").max().alias("stopped_on"), pl.col("ends_on").is_null().any().alias("is_open"))
        .filter(~pl.col("is_open") & (pl.col("stopped_on") < spending.as_of))
        .select("holder_id", "stopped_on", ended_code=pl.lit(ENDED))
    )
    # A death explains an end recorded later: its day and its tone come first.
    both = pl.concat([events, budgets]).sort("holder_id", "ended_code", "stopped_on")
    return both.group_by("holder_id", maintain_order=True).agg(pl.col("stopped_on").min(), pl.col("ended_code").first())
