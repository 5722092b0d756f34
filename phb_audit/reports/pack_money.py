"""The sentences of a pack about money: what we paid twice, what budgets cost beside what they replace, what came of them."""

from __future__ import annotations

from typing import Any

import polars as pl

from phb_audit.reports.measure_words import interval, out_of, shown
from phb_audit.reports.pack_words import TOO_FEW, wholes

Row = dict[str, Any]


def money_words(measured: pl.DataFrame) -> tuple[str, ...]:
    """A sentence for each question that was measured."""
    whole = wholes(measured)
    return tuple(sentence(whole) for name, sentence in SENTENCES.items() if name in whole)


def _twice(whole: dict[str, Row]) -> str:
    cost, people, weeks, beyond, a_week = (whole[f"double.{name}"] for name in ("cost", "people", "weeks", "beyond", "a_week"))
    if cost["value"] is None and not cost["is_kept_back"]:
        return "Whether we are double running cannot be told: no register of services by contract has come."
    if cost["value"] == 0:
        return "No service by contract was paid for while a direct payment or a third party's budget met the same need."
    if any(row["value"] is None for row in (cost, people, weeks, a_week)):
        return f"We paid for services by contract while budgets met the same need, for people {TOO_FEW}. Ending them is ours to do."
    later = TOO_FEW if beyond["value"] is None else shown(beyond)
    return (
        f"We paid {shown(cost)} for services by contract while a budget already met the same need: for {out_of(people)} people "
        f"({shown(people)}), {out_of(weeks)} weeks of people, {shown(a_week)} a week; after the weeks of change: {later}. Ending a "
        "contract is ours to do; there is nothing to ask the people."
    )


def _neutral(whole: dict[str, Row]) -> str:
    cost, missing = whole["neutral.cost"], whole["neutral.not_quoted"]
    none = f"No alternative is on file for {TOO_FEW if missing['value'] is None else f'{out_of(missing)} people ({shown(missing)})'}"
    if missing["value"] is None and not missing["is_kept_back"]:
        return "Whether budgets are cost neutral cannot be told: no register of services by contract has come."
    if cost["value"] is None:
        return f"Whether budgets are cost neutral: {TOO_FEW if cost['is_kept_back'] else 'nothing to hold them against'}. {none}."
    return (
        f"Budgets with set-up and support came to {shown(cost)} of what was quoted for commissioned services when they began "
        f"({out_of(cost)}; 95% interval {interval(cost)}). {none}: of them nothing can be said."
    )


def _outcomes(whole: dict[str, Row]) -> str:
    met, between = whole["outcomes.met"], whole["outcomes.met_difference"]
    if met["value"] is None:
        return f"Outcomes at review: {TOO_FEW if met['is_kept_back'] else 'none rated'}."
    sizes = "" if between["value"] is None else f"; larger budgets less smaller: {shown(between)} ({interval(between)})"
    moved = [
        f"{row['title']}: {shown(row)} ({interval(row)})" for name, row in whole.items() if name in CHANGED and row["value"] is not None
    ]
    told = f"Outcomes met at the latest reviews: {out_of(met)} ({shown(met)}; 95% interval {interval(met)}){sizes}."
    return " ".join([told, *(f"{one}." for one in moved), NO_CAUSE])


NO_CAUSE = "These are associations, not causes."
CHANGED = frozenset(f"outcomes.{name}" for name in ("quality_of_life", "wellbeing", "admissions", "bed_days", "ae_visits", "gp_contacts"))
SENTENCES = {"double.cost": _twice, "neutral.cost": _neutral, "outcomes.met": _outcomes}
