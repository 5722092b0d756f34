"""Which version of the plan was in force on the day a payment was made."""

from __future__ import annotations

import polars as pl

IN_FORCE = ("approved", "superseded")
FAR_OFF = pl.date(2100, 1, 1)


def latest(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per key: the one a later night (or a later line of the same night) brought."""
    return rows.sort(key, "run_id", "line_number").unique(key, keep="last", maintain_order=True)


def live(plans: pl.DataFrame) -> pl.DataFrame:
    """Versions that were ever in force: approved or superseded; where no status is given, signed off. Drafts never."""
    signed = pl.col("status_code").is_null() & pl.col("approved_on").is_not_null()
    return plans.filter(pl.col("status_code").is_in(IN_FORCE) | signed)


def version_in_force(days: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """One row per holder and day of `days` (`holder_id, paid_on`), with `plan_version_id` (null where none) and `has_any_plan`.

    The first and the last day of a version are days in force. Of several versions in force the one that took effect last wins, and of
    these the highest version number. `plans` holds one row a version, drafts too: they count only for `has_any_plan`.
    """
    spans = live(plans).select("holder_id", "plan_version_id", "effective_from_on", "effective_to_on", "version")
    covering = (
        days.join(spans, on="holder_id")
        .filter((pl.col("effective_from_on") <= pl.col("paid_on")) & (pl.col("paid_on") <= pl.col("effective_to_on").fill_null(FAR_OFF)))
        .sort("holder_id", "paid_on", "effective_from_on", "version", "plan_version_id")
        .unique(["holder_id", "paid_on"], keep="last", maintain_order=True)
        .select("holder_id", "paid_on", "plan_version_id")
    )
    planned = plans.select("holder_id", has_any_plan=pl.lit(True)).unique()
    return (
        days.join(covering, on=["holder_id", "paid_on"], how="left")
        .join(planned, on="holder_id", how="left")
        .with_columns(pl.col("has_any_plan").fill_null(False))
    )


def later_versions(payments: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """One row per payment and version that took effect after the day it was paid; `payments` carries `holder_id, paid_on`."""
    spans = live(plans).select("holder_id", "effective_from_on", later_version_id="plan_version_id")
    return payments.join(spans, on="holder_id").filter(pl.col("effective_from_on") > pl.col("paid_on"))
