"""Receipts that are one paper: by the image, or by supplier, number, date and total together; across every holder."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.payees import business_key
from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse, sql

RECEIPTS = TABLES["matched.receipts"]


def sameness(receipts: pl.DataFrame) -> pl.DataFrame:
    """The receipts with `paper_text`, what they are known by: the image's hash, else supplier, number, date and total when all are there.

    Null where the paper says too little to be told from another.
    """
    names = receipts.select("supplier_name").unique().with_columns(supplier_said=business_key(pl.col("supplier_name")))
    receipts = receipts.join(names, on="supplier_name", how="left", nulls_equal=True, maintain_order="left")
    parts = [
        pl.col("supplier_said"),
        pl.col("invoice_number").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "").str.strip_chars_start("0"),
    ]
    said = pl.all_horizontal(part.str.len_chars() > 0 for part in parts) & pl.col("dated_on").is_not_null()
    printed = pl.concat_str(
        pl.lit("printed"), *parts, pl.col("dated_on").cast(pl.String), pl.col("total_pence").cast(pl.String), separator="|"
    )
    image = pl.col("image_hash").str.strip_chars().str.to_lowercase()
    seen = pl.when(image.str.len_chars() > 0).then(pl.concat_str(pl.lit("image"), image, separator="|"))
    return receipts.with_columns(paper_text=pl.coalesce(seen, pl.when(said).then(printed)))


def match_receipts(warehouse: Warehouse, receipts: pl.DataFrame, payments: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """matched.receipts of the receipts that are open or (now or before) beside one of these payments, sorted by id.

    The counts stand at 1 until `count_papers` has seen every holder.
    """
    beside = payments.select("receipt_id", "payment_id").drop_nulls()
    receipts = receipts.filter(pl.col("is_open") | pl.col("was_taken") | pl.col("receipt_id").is_in(beside["receipt_id"].implode()))
    known = warehouse.frame(
        sql(__file__, "paper_ids"),
        papers_now=sameness(receipts).select("receipt_id", "paper_text"),
    )
    once = pl.lit(1, dtype=pl.Int64)
    return (
        receipts.select("receipt_id", "holder_id")
        .join(known, on="receipt_id", how="left")
        .join(beside, on="receipt_id", how="left")
        .with_columns(run_id=pl.lit(run_id), times_used_count=once, holders_count=once, is_alike=pl.lit(False))
        .sort("receipt_id")
        .select(RECEIPTS.column_names)
    )


def count_papers(run: Run) -> None:
    """Fill `times_used_count` and `holders_count` of every receipt that shares its paper with a receipt matched tonight.

    Receipts of holders not touched tonight keep everything else, their `run_id` too: a paper that another holder has sent again
    is used twice for both.
    """
    run.warehouse.run(sql(__file__, "count_papers"), {"run_id": run.run_id})
