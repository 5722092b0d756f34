"""The sentences of a pack, each made from the protected measures: the summary, the controls, the statement. Facts, never an opinion."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from phb_audit.periods import plain_day
from phb_audit.reports.controls import Control
from phb_audit.reports.measure_words import is_met, out_of, shown, target
from phb_audit.reports.page import counted, listed, lower_first
from phb_audit.tables.measures import WHOLE

Row = dict[str, Any]
STATEMENT = "This is management assurance. It is not an internal audit opinion."
APART = (
    "What may be for the safeguarding lead or the Local Counter Fraud Specialist is not in this pack and not in any figure of it, "
    "in any month."
)
TOO_FEW = "too few to print"


def span(first_on: date, last_on: date) -> str:
    """'1 to 31 October 2026', '1 August to 31 October 2026', or both days whole."""
    if first_on.year != last_on.year:
        return f"{plain_day(first_on)} to {plain_day(last_on)}"
    start = f"{first_on.day}" if first_on.month == last_on.month else f"{first_on.day} {first_on:%B}"
    return f"{start} to {plain_day(last_on)}"


def wholes(measured: pl.DataFrame) -> dict[str, Row]:
    """The row of each measure as a whole, by id."""
    return {row["measure_id"]: row for row in measured.filter(group_code=WHOLE).iter_rows(named=True)}


def summary(measured: pl.DataFrame, first_on: date, last_on: date) -> tuple[str, str, str]:
    """The three sentences the pack begins with."""
    whole = wholes(measured)
    return (
        f"From {span(first_on, last_on)} we checked {_said(whole['checked.payments'])}, and put a question about "
        f"{_asked(whole['items.rate'])}.",
        _decided(whole),
        _targets(whole),
    )


def _said(row: Row) -> str:
    if row["value"] is None:
        return f"the payments ({TOO_FEW if row['is_kept_back'] else 'none came'})"
    return f"{out_of(row)} payments ({shown(row)})"


def _asked(row: Row) -> str:
    if row["value"] is None:
        return "too few of them to print" if row["is_kept_back"] else "none of them"
    return f"{out_of(row)} ({shown(row)})" if row["value"] else "none of them"


def _decided(whole: dict[str, Row]) -> str:
    count, in_time, agreed = whole["decisions.count"], whole["decisions.in_time"], whole["decisions.agreed"]
    waiting = whole["queue.waiting"]
    queue = f"{TOO_FEW if waiting['is_kept_back'] else shown(waiting)} waited for a decision on the day of the night"
    if count["is_kept_back"]:
        return f"We decided items, but {TOO_FEW}; {queue}."
    if not count["value"]:
        return f"No item was decided in the period; {queue}."
    told = [f"{words} {shown(row) if row['value'] is not None else TOO_FEW}" for words, row in (("in time", in_time), ("agreed", agreed))]
    return f"We decided {shown(count)} items ({'; '.join(told)}); {queue}."


def _targets(whole: dict[str, Row]) -> str:
    aimed = [row for row in whole.values() if row["target"] is not None]
    met = [row for row in aimed if is_met(row)]
    missed = [row for row in aimed if is_met(row) is False]
    if not aimed:
        return "No target is set."
    told = f"Of {counted(len(aimed), 'measure')} with a target, {len(met)} met it"
    if missed:
        said = listed([f"{lower_first(row['title'])} ({shown(row)}, target {target(row)})" for row in missed])
        told += f" and {len(missed)} did not: {said}"
    rest = len(aimed) - len(met) - len(missed)
    return told + (f"; {rest} had nothing that could be measured or printed." if rest else ".")


def statement(measured: pl.DataFrame, first_on: date, last_on: date, tested: tuple[Control, ...]) -> tuple[str, ...]:
    """The assurance statement: what was checked, what was tested, what is missing. Facts only."""
    whole = wholes(measured)
    checked, held = whole["checked.payments"], whole["data.held_back"]
    complete = f"People held back by refused rows: {TOO_FEW if held['is_kept_back'] else f'{out_of(held)} ({shown(held)})'}."
    gaps = [
        f"{lower_first(whole[name]['title'])}: {TOO_FEW if whole[name]['is_kept_back'] else shown(whole[name])}"
        for name in ("plan.none", "data.no_statement", "data.refused", "data.late_feeds")
        if whole[name]["value"] != 0
    ]
    return (
        f"Between {plain_day(first_on)} and {plain_day(last_on)} we checked {_said(checked)}.",
        complete,
        "Controls tested: " + "; ".join(f"{lower_first(one.words)}: {one.result}" for one in tested) + ".",
        f"Known gaps: {'; '.join(gaps)}." if gaps else "Known gaps: none that these measures show.",
        STATEMENT,
    )
