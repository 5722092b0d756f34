"""Landed visits to `validated.visits`: one row per shift or visit, its times in minutes of the day it began."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.tables.visits import SIGNED_BY, SOURCES
from phb_audit.validated.reading import code, holder, number, read_days
from phb_audit.validated.steps import Part, Step

DAY_MINUTES = 24 * 60
TIME = r"^\s*([01]?\d|2[0-4])[:.h]?([0-5]\d)(?::\d\d)?\s*$"
SAYS_SAME = {"log": "visit_log", "call_log": "visit_log", "rota": "timesheet"}
SAYS_NOBODY = {"none": "nobody", "unsigned": "nobody", "pa": "assistant", "employee": "assistant", "self": "holder"}


def minutes(text: pl.Expr) -> pl.Expr:
    """Minutes since midnight of '09:30', '9.30' or '0930'; null where it is no time of day."""
    parts = text.str.extract_groups(TIME)
    whole = parts.struct.field("1").cast(pl.Int64, strict=False) * 60 + parts.struct.field("2").cast(pl.Int64, strict=False)
    return pl.when(whole <= DAY_MINUTES).then(whole)


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row. A visit that ends before it begins went past midnight; hours are those of its times, or else those given."""
    source = code(pl.col("source_text")).str.replace_all("[ -]", "_").replace(SAYS_SAME)
    signed = code(pl.col("signed_by_text")).replace(SAYS_NOBODY)
    starts, ends = minutes(pl.col("starts_text")), minutes(pl.col("ends_text"))
    read = read_days(landed, visited_on="visited_on_text").with_columns(starts_minute=starts, ends_minute=ends)
    past = pl.when(pl.col("ends_minute") < pl.col("starts_minute")).then(pl.col("ends_minute") + DAY_MINUTES).otherwise("ends_minute")
    return read.with_columns(ends_minute=past).with_columns(
        visit_id=pl.concat_str(pl.lit("U"), "row_id"),
        holder_id=holder(),
        source_code=pl.when(source.is_in(SOURCES)).then(source),
        employee_id="employee_ref",
        supplier_name="supplier_name_text",
        hours_count=pl.coalesce(((pl.col("ends_minute") - pl.col("starts_minute")) / 60).round(6), number(pl.col("hours_text"))),
        signed_code=pl.when(signed.is_in(SIGNED_BY)).then(signed),
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.visits",
    (Part("validated.visits"),),
    candidates,
    same_row=(
        ("holder_ref", "visited_on_text", "starts_text", "employee_ref?", "supplier_name_text?"),
        ("file_name", "line_number", "visited_on_text"),
    ),
    # No later row takes the place of an earlier one: two carers of one agency come at the same time, and a log does not name them.
    is_optional=True,
    holds_back=True,  # what is missing because it was refused must not be asked for
)
