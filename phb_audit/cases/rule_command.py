"""`phb-audit rules propose|approve|decline|changes`, and what `rules check` says of limits nobody approved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from phb_audit.cases.casebook import casebook_events, open_casebook
from phb_audit.cases.rule_changes import (
    APPROVED,
    PROPOSED,
    Change,
    Proposal,
    approve,
    changes_of,
    decline,
    not_written,
    propose,
    without_second_person,
)
from phb_audit.errors import CLEAN, UsageError
from phb_audit.flagged import rules_in_force
from phb_audit.rules.wording import limit_in_words
from phb_audit.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True)
class Unapproved:
    """Something between limits.toml and the casebook that does not agree; never a reason for a rule not to run."""

    rule_id: str
    words: str
    is_grave: bool = False


def unapproved(settings: Settings, commissioner: str | None) -> Iterator[Unapproved]:
    """What limits.toml holds that no second person approved, and what was approved and is not there; of one commissioner, or of all."""
    codes = [commissioner] if commissioner else sorted(path.name for path in (settings.home / "warehouse").glob("*"))
    for code in codes or [""]:
        events = casebook_events(settings, code)
        for one in without_second_person(settings, code, events):
            since = f"from {one.from_on}" if one.from_on else "from the beginning"
            told = _value(one.limit_name, one.value)
            yield Unapproved(
                one.rule_id, f"limits.toml sets {one.limit_name} to {told} {since} for {code}: changed without a second person."
            )
        for change in not_written(settings, code, events):
            yield Unapproved(
                change.rule_id,
                f"{change.change_id} was approved for {code} and does not stand in limits.toml: approve it again to write it.",
            )


def propose_change(settings: Settings, code: str, rule_id: str, wanted: Proposal, *, by: str, today: date, say: Say) -> int:
    """Put a change forward, and say what must come next."""
    found = [one for one in rules_in_force(code, settings) if one.rule.id == rule_id.upper()]
    if not found:
        raise UsageError(f"There is no rule {rule_id}.", do="`phb-audit rules list` names them all.")
    with open_casebook(settings, code) as casebook:
        change = propose(casebook, settings, code, found[0], wanted, by=by)
    say(f"{in_words(change)}")
    if change.from_on <= today:
        say(f"It reaches back to {change.from_on}: what was bought since then would be looked at anew, and rule G-14 will say so.")
    if change.told_on is None or change.told_on > change.from_on:
        say("Holders are not told before it holds (--told-on): rule G-14 will say so.")
    say(f"Another person approves it: phb-audit rules approve {change.change_id} --by NAME")
    return CLEAN


def approve_change(settings: Settings, code: str, change_id: str, *, by: str, say: Say) -> int:
    """Approve, write, and say where."""
    with open_casebook(settings, code) as casebook:
        change, path = approve(casebook, settings, code, change_id, by=by)
    say(f"{in_words(change)}\nWritten to {path}. The next night uses it, and looks at everyone again.")
    return CLEAN


def decline_change(settings: Settings, code: str, change_id: str, *, by: str, reason: str, say: Say) -> int:
    """Close a proposal without the change."""
    with open_casebook(settings, code) as casebook:
        say(in_words(decline(casebook, change_id, by=by, reason=reason)))
    return CLEAN


def list_changes(settings: Settings, code: str, *, as_json: bool, say: Say) -> int:
    """Say every change, the newest last."""
    found = list(changes_of(casebook_events(settings, code)).values())
    if as_json:
        say(json.dumps({"changes": [one.as_dict for one in found]}, indent=1, ensure_ascii=False))
    else:
        say("\n".join([*map(in_words, found), f"Changes: {len(found)}."]))
    return CLEAN


def in_words(change: Change) -> str:
    """A change in one or two lines."""
    what = ", ".join(f"{name} to {_value(name, value)}" for name, value in change.changed.items())
    stands = (
        "waits for a second person" if change.step == PROPOSED else f"{change.step} by {change.closed_by} on {str(change.closed_at)[:10]}"
    )
    version = f" Version {change.version_before} becomes {change.version_after}." if change.step in (PROPOSED, APPROVED) else ""
    why = f" {change.closing_reason}" if change.closing_reason else ""
    return (
        f"{change.change_id}  {change.rule_id}: {what} from {change.from_on}; {stands}.{version}{why}\n"
        f"         Proposed by {change.proposed_by} on {change.proposed_at[:10]}: {change.reason} "
        f"(backtest: event {change.backtest_event_number})"
    )


def _value(limit_name: str, value: object) -> str:
    return limit_in_words(value, "pounds" if limit_name.endswith("_pence") else "")
