"""Measures of what the flags miss, from purchases drawn by chance among those without one, read without reasons and decided by people."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from phb_audit.assurance import missed_command
from phb_audit.assurance.missed import missed
from phb_audit.assurance.missed_command import with_fates
from phb_audit.tables.measures import Measure, measures_frame
from phb_audit.warehouse import Warehouse, sql

measure = partial(Measure, question="Do the rules earn their keep?", source="assurance/missed.py")
AS_OF = "up to the day of the night, whatever the period"
READ = measure(
    "missed.read",
    title="Purchases without a flag, read and decided",
    definition=f"Drawings of purchases without a flag, by chance and by the pound, that people have decided, out of all drawings; {AS_OF}",
    unit_code="share",
    numerator_words="drawings decided",
    denominator_words="drawings",
    small_number_code="free",  # how far our own reading has come
)
POUNDS = measure(
    "missed.pounds",
    title="Missed by the flags",
    definition=f"What the drawings not agreed to by two people stand for, of all money without a flag that was drawn from; {AS_OF}",
    unit_code="pence",
    numerator_words="pence not agreed to, estimated",
)
AT_MOST = measure(
    "missed.at_most",
    title="Missed by the flags, at most",
    definition=f"What the money missed does not exceed, with 95% confidence (Fay and Feuer's upper limit, one-sided); {AS_OF}",
    unit_code="pence",
    numerator_words="pence not exceeded",
)


def measures(warehouse: Warehouse, first_on: date, last_on: date) -> pl.DataFrame:
    """Rows of tables.measures; none where nothing was ever drawn."""
    draws = warehouse.frame(sql(str(Path(missed_command.__file__)), "drawn_draws"))
    if draws.is_empty():
        return measures_frame([])
    states = warehouse.frame("SELECT case_id, state_code, is_closed FROM decided.cases")
    told = missed(with_fates(draws, states))
    money, hits = told.estimate, told.missed
    return measures_frame(
        [
            READ.row(first_on, last_on, numerator=told.decided, denominator=told.draws),
            POUNDS.row(first_on, last_on, numerator=money.pence, interval=(money.low, money.high), n=hits),
            AT_MOST.row(first_on, last_on, numerator=money.at_most, n=hits),
        ]
    )
