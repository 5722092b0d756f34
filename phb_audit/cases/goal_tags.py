"""Which goal domains an outcome of a plan is about, as a person confirmed them: once a plan, and kept while its words stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from phb_audit.cases.casebook import Event, open_casebook
from phb_audit.settings import Settings
from phb_audit.tables.decided import GOAL_TAGS

KIND = "goal_tags"


def confirm_goal_tags(settings: Settings, commissioner_code: str, rows: pl.DataFrame, *, by: str, at: datetime | None = None) -> int:
    """Record tags for outcomes: `rows` has `outcome_key` and `domain_code`, one row a tag; returns the outcomes decided.

    What is given replaces what was confirmed before for the same outcome. Raises UsageError where `by` names nobody.
    """
    grouped = rows.group_by("outcome_key", maintain_order=True).agg(pl.col("domain_code").unique(maintain_order=True))
    bodies = [{"outcome_key": key, "domain_codes": codes} for key, codes in grouped.iter_rows()]
    with open_casebook(settings, commissioner_code) as casebook:
        return len(casebook.append(KIND, bodies, by=by, at=at))


def goal_tags(events: Iterable[Event]) -> pl.DataFrame:
    """The tags in force as decided.goal_tags: of each outcome those of its newest decision."""
    newest = {event.body["outcome_key"]: event for event in events if event.kind_code == KIND}
    told = [
        {
            "outcome_key": key,
            "domain_code": code,
            "event_number": event.event_number,
            "decided_by": event.decided_by,
            "decided_at": event.decided_at,
        }
        for key, event in newest.items()
        for code in event.body["domain_codes"]
    ]
    return pl.DataFrame(told, schema=GOAL_TAGS.polars_schema).sort("outcome_key", "domain_code")
