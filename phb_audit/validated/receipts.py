"""Landed receipts to `validated.receipts` and `validated.receipt_lines`: a landed row is a line, or a receipt without lines."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.free_text import masked
from phb_audit.validated.reading import holder, is_yes, number, read_days, read_pence
from phb_audit.validated.steps import Part, Step
from phb_audit.warehouse import sql

NAMING = ("holder_id", "receipt_ref", "invoice_number", "dated_on", "total_pence")  # what makes two rows one receipt's


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row; `is_line` tells lines from receipts that came without any. Not yet: `receipt_id`."""
    read = read_pence(
        masked(landed, "line_description_text"), total_pence="total_text", vat_pence="vat_text", line_total_pence="line_total_text"
    )
    read = read_days(read, dated_on="dated_on_text", received_on="received_on_text")
    return read.with_columns(
        receipt_line_id=pl.concat_str(pl.lit("L"), "row_id"),
        holder_id=holder(),
        receipt_ref="receipt_ref_text",
        supplier_name="supplier_name_text",
        invoice_number="invoice_number_text",
        image_hash="image_hash_text",
        picture_mark="picture_mark_text",
        numbers_mark="numbers_mark_text",
        is_readable=is_yes(pl.col("readable_text").fill_null("yes")),
        description="line_description_text",
        quantity_count=number(pl.col("quantity_text")),
        is_line=pl.col("line_description_text").is_not_null() | pl.col("line_total_text").is_not_null(),
    )


def with_lines_difference(receipts: pl.DataFrame) -> pl.DataFrame:
    """Adds `lines_difference_pence`: total less the sum of its lines, on the receipt's first row; null where a line has no total."""
    lines = receipts.select(
        "receipt_id", "total_pence", "line_total_pence", is_priced=pl.col("is_line") & pl.col("line_total_pence").is_not_null()
    ).with_row_index("place")
    first = lines.group_by("receipt_id").agg(
        pl.first("place"),
        pl.all("is_priced"),
        difference=pl.first("total_pence") - pl.sum("line_total_pence"),
    )
    told = first.filter("is_priced")
    nothing = pl.Series([None], dtype=pl.Int64).new_from_index(0, receipts.height)
    return receipts.with_columns(lines_difference_pence=nothing.scatter(told["place"], told["difference"]))


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows with `receipt_id`, and the difference between the total and its lines."""
    read = typed(landed)
    ids = run.warehouse.frame(sql(__file__, "receipt_ids"), typed_receipts=read.select(NAMING))
    return with_lines_difference(read.with_columns(ids["receipt_id"]))


STEP = Step(
    "landed.receipts",
    (Part("validated.receipts", once_by="receipt_id"), Part("validated.receipt_lines", where="is_line")),
    candidates,
    same_row=(("receipt_ref_text", "line_text?", "line_description_text?"), ("receipt_ref_text", "line_text", "supplier_name_text?")),
    holds_back=True,  # what is missing because it was refused must not be asked for
)
