"""Cases as they stand now: what the night found, and what people have done since; and whose a person may see."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from phb_audit.cases import seen
from phb_audit.cases.casebook import CASE, Casebook, Event, last_of
from phb_audit.cases.casebook_store import reading
from phb_audit.cases.decisions import SeenCase, Standing, folded, is_without_reasons, same_person, state_on
from phb_audit.cases.transitions import CLOSED, DECISIONS, MOVES, REFERRED, STATES, TO_CHECK, kind_of
from phb_audit.review.accounts import Account
from phb_audit.review.night import ShownNight
from phb_audit.warehouse import Warehouse, sql

OWN_VIEW = "own_view"  # the kind of event, in the log of who saw what
REVEAL = "identity_revealed"  # the kind of event, in the casebook


class Decided:
    """The casebook as the app reads it: its events are read and checked anew only when one was added."""

    def __init__(self, casebook: Casebook) -> None:
        self.casebook = casebook
        self._lock = threading.Lock()
        self._head: tuple[int, str] | None = None
        self._events: list[Event] = []
        self._standings: dict[str, Standing] = {}
        self._reveals: frozenset[tuple[str, str]] = frozenset()
        self._live: tuple[ShownNight, dict[str, Standing], date, LiveCases] | None = None

    def events(self) -> list[Event]:
        """Every event. Raises BrokenCasebook where the chain does not hold."""
        self._read()
        return self._events

    def standings(self) -> dict[str, Standing]:
        """Where every case that was ever touched stands, by case id."""
        self._read()
        return self._standings  # a new dict whenever an event was added

    def reveals(self) -> frozenset[tuple[str, str]]:
        """Which session was told who which holder is."""
        self._read()
        return self._reveals

    def live(self, night: ShownNight, today: date) -> LiveCases:
        """Every case as it stands today; worked out anew only when a night, a decision or a day has come."""
        standings, kept = self.standings(), self._live
        if kept is not None and kept[0] is night and kept[1] is standings and kept[2] == today:
            return kept[3]
        made = LiveCases([_live(told, standings.get(told["case_id"]), today) for told in night.cases])
        self._live = (night, standings, today, made)
        return made

    def _read(self) -> None:
        with self._lock:
            with reading(self.casebook.engine) as connection:
                head = last_of(connection)
            if head != self._head:
                self._events = self.casebook.events()
                self._standings = folded(self._events)
                told = (event.body for event in self._events if event.kind_code == REVEAL)
                self._reveals = frozenset((body["session"], body["holder_id"]) for body in told)
                self._head = head


@dataclass(frozen=True)
class LiveCase:
    """A case of the night and where it stands today. `told` is the night's row (night_cases.sql)."""

    told: dict[str, Any]
    standing: Standing
    state: str
    is_queued: bool
    has_news: bool
    days_waiting: int

    @property
    def case_id(self) -> str:
        """Its id."""
        return str(self.told["case_id"])

    @property
    def ref(self) -> str:
        """Its reference."""
        return str(self.told["case_ref"])

    @cached_property
    def kind(self) -> str:
        """What it is about: plan_fit or money_and_evidence."""
        return kind_of(frozenset(self.told["families"]))

    @property
    def is_to_check(self) -> bool:
        """A second person has to look at it."""
        return self.state in TO_CHECK

    @cached_property
    def searched(self) -> str:
        """What a search looks in."""
        return f"{self.ref} {self.told['holder_shown']} {self.told['headline']}".casefold()

    @property
    def state_words(self) -> str:
        """Where it stands, as everyone may read it: what was proposed is not told before the second person has looked."""
        if self.is_to_check:
            return "Second check"
        if self.has_news:
            return "Something new"
        return {"open": "To review", "asked": "Waiting for an answer", "snoozed": "Put off"}.get(self.state, STATES[self.state].words)


