"""Purchases to review: filters that are a plain GET form, sorting, pages of twenty."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from phb_audit.cases.decisions import same_person
from phb_audit.cases.transitions import ASKED, OPEN, SNOOZED, refusal
from phb_audit.reports.flagged_cases import MATCHES
from phb_audit.reports.flagged_totals import PRIORITIES
from phb_audit.reports.page import counted
from phb_audit.review.accounts import Account
from phb_audit.review.cases import LiveCase, is_area_shown
from phb_audit.review.desk import Problem, Visit
from phb_audit.review.page import link
from phb_audit.review.permissions import may
from phb_audit.review.places import hour_in_words, place_in_words
from phb_audit.review.recorded import recorded

PAGE_SIZE = 20
STATUSES: dict[str, tuple[str, Callable[[LiveCase], bool]]] = {
    "review": ("To review", lambda case: case.is_queued and (case.state == OPEN or case.has_news)),
    "asked": ("Waiting for an answer", lambda case: case.state == ASKED),
    "overdue": ("Answer overdue", lambda case: case.is_overdue),
    "put_off": ("Put off", lambda case: case.state == SNOOZED),
    "check": ("Second check", lambda case: case.is_to_check),
    "decided": ("Decided", lambda case: case.is_over),
}
ABOUT = {"plan_fit": "The care plan", "money_and_evidence": "Money and papers"}
OWNERS = {"me": "Assigned to me", "nobody": "Assigned to nobody"}
PRIORITY_ORDER = {"high": 0, "medium": 1, "low": 2}
SORTS: dict[str, tuple[str, Callable[[LiveCase], Any]]] = {
    "place": ("Worth a minute of reading", lambda case: (not case.told["is_queued"], case.told["rank"], case.told["first_flagged_on"])),
    "oldest": ("Oldest waiting first", lambda case: (case.is_over, case.waits_since, case.told["rank"])),
    "newest": ("Newest first", lambda case: (case.is_over, -case.waits_since.toordinal(), case.told["rank"])),
    "ref": ("Ref", lambda case: case.ref),
    "amount": ("Amount", lambda case: amount_of(case)),
    "paid": ("Paid", lambda case: case.told["subject_on"]),
    "priority": (
        "Priority",
        lambda case: (PRIORITY_ORDER[case.told["priority_code"]], case.told["first_flagged_on"], case.told["rank"]),
    ),
}
USUAL_SORT = "place"
BY_WAIT = ("oldest", "newest")
FILTERS = ("q", "status", "about", "priority", "why", "area", "owner")


@dataclass(frozen=True)
class Chosen:
    """The filters and the order an address asks for."""

    filters: dict[str, list[str]]
    sort: str
    is_down: bool

    @property
    def key(self) -> Hashable:
        """What tells it from another choice."""
        return (self.sort, self.is_down, *((name, *values) for name, values in self.filters.items()))

    @property
    def query(self) -> dict[str, object]:
        """The filters and the order as an address carries them."""
        return {"chosen": "1", **self.filters, "sort": self.sort, "dir": "down" if self.is_down else "up"}


def show(visit: Visit) -> Response:
    """The list."""
    return list_page(visit)


def list_page(visit: Visit, *, problems: Sequence[Problem] = (), status: int = 200) -> Response:
    """The page of the list that the address asks for, with what is wrong with what was sent from it."""
    chosen = chosen_of(visit)
    found, longest = found_by(visit, chosen)
    page, pages = pages_of(len(found), visit)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    visit.keep("list", page="queue", cases=[case.ref for case in shown])
    return visit.shown(
        "queue.jinja",
        status=status,
        problems=problems,
        rows=[row_of(case) | {"pick": pick_of(case, visit.person)} for case in shown],
        assigns=link("/purchases/assign", **chosen.query, page=page) if may(visit.person.role, "assign") else "",
        by_wait=BY_WAIT,
        summary=summary(len(found), longest, page),
        options=options(*reasons_and_areas(visit), chosen),
        tags=tags(chosen),
        chosen=chosen,
        search="".join(chosen.filters["q"]),
        headings={name: heading(chosen, name) for name in SORTS},
        pagination=pagination(page, pages, "/purchases", chosen.query),
        recorded=recorded(visit),
        hour=hour_in_words(visit),
    )


def found_by(visit: Visit, chosen: Chosen) -> tuple[list[LiveCase], int]:
    """The cases of this person's that meet what is asked for, in its order, and the longest wait among them; worked out once until a
    decision is made, and for two people who see the same cases once."""
    every, person = visit.every(), visit.person
    own = person.shown_name if chosen.filters.get("owner") else ""

    def found() -> tuple[list[LiveCase], int]:
        mine = every.in_order(chosen.sort, SORTS[chosen.sort][1], person, is_lasting=chosen.sort not in BY_WAIT)
        for meets in filters_of(chosen, visit):
            mine = [case for case in mine if meets(case)]
        if chosen.is_down:
            mine.reverse()
        return mine, max((case.days_waiting for case in mine), default=0)

    return every.kept.once((person.areas, person.role == "lcfs", own, chosen.key), found)


def reasons_and_areas(visit: Visit) -> tuple[list[str], list[str]]:
    """The reasons and areas that cases of this person's have, each in order."""
    every, person = visit.every(), visit.person

    def found() -> tuple[list[str], list[str]]:
        mine = [case.told for case in every if is_area_shown(case, person)]
        titles = {title for told in mine for title in told["titles"]}
        return sorted(titles), sorted({told["area_name"] for told in mine if told["area_name"]})

    return every.places.kept.once(("reasons and areas", person.areas), found)


