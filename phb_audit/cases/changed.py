"""Decisions that were changed: a proposal that was sent back, or a closed case that was opened again; and what was decided then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from phb_audit.cases.casebook import CASE, Event
from phb_audit.cases.transitions import DECISIONS
from phb_audit.tables.decided import CHANGED

TAKEN_BACK = ("send_back", "reopen")


def decisions_changed(events: Iterable[Event]) -> pl.DataFrame:
    """Rows of decided.changed: one for each time a decision on a case was taken back, with the decision that followed, where one has."""
    rows: list[dict[str, Any]] = []
    decided, open_rows = dict[str, Event](), dict[str, dict[str, Any]]()
    for event in events:
        if event.kind_code != CASE:
            continue
        body = event.body
        case_id, code = body["case_id"], body["move_code"]
        if code in TAKEN_BACK and case_id in decided:
            row = {"event_number": event.event_number, **{name: body[name] for name in ("case_id", "case_ref", "holder_id")}}
            row |= _said("was", decided.pop(case_id)) | _said("changed", event) | {"reason": body["reason"]}
            rows.append(row)
            open_rows[case_id] = row
        elif code in DECISIONS:
            decided[case_id] = event
            if case_id in open_rows:
                open_rows.pop(case_id).update(_said("then", event))
    return pl.DataFrame(rows, schema=CHANGED.polars_schema)


def _said(when: str, event: Event) -> dict[str, str]:
    return {f"{when}_code": event.body["move_code"], f"{when}_by": event.decided_by, f"{when}_at": event.decided_at}
