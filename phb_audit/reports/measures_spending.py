"""Measures of what was bought and looked at: payments checked, items raised, spend outside plans, receipts, accounts that are silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from phb_audit.assurance.intervals import wilson
from phb_audit.reports.flagged_totals import HOLDINGS
from phb_audit.reports.measures_settings import Chosen
from phb_audit.reports.months import months_to
from phb_audit.rules.evidence.no_receipt import OTHER_PAPERS
from phb_audit.rules.payees import PRESENT, PRESENTS, WORKERS
from phb_audit.rules.register import Registered, shipped_rules
from phb_audit.tables.measures import SCALES, WHOLE, Measure, measures_frame
from phb_audit.warehouse import Warehouse, sql

Row = dict[str, Any]
measure = partial(Measure, source="reports/measures_payments.sql")
PAYMENTS = "payments that are spend"

CHECKED = measure(
    "checked.payments",
    "Is everything looked at?",
    "Payments checked",
    "Payments of the period of people not held back by refused rows, out of all payments of the period that are spend",
    "share",
    "payments checked",
    denominator_words=PAYMENTS,
    target_code="at_least",
)
RAISED = measure(
    "items.rate",
    "How often do we ask?",
    "Payments asked about, for every 100",
    "Payments of the period that a reason of an item asks about, each once, however many reasons or items it has (our own delays and what "
    "is for information left out); section 4 of the flagged-item report says how reasons, items and payments go together. Reasons that "
    "stand on the day of the night count: a month sinks as its papers arrive",
    "per_100",
    "payments asked about",
    denominator_words=PAYMENTS,
)
OUTSIDE = measure(
    "plan.outside_count",
    "Is it spent as agreed?",
    "Payments the plan does not name",
    "Payments of the period that no line and no outcome of the plan in force speaks for; a question, not a finding",
    "share",
    "payments the plan does not name",
    denominator_words=PAYMENTS,
)
OUTSIDE_POUNDS = measure(
    "plan.outside_pounds",
    "Is it spent as agreed?",
    "Spend the plan does not name",
    "Pounds of those payments out of all spend of the period",
    "share",
    "pence the plan does not name",
    denominator_words="pence of spend",
)
NO_PLAN = measure(
    "plan.none",
    "Is it spent as agreed?",
    "Payments with no plan in force",
    "Payments of the period on a day with no plan version in force: our own gap, not the person's",
    "share",
    "payments with no plan in force",
    denominator_words=PAYMENTS,
    target_code="at_most",
)
RECEIPTS = measure(
    "evidence.receipts",
    "Is there evidence?",
    "Receipts seen",
    "Payments of the period that have a receipt, out of those a receipt is asked for: purchases from direct payments of the amount from "
    "which rule E-01 asks, without wages, tax, pension, presents, charges, cash, what came back and what the plan asks no receipt for; of "
    "payments and receipts that are alike each has one. Receipts of the last weeks may still come",
    "share",
    "payments with a receipt",
    denominator_words="payments a receipt is asked for",
    target_code="at_least",
)
SPENT = measure(
    "money.spent",
    "On what is it spent?",
    "Spend",
    "Pounds of all payments of the period that are spend, less refunds",
    "pence",
    "pence of spend",
)
SILENT = Measure(
    "data.no_statement",
    "Is everything looked at?",
    "Budgets with no bank file",
    "People with a direct payment or a third party's account in the period of whom no statement line of the period has come",
    "share",
    "people with no statement",
    "reports/measures_accounts.sql",
    denominator_words="people with a direct payment or a third party's account",
    target_code="at_most",
)
# measure, numerator, denominator, what n counts (of the denominator it is the payments, or itself)
COLUMNS = (
    (CHECKED, "checked_count", "payments_count", "checked_count"),
    (RAISED, "raised_count", "payments_count", "raised_count"),
    (OUTSIDE, "outside_count", "payments_count", "outside_count"),
    (OUTSIDE_POUNDS, "outside_pence", "spent_pence", "outside_count"),
    (NO_PLAN, "no_plan_count", "payments_count", "no_plan_count"),
    (RECEIPTS, "receipt_count", "asked_count", "receipt_count"),
    (SPENT, "spent_pence", None, "payments_count"),
)
BY_MONTH = ("items.rate", "evidence.receipts", "plan.outside_count")
BY_GROUP = ("items.rate", "plan.none", "evidence.receipts")
GROUPS = {"holding": "holding_code", "care_group": "care_group_code", "area": "area_name", "age_band": "age_band"}


def measures(
    warehouse: Warehouse, first_on: date, last_on: date, *, picked: Chosen, run_id: str, rules: Sequence[Registered] = ()
) -> pl.DataFrame:
    """Rows of tables.measures for the period, its groups, and the months up to it. `rules`: those in force, else those shipped."""
    return measures_frame(_rows(warehouse, first_on, last_on, picked, {"run_id": run_id, **receipts_asked(rules or shipped_rules())}))


def _rows(warehouse: Warehouse, first_on: date, last_on: date, picked: Chosen, asked: Mapping[str, object]) -> Iterator[Row]:
    series = months_to(last_on, picked.charts.months)
    days = {"series_on": min(series[0][0], first_on), "last_on": last_on, **asked}
    counts = warehouse.frame(sql(__file__, "measures_payments"), days)
    period = counts.filter(pl.col("month_on").is_between(first_on.replace(day=1), last_on))
    for one, top, bottom, people in COLUMNS:
        yield _row(one, period, first_on, last_on, top, bottom, people)
        if one.measure_id in BY_GROUP:
            for code, column in GROUPS.items():
                for (key,), part in period.group_by(column, maintain_order=True):
                    label = group_label(code, str(key))
                    yield _row(one, part, first_on, last_on, top, bottom, people, (code, str(key), label))
        if one.measure_id in BY_MONTH:
            for first, last, label in series:
                part = counts.filter(month_on=first)
                yield _row(one, part, first, last, top, bottom, people, ("month", f"{first:%Y-%m}", label))
    yield from _by_reason(warehouse, first_on, last_on, int(period["payments_count"].sum()))
    held, silent = warehouse.frame(sql(__file__, "measures_accounts"), {"first_on": first_on, "last_on": last_on}).row(0)
    yield SILENT.row(first_on, last_on, numerator=silent, denominator=held, interval=interval_of(SILENT, silent, held))


def _by_reason(warehouse: Warehouse, first_on: date, last_on: date, payments: int) -> Iterator[Row]:
    """How many payments each reason asks about, out of all: a payment with two reasons is in both."""
    told = warehouse.frame(sql(__file__, "measures_reasons"), {"first_on": first_on, "last_on": last_on})
    for rule_id, title, asked in told.iter_rows():
        within, group = interval_of(RAISED, asked, payments), ("rule", rule_id, f"{title} ({rule_id})")
        yield RAISED.row(first_on, last_on, numerator=asked, denominator=payments, interval=within, group=group)


def receipts_asked(rules: Iterable[Registered]) -> dict[str, object]:
    """What rule E-01 asks a receipt for: from how many pence on, without which categories and whose pay."""
    (rule,) = (one for one in rules if one.rule.id == "E-01")
    limits = {"least_pence": rule.limits["least_pence"], "other_papers": list(OTHER_PAPERS)}
    return {**limits, "workers": list(WORKERS), "presents": PRESENTS, "present": PRESENT}


def _row(
    one: Measure,
    part: pl.DataFrame,
    first_on: date,
    last_on: date,
    top: str,
    bottom: str | None,
    people: str,
    group: tuple[str, str, str] = (WHOLE, "", ""),
) -> Row:
    counted, out_of = int(part[top].sum()), None if bottom is None else int(part[bottom].sum())
    within = interval_of(one, counted, out_of) if top == people else (None, None)
    behind = None if out_of is None else int(part["payments_count"].sum()) if bottom == "spent_pence" else out_of
    number = int(part[people].sum())
    return one.row(first_on, last_on, numerator=counted, denominator=out_of, interval=within, n=number, denominator_n=behind, group=group)


def interval_of(one: Measure, counted: int, out_of: int | None) -> tuple[float | None, float | None]:
    """The 95% interval of a count out of a count, in the unit of the measure; none where it is no ratio of things."""
    if not out_of or one.unit_code not in ("share", "per_100") or not 0 <= counted <= out_of:
        return None, None
    told, scale = wilson(counted, out_of), SCALES[one.unit_code]
    return (told.low or 0.0) * scale, (told.high or 0.0) * scale


def group_label(code: str, key: str) -> str:
    """A group in words."""
    told = HOLDINGS.get(key, key) if code == "holding" else key
    told = told.replace("_", " ")
    return told[:1].upper() + told[1:]
