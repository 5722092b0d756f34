"""Controls that are tested while a report is made, and what came of it: in the pack's statement, and in the flagged-item report."""

from __future__ import annotations

from dataclasses import dataclass

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.casebook_store import BrokenCasebook
from phb_audit.reports.page import counted, listed
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql


@dataclass(frozen=True)
class Control:
    """A control that was tested, and what came of it."""

    words: str
    result: str


def of_pack(warehouse: Warehouse, settings: Settings, commissioner_code: str, run_id: str) -> tuple[Control, ...]:
    """Those of a pack: the books of its night, and those of the report with what stands at the end of the log."""
    night = {"run_id": run_id}
    stages = warehouse.frame(sql(__file__, "controls_stages"), night).item()
    wrong = warehouse.frame(sql(__file__, "controls_books"), night)["stage_name"].to_list()
    books = f"did not hold at {listed(wrong)}" if wrong else f"worked at all {stages} stages" if stages else "could not be tested: no books"
    return (
        Control("Every row and every pound that came in is accounted for", books),
        log_of_decisions(settings, commissioner_code, with_head=True),
        second_person(warehouse),
    )


def of_report(warehouse: Warehouse, settings: Settings, commissioner_code: str) -> tuple[Control, ...]:
    """Those of the flagged-item report, whose scope has the books: the log, the second person, and that nobody checked themselves."""
    return (log_of_decisions(settings, commissioner_code, with_head=False), second_person(warehouse), nobody_alone(warehouse))


def log_of_decisions(settings: Settings, commissioner_code: str, *, with_head: bool) -> Control:
    """Whether the chain of events holds. `with_head`: with how many there are and what stands at its end, which every new event changes."""
    words = "The log of decisions holds from its first event to its last"
    try:
        events = casebook_events(settings, commissioner_code)
    except BrokenCasebook:
        return Control(words, "did not work: the chain of events is broken")
    if not events:
        return Control(words, "nothing has been decided yet")
    head = f": {counted(len(events), 'event')}, head hash {events[-1].event_hash[:16]}" if with_head else ""
    return Control(words, f"worked{head}")


def second_person(warehouse: Warehouse) -> Control:
    """Whether whatever needs a second person had one."""
    breaches, closed = warehouse.frame(sql(__file__, "controls_checks")).row(0)
    checked = "worked" if closed else "not tested: nothing was refused or referred"
    words = "Whatever was not agreed or was referred was checked by a second person"
    return Control(words, f"did not work in {counted(breaches, 'case')}" if breaches else checked)


def nobody_alone(warehouse: Warehouse) -> Control:
    """Whether everybody who checked was somebody else than who proposed."""
    alone, checked = warehouse.frame(sql(__file__, "controls_alone")).row(0)
    result = f"did not work in {counted(alone, 'case')}" if alone else "worked" if checked else "not tested: nothing was checked"
    return Control("Nobody checked their own decision", result)
