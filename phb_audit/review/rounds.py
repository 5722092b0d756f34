"""What was asked about an item and what was answered, round by round, as its page tells it beside the flag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from phb_audit.cases.casebook import Event
from phb_audit.cases.transitions import MOVES
from phb_audit.review.page import london_day

PAPER = re.compile(r"\b(receipt|invoice)s?\b", re.IGNORECASE)


def rounds(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The rounds of a case, oldest first: question, asked_on, asked_by, due_on, is_waiting; answer, came_at and written_by where one came.

    A round ends with the next move that takes the case elsewhere, be it the answer or a decision without one.
    """
    found: list[dict[str, Any]] = []
    for event in events:
        code = event.body["move_code"]
        if code == "ask":
            found.append(_asked(event))
        elif found and found[-1]["is_waiting"] and MOVES[code].to_state is not None:
            found[-1]["is_waiting"] = False
            if code == "answer_received":
                found[-1] |= {"answer": event.body["reason"], "came_at": event.decided_at, "written_by": event.decided_by}
    return found


def paper_asked_for(told: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The round that waits for an answer, where its question is about a receipt or an invoice."""
    return told[-1] if told and told[-1]["is_waiting"] and PAPER.search(told[-1]["question"]) else None


def _asked(event: Event) -> dict[str, Any]:
    particulars = event.body["particulars"]
    return {
        "question": particulars["question"],
        "asked_on": london_day(event.decided_at),
        "asked_by": event.decided_by,
        "due_on": date.fromisoformat(particulars["due_on"]),
        "is_waiting": True,
        "answer": "",
        "came_at": None,
        "written_by": "",
    }
