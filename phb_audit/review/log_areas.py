"""What of a log a person bound to areas may read: the events of their own people, and those that are about nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from phb_audit.cases.casebook import Event
from phb_audit.review.cases import LiveCases, is_area_shown, is_person_shown
from phb_audit.review.desk import Visit
from phb_audit.review.night import ShownNight

REF_LISTS, HOLDER_LISTS = ("cases", "refs", "accepted"), ("holders",)


def events_shown(events: Iterable[Event], visit: Visit) -> list[Event]:
    """The events this person may read, in their order; a list of several cases or people keeps only theirs.

    Of whoever is on file no more nobody can say which area they were of: those events are for who sees all areas.
    """
    if not visit.person.areas:
        return list(events)
    told = list(events)
    agreed = {one.body["exception_id"]: one for one in told if one.body.get("action") == "agreed"}
    theirs = _Theirs(visit, visit.every(), visit.night(), agreed)
    return [shown for event in told if (shown := theirs.part_of(event)) is not None]


@dataclass(frozen=True)
class _Theirs:
    visit: Visit
    cases: LiveCases
    night: ShownNight
    agreed: dict[str, Event]

    def part_of(self, event: Event) -> Event | None:
        """What of an event is theirs; None where nothing is."""
        body = event.body
        if body.get("action") == "ended" and (began := self.agreed.get(body["exception_id"])) is not None:
            body = began.body
        if holder_id := body.get("holder_id"):
            return event if self.has_holder(holder_id) else None
        if case_ref := body.get("case_ref"):
            return event if self.has_case(case_ref) else None
        lists = {name: body[name] for name in (*REF_LISTS, *HOLDER_LISTS) if body.get(name)}
        if not lists:
            return event
        kept = {name: list(filter(self.has_case if name in REF_LISTS else self.has_holder, said)) for name, said in lists.items()}
        return replace(event, body=event.body | kept) if any(kept.values()) else None

    def has_holder(self, holder_id: str) -> bool:
        row = self.night.person_of.get(holder_id)
        return row is not None and is_person_shown(row["area_shown"], self.visit.person)

    def has_case(self, ref: str) -> bool:
        case = self.cases.of_ref(ref)
        return case is not None and is_area_shown(case, self.visit.person)
