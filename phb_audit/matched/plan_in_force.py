"""Which version of the plan was in force on the day a payment was made."""

from __future__ import annotations

import polars as pl

IN_FORCE = ("approved", "superseded")


def latest(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per key: the one a later night (or a later line of the same night) brought."""
    if rows[key].n_unique() == rows.height:
        return rows
    return rows.sort(key, "run_id", "line_number").unique(key, keep="last", maintain_order=True)


def live(plans: pl.DataFrame) -> pl.DataFrame:
    """Versions that were ever in force: approved or superseded; where no status is given, signed off. Drafts never."""
    signed = pl.col("status_code").is_null() & pl.col("approved_on").is_not_null()
    return plans.filter(pl.col("status_code").is_in(IN_FORCE) | signed)


def version_in_force(payments: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """One row per payment (`pay_idx, holder_idx, paid_on`): `plan_version_id`, null where none was in force, and `has_any_plan`.

    The first and the last day of a version are days in force. Of several versions in force the one that took effect last wins, and of
    these the highest version number. `plans` holds one row a version, drafts too: they count only for `has_any_plan`.
    """
    spans = (
        live(plans)
        .select("holder_idx", "plan_version_id", "effective_from_on", "effective_to_on", "version")
        .sort("effective_from_on", "version", "plan_version_id")
    )
    covers = (pl.col("paid_on") <= pl.col("effective_to_on")).fill_null(True) & pl.col("plan_version_id").is_not_null()
    newest = (
        payments.select("pay_idx", "holder_idx", "paid_on")
        .sort("paid_on")
        .join_asof(spans, left_on="paid_on", right_on="effective_from_on", by="holder_idx", check_sortedness=False)
    )
    found = newest.filter(covers)
    # The newest version had ended: an older one may still be running.
    ended = newest.filter(~covers & pl.col("plan_version_id").is_not_null()).select("pay_idx", "holder_idx", "paid_on")
    older = (
        ended.join(spans, on="holder_idx")
        .filter((pl.col("effective_from_on") <= pl.col("paid_on")) & covers)
        .sort("pay_idx", "effective_from_on", "version", "plan_version_id")
        .unique("pay_idx", keep="last", maintain_order=True)
    )
    versions = pl.concat([part.select("pay_idx", "plan_version_id") for part in (found, older)])
    planned = plans.select("holder_idx", has_any_plan=pl.lit(True)).unique()
    return (
        payments.select("pay_idx", "holder_idx")
        .join(versions, on="pay_idx", how="left")
        .join(planned, on="holder_idx", how="left")
        .select("pay_idx", "plan_version_id", pl.col("has_any_plan").fill_null(False))
        .sort("pay_idx")
    )


def later_versions(payments: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """One row per payment and version that took effect after the day it was paid: `pay_idx, plan_version_id`."""
    spans = live(plans).select("holder_idx", "effective_from_on", "plan_version_id")
    after = payments.select("pay_idx", "holder_idx", "paid_on").join(spans, on="holder_idx")
    return after.filter(pl.col("effective_from_on") > pl.col("paid_on")).select("pay_idx", "plan_version_id")