class LiveCases(list[LiveCase]):
    """Every case of the night as it stands today, in the night's order; and by reference, by person, and in other orders."""

    @cached_property
    def by_ref(self) -> dict[str, LiveCase]:
        """The case of a reference."""
        return {case.ref: case for case in self}

    @cached_property
    def by_holder(self) -> dict[str, list[LiveCase]]:
        """The cases of a person."""
        found: dict[str, list[LiveCase]] = {}
        for case in self:
            found.setdefault(case.told["holder_id"], []).append(case)
        return found

    @cached_property
    def _orders(self) -> dict[str, list[LiveCase]]:
        return {}

    def in_order(self, name: str, key: Callable[[LiveCase], Any]) -> list[LiveCase]:
        """The cases in the order of a key, which always has that name; sorted once."""
        if name not in self._orders:
            self._orders[name] = sorted(self, key=key)
        return self._orders[name]


def live(night: ShownNight, decided: Decided, today: date) -> LiveCases:
    """Every case of the night as it stands today, in the night's order."""
    return decided.live(night, today)


def _live(told: dict[str, Any], known: Standing | None, today: date) -> LiveCase:
    standing = known or Standing(told["case_id"], told["case_ref"], told["holder_id"])
    state = state_on(standing, today)
    # The night opens a closed case again where it found something the person had not seen; a decision made since settles that too.
    has_news = state in CLOSED and bool(told["news"]) and told["is_queued"] and told["decided_at"] == standing.decided_at
    waiting = max((today - told["first_flagged_on"]).days, 0)
    return LiveCase(told, standing, state, STATES[state].is_queued or has_news, has_news, waiting)


def is_shown_to(case: LiveCase, account: Account) -> bool:
    """Whether a case is one of a person's: by area, and for the Local Counter Fraud Specialist only what was referred."""
    if account.role == "lcfs":
        return case.state == REFERRED
    return not account.areas or case.told["area_name"] in account.areas


def shown_to(cases: Iterable[LiveCase], account: Account) -> list[LiveCase]:
    """The cases of a person's."""
    return [case for case in cases if is_shown_to(case, account)]


def is_person_shown(area: str, account: Account) -> bool:
    """Whether a holder of that area is one of a person's."""
    return not account.areas or area in account.areas


def is_blind(case: LiveCase, account: Account) -> bool:
    """Whether what was proposed is to be kept from a person: it waits for a second check, and it is not their own proposal."""
    return case.is_to_check and not same_person(account.shown_name, case.standing.decided_by or "")


def is_read_again(case: LiveCase) -> bool:
    """Whether it waits to be read a second time, now with its reasons: what the first reader decided is kept back until it was."""
    return case.standing.first_read_by is not None and not is_without_reasons(case.told["rule_ids"].split("|"))


def is_first_reader(case: LiveCase, account: Account) -> bool:
    """Whether it is to be read again, by another than this person."""
    return is_read_again(case) and same_person(account.shown_name, case.standing.first_read_by or "")


def tells_decision(move_code: str) -> bool:
    """Whether a move tells what was decided: a decision itself, or the check of one."""
    return move_code in DECISIONS or MOVES[move_code].checks


def history_of(case_id: str, events: Iterable[Event]) -> list[Event]:
    """The moves of one case, in order."""
    return [event for event in events if event.kind_code == CASE and event.body["case_id"] == case_id]


def seen_from(night: ShownNight, case: LiveCase) -> SeenCase:
    """What the person has on the screen, to be kept with the decision."""

    def read(warehouse: Warehouse) -> SeenCase:
        return seen.seen_of(case.told, warehouse.frame(sql(seen.__file__, "seen_flags"), {"case_id": case.case_id}))

    return night.once("seen", case.case_id, read)


def own_view(case: LiveCase, account: Account, access: Casebook) -> str | None:
    """What a person said they would decide, of the case as it stands now; None where they have not said yet."""
    if not case.is_to_check:
        return None
    for event in reversed(access.of_kind(OWN_VIEW)):
        body = event.body
        is_this = body["case_id"] == case.case_id and body["case_version"] == case.standing.version
        if is_this and event.decided_by == account.shown_name:
            return str(body["choice"])
    return None


def digest_of(seen: SeenCase) -> str:
    """What was on the screen, in short: a form that carries another one was filled in before something changed."""
    return hashlib.sha256(json.dumps(asdict(seen), sort_keys=True, default=str).encode()).hexdigest()[:16]
