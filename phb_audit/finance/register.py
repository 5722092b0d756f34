"""The tables of this room by name: how each is worked out of a question. Reports, commands and the export all ask here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.errors import UsageError
from phb_audit.finance import (
    double_running,
    growth,
    joint,
    lines,
    market,
    national_return,
    neutrality,
    outcomes,
    payroll,
    people,
    positions,
    sufficiency,
    unmet,
    unspent,
)
from phb_audit.finance.period import Period
from phb_audit.periods import quarter_ends
from phb_audit.tables import Table, came_of
from phb_audit.tables import finance as tables
from phb_audit.tables import market as market_tables
from phb_audit.tables import people as people_tables
from phb_audit.tables.unmet import UNMET_NEED
from phb_audit.warehouse import Warehouse, sql


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

    @property
    def register(self) -> people.Register:
        """The register of budgets up to the day looked at."""
        return people.Register.read(self.warehouse, self.as_of)

    @property
    def series(self) -> growth.Series:
        """The quarters up to the day looked at."""
        return growth.Series.of(self.register, self.as_of)


def growth_asked(asked: Question) -> pl.DataFrame:
    """finance.growth as asked, with the line of stress that is shipped."""
    first_night = asked.warehouse.frame(sql(__file__, "first_night")).item()
    line = lines.stress()
    return growth.growth(asked.series, first_night, times=line.times, years=line.years)


def return_asked(asked: Question) -> pl.DataFrame:
    """finance.national_return of the last quarter that ended by the day looked at; care groups by the shipped words alone."""
    ended = quarter_ends(asked.as_of, 1)[0]
    nights = asked.warehouse.frame(sql(__file__, "return_nights"))
    code = str(nights["commissioner_code"][0]) if nights.height else ""
    return national_return.returned(people.Register.read(asked.warehouse, ended), ended, code, {})


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
        (market_tables.PAYROLL_COSTS, lambda asked: payroll.payroll_costs(asked.warehouse, asked.period)),
        (market_tables.PROVIDER_SHARE, lambda asked: market.provider_shares(asked.warehouse, asked.period)),
        (market_tables.SERVICE_CUSTOM, lambda asked: market.service_custom(asked.warehouse, asked.period)),
        (market_tables.JOINT_BUDGET, lambda asked: joint.joint_budgets(asked.warehouse, asked.period)),
        (market_tables.JOINT_CLAIM, lambda asked: joint.joint_claims(asked.warehouse, asked.period)),
        (came_of.OUTCOME_CHANGE, lambda asked: outcomes.outcome_change(asked.warehouse, asked.period)),
        (came_of.OUTCOME_SUMMARY, lambda asked: outcomes.summary(outcomes.outcome_change(asked.warehouse, asked.period))),
        (people_tables.PEOPLE, lambda asked: people.people_on(asked.register, asked.as_of)),
        (people_tables.TAKE_UP, lambda asked: people.take_up(asked.register, asked.as_of)),
        (people_tables.GROWTH, growth_asked),
        (people_tables.FORECAST_CHECK, lambda asked: growth.forecast_check(asked.series)),
        (people_tables.NATIONAL_RETURN, return_asked),
        (UNMET_NEED, lambda asked: unmet.unmet_need(asked.warehouse, asked.as_of, limit_weeks=asked.limit_weeks)),
    )
}


def answer(name: str, question: Question) -> pl.DataFrame:
    """The named table, every column as `phb_audit.tables.finance` describes it. Raises UsageError for a name that is none of them."""
    if name not in ANSWERS:
        raise UsageError(f"There is no finance table {name}.", do=f"One of: {', '.join(ANSWERS)}.")
    table, work_out = ANSWERS[name]
    return work_out(question).select(pl.col(column.name).cast(column.dtype) for column in table.columns)
