"""For auditors: what was decided and who saw what, whether both logs hold, and a sample drawn by chance that anyone can draw again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

from phb_audit.cases.casebook import CASE, Event
from phb_audit.cases.casebook_copies import verified
from phb_audit.cases.transitions import MOVES, TO_CHECK
from phb_audit.cases.verify_alone import problem_of
from phb_audit.review.cases import LiveCase, is_read_again, tells_decision
from phb_audit.review.desk import Visit
from phb_audit.review.keeping import access_log_file
from phb_audit.review.log_areas import events_shown
from phb_audit.review.page import link
from phb_audit.review.queue import amount_of, pages_of, pagination

LOGS = {"decided": "What people decided", "access": "Who signed in and saw what"}
MOST_SAMPLED = 200
HIDDEN = "kept back until the second person"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide forms a spreadsheet also takes


def show(visit: Visit) -> Response:
    """Whether the logs hold, and the ways on."""
    desk = visit.desk
    checks = [
        ("What people decided", *verified(desk.settings, desk.commissioner_code)),
        ("Who signed in and saw what", *problem_of(access_log_file(desk.settings, desk.commissioner_code))),
    ]
    visit.keep("verify_logs", problems=[problem for _, problem, *_ in checks if problem])
    return visit.shown("auditor.jinja", checks=checks)


def log_page(visit: Visit) -> Response:
    """Events of one log, newest first."""
    found, values = searched(visit)
    page, pages = pages_of(len(found), visit)
    shown = found[(page - 1) * 20 : page * 20]
    visit.keep("view_log", **values)
    hidden = hidden_cases(visit)
    rows = [told_of(event, values["log"], hidden) | about_in_words(event, values["log"], hidden) for event in shown]
    export = link("/auditor/log.csv", **values)
    return visit.shown(
        "log.jinja",
        rows=rows,
        count=len(found),
        pagination=pagination(page, pages, "/auditor/log", values),
        logs=LOGS,
        export=export,
        **values,
    )


def log_export(visit: Visit) -> Response:
    """The events found, as CSV."""
    found, values = searched(visit)
    visit.keep("export_log", rows=len(found), **values)
    hidden = hidden_cases(visit)
    rows = [told_of(event, values["log"], hidden) for event in found]
    header = ("number", "at", "by", "what", "about", "details", "hash")
    return csv_file(f"log-{values['log']}.csv", header, [[str(row[name]) for name in header] for row in rows])


def searched(visit: Visit) -> tuple[list[Event], dict[str, Any]]:
    """The events of the log asked for that hold the words asked for, newest first; and what was asked."""
    which = next((name for name in visit.asked("log") if name in LOGS), "decided")
    words = "".join(visit.asked("q")[:1]).strip()
    events = events_shown(visit.known.events if which == "decided" else visit.desk.access.events(), visit)
    hidden = hidden_cases(visit)
    # What is kept back is not found by its words either.
    found = [
        event for event in reversed(events) if words.casefold() in " ".join(map(str, told_of(event, which, hidden).values())).casefold()
    ]
    return found, {"log": which, "q": words}


def hidden_cases(visit: Visit) -> frozenset[str]:
    """Ids and references of cases that wait for a second check or a second reading: an auditor may be the one."""
    waiting = [case for case in visit.every() if case.is_to_check or is_read_again(case)]
    names = {name for case in waiting for name in (case.case_id, case.ref)}
    # Nor of one that no night finds any more: until a second person closes it, it waits as the others do.
    gone = (one for one in visit.known.standings.values() if one.state_code in TO_CHECK and one.case_id not in visit.night().places.by_id)
    return frozenset(names.union(name for one in gone for name in (one.case_id, one.case_ref)))


def is_kept_back(event: Event, which: str, hidden: frozenset[str]) -> bool:
    """Whether an event of the log of who saw what tells of the decision of a case that waits: a view, or a workbook with it."""
    return which == "access" and (event.body.get("case_id") in hidden or brings_decision(event, hidden))


def brings_decision(event: Event, hidden: frozenset[str]) -> bool:
    """Whether it is somebody's workbook with a decision on one of those cases: then who sent it tells, too."""
    return not hidden.isdisjoint([*event.body.get("accepted", ()), *event.body.get("refs", ())])


