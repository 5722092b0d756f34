"""What fits in a week's minutes, and what one more hour would find: of the list in its order, with 95% intervals."""

from __future__ import annotations

from typing import Any

import polars as pl

from phb_audit.flagged.stack import Stack, pounds_found
from phb_audit.rules.review_time import ReviewTime
from phb_audit.tables.flagged import CERTAIN

AN_HOUR = 60.0
Pence = tuple[float, float, float]


def next_hour(ordered: pl.DataFrame) -> pl.DataFrame:
    """The cases that one more hour would reach: the first beyond the week's minutes. `ordered`: rows of flagged.ranked in order."""
    beyond = ordered.filter(~pl.col("is_within_minutes") & (pl.col("tier_code") != CERTAIN))
    return beyond.filter(beyond["minutes"].cum_sum() <= AN_HOUR)


def expected(stack: Stack, parts: pl.DataFrame, cases: pl.DataFrame) -> Pence:
    """Pence expected from some cases, with a 95% interval. `parts`: rows of flagged.score_parts."""
    named = parts.filter(pl.col("part_name") != "usual")
    wanted = cases.select("case_id", "at_stake_pence")
    by_case: dict[str, dict[str, float]] = {case_id: {} for case_id in wanted["case_id"]}
    for case_id, name, value in named.select("case_id", "part_name", "value_share").join(wanted, on="case_id", how="semi").iter_rows():
        by_case[case_id][name] = value
    return pounds_found(stack, [(by_case[case_id], pence) for case_id, pence in wanted.iter_rows()])


def reading_time(stack: Stack, parts: pl.DataFrame, ordered: pl.DataFrame, time: ReviewTime) -> dict[str, Any]:
    """A row of flagged.reading_time but for the run."""
    within, more = ordered.filter("is_within_minutes"), next_hour(ordered)
    row: dict[str, Any] = {
        "flagged_minutes": round(time.minutes_a_week * (1 - time.random_share), 6),
        "queue_count": ordered.height,
        "queue_minutes": float(ordered["minutes"].sum()),
    }
    for name, cases in (("within", within), ("more", more)):
        middle, low, high = (int(one) for one in expected(stack, parts, cases))
        row |= {f"{name}_count": cases.height, f"{name}_pence": middle, f"{name}_low_pence": low, f"{name}_high_pence": high}
    return row