def chosen_of(visit: Visit) -> Chosen:
    """What the address asks for. Who comes without a choice sees what waits for a role like theirs, and the tags say so."""
    filters = {name: visit.asked(name) for name in FILTERS}
    if not visit.asked("chosen"):
        own = {"clinician": ["plan_fit"], "auditor": ["money_and_evidence"]}.get(visit.person.role, [])
        filters |= {"status": ["review"], "about": own}
    sort = next((name for name in visit.asked("sort") if name in SORTS), USUAL_SORT)
    return Chosen(filters, sort, visit.asked("dir") == ["down"])


def pages_of(count: int, visit: Visit) -> tuple[int, int]:
    """The page the address asks for, the first where there is no such page; and how many there are."""
    number = next((text for text in visit.asked("page") if text.isascii() and text.isdigit() and len(text) < 7), "1")
    pages = max(-(-count // PAGE_SIZE), 1)
    return (int(number) if 1 <= int(number) <= pages else 1), pages


def filters_of(chosen: Chosen, visit: Visit) -> list[Callable[[LiveCase], bool]]:
    """What a case must meet, each thing once: one of the values of every filter that is in use."""
    name = visit.person.shown_name
    wanted = {filter_name: frozenset(values) for filter_name, values in chosen.filters.items() if values}
    words = [text.casefold().strip() for text in chosen.filters["q"]]
    states = [STATUSES[value][1] for value in chosen.filters["status"] if value in STATUSES]
    meets: dict[str, Callable[[LiveCase], bool]] = {
        "q": lambda case: any(text in case.searched for text in words),
        "status": states[0] if len(states) == 1 else lambda case: any(is_in(case) for is_in in states),
        "about": lambda case: case.kind in wanted["about"],
        "priority": lambda case: case.told["priority_code"] in wanted["priority"],
        "why": lambda case: not wanted["why"].isdisjoint(case.told["titles"]),
        "area": lambda case: case.told["area_name"] in wanted["area"],
        "owner": lambda case: is_owned(case.standing.owner or "", wanted["owner"], name),
    }
    return [meets[filter_name] for filter_name in FILTERS if filter_name in wanted]


def is_owned(owner: str, wanted: frozenset[str], name: str) -> bool:
    """Whether an item is assigned as asked for: to nobody, or to this person."""
    return ("nobody" in wanted and not owner) or ("me" in wanted and bool(owner) and same_person(owner, name))


def amount_of(case: LiveCase) -> int:
    """The payment's amount, or the money in question where it is not about one payment. In pence."""
    paid = case.told["amount_pence"]
    return int(case.told["at_stake_pence"] if paid is None else paid)


def row_of(case: LiveCase) -> dict[str, Any]:
    """One row of the table, in words."""
    told = case.told
    return {
        "ref": case.ref,
        "payee": told["payee_shown"] or told["headline"],
        "holder": told["holder_shown"],
        "amount_pence": amount_of(case),
        "paid_on": told["subject_on"],
        "goal": told["goal_words"] or "",
        "match": MATCHES.get(told["match_code"] or "", ""),
        "why": list(dict.fromkeys(told["titles"])),
        "priority": PRIORITIES.get(told["priority_code"], told["priority_code"]),
        "state": case.state_words,
        "waiting": counted(case.days_waiting, "day"),
        "place": place_in_words(told),
        "owner": case.standing.owner or "",
        "noted": noted_of(case),
    }


def pick_of(case: LiveCase, person: Account) -> str:
    """What the form to assign several carries of a case: its reference and the version that was seen; empty where it cannot be."""
    is_free = not refusal("assign", state=case.state, kind=case.kind, role=person.role)
    return f"{case.ref}-{case.standing.version}" if is_free and may(person.role, "assign") else ""


def noted_of(case: LiveCase) -> list[str]:
    """Before whom it was brought, and the words people gave it to find it by."""
    brought = [f"Brought before {case.standing.escalated_to}"] if case.standing.escalated_to else []
    return brought + [f"Tag: {tag}" for tag in dict.fromkeys(case.standing.tags)]


def summary(count: int, longest: int, page: int) -> str:
    """'Showing 1 to 20 of 147 purchases. Longest wait: 12 days.'"""
    if not count:
        return "No purchases match."
    first = (page - 1) * PAGE_SIZE + 1
    last = min(first + PAGE_SIZE - 1, count)
    return f"Showing {first:,} to {last:,} of {counted(count, 'purchase')}. Longest wait: {counted(longest, 'day')}."


def options(titles: Sequence[str], area_names: Sequence[str], chosen: Chosen) -> list[dict[str, Any]]:
    """The boxes to tick, by filter; only reasons and areas that somebody has."""
    reasons = sorted({*titles, *chosen.filters["why"]})
    areas = sorted({*area_names, *chosen.filters["area"]})
    groups: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("status", "Status", [(value, words) for value, (words, _) in STATUSES.items()]),
        ("about", "What it is about", list(ABOUT.items())),
        ("priority", "Priority", list(PRIORITIES.items())),
        ("why", "Why it was flagged", [(reason, reason) for reason in reasons]),
        ("area", "Area", [(area, area) for area in areas]),
        ("owner", "Assigned to", list(OWNERS.items())),
    ]
    return [
        {
            "name": name,
            "words": words,
            "is_long": len(boxes) > 8,
            "items": [{"value": value, "text": text, "checked": value in chosen.filters[name]} for value, text in boxes],
        }
        for name, words, boxes in groups
        if boxes
    ]


def tags(chosen: Chosen) -> list[tuple[str, str]]:
    """Each filter in use, in words, with the address without it."""
    named = {"status": {value: words for value, (words, _) in STATUSES.items()}, "about": ABOUT, "priority": PRIORITIES, "owner": OWNERS}
    found = []
    for name, values in chosen.filters.items():
        for value in values:
            rest = chosen.filters | {name: [other for other in values if other != value]}
            words = f"“{value}”" if name == "q" else named.get(name, {}).get(value, value)
            found.append((words, link("/purchases", **(chosen.query | rest))))
    return found


def heading(chosen: Chosen, name: str) -> dict[str, str]:
    """A heading that sorts: its words, its address, and how the table is sorted by it now."""
    is_now = chosen.sort == name
    turned = chosen.query | {"sort": name, "dir": "up" if not is_now or chosen.is_down else "down"}
    now = ("descending" if chosen.is_down else "ascending") if is_now else "none"
    return {"words": SORTS[name][0], "href": link("/purchases", **turned), "now": now}


def pagination(page: int, pages: int, path: str, query: Mapping[str, object]) -> dict[str, Any] | None:
    """Numbered pages; none where one page holds all."""
    if pages == 1:
        return None

    def to(number: int) -> str:
        return link(path, **query, page=number)

    near = [number for number in range(1, pages + 1) if number in (1, pages) or abs(number - page) <= 1]
    items: list[dict[str, Any]] = []
    for number, before in zip(near, [0, *near[:-1]], strict=True):
        if number - before > 1:
            items.append({"ellipsis": True})
        items.append({"number": number, "href": to(number), "current": number == page})
    before_and_after = {"previous": {"href": to(page - 1)} if page > 1 else None, "next": {"href": to(page + 1)} if page < pages else None}
    return {"items": items} | {name: value for name, value in before_and_after.items() if value}
