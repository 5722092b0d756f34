"""Cases as they stand now: what the night found, and what people have done since; and whose a person may see."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from phb_audit.cases.casebook import Casebook, Event
from phb_audit.cases.decisions import Standing, is_without_reasons, now_of, same_person
from phb_audit.cases.transitions import ASKED, CLOSED, DECISIONS, MOVES, OPEN, REFERRED, SNOOZED, STATES, TO_CHECK, kind_of
from phb_audit.review.accounts import Account
from phb_audit.review.decided import Known
from phb_audit.review.night import Places, Remembered, ShownNight
from phb_audit.review.page import london_day

NEXT_MORNING = timedelta(days=1)  # a night looks at a day that has ended
ANSWERED = "answer_received"
OWN_VIEW = "own_view"  # the kind of event, in the log of who saw what


class Decided:
    """The casebook as the app reads it: its events are read and checked when they were added, each once."""

    def __init__(self, casebook: Casebook) -> None:
        self.casebook = casebook
        self._lock = threading.Lock()
        self._known: Known | None = None
        # The newest and the two before, for requests that came before a decision; what is no longer shown goes with its night.
        self._live = WeakKeyDictionary[ShownNight, tuple[Made, ...]]()

    def known(self) -> Known:
        """Everything that is in the casebook now. Raises BrokenCasebook where the chain does not hold."""
        with self._lock:
            before = self._known or Known()
            added = self.casebook.after(before.head)
            if added is None:  # another casebook stands in its place
                self._known = Known().with_more(self.casebook.events())
            elif added or self._known is None:
                self._known = before.with_more(added)
            return self._known or before

    def live(self, night: ShownNight, today: date, known: Known | None = None) -> LiveCases:
        """Every case as it stands today; of a decision only its own case is worked out anew."""
        now, kept = known or self.known(), [one for one in self._live.get(night, ()) if one.today == today]
        for before in kept:
            if before.known is now:
                return before.cases
        for before in kept:
            if (touched := now.touched_since(before.known)) is not None:
                return self._keep(night, kept, Made(now, today, before.cases.changed(touched, now, today)))
        cases = [_live(told, now, today) for told in night.cases]
        return self._keep(night, kept, Made(now, today, LiveCases(cases, night.places)))

    def _keep(self, night: ShownNight, before: Sequence[Made], made: Made) -> LiveCases:
        self._live[night] = (made, *before[:2])
        return made.cases


@dataclass(frozen=True)
class Made:
    """Every case as it stood on a day by what was known then."""

    known: Known
    today: date
    cases: LiveCases


@dataclass(frozen=True)
class LiveCase:
    """A case of the night and where it stands today. `told` is the night's row (night_cases.sql)."""

    told: dict[str, Any]
    standing: Standing
    state: str
    is_queued: bool
    has_news: bool
    waits_since: date
    days_waiting: int
    is_overdue: bool = False

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

    @property
    def is_over(self) -> bool:
        """Somebody decided it, and nothing has come since that they had not seen."""
        return self.state in CLOSED and not self.has_news

    @cached_property
    def searched(self) -> str:
        """What a search looks in."""
        noted = " ".join([*self.standing.tags, self.standing.escalated_to or ""])
        return f"{self.ref} {self.told['holder_shown']} {self.told['headline']} {noted}".casefold()

    @property
    def is_answered(self) -> bool:
        """It is open again because an answer came; the days its holder had are not counted."""
        return self.state == OPEN and self.standing.decision_code == ANSWERED

    @property
    def news(self) -> str | None:
        """What is new, or stated anew, since the last step, as the night told it, whatever the queue says; none once somebody moved it."""
        return self.told["news"] if self.told["decided_at"] == self.standing.decided_at else None

    @property
    def state_words(self) -> str:
        """Where it stands, as everyone may read it: what was proposed is not told before the second person has looked."""
        if self.is_to_check:
            return "Second check"
        if self.has_news:
            return "Something new"
        if self.is_overdue:
            return "Answer overdue"
        return {"open": "To review", "asked": "Waiting for an answer", "snoozed": "Put off"}.get(self.state, STATES[self.state].words)


