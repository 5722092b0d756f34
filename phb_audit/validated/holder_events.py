"""Landed holder events to `validated.holder_events`: one row per event in a holder's care."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.free_text import masked
from phb_audit.validated.reading import code, holder, read_days
from phb_audit.validated.steps import Part, Step

EVENTS = ("admission", "absence", "death", "suspension", "end_of_eligibility", "review", "financial_audit", "proposal")


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row. An event that is not known is null."""
    event = code(pl.col("event_text")).str.replace_all("[ -]", "_")
    read = read_days(masked(landed, "detail_text"), from_on="from_on_text", to_on="to_on_text", noted_on="noted_on_text")
    return read.with_columns(
        event_id=pl.concat_str(pl.lit("V"), "row_id"),
        holder_id=holder(),
        event_code=pl.when(event.is_in(EVENTS)).then(event),
        detail="detail_text",
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.holder_events",
    (Part("validated.holder_events"),),
    candidates,
    same_row=(
        ("holder_ref", "event_text", "from_on_text"),
        ("holder_ref", "event_text", "noted_on_text"),
        ("file_name", "line_number", "event_text", "from_on_text"),
    ),
    latest_by=("holder_id", "event_code", "from_on"),
    holds_back=True,  # what is missing because it was refused must not be asked for
)
