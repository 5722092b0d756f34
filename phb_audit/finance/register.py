"""The tables of this room by name: how each is worked out of a question. Reports, commands and the export all ask here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.errors import UsageError
from phb_audit.finance import double_running, neutrality, positions, sufficiency, unspent
from phb_audit.finance.period import Period
from phb_audit.tables import Table
from phb_audit.tables import finance as tables
from phb_audit.warehouse import Warehouse


@dataclass(frozen=True)
class Question:
    """What is asked: of which warehouse, which days (the last is the day looked at), and the settings that are local policy."""

    warehouse: Warehouse
    period: Period
    limit_weeks: float = unspent.LIMIT_WEEKS

    @property
    def as_of(self) -> date:
        """The day looked at."""
        return self.period.last


Answer = Callable[[Question], pl.DataFrame]

ANSWERS: dict[str, tuple[Table, Answer]] = {
    table.short_name: (table, answer)
    for table, answer in (
        (tables.PERSON_POSITION, lambda asked: positions.by_person(asked.warehouse, asked.period)),
        (tables.CATEGORY_POSITION, lambda asked: positions.by_category(asked.warehouse, asked.period)),
        (tables.OUTCOME_POSITION, lambda asked: positions.by_outcome(asked.warehouse, asked.period)),
        (tables.UNSPENT, lambda asked: unspent.unspent(asked.warehouse, asked.period, limit_weeks=asked.limit_weeks)),
        (tables.SUFFICIENCY, lambda asked: sufficiency.sufficiency(asked.warehouse, asked.as_of)),
        (tables.DOUBLE_RUNNING, lambda asked: double_running.double_running(asked.warehouse, asked.period)),
        (tables.COST_NEUTRALITY, lambda asked: neutrality.cost_neutrality(asked.warehouse, asked.period)),
        (
            tables.NEUTRALITY_BY_TYPE,
            lambda asked: neutrality.by_type(neutrality.cost_neutrality(asked.warehouse, asked.period)),
        ),
    )
}


def answer(name: str, question: Question) -> pl.DataFrame:
    """The named table, every column as `phb_audit.tables.finance` describes it. Raises UsageError for a name that is none of them."""
    if name not in ANSWERS:
        raise UsageError(f"There is no finance table {name}.", do=f"One of: {', '.join(ANSWERS)}.")
    table, work_out = ANSWERS[name]
    return work_out(question).select(pl.col(column.name).cast(column.dtype) for column in table.columns)
