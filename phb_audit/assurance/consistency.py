"""Are like cases decided alike? Cases that were decided twice, and like cases that were decided differently.

Some cases are read first without their reasons and then with them (what-flags-miss.md), and some are opened again. Where two people, or
one person twice, decided the same case, agreement is counted, with its interval and with kappa, which takes off what chance alone gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from phb_audit.assurance.intervals import Estimate, wilson
from phb_audit.cases.casebook import CASE, Event
from phb_audit.cases.transitions import DECISIONS

PAIRS = {
    "case_ref": pl.String,
    "first": pl.String,
    "second": pl.String,
    "first_by": pl.String,
    "second_by": pl.String,
    "is_first_without_reasons": pl.Boolean,
}
AGREES = ("agree", "agree_update_plan")
LIKE_AT_LEAST = 2


@dataclass(frozen=True)
class Agreement:
    """How many of the cases decided twice were decided alike, with the interval, and kappa; null where none was, or chance explains all."""

    share: Estimate
    kappa: float | None


def pairs(events: Iterable[Event], blind_rule: str) -> pl.DataFrame:
    """One row per case decided more than once, as PAIRS: its first decision and the next. `blind_rule`: what stands in place of reasons."""
    decisions: dict[str, list[Event]] = {}
    for event in events:
        if event.kind_code == CASE and event.body["move_code"] in DECISIONS:
            decisions.setdefault(event.body["case_id"], []).append(event)
    rows = [
        (
            first.body["case_ref"],
            _side(first),
            _side(second),
            first.decided_by,
            second.decided_by,
            {flag["rule_id"] for flag in first.body["seen"]["flags"]} == {blind_rule},
        )
        for first, second, *_ in (given for given in decisions.values() if len(given) > 1)
    ]
    return pl.DataFrame(rows, schema=PAIRS, orient="row").sort("case_ref")


def _side(event: Event) -> str:
    return "agreed" if event.body["move_code"] in AGREES else "not agreed"


def agreement(twice: pl.DataFrame) -> Agreement:
    """Agreement over the rows of `pairs`."""
    alike = int((twice["first"] == twice["second"]).sum())
    if twice.is_empty():
        return Agreement(wilson(0, 0), None)
    first, second = float((twice["first"] == "agreed").mean()), float((twice["second"] == "agreed").mean())  # type: ignore[arg-type]
    by_chance = first * second + (1 - first) * (1 - second)
    kappa = None if by_chance >= 1 else round((alike / twice.height - by_chance) / (1 - by_chance), 4)
    return Agreement(wilson(alike, twice.height), kappa)


def decided_differently(judged: pl.DataFrame, about: pl.DataFrame) -> pl.DataFrame:
    """One row per kind of case that was decided both ways: rule_ids, category_code, agreed_count, not_agreed_count, case_refs.

    `judged`: rows of decided.judgements. `about`: case_id, case_ref, category_code. Cases are alike when the same rules found them and
    the same kind of thing was bought.
    """
    joined = judged.join(about, on="case_id", how="inner")
    counted = joined.group_by("rule_ids", "category_code").agg(
        agreed_count=(~pl.col("is_right")).sum().cast(pl.Int64),
        not_agreed_count=pl.col("is_right").sum().cast(pl.Int64),
        case_refs=pl.col("case_ref").sort().str.join(", "),
    )
    both = (pl.col("agreed_count") > 0) & (pl.col("not_agreed_count") > 0)
    size = pl.col("agreed_count") + pl.col("not_agreed_count")
    return counted.filter(both & (size >= LIKE_AT_LEAST)).sort("rule_ids", "category_code")
