"""What has changed for a holder since a night: what came late, what was corrected or taken back, which flags came and went."""

from __future__ import annotations

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


def past_notes(settings: Settings, commissioner_code: str, past: Past) -> tuple[str, ...]:
    """What is said first of an answer about a past night: which night, whose rules, and what has changed since."""
    changed = changes_since(settings, commissioner_code, past)
    return (
        f"As it was known on {plain_day(past.as_of)} (night {past.run_id}). Where rules are asked anew, they are those of today.",
        *(f"Since then: {words}" for words in changed or ("nothing of this person has changed.",)),
    )


def changes_since(settings: Settings, commissioner_code: str, past: Past) -> tuple[str, ...]:
    """What became known of the holder after that night, in sentences; of flags only those anybody may read. Nothing where nothing did."""
    now = Warehouse(settings.warehouse_path(commissioner_code), read_only=True)
    try:
        return tuple(_sentences(now, past))
    finally:
        now.close()


def _sentences(now: Warehouse, past: Past) -> list[str]:
    given: dict[str, object] = {"holder_id": past.holder_id, "last": past.run_id}
    late, late_pence, newer = now.frame(sql(__file__, "since_payments"), {**given, "as_of": past.as_of}).row(0)
    receipts = now.frame(sql(__file__, "since_receipts"), given).item()
    words = []
    if late:
        words.append(f"{_many(late, 'line')} of {plain_day(past.as_of)} or before came later: {pounds(late_pence)} out, less in.")
    words += [f"{_many(newer, 'line')} of later days came."] if newer else []
    words += [f"{_many(receipts, 'receipt')} came."] if receipts else []
    for name, count in now.frame(sql(__file__, "since_replaced"), given).iter_rows():
        words.append(f"Of the {REGISTERS.get(name, name)} {_many(count, 'row')} had another row put in place.")
    return [*words, *_flags(now, past)]


def _flags(now: Warehouse, past: Past) -> list[str]:
    """Flags that came, went, or speak of other money than then."""
    asked = "SELECT flag_id, title, subject_on, at_stake_pence FROM flagged.findings WHERE holder_id = $holder_id"
    then, today = (place.frame(asked, {"holder_id": past.holder_id}) for place in (past.warehouse, now))
    came = today.join(then, on="flag_id", how="anti").sort("subject_on", "flag_id")
    gone = then.join(today, on="flag_id", how="anti").sort("subject_on", "flag_id")
    both = then.join(today, on="flag_id").filter(pl.col("at_stake_pence") != pl.col("at_stake_pence_right")).sort("subject_on", "flag_id")
    words = [f"Found since: {row['title']}, {plain_day(row['subject_on'])}." for row in came.iter_rows(named=True)]
    words += [f"No longer found: {row['title']}, {plain_day(row['subject_on'])}." for row in gone.iter_rows(named=True)]
    return words + [
        f"{row['title']}, {plain_day(row['subject_on'])}: {pounds(row['at_stake_pence_right'])} now, {pounds(row['at_stake_pence'])} then."
        for row in both.iter_rows(named=True)
    ]


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
