"""`phb-audit ranking`: what the order of the list rests on, what fits in the minutes, what one more hour finds, which rules are demoted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from phb_audit.detectors.detector import BY_ID
from phb_audit.errors import CLEAN, UsageError
from phb_audit.flagged.detected import signals
from phb_audit.flagged.ranking import Ranked, in_order, rank
from phb_audit.flagged.reading_time import AN_HOUR, expected, next_hour
from phb_audit.money import pounds
from phb_audit.rules.review_time import ReviewTime, review_time
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql


def tell_ranking(settings: Settings, commissioner_code: str, *, ref: str | None, as_json: bool, say: Callable[[str], None]) -> int:
    """Say it as text or as one JSON object; with `ref`, the parts of one case. Raises UsageError where no night has been run."""
    path = settings.warehouse_path(commissioner_code)
    if not path.is_file():
        raise UsageError(f"No night of {commissioner_code} has been run yet.", do="Run `phb-audit run` first.")
    time = review_time(settings)
    warehouse = Warehouse(path, read_only=True)
    try:
        night = warehouse.frame(sql(__file__, "newest_day")).row(0, named=True)
        as_of = night["as_of_on"]
        found = rank(warehouse, night["run_id"], as_of, time, signals(warehouse))
        told = case_in_parts(warehouse, ref, found) if ref else summary(found, time, as_of)
    finally:
        warehouse.close()
    say(json.dumps(told, indent=1, default=str) if as_json else "\n".join(parts_in_words(told) if ref else in_words(told)))
    return CLEAN


def summary(found: Ranked, time: ReviewTime, as_of: date) -> dict[str, Any]:
    """The list in figures: tiers, minutes, one more hour, and the weights."""
    rows = in_order(found.cases)
    within, more = rows.filter("is_within_minutes"), next_hour(rows)
    return {
        "as_of": as_of,
        "cases": rows.height,
        "tiers": dict(rows.group_by("tier_code").len().sort("tier_code").iter_rows()),
        "minutes_a_week": time.minutes_a_week,
        "for_flagged": time.minutes_a_week * (1 - time.random_share),
        "within": within.height,
        "minutes_of_all": float(rows["minutes"].sum()),
        "within_pence": expected(found.stack, found.parts, within),
        "one_more_hour": {"cases": more.height, "pence": expected(found.stack, found.parts, more)},
        "demoted": found.weights.filter("is_demoted").sort("part_name").to_dicts(),
        "decided": found.weights.filter(pl.col("decided") > 0).sort("part_name").to_dicts(),
    }


def case_in_parts(warehouse: Warehouse, ref: str, found: Ranked) -> dict[str, Any]:
    """One case: its parts, its score and its place. Raises UsageError where it is not in the queue."""
    case = warehouse.frame(sql(__file__, "ranked_case"), {"ref": ref.strip()})
    rows = found.cases.join(case, on="case_id", how="semi")
    if rows.is_empty():
        raise UsageError(f"There is no case {ref} in the queue.", do="See `phb-audit case list`.")
    row = rows.row(0, named=True)
    parts = found.parts.filter(pl.col("case_id") == row["case_id"]).drop("case_id")
    return {"case_ref": case["case_ref"][0], "rank": case["rank"][0], **row, "parts": parts.to_dicts()}


def parts_in_words(told: dict[str, Any]) -> list[str]:
    """A case's parts, one a line, and what they add up to."""
    lines = [f"{told['case_ref']}: place {told['rank']} ({told['tier_code']})", "  log-odds that it leads to something:"]
    lines += [
        f"  {part['part_name']:<8} {part['part']:+.6f}"
        + (f"  ({part['value_share']:g} of its weight)" if part["value_share"] != 1 else "")
        + (f"  {BY_ID[part['part_name']].title}" if part["part_name"] in BY_ID else "")
        for part in told["parts"]
    ]
    lines.append(f"  together {told['score']:+.6f}, a chance of {told['chance_share']:.0%}")
    money = f"{pounds(abs(told['at_stake_pence']))} in question and {pounds(told['harm_pence'])} for what is at stake beyond the money"
    lines.append(f"  {told['chance_share']:.0%} of {money}, in {told['minutes']:g} minutes: £{told['worth_per_minute']:,.2f} a minute")
    return lines


def in_words(told: dict[str, Any]) -> list[str]:
    """The list in figures, as lines of text."""
    tiers, hour = told["tiers"], told["one_more_hour"]
    lines = [
        f"{told['cases']} cases in the queue as of {told['as_of']}: " + ", ".join(f"{count} {tier}" for tier, count in tiers.items()) + ".",
        f"To read them all would take {told['minutes_of_all'] / AN_HOUR:.1f} hours. "
        f"A week has {told['for_flagged'] / AN_HOUR:.1f} hours for flagged cases: "
        f"{told['within']} of them, about {_money(told['within_pence'])}.",
        f"One more hour a week would find about {_money(hour['pence'])} in {hour['cases']} cases."
        if hour["cases"]
        else "One more hour a week would find nothing more: the minutes reach the end of the list.",
    ]
    demoted = [
        f"  {row['part_name']}: {row['right_share']:.1%} of {row['decided']:.0f} decided cases led to something" for row in told["demoted"]
    ]
    lines += ["Demoted rules (read last; a person should look at the rule):", *demoted] if demoted else ["No rule is demoted."]
    moved = [
        f"  {row['part_name']:<8} {row['start']:.2f} to {row['weight']:.2f}  ({row['decided']:.1f} decided, "
        f"{row['right_share']:.0%} led to something)"
        for row in told["decided"]
    ]
    stopped = [row["part_name"] for row in told["decided"] if row["is_stopped"]]
    lines += [f"Put back where they started, since they fell on one group: {', '.join(stopped)}."] if stopped else []
    return lines + (["Weights that decisions moved:", *moved] if moved else ["No decision has moved a weight yet."])


def _money(pence: tuple[float, float, float]) -> str:
    middle, low, high = (pounds(round(one)) for one in pence)
    return f"{middle} (95% interval {low} to {high})"
