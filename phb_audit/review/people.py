"""People with a budget, and one person: goals, budget against spend, items and what became of them, what was agreed for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from starlette.responses import Response

from phb_audit.cases.exceptions import exceptions
from phb_audit.review.cases import is_person_shown
from phb_audit.review.desk import Problem, Visit, not_found
from phb_audit.review.gone import all_gone
from phb_audit.review.queue import PAGE_SIZE, pages_of, pagination, row_of
from phb_audit.review.timeline import MOST, plan_facts, timeline


def show(visit: Visit) -> Response:
    """Everyone of this person's, twenty a page."""
    search = "".join(visit.asked("q")[:1]).strip()
    found = found_by(visit, search.casefold())
    page, pages = pages_of(len(found), visit)
    rows = [
        row | {"items": sum(case.is_queued for case in visit.cases_of(row["holder_id"]))}
        for row in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    ]
    visit.keep("list", page="people", holders=[row["holder_id"] for row in rows])
    return visit.shown(
        "people.jinja", rows=rows, count=len(found), search=search, pagination=pagination(page, pages, "/people", {"q": search})
    )


def found_by(visit: Visit, search: str) -> list[dict[str, Any]]:
    """Those of this person's whose name or area holds what is looked for; worked out once for all who see the same."""
    night, person = visit.night(), visit.person

    def found() -> list[dict[str, Any]]:
        mine = (row for row in night.people if is_person_shown(row["area_shown"], person))
        return [row for row in mine if not search or search in f"{row['holder_shown']} {row['area_shown']}".casefold()]

    return night.places.kept.once(("people", person.areas, search), found)


def one(visit: Visit) -> Response:
    """One person's page, by the name reports show."""
    person = person_asked_for(visit)
    visit.keep("view_person", holder_id=person["holder_id"])
    return person_page(visit, person)


def person_asked_for(visit: Visit) -> dict[str, Any]:
    """The row of whom the address names. Raises Refused, as if there were nobody, where they are not this person's."""
    wanted = visit.request.path_params["holder"].strip().upper()
    matching = [row for row in visit.night().people_shown.get(wanted, ()) if is_person_shown(row["area_shown"], visit.person)]
    if not matching:
        raise not_found()
    return matching[0]


def person_page(visit: Visit, person: dict[str, Any], *, problems: Sequence[Problem] = (), status: int = 200) -> Response:
    """The page, with what is wrong with the form on it."""
    holder_id = person["holder_id"]
    cases = sorted(visit.cases_of(holder_id), key=lambda case: not case.is_queued)
    page, pages = pages_of(len(cases), visit)
    told = read_person(visit, holder_id)
    steps = timeline(visit, cases, told)
    return visit.shown(
        "person.jinja",
        status=status,
        problems=problems,
        person=person,
        items=[row_of(case) for case in cases[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
        items_count=len(cases),
        overtaken=all_gone(visit, holder_id),
        pagination=pagination(page, pages, f"/people/{person['holder_shown']}", {}),
        plan=plan_facts(told["plans"]),
        steps=steps[:MOST],
        has_more_steps=len(steps) > MOST,
        **told,
    )


def read_person(visit: Visit, holder_id: str) -> dict[str, Any]:
    """The plan in force, what flags together tell, and what was agreed as an exception."""
    agreed = exceptions(visit.known.events).filter(pl.col("holder_id") == holder_id).to_dicts()
    told = visit.night().persons.of(holder_id)
    return {**told, "exceptions": [row | {"is_in_force": row["from_on"] <= visit.today <= row["to_on"]} for row in agreed]}
