"""Agreed exceptions: what a named person agreed for one holder beyond the lines of the plan, for a time and up to a sum.

An exception is agreed by one event of kind `exception` and ended early by another. Nothing else changes it: agree a new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from phb_audit.cases.casebook import Event, open_casebook
from phb_audit.errors import UsageError
from phb_audit.settings import Settings
from phb_audit.tables.decided import EXCEPTIONS

KIND = "exception"
MOST_DAYS = 3 * 366
WORDS_AT_LEAST = 10


@dataclass(frozen=True)
class Scope:
    """What an exception covers: purchases of a holder, of these kinds (all when empty) and from payees whose name holds these words."""

    holder_id: str
    category_codes: tuple[str, ...] = ()
    payee_words: str = ""
    plan_line_id: str = ""


def agree_exception(
    settings: Settings,
    commissioner_code: str,
    scope: Scope,
    *,
    cap_pence: int,
    from_on: date,
    to_on: date,
    words: str,
    agreed_by: str,
    by: str,
    at: datetime | None = None,
) -> str:
    """Record an exception and return its id. `words`: the plan's or the agreement's own; `agreed_by`: who agreed it; `by`: who records it.

    Raises UsageError where it covers everything, has no cap, no end, or no words.
    """
    _insist(scope, cap_pence, from_on, to_on, words, agreed_by)
    body: dict[str, Any] = {
        "action": "agreed",
        "holder_id": scope.holder_id,
        "category_codes": sorted(scope.category_codes),
        "payee_words": " ".join(scope.payee_words.split()),
        "plan_line_id": scope.plan_line_id,
        "cap_pence": cap_pence,
        "from_on": from_on.isoformat(),
        "to_on": to_on.isoformat(),
        "words": " ".join(words.split()),
        "agreed_by": " ".join(agreed_by.split()),
    }
    with open_casebook(settings, commissioner_code) as casebook:
        number = len(casebook.events()) + 1
        body["exception_id"] = "E" + hashlib.sha256(f"{commissioner_code}|{number}|{body}".encode()).hexdigest()[:8]
        casebook.append(KIND, [body], by=by, at=at)
    return str(body["exception_id"])


def _insist(scope: Scope, cap_pence: int, from_on: date, to_on: date, words: str, agreed_by: str) -> None:
    if not (scope.category_codes or scope.payee_words.strip() or scope.plan_line_id):
        raise UsageError("An exception for everything is none.", do="Name kinds of purchase, a payee, or a plan line.")
    if cap_pence <= 0:
        raise UsageError("An exception needs a sum up to which it holds.", do="Give it with --cap, as 250.00.")
    if to_on < from_on:
        raise UsageError("The exception ends before it begins.")
    if (to_on - from_on).days > MOST_DAYS:
        raise UsageError("An exception holds for three years at most.", do="Put it into the plan instead.")
    if len(words.strip()) < WORDS_AT_LEAST:
        raise UsageError("The words of the plan or of the agreement are needed.", do="Quote them with --words.")
    if not agreed_by.strip():
        raise UsageError("An exception needs the name of who agreed it.", do="Give it with --agreed-by.")


def end_exception(
    settings: Settings, commissioner_code: str, exception_id: str, *, on: date, reason: str, by: str, at: datetime | None = None
) -> None:
    """Let an exception end on a day (its last). Raises UsageError for one that is not known, has ended, or lasts no longer than that."""
    with open_casebook(settings, commissioner_code) as casebook:
        known = exceptions(casebook.events()).filter(pl.col("exception_id") == exception_id)
        if known.is_empty():
            raise UsageError(f"There is no exception {exception_id}.", do="See `phb-audit exception list`.")
        (lasts,) = known["to_on"]
        if on >= lasts:
            raise UsageError(f"Exception {exception_id} ends on {lasts:%d %B %Y} already.")
        body = {"action": "ended", "exception_id": exception_id, "to_on": on.isoformat(), "reason": " ".join(reason.split())}
        casebook.append(KIND, [body], by=by, at=at)


def exceptions(events: Iterable[Event]) -> pl.DataFrame:
    """Rows of decided.exceptions: every exception ever agreed, with its last day as it is now."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.kind_code != KIND:
            continue
        body = event.body
        if body["action"] == "agreed":
            found[body["exception_id"]] = {
                **{
                    name: body[name]
                    for name in ("exception_id", "holder_id", "payee_words", "plan_line_id", "cap_pence", "words", "agreed_by")
                },
                "category_codes": "|".join(body["category_codes"]),
                "from_on": date.fromisoformat(body["from_on"]),
                "to_on": date.fromisoformat(body["to_on"]),
                "event_number": event.event_number,
                "decided_by": event.decided_by,
                "decided_at": event.decided_at,
            }
        else:
            known = found[body["exception_id"]]
            known |= {"to_on": date.fromisoformat(body["to_on"]), "event_number": event.event_number, "ended_by": event.decided_by}
            known["ended_because"] = body["reason"]
    return pl.DataFrame(list(found.values()), schema=EXCEPTIONS.polars_schema).sort("exception_id")


def codes_of(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Category codes as people write them ('T01, A02'). Raises UsageError for one that is not in the taxonomy."""
    codes = tuple(dict.fromkeys(code.strip().upper() for code in text.replace("|", ",").split(",") if code.strip()))
    if unknown := [code for code in codes if code not in known]:
        raise UsageError(f"There is no category {unknown[0]}.", do="The codes are in data/reference/taxonomy.csv.")
    return codes
