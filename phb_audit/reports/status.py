"""What the last nights did, what is late, and whether the books balance: the answer of `phb-audit status`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from phb_audit.errors import NightAlreadyRunning
from phb_audit.fetched.kept import not_fetched
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.published.past import as_known_on
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

NIGHTS_SHOWN = 5


@dataclass(frozen=True)
class Books:
    """One stage's books: rows and pence in and out."""

    stage_name: str
    rows_in: int
    rows_out: int
    pence_in: int
    pence_out: int

    @property
    def is_balanced(self) -> bool:
        """Nothing lost, nothing counted twice."""
        return (self.rows_in, self.pence_in) == (self.rows_out, self.pence_out)


@dataclass(frozen=True)
class NightStatus:
    """One night as it stands."""

    run_id: str
    as_of_on: date
    state_code: str
    stage_name: str
    problem: str | None
    books: tuple[Books, ...]
    new_flags_count: int
    new_cases_count: int
    quarantined_count: int


@dataclass(frozen=True)
class Reason:
    """One rule that speaks tonight, as ordinary reports may show it."""

    rule_id: str
    title: str
    flags_count: int
    holders_count: int
    at_stake_pence: int
    is_commissioners: bool
    is_data_quality: bool


@dataclass(frozen=True)
class CommissionerStatus:
    """The last nights of one commissioner, newest first."""

    commissioner_code: str
    is_running_now: bool = False
    nights: tuple[NightStatus, ...] = ()
    late_feeds: tuple[str, ...] = ()
    open_quarantine_count: int = 0
    flags_count: int = 0
    cases_count: int = 0
    reasons: tuple[Reason, ...] = ()
    example_ref: str | None = None
    report: str | None = None
    quality_page: str | None = None
    attention: tuple[str, ...] = field(default=())

    @property
    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def commissioners(settings: Settings) -> list[str]:
    """Codes of the commissioners that have a warehouse, sorted."""
    return sorted(path.parent.name for path in (settings.home / "warehouse").glob("*/night.duckdb"))


def status_of(settings: Settings, commissioner_code: str, known_on: date | None = None) -> CommissionerStatus:
    """Read one commissioner's warehouse without changing it; says so when a night is at work in it. `known_on`: as that day knew it."""
    if known_on is not None:
        with as_known_on(settings, commissioner_code, known_on) as past:
            return _read(past.warehouse, settings, commissioner_code)
    try:
        warehouse = Warehouse(settings.warehouse_path(commissioner_code), read_only=True)
    except NightAlreadyRunning:
        return CommissionerStatus(commissioner_code, is_running_now=True, attention=("A night is at work now.",))
    try:
        return _read(warehouse, settings, commissioner_code)
    finally:
        warehouse.close()


def _read(warehouse: Warehouse, settings: Settings, code: str) -> CommissionerStatus:
    shown = warehouse.frame(sql(__file__, "status_nights"), {"most": NIGHTS_SHOWN}).rows(named=True)
    nights = tuple(_night(warehouse, row) for row in shown)
    late = warehouse.frame(sql(__file__, "status_late")).rows(named=True)
    late_words = tuple(_late_words(row) for row in late)
    waiting = warehouse.frame("SELECT count(*) FROM validated.quarantine WHERE state_code = 'open'").item()
    newest = next((night.run_id for night in nights if night.state_code == "published"), None)
    reasons = tuple(Reason(*row) for row in warehouse.frame(sql(__file__, "status_reasons")).rows())
    flags, cases = warehouse.frame(sql(__file__, "status_standing")).row(0)
    example = warehouse.frame(sql(__file__, "status_example")).to_series().to_list()
    return CommissionerStatus(
        code,
        False,
        nights,
        late_words,
        waiting,
        flags,
        cases,
        reasons,
        example[0] if example else None,
        _page(settings, "reports", code, newest),
        _page(settings, "quality", code, newest),
        attention=(*_attention(nights, late_words, waiting), *not_fetched(settings, code)),
    )


