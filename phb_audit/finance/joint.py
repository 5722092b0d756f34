"""Joint budgets: what is health's and what the council's, and receipts that both bodies would count as their own spend.

Money in a joint account is spent in the shares it came in. A receipt paid from it of which the council counts more than its share stands,
for the rest, in both books. That is between the two bodies; the holder sent one receipt for one purchase.
"""

from __future__ import annotations

import polars as pl

from phb_audit.finance import holders
from phb_audit.finance.period import Period
from phb_audit.rules.council_share import IS_SPLIT, above_share, shares
from phb_audit.tables.market import JOINT_BUDGET, JOINT_CLAIM
from phb_audit.warehouse import Warehouse, sql

TOLERANCE_PENCE = 1_00


def joint_claims(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.joint_claim."""
    claims = warehouse.frame(sql(__file__, "council_claims"), period.days)
    receipts = warehouse.frame(sql(__file__, "joint_receipts"))
    likeness = (pl.col("invoice_number") == pl.col("our_invoice")).fill_null(False).cast(pl.Int8) * 2 + (
        pl.col("supplier_name").str.to_lowercase() == pl.col("our_supplier").str.to_lowercase()
    ).fill_null(False).cast(pl.Int8)
    pairs = claims.join(receipts, on=["holder_id", "dated_on", "total_pence"]).with_columns(likeness=likeness)
    best = pairs.sort("claim_id", -pl.col("likeness"), "receipt_id").unique("claim_id", keep="first", maintain_order=True)
    frame = claims.join(best.select("claim_id", "receipt_id", "is_paid_here"), on="claim_id", how="left", maintain_order="left")
    frame = frame.join(shares_of(split(warehouse, period)), on="holder_id", how="left", maintain_order="left")
    return (
        frame.with_columns(pl.col("is_paid_here").fill_null(False), over_pence=above_share())
        .with_columns(is_counted_by_both=((pl.col("over_pence") > TOLERANCE_PENCE) & pl.col("is_paid_here")).fill_null(False))
        .select(JOINT_CLAIM.column_names)
    )


def split(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """Payments in, up to the last day, of holders any of whose payments are split."""
    return warehouse.frame(sql(__file__, "split_instalments"), {"last_on": period.last}).with_columns(is_split=IS_SPLIT)


def shares_of(paid: pl.DataFrame) -> pl.DataFrame:
    """One row per holder: the council's share of all that was ever split."""
    return shares(paid.lazy()).collect()


def joint_budgets(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.joint_budget."""
    paid = split(warehouse, period)
    recent = paid.filter(pl.col("paid_on") >= period.first)
    parts = recent.group_by("holder_id").agg(
        health_pence=pl.col("health_pence").filter("is_split").sum(),
        council_pence=pl.col("council_pence").filter("is_split").sum(),
        not_split_pence=pl.col("amount_pence").filter(~pl.col("is_split")).sum(),
    )
    claims = joint_claims(warehouse, period)
    both = pl.col("is_counted_by_both")
    claimed = claims.group_by("holder_id").agg(
        claims_count=pl.len().cast(pl.Int64),
        claimed_pence=pl.col("claimed_pence").sum(),
        both_count=both.sum().cast(pl.Int64),
        both_pence=pl.col("over_pence").filter(both).sum(),
    )
    everyone = pl.concat([frame.select("holder_id") for frame in (paid, claimed)]).unique().sort("holder_id")
    for part in (parts, claimed, shares_of(paid)):
        everyone = everyone.join(part, on="holder_id", how="left", maintain_order="left")
    counted = [column.name for column in JOINT_BUDGET.columns if not column.nullable and column.name.endswith(("_pence", "_count"))]
    return (
        holders.with_groups(everyone, holders.budget_rows(warehouse), period.last)
        .with_columns(pl.col(counted).fill_null(0), **period.columns)
        .select(JOINT_BUDGET.column_names)
    )