class LiveCases(list[LiveCase]):
    """Every case of the night as it stands today, in the night's order; and by reference and by person."""

    def __init__(self, cases: Iterable[LiveCase], places: Places) -> None:
        super().__init__(cases)
        self.places = places
        self.kept = Remembered()

    def changed(self, ids: Iterable[str], known: Known, today: date) -> LiveCases:
        """The same with these cases as they stand now."""
        made = LiveCases(self, self.places)
        for place in (self.places.by_id[case_id] for case_id in ids if case_id in self.places.by_id):
            made[place] = _live(self[place].told, known, today)
        return made

    def of_ref(self, ref: str) -> LiveCase | None:
        """The case of a reference."""
        place = self.places.by_ref.get(ref)
        return None if place is None else self[place]

    def of_holder(self, holder_id: str) -> list[LiveCase]:
        """The cases of a person."""
        return [self[place] for place in self.places.by_holder.get(holder_id, ())]

    @cached_property
    def to_check(self) -> list[LiveCase]:
        """Those that wait for a second person."""
        return [case for case in self if case.is_to_check]

    def in_order(self, name: str, key: Callable[[LiveCase], Any], account: Account, *, is_lasting: bool = True) -> list[LiveCase]:
        """The cases an account may see in the order of a key, which always has that name. `is_lasting`: it rests on nothing a person
        decides, so that the order stands for the night."""

        def sorted_places() -> list[int]:
            return sorted((place for place, case in enumerate(self) if is_area_shown(case, account)), key=lambda place: key(self[place]))

        kept = self.places.kept if is_lasting else self.kept
        places = kept.once((name, account.areas), sorted_places)
        return shown_to((self[place] for place in places), account)


def _live(told: dict[str, Any], known: Known, today: date) -> LiveCase:
    standing, state, has_news = now_of(told, known.standings.get(told["case_id"]), today)
    since = waits_since(told, standing, state, has_news=has_news, moves=known.moves.get(told["case_id"], ()))
    is_overdue = state == ASKED and standing.due_on is not None and standing.due_on < today
    is_queued = STATES[state].is_queued or has_news
    return LiveCase(told, standing, state, is_queued, has_news, since, max((today - since).days, 0), is_overdue)


def waits_since(told: Mapping[str, Any], standing: Standing, state: str, *, has_news: bool, moves: Sequence[Event] = ()) -> date:
    """The first day somebody could act on the case as it stands: the morning after the night that found it, or found something new; or
    the day of the last step that put it where it is, and for one that was put off the day it is due again. Once an answer is there, as
    many days earlier as it had waited before it was asked about."""
    if has_news:
        found_on: date = told.get("news_on") or date.fromisoformat(told["run_id"][-10:])
        return found_on + NEXT_MORNING
    if standing.checked_at or standing.decided_at:
        is_awake = standing.state_code == SNOOZED and state == OPEN and standing.wake_on is not None
        stepped = london_day(standing.checked_at or standing.decided_at or "")
        if standing.decision_code == ANSWERED:
            return stepped - timedelta(days=_days_before_questions(told, moves))
        return standing.wake_on if is_awake and standing.wake_on else stepped
    return _first_morning(told)


def _first_morning(told: Mapping[str, Any]) -> date:
    first_on: date = told["first_flagged_on"]
    return first_on + NEXT_MORNING


def _days_before_questions(told: Mapping[str, Any], moves: Sequence[Event]) -> int:
    """How long somebody could have acted on it before each of the questions that led to where it stands: another move begins anew."""
    since, days = _first_morning(told), 0
    for event in moves:
        code = event.body["move_code"]
        if MOVES[code].to_state is None:
            continue
        on = london_day(event.decided_at)
        if code == "ask":
            days += max((on - since).days, 0)
        elif code != ANSWERED:
            days = 0
        since = date.fromisoformat(event.body["particulars"]["wake_on"]) if code == "snooze" else on
    return days


def is_shown_to(case: LiveCase, account: Account) -> bool:
    """Whether a case is one of a person's: by area, and for the Local Counter Fraud Specialist only what was referred."""
    if account.role == "lcfs":
        return case.state == REFERRED
    return is_area_shown(case, account)


def is_area_shown(case: LiveCase, account: Account) -> bool:
    """Whether a case is of one of a person's areas, whatever became of it."""
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


def is_told_blind(case: LiveCase, account: Account, access: Casebook) -> bool:
    """Whether what was proposed is still to be kept from a person, who has not said yet what they would decide."""
    return is_blind(case, account) and own_view(case, account, access) is None


def is_read_again(case: LiveCase) -> bool:
    """Whether it waits to be read a second time, now with its reasons: what the first reader decided is kept back until it was."""
    return case.standing.first_read_by is not None and not is_without_reasons(case.told["rule_ids"].split("|"))


def is_first_reader(case: LiveCase, account: Account) -> bool:
    """Whether it is to be read again, by another than this person."""
    return is_read_again(case) and same_person(account.shown_name, case.standing.first_read_by or "")


def tells_decision(move_code: str) -> bool:
    """Whether a move tells what was decided: a decision itself, or the check of one."""
    return move_code in DECISIONS or MOVES[move_code].checks


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
