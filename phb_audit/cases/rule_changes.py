"""Changes of a rule's limits: one person proposes with a backtest on file, another approves, and only then the limit is written.

What rules read is `limits.toml` alone; the casebook says who stands behind each value of it. Three kinds of events:
`rule_backtest` (figures kept), `rule_change` with the step proposed, approved or declined.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.cases.casebook import Casebook, Event
from phb_audit.cases.decisions import REASON_AT_LEAST, same_person
from phb_audit.errors import UsageError
from phb_audit.flagged import own_limits_path
from phb_audit.rules.limits import WrittenLimit, checked, written_limits
from phb_audit.rules.register import Registered, rules_for, shipped_rules
from phb_audit.settings import Settings
from phb_audit.tables.decided import RULE_CHANGES

BACKTEST, CHANGE = "rule_backtest", "rule_change"
PROPOSED, APPROVED, DECLINED = "proposed", "approved", "declined"


class ChangeRefused(UsageError):
    """A change of a rule that may not be made so: no backtest of it, one person in both roles, or the rule has changed since."""


@dataclass
class Change:
    """A change and where it stands: `step` is proposed, approved or declined."""

    change_id: str
    rule_id: str
    changed: dict[str, Any]
    from_on: date
    told_on: date | None
    reason: str
    backtest_event_number: int
    version_before: str
    version_after: str
    proposed_by: str
    proposed_at: str
    step: str = PROPOSED
    closed_by: str | None = None
    closed_at: str | None = None
    closing_reason: str = ""

    @property
    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        days = {"from_on": self.from_on.isoformat(), "told_on": self.told_on.isoformat() if self.told_on else None}
        return vars(self) | days


@dataclass(frozen=True)
class Proposal:
    """What a person asks for: values by limit, the first day, the day holders were told (None: not yet), and why."""

    changed: Mapping[str, Any]
    from_on: date
    reason: str
    told_on: date | None = None


def keep_backtest(casebook: Casebook, told: Mapping[str, Any], version: str, *, by: str) -> Event:
    """File a backtest's figures. `told`: Backtest.as_dict, with the night and the days it looked at; `version`: of the rule as it was."""
    body = {"version_before": version, **told}
    return casebook.append(BACKTEST, [json.loads(json.dumps(body, default=str))], by=by)[0]


def changes_of(events: Iterable[Event]) -> dict[str, Change]:
    """Every change by its id, oldest first, as its events leave it."""
    found: dict[str, Change] = {}
    for event in events:
        if event.kind_code != CHANGE:
            continue
        body = event.body
        if body["step"] == PROPOSED:
            days = {name: date.fromisoformat(body[name]) if body[name] else None for name in ("from_on", "told_on")}
            told = {name: value for name, value in body.items() if name != "step"} | days
            found[body["change_id"]] = Change(**told, proposed_by=event.decided_by, proposed_at=event.decided_at)
        else:
            change = found[body["change_id"]]
            change.step, change.closing_reason = body["step"], body["reason"]
            change.closed_by, change.closed_at = event.decided_by, event.decided_at
    return found


def propose(casebook: Casebook, settings: Settings, code: str, one: Registered, wanted: Proposal, *, by: str) -> Change:
    """Put a change forward. Raises ChangeRefused unless a backtest of exactly this change, on the rule as it now is, is on file."""
    given = _plain(checked("--set", one.rule.id, wanted.changed, one.limits))
    if not given:
        raise ChangeRefused("Nothing would change.", do="Say what with --set limit=value.")
    _require_reason(wanted.reason)
    events = casebook.events()
    tests = [event for event in events if event.kind_code == BACKTEST and _is_of(event, one, given)]
    if not tests:
        tried = " ".join(f"--set {name}={_on_the_line(value)}" for name, value in given.items())
        raise ChangeRefused(
            f"No backtest of exactly this change of {one.rule.id}, as the rule now is, is on file.",
            do=f"Run `phb-audit rules backtest {one.rule.id} --from DAY --to DAY {tried} --keep --by NAME`, and read it.",
        )
    if open_ones := [each.change_id for each in changes_of(events).values() if each.rule_id == one.rule.id and each.step == PROPOSED]:
        raise ChangeRefused(f"{open_ones[0]} of {one.rule.id} waits for a second person.", do="Have it approved or declined first.")
    draft = Change(
        change_id=f"RC-{1 + sum(event.kind_code == CHANGE and event.body['step'] == PROPOSED for event in events):04d}",
        rule_id=one.rule.id,
        changed=given,
        from_on=wanted.from_on,
        told_on=wanted.told_on,
        reason=" ".join(wanted.reason.split()),
        backtest_event_number=tests[-1].event_number,
        version_before=one.version,
        version_after="",
        proposed_by="",
        proposed_at="",
    )
    draft.version_after = _tried_in_file(settings, code, draft)[1]
    kept = {name: value for name, value in draft.as_dict.items() if name in PROPOSED_FIELDS}
    event = casebook.append(CHANGE, [{"step": PROPOSED, **kept}], by=by)[0]
    return changes_of([event])[draft.change_id]


PROPOSED_FIELDS = (
    "change_id", "rule_id", "changed", "from_on", "told_on", "reason", "backtest_event_number", "version_before", "version_after",
)  # fmt: skip