def told_of(event: Event, which: str, hidden: frozenset[str]) -> dict[str, Any]:
    """One event as a row."""
    body = event.body
    row = {"number": event.event_number, "at": event.decided_at, "by": event.decided_by, "what": event.kind_code, "hash": event.event_hash}
    if event.kind_code == CASE:
        is_hidden = body["case_id"] in hidden and tells_decision(body["move_code"])
        reason = HIDDEN if is_hidden else body["reason"]
        what = "Decision made, waiting for a second person" if is_hidden else MOVES[body["move_code"]].words
        return row | {"what": what, "by": HIDDEN if is_hidden else row["by"], "about": body["case_ref"], "details": reason}
    details = {name: value for name, value in body.items() if name not in ("case_ref", "holder_id")}
    about = body.get("case_ref") or body.get("holder_id") or ""
    if which == "access" and brings_decision(event, hidden):
        row |= {"by": HIDDEN}
    text = HIDDEN if is_kept_back(event, which, hidden) else json.dumps(details, sort_keys=True, ensure_ascii=False) if details else ""
    return row | {"what": event.kind_code.replace("_", " ").capitalize(), "about": about, "details": text}


def about_in_words(event: Event, which: str, hidden: frozenset[str]) -> dict[str, str]:
    """Whom an event is about, by the name pages show, and its details as words; the file to take away keeps both as they are."""
    body = event.body
    if event.kind_code == CASE or is_kept_back(event, which, hidden):
        return {}
    about = body.get("case_ref") or (shown_name(body["holder_id"]) if body.get("holder_id") else "")
    details = [
        f"{name.replace('_', ' ').capitalize()}: {text}"
        for name, value in body.items()
        if name not in ("case_ref", "holder_id", "case_id") and (text := _words(name, value))
    ]
    return {"about": about, "details": ". ".join(details)}


def shown_name(holder_id: str) -> str:
    """A holder as pages call them."""
    return f"PHB-{holder_id[1:7].upper()}"


def _words(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(shown_name(one) if name == "holders" else str(one) for one in value) or "none"
    return str(value)


def sample_page(visit: Visit) -> Response:
    """A sample to decide again: by chance from a seed, each as likely as the other, or the likelier the more money is in question."""
    chosen, values = sampled(visit)
    if chosen:
        visit.keep("sample", **values, cases=[case.ref for case in chosen])
    return visit.shown("sample.jinja", rows=[sample_row(case) for case in chosen], export=link("/auditor/sample.csv", **values), **values)


def sample_export(visit: Visit) -> Response:
    """The same sample, as CSV."""
    chosen, values = sampled(visit)
    visit.keep("export_sample", **values, cases=[case.ref for case in chosen])
    header = ("ref", "person", "headline", "pounds", "state", "reasons")
    return csv_file(f"sample-{values['seed']}.csv", header, [[str(sample_row(case)[name]) for name in header] for case in chosen])


def sample_row(case: LiveCase) -> dict[str, Any]:
    """One drawn case, in words."""
    return {
        "ref": case.ref,
        "person": case.told["holder_shown"],
        "headline": case.told["headline"],
        "pounds": f"{amount_of(case) / 100:.2f}",
        "state": case.state_words,
        "reasons": "; ".join(dict.fromkeys(case.told["titles"])),
    }


def sampled(visit: Visit) -> tuple[list[LiveCase], dict[str, Any]]:
    """The cases drawn, and what they were drawn with. The same seed, size, way and night draw the same."""
    seed = "".join(visit.asked("seed")[:1]).strip()[:40]
    size = next((text for text in visit.asked("size") if text.isascii() and text.isdigit() and len(text) < 4), "20")
    way = "by_value" if visit.asked("way") == ["by_value"] else "by_chance"
    values = {"seed": seed, "size": str(min(max(int(size), 1), MOST_SAMPLED)), "way": way}
    return (drawn(visit.cases(), seed, int(values["size"]), by_value=way == "by_value") if seed else []), values


def drawn(cases: Iterable[LiveCase], seed: str, size: int, *, by_value: bool) -> list[LiveCase]:
    """`size` cases by the hash of seed and case: the smallest first; by value, the hash counts less the more pence are in question."""

    def place(case: LiveCase) -> float:
        digest = hashlib.sha256(f"{seed}|{case.case_id}".encode()).digest()
        chance = (int.from_bytes(digest[:7], "big") + 1) / 2**56
        # Exponential waiting times: the one whose weight is twice as large comes first twice as often.
        return chance if not by_value else -math.log(chance) / max(abs(case.told["at_stake_pence"]), 1)

    return sorted(cases, key=lambda case: (place(case), case.case_id))[:size]


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A CSV to take away, in which no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name_of_file(name)}"'}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def name_of_file(name: str) -> str:
    """The name with nothing in it but letters, digits, points and lines."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in ".-_") else "_" for letter in name)
