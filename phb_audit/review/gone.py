"""An item that no night finds any more: what it was, when and why it went, what was done; and closing a proposal that waits on it.

It is told as whoever moved it last saw it. Whom it belongs to is known while the holder is on file; after that it is for who sees all
areas. One that left the list for another reader's lane is told in the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl
from starlette.responses import Response

from phb_audit.cases.decisions import REASON_AT_LEAST, REASON_AT_MOST, SeenCase, Standing, is_without_reasons, same_person
from phb_audit.cases.transitions import CHECKERS, MOVES, REFERRED, STATES, TO_CHECK
from phb_audit.cases.workbook import digest_of
from phb_audit.review import item
from phb_audit.review.cases import is_person_shown
from phb_audit.review.deciding import changed, recorded, typed
from phb_audit.review.desk import Problem, Visit, not_found
from phb_audit.review.overtaken import with_resolved
from phb_audit.review.question import reason_problems
from phb_audit.warehouse import sql

CLOSE = "close_overtaken"
UNKNOWN = "No night finds it any more."


@dataclass(frozen=True)
class Gone:
    """One of them: where it stands, and what was seen of it last."""

    standing: Standing
    seen: SeenCase

    @property
    def ref(self) -> str:
        """Its reference."""
        return self.standing.case_ref

    @property
    def is_to_check(self) -> bool:
        """What was proposed waits for a second person."""
        return self.standing.state_code in TO_CHECK

    @property
    def holder_shown(self) -> str:
        """Whose it is, by the name reports show."""
        return f"PHB-{self.standing.holder_id[1:7].upper()}"

    @property
    def headline(self) -> str:
        """What it was about."""
        return self.seen.headline or str(self.seen.flags[0].get("title") or "An item that was decided")

    @property
    def state_words(self) -> str:
        """Where it stands, as everyone may read it."""
        return "Second check" if self.is_to_check else STATES[self.standing.state_code].words

    @property
    def first_flagged_on(self) -> date | None:
        """The first night that flagged it, where that was kept."""
        return date.fromisoformat(self.seen.first_flagged_on) if self.seen.first_flagged_on else None

    @cached_property
    def digest(self) -> str:
        """What is on the screen, in short."""
        return digest_of(self.seen)


def show(visit: Visit) -> Response:
    """The page of an item, also of one that is not found any more."""
    ref = visit.request.path_params["ref"].strip().upper()
    if visit.every().of_ref(ref) is not None:
        return item.show(visit)
    gone = gone_of(visit, ref)
    visit.keep("view_case", case_ref=gone.ref, holder_id=gone.standing.holder_id, case_version=gone.standing.version)
    return page(visit, gone)


def close(visit: Visit) -> Response:
    """Close a proposal that later evidence overtook before anybody checked it."""
    gone, reason = gone_of(visit, visit.request.path_params["ref"].strip().upper()), visit.given("reason")
    if (visit.given("version"), visit.given("digest")) != (str(gone.standing.version), gone.digest):
        raise changed(gone)
    problems: list[Problem] = []
    if not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        problems.append(("reason", "Write a reason, in a sentence or two"))
    problems += [("reason", words) for words in reason_problems(reason)]
    if problems:
        return page(visit, gone, problems=problems, status=400, given=typed(visit))
    recorded(visit, gone, gone.seen, CLOSE, reason, {}, is_overtaken=True)
    return visit.sent_to(f"/purchases/{gone.ref}?done={CLOSE}")


def gone_of(visit: Visit, ref: str) -> Gone:
    """The one with that reference. Raises Refused, as if there were none, where it is not this person's."""
    found = next((one for one in all_gone(visit) if one.ref == ref), None)
    if found is None:
        raise not_found()
    return found


def all_gone(visit: Visit, holder_id: str | None = None) -> list[Gone]:
    """Those of this person's, in the order in which they were first moved; of one holder where one is named."""
    places = visit.night().places.by_id
    found = []
    for case_id, standing in visit.known.standings.items():
        if case_id in places or holder_id not in (None, standing.holder_id) or not is_shown(visit, standing):
            continue
        seen = SeenCase.of_event(visit.known.moves[case_id][-1])
        if seen.flags and not is_without_reasons(flag["rule_id"] for flag in seen.flags):
            found.append(Gone(standing, seen))
    return found


def is_shown(visit: Visit, standing: Standing) -> bool:
    """Whether one is this person's: by the area of its holder, and for the Local Counter Fraud Specialist only what was referred."""
    if visit.person.role == "lcfs":
        return standing.state_code == REFERRED
    holder = visit.night().person_of.get(standing.holder_id)
    return not visit.person.areas if holder is None else is_person_shown(holder["area_shown"], visit.person)


def is_own(visit: Visit, gone: Gone) -> bool:
    """Whether this person made the proposal."""
    return same_person(visit.person.shown_name, gone.standing.decided_by or "")


def page(visit: Visit, gone: Gone, *, problems: list[Problem] | None = None, status: int = 200, **values: Any) -> Response:
    """The page, with what is wrong with the form on it."""
    reasons = reasons_of(visit, gone)
    is_hidden = gone.is_to_check and not is_own(visit, gone)
    steps = item.history(visit.known.moves[gone.standing.case_id], is_hidden=is_hidden, is_read_again=False)
    return visit.shown(
        "gone.jinja",
        status=status,
        problems=problems or [],
        gone=gone,
        reasons=reasons,
        history=with_resolved(steps, [row for row in reasons if row["cleared_on"]]),
        may_close=gone.is_to_check and visit.person.role in CHECKERS and not is_own(visit, gone),
        is_own=gone.is_to_check and is_own(visit, gone),
        is_closed_now=visit.asked("done") == [CLOSE] and not gone.is_to_check,
        close_words=MOVES[CLOSE].words,
        **({"given": {}} | values),
    )


def reasons_of(visit: Visit, gone: Gone) -> list[dict[str, Any]]:
    """What was seen of it, newest gone first: title, sentence, rule, and when and why a night no longer found it, where known."""
    ids = pl.DataFrame({"flag_id": [flag["flag_id"] for flag in gone.seen.flags]}, schema={"flag_id": pl.String})
    with visit.night().reading() as warehouse:
        went = {row["flag_id"]: row for row in warehouse.frame(sql(__file__, "gone_reasons"), asked=ids).iter_rows(named=True)}
    rows = []
    for flag in gone.seen.flags:
        row = went.get(flag["flag_id"], {"cleared_on": None, "because": UNKNOWN})
        title = flag.get("title") or flag["rule_id"]
        named = {"title": title, "sentence": flag["sentence"], "rule_id": flag["rule_id"], "rule_version": flag["rule_version"]}
        rows.append(named | {"cleared_on": row["cleared_on"], "because": row["because"]})
    return sorted(rows, key=lambda row: str(row["cleared_on"] or ""), reverse=True)
