"""flagged.suppressed: what a rule found and an agreed plan item, or an agreed exception, settles.

Never the never-list, evidence, transfers to oneself, or pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from phb_audit.flagged.excepted import FAMILIES, is_read_again
from phb_audit.rules.register import Registered
from phb_audit.sentences import filled_in


@dataclass(frozen=True)
class Sorted:
    """`standing`: flags to put before a person. `settled`: flags an agreed plan item settles, with settled_by and settled_because."""

    standing: pl.DataFrame
    settled: pl.DataFrame


def sorted_out(flags: pl.DataFrame, rules: Sequence[Registered]) -> Sorted:
    """Split flags by whether a settling rule found the same payment. Findings of settling rules themselves (severity 0) go no further.

    What a rule marked `never_settled` found stands whatever was agreed, and so does a worry about the person's safety.
    """
    settling = {one.rule.id: one.rule.settles for one in rules if one.rule.settles}
    pairs = pl.DataFrame(
        [(rule, family) for rule, families in settling.items() for family in families],
        schema={"by": pl.String, "family_code": pl.String},
        orient="row",
    )
    agreed = (
        flags.filter(pl.col("rule_id").is_in(list(settling)))
        .select(
            "payment_id", pl.col("rule_id").alias("by"), pl.col("sentence").alias("settled_because"), pl.col("plan_line_id").alias("line")
        )
        .drop_nulls("payment_id")
        .join(pairs, on="by")
        .sort("payment_id", "family_code", "by")
        .unique(["payment_id", "family_code"], keep="first", maintain_order=True)
    )
    lasting = [one.rule.id for one in rules if one.rule.never_settled]
    others = flags.filter(~pl.col("rule_id").is_in(list(settling)))
    joined = others.join(agreed, on=["payment_id", "family_code"], how="left", maintain_order="left").with_columns(
        pl.when(~pl.col("rule_id").is_in(lasting) & ~pl.col("is_safeguarding")).then("by").alias("by")
    )
    settled_by = filled_in("{} {}", pl.col("by"), pl.col("line").fill_null("")).str.strip_chars()
    return Sorted(
        joined.filter(pl.col("by").is_null()).drop("by", "settled_because", "line"),
        joined.filter(pl.col("by").is_not_null()).with_columns(settled_by=settled_by).drop("by", "line"),
    )


def with_exceptions(split: Sorted, excepted: pl.DataFrame, rules: Sequence[Registered]) -> Sorted:
    """Settle also what an agreed exception covers; say so where its cap is passed. `excepted`: as excepted.excepted gives it."""
    lasting = [one.rule.id for one in rules if one.rule.never_settled]
    can_be = pl.col("family_code").is_in(FAMILIES) & ~pl.col("rule_id").is_in(lasting) & ~pl.col("is_safeguarding")
    joined = split.standing.join(excepted, on="payment_id", how="left", maintain_order="left").with_columns(
        is_within=(can_be & ~pl.col("is_beyond")).fill_null(False), is_past=(can_be & pl.col("is_beyond")).fill_null(False)
    )
    asked = pl.when("is_past").then(filled_in("{} {}", "sentence", "because")).otherwise("sentence")
    added = ("exception_id", "is_beyond", "because", "is_within", "is_past")
    settled = joined.filter("is_within").with_columns(
        settled_by="exception_id", settled_because=filled_in("Unusual, agreed. {}", "because")
    )
    return Sorted(
        joined.filter(~pl.col("is_within")).with_columns(asked.alias("sentence")).drop(added),
        pl.concat([split.settled, settled.drop(added).select(split.settled.columns)]),
    )


def rows(settled: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Rows of flagged.suppressed."""
    words = filled_in("{} {}", "settled_because", "sentence")
    return settled.select(
        "flag_id",
        pl.lit(run_id).alias("run_id"),
        "rule_id",
        "holder_id",
        "payment_id",
        "settled_by",
        words.alias("sentence"),
        is_read_again().alias("is_read_again"),
    ).sort("flag_id")
