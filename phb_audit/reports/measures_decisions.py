"""Measures of what people decided and how long they took: our own delay first. What is for one reader alone is in none of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from phb_audit.reports.measures_settings import Chosen
from phb_audit.reports.measures_spending import group_label, interval_of
from phb_audit.reports.months import months_to
from phb_audit.tables.measures import WHOLE, Measure, measures_frame
from phb_audit.warehouse import Warehouse, sql

Row = dict[str, Any]
Group = tuple[str, str, str]
measure = partial(Measure, source="reports/measures_decisions.sql")
DECIDED = "items decided"

CLOSED = measure("decisions.count", "Do we decide in time?", "Items decided", "Items agreed or not agreed in the period", "count", DECIDED)
IN_TIME = measure(
    "decisions.in_time",
    "Do we decide in time?",
    "Decided in time",
    "Items decided in the period within the days allowed from the night that raised them, the second check included",
    "share",
    "items decided in time",
    denominator_words=DECIDED,
    target_code="at_least",
)
DAYS = measure(
    "decisions.median_days",
    "Do we decide in time?",
    "Median days to decide",
    "From the night that raised an item to the day it was agreed or not agreed, the second check included",
    "days",
    "",
    target_code="at_most",
)
AGREED = measure(
    "decisions.agreed",
    "Do the rules earn their keep?",
    "Agreed on review",
    "Items decided in the period that were agreed: the purchase stands",
    "share",
    "items agreed",
    denominator_words=DECIDED,
)
NOT_AGREED_POUNDS = measure(
    "decisions.not_agreed_pounds",
    "What comes of it?",
    "Value not agreed",
    "Pounds in question of the items not agreed in the period, after the second check; each payment once, with no more than was paid",
    "pence",
    "pence not agreed",
)
SENT_BACK = Measure(
    "decisions.sent_back",
    "Is like decided alike?",
    "Sent back at the second check",
    "Proposals not to agree that the second person sent back in the period",
    "share",
    "proposals sent back",
    "reports/measures_checks.sql",
    denominator_words="proposals checked",
)
WAITING = Measure(
    "queue.waiting",
    "Do we decide in time?",
    "Items waiting for a decision",
    "Items about spending in the queue on the day of the night, whenever they were raised",
    "count",
    "items waiting",
    "reports/measures_waiting.sql",
)
LATE = Measure(
    "queue.late",
    "Do we decide in time?",
    "Items waiting too long",
    "Items in the queue for longer than the days allowed",
    "share",
    "items waiting too long",
    "reports/measures_waiting.sql",
    denominator_words="items waiting",
    target_code="at_most",
)
RULE_ITEMS = Measure(
    "rules.items",
    "Where do items come from?",
    "Items by reason",
    "Items of the period that a rule has a flag in",
    "count",
    "items",
    "reports/measures_rules.sql",
)
EXCEPTIONS = Measure(
    "learning.exceptions",
    "What did we learn?",
    "Exceptions agreed",
    "Agreed exceptions recorded in the period",
    "count",
    "exceptions agreed",
    "reports/measures_learned.sql",
)
PLANS = Measure(
    "learning.plans",
    "What did we learn?",
    "Plans to bring up to date",
    "Items agreed in the period with the plan to be brought up to date at its next review",
    "count",
    "plans to bring up to date",
    "reports/measures_learned.sql",
)
GROUPS = {"holding": "holding_code", "care_group": "care_group_code", "age_band": "age_band"}


def measures(warehouse: Warehouse, first_on: date, last_on: date, *, picked: Chosen, as_of: date) -> pl.DataFrame:
    """Rows of tables.measures for the period, its groups, the months up to it, and the queue as it stands."""
    return measures_frame([*_decided(warehouse, first_on, last_on, picked), *_rest(warehouse, first_on, last_on, picked, as_of)])


def _decided(warehouse: Warehouse, first_on: date, last_on: date, picked: Chosen) -> Iterator[Row]:
    series = months_to(last_on, picked.charts.months)
    days = {"series_on": min(series[0][0], first_on), "last_on": last_on}
    closed = warehouse.frame(sql(__file__, "measures_decisions"), days).with_columns(
        days=(pl.col("closed_on") - pl.col("first_flagged_on")).dt.total_days().clip(lower_bound=0)
    )
    period = closed.filter(pl.col("closed_on") >= first_on)
    within = picked.charts.decide_within_days
    yield from _of(period, first_on, last_on, within)
    for code, column in GROUPS.items():
        for (key,), part in period.sort(column).group_by(column, maintain_order=True):
            yield _agreed(part, first_on, last_on, (code, str(key), group_label(code, str(key))))
    for rule_id in sorted({one for rules in period["rule_ids"] for one in rules.split("|") if one}):
        part = period.filter(pl.col("rule_ids").str.split("|").list.contains(rule_id))
        yield _agreed(part, first_on, last_on, ("rule", rule_id, rule_id))
    for first, last, label in series:
        part = closed.filter(pl.col("closed_on").is_between(first, last))
        yield from _of(part, first, last, within, ("month", f"{first:%Y-%m}", label))


def _of(part: pl.DataFrame, first_on: date, last_on: date, within: int, group: Group = (WHOLE, "", "")) -> Iterator[Row]:
    """The measures of some closed items."""
    in_time, refused = part.filter(pl.col("days") <= within).height, part.filter(state_code="not_agreed")
    median = part["days"].median() if part.height else None
    yield CLOSED.row(first_on, last_on, numerator=part.height, group=group)
    yield IN_TIME.row(
        first_on, last_on, numerator=in_time, denominator=part.height, interval=interval_of(IN_TIME, in_time, part.height), group=group
    )
    yield DAYS.row(first_on, last_on, value=float(median) if isinstance(median, int | float) else None, n=part.height, group=group)
    yield _agreed(part, first_on, last_on, group)
    pence = once(refused) if part.height else None  # where nothing was decided, nothing was found to be nothing
    yield NOT_AGREED_POUNDS.row(first_on, last_on, numerator=pence, n=refused.height, group=group)


def once(cases: pl.DataFrame) -> int:
    """The pence in question of some cases, each payment once."""
    parts = cases.select("abouts", "pences").explode("abouts", "pences")
    return int(parts.group_by("abouts").agg(pl.col("pences").max())["pences"].sum())


def _agreed(part: pl.DataFrame, first_on: date, last_on: date, group: Group) -> Row:
    agreed = part.filter(state_code="agreed").height
    return AGREED.row(
        first_on, last_on, numerator=agreed, denominator=part.height, interval=interval_of(AGREED, agreed, part.height), group=group
    )


def _rest(warehouse: Warehouse, first_on: date, last_on: date, picked: Chosen, as_of: date) -> Iterator[Row]:
    period = {"first_on": first_on, "last_on": last_on}
    checks, back = warehouse.frame(sql(__file__, "measures_checks"), period).row(0)
    yield SENT_BACK.row(first_on, last_on, numerator=back, denominator=checks, interval=interval_of(SENT_BACK, back, checks))
    queue = {"as_of": as_of, "days": picked.charts.decide_within_days}
    waiting, late, _ = warehouse.frame(sql(__file__, "measures_waiting"), queue).row(0)
    yield WAITING.row(first_on, last_on, numerator=waiting)
    yield LATE.row(first_on, last_on, numerator=late, denominator=waiting, interval=interval_of(LATE, late, waiting))
    for rule_id, title, _, cases in warehouse.frame(sql(__file__, "measures_rules"), period).iter_rows():
        yield RULE_ITEMS.row(first_on, last_on, numerator=cases, group=("rule", rule_id, f"{title} ({rule_id})"))
    exceptions, plans = warehouse.frame(sql(__file__, "measures_learned"), period).row(0)
    yield EXCEPTIONS.row(first_on, last_on, numerator=exceptions)
    yield PLANS.row(first_on, last_on, numerator=plans)
