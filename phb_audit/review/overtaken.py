"""Reasons of an item that later evidence overtook: which they are, and what the page says of them.

flagged.cleared knows no case. A flag belongs to the case its rule would put it in (DECISIONS of rules/rule.py), and to the
one about its payment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import polars as pl

from phb_audit.review.page import london_day
from phb_audit.rules.register import shipped_rules
from phb_audit.rules.rule import DECISIONS
from phb_audit.warehouse import Warehouse, sql


def overtaken(warehouse: Warehouse, shown_cases: pl.DataFrame) -> Iterable[dict[str, Any]]:
    """Rows of item_overtaken.sql: case_id, rule_id, title, sentence, cleared_on, because, all_count."""
    return warehouse.frame(sql(__file__, "item_overtaken"), shown_cases=shown_cases, kinds=_kinds()).iter_rows(named=True)


@cache
def _kinds() -> pl.DataFrame:
    rules = [one.rule for one in shipped_rules()]
    return pl.DataFrame(
        [(rule.id, rule.title, rule.decides, DECISIONS[rule.decides] == "payment_id") for rule in rules],
        schema={"rule_id": pl.String, "title": pl.String, "decides": pl.String, "is_of_payment": pl.Boolean},
        orient="row",
    )


def with_resolved(history: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The history, newest first, with one step for each night that no longer found a reason: it ran after all that was done on its day."""
    told: list[dict[str, Any]] = [{**step, "on": london_day(step["at"])} for step in history]
    nights = [
        {"words": "Resolved", "on": day, "reason": " ".join(dict.fromkeys(f"{row['title']}. {row['because']}" for row in group))}
        for day, group in groupby(rows, key=lambda row: row["cleared_on"])
    ]
    return sorted([*nights, *told], key=lambda step: step["on"], reverse=True)
