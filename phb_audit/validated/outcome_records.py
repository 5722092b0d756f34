"""Landed outcome records to `validated.outcome_records`: one row per outcome rated, score taken or care used."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.tables.beside import MEASURES
from phb_audit.validated.reading import code, holder, number, read_days
from phb_audit.validated.steps import Part, Step

SAYS_SAME = {
    "outcome": "outcome_met",
    "a&e_visits": "ae_visits",
    "a_and_e_visits": "ae_visits",
    "gp_visits": "gp_contacts",
    "well_being": "wellbeing",
}
MET = {"met": 1.0, "yes": 1.0, "partly": 0.5, "partly met": 0.5, "not met": 0.0, "no": 0.0}


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row. Of an outcome 'met', 'partly' and 'not met' are 1, 0.5 and 0; of anything else only a number counts."""
    measure = code(pl.col("measure_text")).str.replace_all("[ -]", "_").replace(SAYS_SAME)
    said = code(pl.col("value_text")).replace_strict(MET, default=None, return_dtype=pl.Float64)
    read = read_days(landed, from_on="from_on_text", to_on="to_on_text")
    return read.with_columns(
        outcome_record_id=pl.concat_str(pl.lit("Z"), "row_id"),
        holder_id=holder(),
        measure_code=pl.when(measure.is_in(MEASURES)).then(measure),
        instrument="instrument_text",
        outcome_ref="outcome_ref_text",
        value_count=number(pl.col("value_text")),
    ).with_columns(
        value_count=pl.when(pl.col("measure_code") == "outcome_met").then(pl.coalesce(said, "value_count")).otherwise("value_count")
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed)


STEP = Step(
    "landed.outcome_records",
    (Part("validated.outcome_records"),),
    candidates,
    same_row=(("holder_ref", "measure_text", "outcome_ref_text?", "to_on_text"), ("file_name", "line_number", "measure_text")),
    latest_by=("holder_id", "measure_code", "instrument", "outcome_ref", "from_on", "to_on"),
    is_optional=True,
)
