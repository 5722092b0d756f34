"""The governance committee pack: everything it prints, as text and charts, made from one table of protected measures.

`pack_files.py` lays the same words out as a page, a PDF and a workbook. Nothing in a pack is typed but what people wrote in its form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from phb_audit import __version__
from phb_audit.periods import plain_day
from phb_audit.reports import programme_spend
from phb_audit.reports.chart import Chart, interval_chart, spc_chart
from phb_audit.reports.controls import Control
from phb_audit.reports.measure_words import KEPT_BACK, STANDING, interval, is_met, out_of, shown, source, target
from phb_audit.reports.measures_settings import Charts
from phb_audit.reports.pack_form import Form
from phb_audit.reports.pack_money import money_words
from phb_audit.reports.pack_people import People, people_of
from phb_audit.reports.pack_words import APART, span, statement, summary, wholes
from phb_audit.reports.page import DASH, counted, percent
from phb_audit.reports.spc import Spc, p_chart, xmr
from phb_audit.tables.measures import SCALES

Row = tuple[str, ...]
KEY = (
    "checked.payments", "items.rate", "decisions.median_days", "decisions.in_time", "decisions.agreed", "plan.outside_count",
    "plan.outside_pounds", "evidence.receipts", "data.no_statement", "queue.waiting", "queue.late",
)  # fmt: skip
CHARTS = ("items.rate", "decisions.median_days", "decisions.agreed", "evidence.receipts", "decisions.not_agreed_pounds", "double.cost")
FEWEST_POINTS = 6  # a line through fewer tells nothing of what is usual
MONEY = ("money.",)
SPENDING = {"spend.category": "category_code", "spend.outcome": "goal_type"}
DATA = ("data.", "plan.none")
KEY_HEADINGS = ("Measure", "Value", "Out of", "95% interval", "Target", "Standing", "Over time")
GROUP_HEADINGS = ("Group", "Value", "Out of", "95% interval")
GROUPS = {"rule": "reason", "area": "area", "holding": "way of holding", "care_group": "care group", "age_band": "age band"}
FAIR = ("holding", "care_group", "age_band")
GROUPS_DRAWN = 12  # in a chart; the table has them all
NOT_HELD = (
    "Sex, ethnicity and deprivation are in none of the feeds, so nothing can be said here of whether people are asked or refused more "
    "often by them. That is a gap, not an all clear."
)


@dataclass(frozen=True)
class Groups:
    """A measure by group: its table, and its chart where any group has an interval."""

    title: str
    rows: tuple[Row, ...]
    chart: Chart | None


@dataclass(frozen=True)
class Pack:
    """A pack in words. Rows are of text only; `measured` is the protected table they were made from."""

    title: str
    commissioner_code: str
    period: str
    as_of: str
    is_outside: bool
    summary: tuple[str, ...]
    form: Form
    key: tuple[Row, ...]
    charts: tuple[Chart, ...]
    no_charts: tuple[str, ...]
    reasons: tuple[Row, ...]
    raised: tuple[Groups, ...]
    fair: tuple[Groups, ...]
    rules: tuple[Row, ...]
    second_checks: str
    missed: str
    money_words: tuple[str, ...]
    money: tuple[Row, ...]
    spending: tuple[Groups, ...]
    programme: tuple[Row, ...]
    people: People | None
    data: tuple[Row, ...]
    learning: tuple[Row, ...]
    further: tuple[tuple[str, tuple[Row, ...]], ...]
    controls: tuple[Row, ...]
    statement: tuple[str, ...]
    definitions: tuple[Row, ...]
    notes: tuple[str, ...]
    made_of: str
    measured: pl.DataFrame


def pack_of(
    measured: pl.DataFrame,
    *,
    commissioner_code: str,
    run_id: str,
    as_of: date,
    first_on: date,
    last_on: date,
    charts: Charts,
    tested: tuple[Control, ...],
    form: Form,
    programme: tuple[programme_spend.Line, ...] = (),
    outside: bool = False,
) -> Pack:
    """The pack of protected measures. The same measures, form and files give the same pack."""
    whole = wholes(measured)
    drawn = {name: spc_of(measured, name, charts) for name in CHARTS}
    return Pack(
        title="Spending of personal health budgets",
        commissioner_code=commissioner_code,
        period=span(first_on, last_on),
        as_of=plain_day(as_of),
        is_outside=outside,
        summary=summary(measured, first_on, last_on),
        form=form,
        key=tuple(_key_row(whole[name], drawn.get(name)) for name in KEY),
        charts=tuple(spc_chart(f"chart-{name.replace('.', '-')}", *_titled(whole[name]), spc) for name, spc in drawn.items() if spc),
        no_charts=tuple(whole[name]["title"] for name, spc in drawn.items() if not spc),
        reasons=_reasons(measured),
        raised=tuple(_groups(measured, "items.rate", code) for code in ("rule", "area")),
        fair=tuple(_groups(measured, name, code) for code in FAIR for name in ("items.rate", "decisions.agreed")),
        rules=tuple((row["group_label"], shown(row), out_of(row), interval(row)) for row in _ordered(measured, "decisions.agreed", "rule")),
        second_checks=_second_checks(whole["decisions.sent_back"]),
        missed=_missed(whole),
        money_words=money_words(measured),
        money=_plain(whole, MONEY),
        spending=tuple(_spending(measured, whole[name], code) for name, code in SPENDING.items() if name in whole),
        programme=programme_spend.table(programme) if programme else (),
        people=people_of(measured),
        data=_plain(whole, DATA),
        learning=_plain(whole, ("learning.",)),
        further=_further(measured, whole),
        controls=tuple((one.words, one.result) for one in tested),
        statement=statement(measured, first_on, last_on, tested),
        definitions=_definitions(measured),
        notes=(APART, NOT_HELD),
        made_of=f"Run {run_id}. Measures {hash_of(measured)}. phb_audit {__version__}.",
        measured=measured,
    )


def hash_of(measured: pl.DataFrame) -> str:
    """16 hex digits that stand for every number of the pack."""
    return hashlib.sha256(measured.write_csv().encode()).hexdigest()[:16]


def _titled(row: dict[str, Any]) -> tuple[str, str]:
    return row["title"], row["unit_code"]


def spc_of(measured: pl.DataFrame, measure_id: str, charts: Charts) -> Spc | None:
    """The process control numbers of a measure by month, a p-chart where every month has its own denominator; None with too few months."""
    rows = measured.filter(measure_id=measure_id, group_code="month").sort("group_key").to_dicts()
    rows = rows[next((place for place, row in enumerate(rows) if row["value"] is not None), len(rows)) :]
    if not rows:
        return None
    labels = [row["group_label"] for row in rows]
    scale = SCALES.get(rows[0]["unit_code"])
    if scale is None:
        made = xmr(labels, [row["value"] for row in rows], charts.rules)
    else:
        pairs = [None if row["value"] is None else (row["numerator"], row["denominator"]) for row in rows]
        made = p_chart(labels, pairs, charts.rules)
        made = made.scaled(scale) if made else None
    if made is None or len(made.points) < FEWEST_POINTS:
        return None
    return replace(made, target=rows[0]["target"], target_code=rows[0]["target_code"])


def _key_row(row: dict[str, Any], spc: Spc | None) -> Row:
    return row["title"], shown(row), out_of(row) or DASH, interval(row), target(row), STANDING[is_met(row)], spc.variation if spc else DASH


def _reasons(measured: pl.DataFrame) -> tuple[Row, ...]:
    """The reasons with numbers, the commonest first; those kept back in one row."""
    rows = _ordered(measured, "rules.items", "rule")
    told = sorted((row for row in rows if row["value"] is not None), key=lambda row: -row["value"])
    few = len(rows) - len(told)
    last = ((f"{_further_of(few, told)}, each too few to print or kept back with those that are", KEPT_BACK),) if few else ()
    return (*((row["group_label"], shown(row)) for row in told), *last)


def _ordered(measured: pl.DataFrame, measure_id: str, code: str) -> list[dict[str, Any]]:
    return measured.filter(measure_id=measure_id, group_code=code).sort("group_label").to_dicts()


def _groups(measured: pl.DataFrame, measure_id: str, code: str) -> Groups:
    rows = _ordered(measured, measure_id, code)
    whole = wholes(measured)[measure_id]
    title = f"{whole['title']}, by {GROUPS[code]}"
    told, few = rows, 0
    if code == "rule":
        told, few = [row for row in rows if row["value"] is not None], sum(row["value"] is None for row in rows)
    largest = sorted((row for row in told if row["value"] is not None), key=lambda row: -row["value"])[:GROUPS_DRAWN]
    drawn = [row for row in told if row in largest]
    chart = interval_chart(f"groups-{measure_id.replace('.', '-')}-{code}", title, whole["unit_code"], whole["value"], drawn)
    last = ((f"{_further_of(few, told)}, each too few to print or kept back with those that are", KEPT_BACK, DASH, DASH),) if few else ()
    return Groups(title, (*((row["group_label"], shown(row), out_of(row), interval(row)) for row in told), *last), chart)


def _further_of(few: int, told: Sequence[object]) -> str:
    return counted(few, "further reason" if told else "reason")


def _spending(measured: pl.DataFrame, whole: dict[str, Any], code: str) -> Groups:
    """What the money went on, the largest first; what is kept back in one row."""
    rows = _ordered(measured, whole["measure_id"], code)
    told = sorted((row for row in rows if row["value"] is not None), key=lambda row: -row["value"])
    few = len(rows) - len(told)
    noun = "further kind" if told else "kind"
    last = ((f"{counted(few, noun)}, each of too few people to print or kept back with those that are", KEPT_BACK, DASH),) if few else ()
    total = whole["value"]
    parts = ((row["group_label"], shown(row), percent(row["value"] / total, 1) if total else DASH) for row in told)
    return Groups(whole["title"], (*parts, *last), None)


def _second_checks(row: dict[str, Any]) -> str:
    if not row["is_kept_back"] and not row["denominator"]:
        return "No proposal was checked by a second person in the period."
    return f"Sent back at the second check: {shown(row)} ({out_of(row)}), 95% interval {interval(row)}."


def _missed(whole: dict[str, dict[str, Any]]) -> str:
    """What a random sample says of what the flags miss."""
    if "missed.read" not in whole:
        return "No purchase without a flag has been drawn to be read yet, so nothing can be said of what the flags miss."
    read, money, most = (whole[f"missed.{name}"] for name in ("read", "pounds", "at_most"))
    drawn = (
        f"Of purchases without a flag, drawn by chance to be read without reasons, {out_of(read)} drawings were decided ({shown(read)})."
    )
    if not money["is_kept_back"] and money["value"] is None:
        return f"{drawn} Nothing can be said yet of what the flags miss."
    if money["is_kept_back"]:
        return f"{drawn} What the flags miss is kept back: it rests on 1 to 4 of them."
    between = f"95% interval {interval(money)}"
    return f"{drawn} The flags missed about {shown(money)} ({between}), and with 95% confidence no more than {shown(most)}."


def _plain(whole: dict[str, dict[str, Any]], beginnings: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(
        (row["title"], shown(row), out_of(row) or DASH, target(row), STANDING[is_met(row)])
        for name, row in whole.items()
        if name.startswith(beginnings)
    )


OWN_PLACES = (*KEY, "decisions.", "queue.", "rules.", "missed.", *MONEY, "spend.", *DATA, "learning.", "people.")


def _further(measured: pl.DataFrame, whole: dict[str, dict[str, Any]]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Measures of other rooms, by the question they answer: the whole of each, then its groups."""
    rows: dict[str, list[Row]] = {}
    for name in (name for name in whole if not name.startswith(OWN_PLACES)):
        theirs = measured.filter((pl.col("measure_id") == name) & (pl.col("group_code") != "month"))
        for row in theirs.iter_rows(named=True):
            label = row["title"] if not row["group_label"] else f"{row['title']}: {row['group_label']}"
            rows.setdefault(row["question"], []).append((label, shown(row), out_of(row) or DASH, interval(row)))
    return tuple((question, tuple(found)) for question, found in rows.items())


def _definitions(measured: pl.DataFrame) -> tuple[Row, ...]:
    rows = measured.unique("measure_id", keep="first", maintain_order=True)
    return tuple((row["title"], row["definition"], source(row)) for row in rows.iter_rows(named=True))
