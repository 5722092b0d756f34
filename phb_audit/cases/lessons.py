"""What people decided as lessons for the classifier: how much each counts, and which are kept back to judge by.

Kept back are decisions of the newest quarter, and nothing of the same person or the same supplier is learned from: a classifier that
only remembers whom it saw must not look as if it understood (docs/explanation/learning.md).
"""

from __future__ import annotations

from datetime import date

import polars as pl

KEPT_BACK_SHARE = 0.25
HALF_LIFE_DAYS = 365
"""A decision counts half as much after a year: shops, prices and plans change."""
COUNTS = {"corrected": 1.0, "imported": 0.8, "confirmed": 0.5}
"""A confirmation may only echo what the screen proposed; a correction cannot."""


def weighed(decided: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The rows of decided.categories with `trust` (above 0, at most 1) and `decided_on`; decisions after `as_of` are left out."""
    days = (pl.lit(as_of) - pl.col("decided_on")).dt.total_days()
    counts = pl.col("provenance_code").replace_strict(COUNTS, return_dtype=pl.Float64)
    return (
        decided.with_columns(decided_on=pl.col("decided_at").str.head(10).str.to_date())
        .filter(pl.col("decided_on") <= as_of)
        .with_columns(trust=(counts * pl.lit(0.5).pow(days / HALF_LIFE_DAYS)).round(6))
    )


def kept_back(decided: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`weighed` decisions as those to learn from and those to judge by: apart by person, by supplier and by time.

    Judged by are the decisions on lines in the newest quarter; an imported name belongs to no person, so it is only learned from.
    """
    ordered = decided.sort("decided_at", "event_number")
    on_lines = ordered.filter(pl.col("provenance_code") != "imported")
    if on_lines.is_empty():
        return ordered, ordered.head(0)
    first = on_lines["event_number"][int(on_lines.height * (1 - KEPT_BACK_SHARE))]
    judged = on_lines.filter(pl.col("event_number") >= first)
    suppliers = judged.filter(pl.col("merchant_words") != "").select("merchant_words").unique()
    taught = (
        ordered.filter((pl.col("event_number") < first) | (pl.col("provenance_code") == "imported"))
        .join(suppliers, on="merchant_words", how="anti")
        .join(judged.select("holder_id").unique(), on="holder_id", how="anti")
        .sort("event_number")
    )
    return taught, judged
