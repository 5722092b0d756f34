"""Measures of money, from finance's frames: budgets against spend, what it went on, what stands unspent, budgets too small for plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from phb_audit.finance import positions
from phb_audit.finance.period import Period
from phb_audit.finance.sufficiency import sufficiency
from phb_audit.finance.unspent import unspent
from phb_audit.reports.measures_spending import interval_of
from phb_audit.tables.measures import Measure, measures_frame
from phb_audit.warehouse import Warehouse

Row = dict[str, Any]
measure = partial(Measure, source="finance/positions.py")
SPEND = "pence of spend"

BUDGET = measure(
    "money.budget", "Under or over?", "Budgets of the period", "Budgets of everyone, pro rata by day", "pence", "pence of budget"
)
SHARE = measure(
    "money.spent_share",
    "Under or over?",
    "Spend against budgets",
    "Spend of people with a budget on file, out of their budgets of the period",
    "share",
    "pence spent by people with a budget",
    denominator_words="pence of budget",
)
CATEGORY = measure("spend.category", "On what is it spent?", "Spend by kind", "Spend of the period by category", "pence", SPEND)
OUTCOME = measure(
    "spend.outcome", "On what is it spent?", "Spend by kind of outcome", "Spend of the period by the kind of goal it serves", "pence", SPEND
)
UNSPENT = Measure(
    "money.unspent",
    "What is unspent?",
    "Money unspent",
    "Balances of all accounts that are known, less what is due, as of the newest night",
    "pence",
    "pence unspent",
    "finance/unspent.py",
)
LARGE = Measure(
    "money.large_balance",
    "What is unspent?",
    "People with a large balance",
    "People with an account who hold more weeks of budget than the surplus we allow; a reason to ask whether care can be found",
    "share",
    "people with a large balance",
    "finance/unspent.py",
    denominator_words="people with an account",
    target_code="at_most",
)
RETURNED = Measure(
    "money.returned",
    "What is unspent?",
    "Money given back",
    "Given back to us, or set off, in the period",
    "pence",
    "pence given back",
    "finance/unspent.py",
)
SHORT = Measure(
    "money.too_small",
    "Is it sufficient?",
    "Budgets smaller than their plans",
    "Open budgets that do not cover the yearly cost of the plan's recurring lines (regulation 13(1)): our own side",
    "share",
    "budgets smaller than their plans",
    "finance/sufficiency.py",
    denominator_words="open budgets with a plan that has costs",
    target_code="at_most",
)


def measures(warehouse: Warehouse, first_on: date, last_on: date) -> pl.DataFrame:
    """Rows of tables.measures for the period; balances and plans as they stand."""
    return measures_frame(_rows(warehouse, first_on, last_on))


def _rows(warehouse: Warehouse, first_on: date, last_on: date) -> Iterator[Row]:
    period = Period(first_on, last_on)
    people = positions.by_person(warehouse, period)
    budgeted = people.filter(pl.col("budget_pence") > 0)
    budget, spent = int(budgeted["budget_pence"].sum()), int(budgeted["spent_pence"].sum())
    yield BUDGET.row(first_on, last_on, numerator=budget, n=budgeted.height)
    yield SHARE.row(first_on, last_on, numerator=spent, denominator=budget, n=budgeted.height, denominator_n=budgeted.height)
    yield from _split(CATEGORY, positions.by_category(warehouse, period), "category_code", "category_name", period)
    outcomes = positions.by_outcome(warehouse, period)
    yield from _split(OUTCOME, outcomes.with_columns(name=pl.col("goal_type").str.replace_all("_", " ")), "goal_type", "name", period)
    held = unspent(warehouse, period)
    known = held.filter(pl.col("unspent_pence").is_not_null())
    large = held.filter("is_above_limit").height
    back = held.filter(pl.col("recovered_pence") > 0)
    yield UNSPENT.row(first_on, last_on, numerator=int(known["unspent_pence"].sum()), n=known.height)
    yield LARGE.row(first_on, last_on, numerator=large, denominator=held.height, interval=interval_of(LARGE, large, held.height))
    yield RETURNED.row(first_on, last_on, numerator=int(back["recovered_pence"].sum()), n=back.height)
    plans = sufficiency(warehouse, last_on)
    short = plans.filter("is_short").height
    yield SHORT.row(first_on, last_on, numerator=short, denominator=plans.height, interval=interval_of(SHORT, short, plans.height))


def _split(one: Measure, frame: pl.DataFrame, key: str, label: str, period: Period) -> Iterator[Row]:
    """The whole of a measure and its groups that are not zero; `n` of the whole is the lines of spend."""
    told = frame.filter(pl.col("spent_pence") != 0)
    yield one.row(period.first, period.last, numerator=int(told["spent_pence"].sum()), n=int(told["payments_count"].sum()))
    for row in told.iter_rows(named=True):
        group = (key, row[key], row[label][:1].upper() + row[label][1:])
        yield one.row(period.first, period.last, numerator=row["spent_pence"], n=row["people_count"], group=group)
