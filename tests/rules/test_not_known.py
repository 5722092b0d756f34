"""What a sender left out never stops a night: a rule that does not know something finds nothing there, or a day and a sum with it."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.rules.example import AS_OF, Example
from phb_audit.rules.register import Registered, shipped_rules
from phb_audit.rules.spending import FRAMES, Spending
from phb_audit.tables import TABLES
from phb_audit.tables.flagged import FINDINGS

RULES = shipped_rules()
# Where the columns of a frame are described; those of other frames always hold a value unless their statement says otherwise.
TABLES_OF = {
    "payments": ("matched.payments",),
    "receipts": ("validated.receipts", "matched.receipts"),
    "receipt_lines": ("validated.receipt_lines", "classified.receipt_lines"),
    "events": ("validated.holder_events",),
    "accounts": ("matched.accounts",),
    "feeds": ("landed.feeds",),
} | {name: (f"validated.{name}",) for name in FRAMES if f"validated.{name}" in TABLES}
OF_RECEIPT_LINES = {"payment_id", "dated_on"}
NEEDED = [
    column.name
    for column in FINDINGS.columns
    if not column.nullable and column.name in ("holder_id", "subject_id", "subject_on", "at_stake_pence")
]


def may_be_absent(frame: str, column: str) -> bool:
    told = [TABLES[table].column(column).nullable for table in TABLES_OF.get(frame, ()) if column in TABLES[table].column_names]
    return any(told) or (frame == "receipt_lines" and column in OF_RECEIPT_LINES) or (frame == "payments" and column == "reference")


def without(example: Example, frame: str, column: str) -> Spending:
    """The example's spending with nothing in one column of one frame."""
    frames = {name: shown.collect() for name, shown in example.spending().frames().items()}
    frames[frame] = frames[frame].with_columns(pl.lit(None, dtype=FRAMES[frame][column]).alias(column))
    return Spending.of(AS_OF, frames)


def cases(one: Registered) -> list[tuple[Example, str, str]]:
    found = [example for example in one.rule.examples if example.flags]
    return [
        (example, frame, column)
        for example in found
        for frame, rows in example.rows.items()
        if rows
        for column in FRAMES[frame]
        if may_be_absent(frame, column)
    ]


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.rule.id)
def test_what_is_found_has_a_day_and_a_sum_whatever_was_left_out(one: Registered) -> None:
    nameless = []
    for example, frame, column in cases(one):
        rows = one.find(without(example, frame, column), **{**one.limits, **example.limits}).filter("is_found").collect()
        empty = [name for name in NEEDED if rows[name].null_count()]
        nameless += [f"{example.says}: without {frame}.{column} there is no {name}" for name in empty]
    assert not nameless, "\n".join(nameless)