def _night(warehouse: Warehouse, row: dict[str, Any]) -> NightStatus:
    books = warehouse.frame(sql(__file__, "status_books"), {"run_id": row["run_id"]}).rows()
    return NightStatus(**row, books=tuple(Books(*line) for line in books))


def _late_words(row: dict[str, Any]) -> str:
    latest = plain_day(row["last_data_on"]) if row["last_data_on"] else "nothing has ever arrived"
    return f"{row['feed_code']} from {row['owner']}: latest {latest}"


def _page(settings: Settings, room: str, code: str, run_id: str | None) -> str | None:
    if run_id is None:
        return None
    path: Path = settings.home / room / code / f"{run_id}.html"
    return str(path) if path.exists() else None


def _attention(nights: tuple[NightStatus, ...], late: tuple[str, ...], waiting: int) -> list[str]:
    words = []
    if nights and nights[0].state_code == "failed":
        words.append(
            f"The night of {plain_day(nights[0].as_of_on)} failed in '{nights[0].stage_name}': {nights[0].problem} It can be run again."
        )
    if nights and nights[0].state_code == "running":
        words.append(
            f"The night of {plain_day(nights[0].as_of_on)} did not finish (it stopped in '{nights[0].stage_name}'). "
            "Nothing is lost: run it again with the same --as-of."
        )
    words += [f"The books of {night.run_id} do not balance." for night in nights if not all(stage.is_balanced for stage in night.books)]
    words += [f"Late: {line}." for line in late]
    if waiting:
        words.append(f"{waiting} refused rows wait to be mended; see the data-quality page.")
    return words


def found_in_words(status: CommissionerStatus) -> str:
    """What tonight's flags are about, as lines for a terminal: the commissioner's own delays first."""
    mend = [reason for reason in status.reasons if reason.is_data_quality]
    ours = [reason for reason in status.reasons if reason.is_commissioners and not reason.is_data_quality]
    asked = [reason for reason in status.reasons if not reason.is_commissioners and not reason.is_data_quality]
    lines = ["Our own delays:"] if ours else []
    lines += [_reason_words(reason) for reason in ours]
    lines += ["Data to be mended:"] if mend else []
    lines += [_reason_words(reason) for reason in mend]
    lines += ["What needs a look (a flag is a prompt to look, not a finding):"] if asked else ["Nothing needs a look."]
    lines += [_reason_words(reason) for reason in asked]
    return "\n".join(lines)


def _reason_words(reason: Reason) -> str:
    people = "1 person" if reason.holders_count == 1 else f"{reason.holders_count} people"
    return f"  {reason.flags_count:>4} {reason.title} ({reason.rule_id}), {people}, {pounds(reason.at_stake_pence)}"


def in_words(status: CommissionerStatus) -> str:
    """The status as lines for a terminal."""
    lines = [f"Commissioner {status.commissioner_code}"]
    for night in status.nights:
        balanced = "books balance" if night.books and all(stage.is_balanced for stage in night.books) else "books not complete"
        lines.append(
            f"  {plain_day(night.as_of_on)}: {night.state_code}, {night.new_cases_count} new cases from {night.new_flags_count} new flags, "
            f"{night.quarantined_count} rows refused, {balanced}"
        )
    if status.nights:
        lines += [
            f"    {stage.stage_name:<10} {stage.rows_in:>10,} rows in, {stage.rows_out:>10,} out; "
            f"{pounds(stage.pence_in)} in, {pounds(stage.pence_out)} out"
            for stage in status.nights[0].books
        ]
    lines += [f"  Standing now: {status.cases_count} cases from {status.flags_count} flags."] if status.nights else []
    lines += [f"  ! {line}" for line in status.attention] or ["  Nothing needs attention."]
    lines += [f"  Report: {status.report}"] if status.report else []
    lines += [f"  Data quality: {status.quality_page}"] if status.quality_page else []
    return "\n".join(lines)
