"""What has changed for a holder since a night: what came late, what was corrected or taken back, which flags came and went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.published.past import Past
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

REGISTERS = {
    "validated.budgets": "budgets",
    "validated.instalments": "instalments",
    "validated.plans": "versions of plans",
    "validated.plan_outcomes": "outcomes",
    "validated.plan_lines": "lines of plans",
    "validated.people": "connected people",
    "validated.holder_events": "events",
    "validated.support_records": "papers behind paid help",
}


@dataclass(frozen=True)
class Change:
    """One thing that became known since: what, of which day, and its money then and now, where it has any."""

    what: str
    on: date | None = None
    then_pence: int | None = None
    now_pence: int | None = None

    @property
    def words(self) -> str:
        """As a sentence."""
        day = f", {plain_day(self.on)}" if self.on else ""
        if self.then_pence is not None and self.now_pence is not None:
            return f"{self.what}{day}: {pounds(self.now_pence)} now, {pounds(self.then_pence)} then."
        return f"{self.what}{day}{f': {pounds(self.now_pence)} out, less in' if self.now_pence is not None and not self.on else ''}."


@dataclass(frozen=True)
class SinceThen:
    """What is said first of an answer about a past night: which night, whose rules, and what has changed since."""

    note: str
    changes: tuple[Change, ...]


def since_then(settings: Settings, commissioner_code: str, past: Past) -> SinceThen:
    """Of one holder, as of the newest night; of flags only those anybody may read."""
    now = Warehouse(settings.warehouse_path(commissioner_code), read_only=True)
    try:
        changes = tuple(_changes(now, past))
    finally:
        now.close()
    night = f"As it was known on {plain_day(past.as_of)} (night {past.run_id}). Where rules are asked anew, they are those of today."
    return SinceThen(night, changes)


def past_notes(settings: Settings, commissioner_code: str, past: Past) -> tuple[str, ...]:
    """The same as lines of text."""
    told = since_then(settings, commissioner_code, past)
    words = [one.words for one in told.changes] or ["nothing of this person has changed."]
    return (told.note, *(f"Since then: {one}" for one in words))


def _changes(now: Warehouse, past: Past) -> list[Change]:
    given: dict[str, object] = {"holder_id": past.holder_id, "last": past.run_id}
    late, late_pence, newer = now.frame(sql(__file__, "since_payments"), {**given, "as_of": past.as_of}).row(0)
    receipts = now.frame(sql(__file__, "since_receipts"), given).item()
    found = []
    if late:
        found.append(Change(f"{_many(late, 'line')} of {plain_day(past.as_of)} or before came later", now_pence=late_pence))
    found += [Change(f"{_many(newer, 'line')} of later days came")] if newer else []
    found += [Change(f"{_many(receipts, 'receipt')} came")] if receipts else []
    for name, count in now.frame(sql(__file__, "since_replaced"), given).iter_rows():
        found.append(Change(f"Of the {REGISTERS.get(name, name)} {_many(count, 'row')} had another row put in place"))
    return [*found, *_flags(now, past)]


def _flags(now: Warehouse, past: Past) -> list[Change]:
    """Flags that came, went, or speak of other money than then."""
    asked = "SELECT flag_id, title, subject_on, at_stake_pence FROM flagged.findings WHERE holder_id = $holder_id"
    then, today = (place.frame(asked, {"holder_id": past.holder_id}) for place in (past.warehouse, now))
    came = today.join(then, on="flag_id", how="anti").sort("subject_on", "flag_id")
    gone = then.join(today, on="flag_id", how="anti").sort("subject_on", "flag_id")
    both = then.join(today, on="flag_id").filter(pl.col("at_stake_pence") != pl.col("at_stake_pence_right")).sort("subject_on", "flag_id")
    found = [
        Change(f"Found since: {row['title']}", row["subject_on"], now_pence=row["at_stake_pence"]) for row in came.iter_rows(named=True)
    ]
    found += [
        Change(f"No longer found: {row['title']}", row["subject_on"], then_pence=row["at_stake_pence"])
        for row in gone.iter_rows(named=True)
    ]
    return found + [
        Change(row["title"], row["subject_on"], row["at_stake_pence"], row["at_stake_pence_right"]) for row in both.iter_rows(named=True)
    ]


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