def approve(casebook: Casebook, settings: Settings, code: str, change_id: str, *, by: str) -> tuple[Change, Path]:
    """A second person's yes: kept in the casebook, then written into the installation's limits.toml. Returns the change and that file.

    Where the event was kept and the file could not be written, the same again writes it.
    Raises ChangeRefused for the proposer, for a declined change, and where the rule has changed since it was proposed.
    """
    change = _one(casebook, change_id)
    path = own_limits_path(settings)
    if change.step == APPROVED and not _is_written(change, settings, code):
        text, _ = _tried_in_file(settings, code, change)
        return change, _put(path, text)
    _require_second(change, by)
    now = next(one for one in rules_for(code, _files(path)) if one.rule.id == change.rule_id)
    if now.version != change.version_before:
        raise ChangeRefused(
            f"{change.rule_id} is at version {now.version}, not {change.version_before} as when {change_id} was proposed.",
            do="Decline it, run the backtest again and propose it anew.",
        )
    text, version = _tried_in_file(settings, code, change)
    if version != change.version_after:
        raise ChangeRefused(f"{change_id} would not give version {change.version_after} but {version}.", do="Propose it anew.")
    casebook.append(CHANGE, [{"step": APPROVED, "change_id": change_id, "reason": ""}], by=by)
    return _one(casebook, change_id), _put(path, text)


def decline(casebook: Casebook, change_id: str, *, by: str, reason: str) -> Change:
    """Close a proposal without making the change; the proposer may take their own back. Raises ChangeRefused where it is closed."""
    change = _one(casebook, change_id)
    if change.step != PROPOSED:
        raise ChangeRefused(f"{change.change_id} was {change.step} by {change.closed_by}.")
    _require_reason(reason)
    casebook.append(CHANGE, [{"step": DECLINED, "change_id": change.change_id, "reason": " ".join(reason.split())}], by=by)
    return _one(casebook, change_id)


def approved_limits(events: Iterable[Event]) -> pl.DataFrame:
    """Rows of decided.rule_changes: every limit of every approved change."""
    rows = [
        {
            **{name: getattr(change, name) for name in RULE_CHANGES.column_names if hasattr(change, name)},
            "limit_name": name,
            "value_json": json.dumps(value),
            "approved_by": change.closed_by,
            "approved_at": change.closed_at,
        }
        for change in changes_of(events).values()
        if change.step == APPROVED
        for name, value in change.changed.items()
    ]
    return pl.DataFrame(rows, schema=RULE_CHANGES.polars_schema)


def without_second_person(settings: Settings, code: str, events: Iterable[Event]) -> list[WrittenLimit]:
    """Values of the installation's limits.toml that no approved change stands behind."""
    stands = {
        (change.rule_id, name, change.from_on, json.dumps(value))
        for change in changes_of(events).values()
        if change.step == APPROVED
        for name, value in change.changed.items()
    }
    return [one for one in _own(settings, code) if (one.rule_id, one.limit_name, one.from_on, json.dumps(_listed(one.value))) not in stands]


def not_written(settings: Settings, code: str, events: Iterable[Event]) -> list[Change]:
    """Approved changes that limits.toml does not hold: the file could not be written, or somebody took them out again."""
    newest = {(change.rule_id, change.from_on): change for change in changes_of(events).values() if change.step == APPROVED}
    return [change for change in newest.values() if not _is_written(change, settings, code)]


def _is_of(event: Event, one: Registered, given: Mapping[str, Any]) -> bool:
    body = event.body
    return bool(body["rule_id"] == one.rule.id and body["version_before"] == one.version and body["changed"] == given)


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < REASON_AT_LEAST:
        raise ChangeRefused("A reason is needed.", do="Write with --reason why, in a sentence that an auditor could read.")


def _require_second(change: Change, by: str) -> None:
    if change.step != PROPOSED:
        raise ChangeRefused(f"{change.change_id} was {change.step} by {change.closed_by}.")
    if same_person(by, change.proposed_by):
        raise ChangeRefused(f"{change.proposed_by} proposed {change.change_id}.", do="Another person must approve it.")


def _one(casebook: Casebook, change_id: str) -> Change:
    found = changes_of(casebook.events())
    if change_id.upper() not in found:
        raise UsageError(f"There is no change {change_id}.", do="See `phb-audit rules changes`.")
    return found[change_id.upper()]


def _own(settings: Settings, code: str) -> list[WrittenLimit]:
    path = own_limits_path(settings)
    known = {one.rule.id: one.limits for one in shipped_rules()}
    return written_limits(path, code, known) if path.is_file() else []


def _is_written(change: Change, settings: Settings, code: str) -> bool:
    held = {(one.limit_name, json.dumps(_listed(one.value))) for one in _own(settings, code) if _is_same_day(one, change)}
    return all((name, json.dumps(value)) in held for name, value in change.changed.items())


def _is_same_day(one: WrittenLimit, change: Change) -> bool:
    return (one.rule_id, one.from_on) == (change.rule_id, change.from_on)


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else []


def _tried_in_file(settings: Settings, code: str, change: Change) -> tuple[str, str]:
    """The text of limits.toml with the change, read back as the night will read it, and the version the rule then has.

    Raises ChangeRefused where the file already has something for that day.
    """
    path = own_limits_path(settings)
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    if any(_is_same_day(one, change) for one in _own(settings, code)):
        raise ChangeRefused(
            f"{path.name} already has limits of {change.rule_id} from {change.from_on} on.",
            do="Choose another first day, or take those out.",
        )
    text = f"{before.rstrip()}\n\n{_section(code, change)}".lstrip()
    part = path.with_suffix(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_text(text, encoding="utf-8")
        version = next(one.version for one in rules_for(code, [part]) if one.rule.id == change.rule_id)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return text, version


def _section(code: str, change: Change) -> str:
    lines = [f"# {change.change_id}", f"[commissioner.{code}.{change.rule_id}.{change.from_on.isoformat()}]"]
    lines += [f"told_on = {change.told_on.isoformat()}"] if change.told_on else []
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in change.changed.items()]
    return "\n".join(lines) + "\n"


def _put(path: Path, text: str) -> Path:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    return part.replace(path)


def _plain(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: _listed(value) for name, value in sorted(values.items())}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _on_the_line(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
