"""`phb-audit exception`: agreed exceptions recorded, listed and ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import polars as pl

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.exceptions import Scope, agree_exception, codes_of, end_exception, exceptions
from phb_audit.cases.seen import seen_case
from phb_audit.errors import CLEAN, UsageError
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.rules.limits import category_codes
from phb_audit.settings import Settings

Say = Callable[[str], None]


def add(
    settings: Settings,
    code: str,
    *,
    case_ref: str | None,
    holder: str | None,
    kinds: str,
    payee: str,
    cap_pence: int,
    from_on: date,
    to_on: date,
    words: str,
    agreed_by: str,
    by: str,
    say: Say,
) -> int:
    """Record an exception for the holder of a case, or a holder named by pseudonym."""
    if (case_ref is None) == (holder is None):
        raise UsageError("Name the holder by one of their cases, or by the pseudonym.", do="--case REF, or --holder H...")
    holder_id = seen_case(settings, code, case_ref).holder_id if case_ref else str(holder)
    scope = Scope(holder_id, codes_of(kinds, category_codes()), payee)
    recorded = agree_exception(
        settings, code, scope, cap_pence=cap_pence, from_on=from_on, to_on=to_on, words=words, agreed_by=agreed_by, by=by
    )
    say(f"Exception {recorded}: up to {pounds(cap_pence)} from {plain_day(from_on)} to {plain_day(to_on)}. The next night takes it up.")
    return CLEAN


def list_all(settings: Settings, code: str, *, on: date, as_json: bool, say: Say) -> int:
    """Say every exception, those in force on the day first."""
    found = exceptions(casebook_events(settings, code)).with_columns(is_in_force=pl.lit(on).is_between("from_on", "to_on"))
    found = found.sort("is_in_force", "to_on", "exception_id", descending=[True, True, False])
    if as_json:
        say(json.dumps({"exceptions": found.to_dicts()}, indent=1, default=str, ensure_ascii=False))
        return CLEAN
    for row in found.iter_rows(named=True):
        covers = ", ".join(part for part in (row["category_codes"].replace("|", " "), row["payee_words"]) if part)
        state = "in force" if row["is_in_force"] else f"ended, {row['ended_because']}" if row["ended_by"] else "not in force"
        days = f"{plain_day(row['from_on'])} to {plain_day(row['to_on'])}"
        say(f"{row['exception_id']}  {covers}  up to {pounds(row['cap_pence'])}, {days} ({state}). Agreed by {row['agreed_by']}.")
        say(f"           \u201c{row['words']}\u201d")
    say(f"{found.height} exceptions, {found['is_in_force'].sum()} in force on {plain_day(on)}.")
    return CLEAN


def end(settings: Settings, code: str, exception_id: str, *, on: date, reason: str, by: str, say: Say) -> int:
    """Let an exception end."""
    end_exception(settings, code, exception_id, on=on, reason=reason, by=by)
    say(f"Exception {exception_id} ends on {plain_day(on)}. What is bought after that is looked at as before.")
    return CLEAN
