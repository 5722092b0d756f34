"""Landed support records to `validated.support_records`: one row per paper that somebody has seen."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.tables.support import ABOUT, RECORDS
from phb_audit.validated.reading import code, holder, read_days
from phb_audit.validated.steps import Part, Step

SAYS_SAME = {"employer's_liability": "employers_liability", "employers'_liability": "employers_liability"}


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row. A kind of paper that is not known is null."""
    kind = code(pl.col("record_kind_text")).str.replace_all("[ -]", "_").replace(SAYS_SAME)
    about = code(pl.col("about_text"))
    read = read_days(landed, valid_from_on="valid_from_on_text", valid_until_on="valid_until_on_text", seen_on="seen_on_text")
    return read.with_columns(
        record_id=pl.concat_str(pl.lit("D"), "row_id"),
        holder_id=holder(),
        record_code=pl.when(kind.is_in(RECORDS)).then(kind),
        about_code=pl.when(about.is_in(ABOUT)).then(about),
        employee_id="employee_ref",
        supplier_name="supplier_name_text",
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.support_records",
    (Part("validated.support_records"),),
    candidates,
    same_row=(
        ("holder_ref", "record_kind_text", "employee_ref?", "supplier_name_text?", "valid_from_on_text"),
        ("file_name", "line_number", "record_kind_text"),
    ),
    latest_by=("holder_id", "record_code", "employee_id", "person_ref", "supplier_name", "valid_from_on"),
    is_optional=True,
    holds_back=True,  # what is missing because it was refused must not be asked for
)
