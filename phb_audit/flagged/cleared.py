"""flagged.cleared: flags of earlier nights that are no longer found, with what overtook them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from phb_audit.rules.register import Registered
from phb_audit.tables.flagged import ORDINARY

RULE_CHANGED = "The rule or its limits have changed since."
RULE_GONE = "The rule is no longer in use."
# Flags about these things are only found again while the thing itself is within the horizon.
BOUND_BY_HORIZON = ("payment", "receipt", "plan")


def staying(
    earlier: pl.DataFrame, found_ids: pl.Series, rules: Iterable[Registered], held_back: pl.DataFrame, horizon_on: date
) -> pl.DataFrame:
    """Earlier flags (flag_id) that stand as they were: the holder is held back for that rule, or the thing lies before the horizon."""
    waits = [(one.rule.id, feed) for one in rules for feed in one.rule.waits_for]
    waiting = pl.DataFrame(waits, schema={"rule_id": pl.String, "feed_code": pl.String}, orient="row")
    held = held_back.join(waiting, on="feed_code").select("holder_id", "rule_id").unique().with_columns(is_held=pl.lit(True))
    is_old = pl.col("subject_code").is_in(BOUND_BY_HORIZON) & (pl.col("subject_on") < horizon_on)
    return (
        earlier.filter(pl.col("subject_code") != "")
        .filter(~pl.col("flag_id").is_in(found_ids.implode()))
        .join(held, on=["holder_id", "rule_id"], how="left")
        .filter(pl.col("is_held").fill_null(False) | is_old.fill_null(False))
        .select("flag_id")
        .sort("flag_id")
    )


def rows(
    earlier: pl.DataFrame, standing_ids: pl.Series, settled: pl.DataFrame, rules: Iterable[Registered], run_id: str, as_of: date
) -> pl.DataFrame:
    """Rows of flagged.cleared and apart.cleared, with lane_code: earlier flags that do not stand tonight.

    `settled` are tonight's flags an agreed plan item settles.
    """
    known = pl.DataFrame(
        [(one.rule.id, one.version, one.rule.overtaken) for one in rules],
        schema={"rule_id": pl.String, "now_version": pl.String, "overtaken": pl.String},
        orient="row",
    )
    because = (
        pl.when(pl.col("settled_because").is_not_null())
        .then("settled_because")
        .when(pl.col("now_version").is_null())
        .then(pl.lit(RULE_GONE))
        .when(pl.col("rule_version") != pl.col("now_version"))
        .then(pl.lit(RULE_CHANGED))
        .otherwise("overtaken")
    )
    return (
        earlier.filter(~pl.col("flag_id").is_in(standing_ids.implode()))
        .join(known, on="rule_id", how="left")
        .join(settled.select("flag_id", "settled_because"), on="flag_id", how="left")
        .select(
            "flag_id",
            pl.lit(run_id).alias("run_id"),
            pl.lit(as_of).alias("cleared_on"),
            "rule_id",
            "holder_id",
            "payment_id",
            "sentence",
            because.alias("because"),
            "first_run_id",
            "first_flagged_on",
            pl.col("lane_code").ne(ORDINARY).alias("is_restricted"),
            "lane_code",
        )
        .sort("flag_id")
    )
