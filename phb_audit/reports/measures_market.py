"""Measures of who the money goes to: assistants' on-costs, providers, services losing custom, joint budgets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from phb_audit.finance import joint, market, payroll
from phb_audit.finance.period import Period
from phb_audit.finance.ratios import ratio_interval
from phb_audit.reports.measures_spending import interval_of
from phb_audit.tables.measures import Measure, measures_frame
from phb_audit.warehouse import Warehouse

Row = dict[str, Any]
PAY, MARKET, JOINT = "What does employing cost?", "What becomes of providers?", "Joint budgets"
employing = partial(Measure, source="finance/payroll.py")
providers = partial(Measure, source="finance/market.py")
shared = partial(Measure, source="finance/joint.py")

ON_COSTS = employing(
    "payroll.on_costs",
    PAY,
    "On-costs of assistants' pay",
    "Employer's National Insurance and pension out of gross pay, of people all of whose slips of the period tell both",
    "share",
    "pence of on-costs",
    denominator_words="pence of gross pay",
)
FEES = employing(
    "payroll.fees",
    PAY,
    "Payroll, recruitment and checks",
    "Spend on payroll and other agents, recruitment and checks (C04) out of gross pay, of people with pay slips in the period; support "
    "paid beside the budget is not in it",
    "share",
    "pence of fees",
    denominator_words="pence of gross pay of all with slips",
)
LARGEST = providers(
    "market.largest",
    MARKET,
    "The five largest businesses",
    "Their part of spend with businesses for care and support (C08 to C11) in the period",
    "share",
    "pence with the five largest",
    denominator_words="pence with businesses for care and support",
)
GROWING = providers(
    "market.growing",
    MARKET,
    "Businesses with a growing share",
    "Businesses with five people or more whose share of that spend rose by 5 in 100 or more against as many days before",
    "count",
    "businesses",
    small_number_code="free",
)
LOST = providers(
    "market.lost",
    MARKET,
    "Weekly worth of contracts that went",
    "Worth of a week of services by contract on the first day of the period less the last day's, of services that lost some, out of the "
    "worth of all on the first day",
    "share",
    "pence a week that went",
    denominator_words="pence a week of services by contract",
)
LOSING = providers(
    "market.losing",
    MARKET,
    "Services losing a quarter or more",
    "Services by contract, of five people or more on the first day, that lost a quarter or more of their weekly worth in the period: those "
    "who stay may lose the service",
    "count",
    "services",
    small_number_code="free",
)
COUNCIL = shared(
    "joint.council_share",
    JOINT,
    "The council's share of joint budgets",
    "The council's part of payments in of the period that are split, out of both parts",
    "share",
    "pence of the council's parts",
    denominator_words="pence of payments that are split",
)
NOT_SPLIT = shared(
    "joint.not_split",
    JOINT,
    "Payments into joint budgets that are not split",
    "Payments in of people with a joint budget that tell no parts, or parts that do not make the whole; ours and the council's to mend",
    "pence",
    "pence not split",
)
BOTH = shared(
    "joint.counted_by_both",
    JOINT,
    "Receipts counted by both bodies",
    "Receipts that the council counts beyond its share of the budget, while the same budget's account paid them, out of all it counts; "
    "between the two bodies, not the person",
    "share",
    "receipts counted by both",
    denominator_words="receipts the council counts",
    target_code="at_most",
)
BOTH_POUNDS = shared(
    "joint.counted_by_both_pounds",
    JOINT,
    "Pounds counted by both bodies",
    "What the council counts of those receipts beyond its share",
    "pence",
    "pence counted by both",
)


def measures(warehouse: Warehouse, first_on: date, last_on: date) -> pl.DataFrame:
    """Rows of tables.measures for the period; a ratio has no value where nothing was sent."""
    period = Period(first_on, last_on)
    return measures_frame([*_pay(warehouse, period), *_market(warehouse, period), *_joint(warehouse, period)])


def _pay(warehouse: Warehouse, period: Period) -> Iterator[Row]:
    days = (period.first, period.last)
    people = payroll.payroll_costs(warehouse, period)
    told = people.filter(pl.col("on_cost_pence").is_not_null() & (pl.col("gross_pence") > 0))
    gross, cost = int(told["gross_pence"].sum()), int(told["on_cost_pence"].sum())
    interval = ratio_interval(told["on_cost_pence"], told["gross_pence"])
    yield ON_COSTS.row(*days, numerator=cost, denominator=gross, n=told.height, denominator_n=told.height, interval=interval)
    paying, paid = people.filter(pl.col("fees_pence") != 0).height, people.filter(pl.col("gross_pence") != 0).height
    fees, pay = int(people["fees_pence"].sum()), int(people["gross_pence"].sum() or 0)
    yield FEES.row(*days, numerator=fees, denominator=pay, n=paying, denominator_n=paid)


def _market(warehouse: Warehouse, period: Period) -> Iterator[Row]:
    days = (period.first, period.last)
    shares = market.provider_shares(warehouse, period)
    five = shares.head(5)
    least = five.filter(pl.col("people_count") > 0)["people_count"].min() or 0  # a business of the days before alone has none
    everyone = market.care_people(warehouse, period)
    spent, everything = int(five["spent_pence"].sum()), int(shares["spent_pence"].sum())
    yield LARGEST.row(*days, numerator=spent, denominator=everything, n=int(least), denominator_n=everyone)  # type: ignore[arg-type]
    yield GROWING.row(*days, numerator=shares.filter("is_growing").height)
    custom = market.service_custom(warehouse, period)
    went = custom.filter(pl.col("after_weekly_pence") < pl.col("before_weekly_pence"))
    lost = int((went["before_weekly_pence"] - went["after_weekly_pence"]).sum())
    worth, of = int(custom["before_weekly_pence"].sum()), int(custom["before_count"].sum())
    yield LOST.row(*days, numerator=lost, denominator=worth, n=int(went["before_count"].sum()), denominator_n=of)
    yield LOSING.row(*days, numerator=custom.filter("is_losing").height)


def _joint(warehouse: Warehouse, period: Period) -> Iterator[Row]:
    days = (period.first, period.last)
    budgets = joint.joint_budgets(warehouse, period)
    council, health = int(budgets["council_pence"].sum()), int(budgets["health_pence"].sum())
    theirs, split = (budgets.filter(one > 0).height for one in (pl.col("council_pence"), pl.col("council_pence") + pl.col("health_pence")))
    yield COUNCIL.row(*days, numerator=council, denominator=council + health, n=theirs, denominator_n=split)
    unsplit = budgets.filter(pl.col("not_split_pence") != 0)
    yield NOT_SPLIT.row(*days, numerator=int(unsplit["not_split_pence"].sum()), n=unsplit.height)
    both, claims = int(budgets["both_count"].sum()), int(budgets["claims_count"].sum())
    yield BOTH.row(*days, numerator=both, denominator=claims, interval=interval_of(BOTH, both, claims))
    twice = budgets.filter(pl.col("both_pence") > 0)
    yield BOTH_POUNDS.row(*days, numerator=int(twice["both_pence"].sum()), n=twice.height)
