"""Papers that come after a decision: two nights with a decision between, and what is said of it when its flags go one by one."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from phb_audit import flagged
from phb_audit.cases import carried
from phb_audit.cases.case_command import list_cases, move_case, show_case
from phb_audit.cases.casebook import open_casebook
from phb_audit.cases.decisions import TO_BE_READ_RULE, MoveRefused, move
from phb_audit.cases.seen import UnknownCase, seen_case
from phb_audit.reports import bi
from phb_audit.reports.flagged_items import build_report, decided
from phb_audit.reports.measures_decisions import measures
from phb_audit.reports.measures_settings import chosen
from phb_audit.run import Run
from phb_audit.tables.measures import WHOLE
from phb_audit.warehouse import sql
from tests.builders import fill
from tests.flagged.world import FIRST, payment, world
from tests.reports.test_flagged_items import section, words_of

WHY = "The carer tells what was bought and it fits."
FIRST_NIGHT = date(2026, 10, 31)
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Nights:
    """The nights of one small commissioner, and the case of its two payments without a receipt."""

    run: Run
    ref: str = ""

    def night(self, as_of: date, *receipts_of: str) -> Nights:
        """A night, after receipts of these payments came, published as readers find it."""
        run = replace(self.run, as_of=as_of)
        for name in receipts_of:
            run.warehouse.run(f"UPDATE matched.payments SET receipt_id = 'R{name}' WHERE payment_id = '{name}'")
        touched = {"event_id": f"V{as_of}", "holder_id": FIRST, "event_code": "absence", "from_on": as_of, "to_on": as_of}
        fill(run, {"validated.holder_events": [touched]})
        carried.build(run)
        flagged.build(run)
        run.warehouse.run("CHECKPOINT")
        folder = run.settings.folder("published", "QZZ") / "current"
        folder.mkdir(exist_ok=True)
        shutil.copy(run.warehouse.path, folder / "night.duckdb")
        refs = run.warehouse.frame(
            "SELECT DISTINCT case_ref FROM flagged.findings JOIN flagged.cases USING (case_id) WHERE rule_id = 'E-01'"
        )
        return Nights(run, self.ref or refs.item())

    def decide(self, code: str = "agree", *, by: str = "Ada Reviewer", version: int = 0) -> None:
        """A move on the case on 3 November, as it was seen on the newest night."""
        seen = seen_case(self.run.settings, "QZZ", self.ref)
        with open_casebook(self.run.settings, "QZZ") as book:
            move(book, seen, code, by=by, role="auditor", reason=WHY, version=version, at=datetime(2026, 11, 3, 9 + version, tzinfo=UTC))

    def shown(self) -> str:
        """What `case show` says."""
        return _said(partial(show_case, self.run.settings, "QZZ", self.ref, on=TODAY, as_json=False))

    def shown_json(self) -> dict[str, Any]:
        """The same for machines."""
        told: dict[str, Any] = json.loads(_said(partial(show_case, self.run.settings, "QZZ", self.ref, on=TODAY, as_json=True)))
        return told

    def listed_all(self, *, as_json: bool = False) -> str:
        """What `case list --all` says."""
        return _said(partial(list_cases, self.run.settings, "QZZ", state=None, on=TODAY, as_json=as_json, has_all=True))

    def move(self, code: str, by: str, version: int | None = None) -> None:
        """What `case move` does, on the newest night."""
        more: dict[str, Any] = {"role": "auditor", "reason": WHY, "version": version, "particulars": {}, "say": lambda _: None}
        move_case(self.run.settings, "QZZ", self.ref, code, by=by, **more)

    def listed(self) -> str:
        """What `case list --state agreed` says."""
        return _said(partial(list_cases, self.run.settings, "QZZ", state="agreed", on=TODAY, as_json=False))


def _said(command: Any) -> str:
    said: list[str] = []
    command(say=said.append)
    return "\n".join(said)


@pytest.fixture
def nights(run: Run) -> Nights:
    paid = [
        payment(name, amount_pence=pence, payee_shown=payee) for name, pence, payee in (("P1", 107_99, "ARGOS"), ("P2", 218_50, "BOOTS"))
    ]
    return Nights(world(run, *paid)).night(FIRST_NIGHT)


ONE_GONE = "Stated anew since Ada Reviewer decided: No receipt (ARGOS, £107.99) is no longer found."


def test_the_first_receipt_is_told_wherever_the_decision_is(nights: Nights) -> None:
    nights.decide()
    before = nights.night(date(2026, 11, 4))
    assert "Stated anew" not in before.shown() + before.listed()
    after = nights.night(date(2026, 11, 5), "P1")
    (row,) = decided(after.run)
    assert (row["case_ref"], row["state_words"], row["news"]) == (nights.ref, "Agreed", ONE_GONE)
    assert ONE_GONE in after.listed()
    assert ONE_GONE in after.shown()
    assert after.shown_json()["news"] == ONE_GONE


def test_what_is_stated_anew_is_told_until_somebody_moves_the_case(nights: Nights) -> None:
    nights.decide()
    after = nights.night(date(2026, 11, 5), "P1")
    after.decide("reopen", version=1)
    assert "Stated anew" not in after.shown()
    assert after.shown_json()["news"] is None


PAPERS: tuple[tuple[Any, ...], ...] = ((date(2026, 11, 4),), (date(2026, 11, 5), "P1"), (date(2026, 11, 6), "P2"))


def measured(run: Run) -> dict[str, Any]:
    """The decisions' measures of November 2026, by id."""
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    rows = measures(run.warehouse, first, last, picked=chosen(run.settings), as_of=last).filter(group_code=WHOLE)
    return {row["measure_id"]: row for row in rows.iter_rows(named=True)}


def test_the_last_receipt_takes_no_decision_from_the_report_and_its_history(nights: Nights) -> None:
    nights.decide()
    one = nights.night(date(2026, 11, 5), "P1")
    both = one.night(date(2026, 11, 6), "P2")
    assert both.run.warehouse.frame("SELECT count(*) FROM flagged.cases WHERE case_ref = $ref", {"ref": both.ref}).item() == 0
    (row,) = decided(both.run)
    assert (row["case_ref"], row["state_words"]) == (nights.ref, "Agreed, since overtaken: no longer found")
    assert (row["decided_by"], row["reason"], row["holder_shown"]) == ("Ada Reviewer", WHY, "PHB-AAAAAA")
    assert (row["headline"], row["gone_on"], row["because"]) == ("2 papers to ask for", date(2026, 11, 6), "A receipt was added.")
    shown = both.shown()
    assert f"Case {nights.ref}: Agreed, since overtaken: no longer found. Version 1." in shown
    assert "£107.99 was paid to ARGOS" in shown and "£218.50 was paid to BOOTS" in shown
    assert f"2026-11-03  Ada Reviewer (auditor): Agreed. {WHY}" in shown
    assert " may: " not in shown
    told = both.shown_json()
    assert (told["is_overtaken"], told["state"], len(told["flags"]), told["possible"]) == (True, "agreed", 2, {})
    with pytest.raises(UnknownCase, match="holds no case F00000000"):
        replace(both, ref="F00000000").shown()


def test_a_decision_counts_the_same_whatever_papers_came_since(nights: Nights) -> None:
    nights.decide("agree_update_plan")
    names = ("decisions.count", "decisions.in_time", "decisions.median_days", "decisions.agreed", "learning.plans")
    counted = []
    for as_of, *came in PAPERS:
        found = measured(nights.night(as_of, *came).run)
        counted.append([found[name]["value"] for name in names])
    assert counted == [[1.0, 1.0, 3.0, 1.0, 1.0]] * 3


def test_what_was_not_agreed_is_worth_what_was_seen_whatever_papers_came_since(nights: Nights) -> None:
    nights.decide("propose_not_agreed")
    nights.decide("confirm_not_agreed", by="Bo Checker", version=1)
    counted = []
    for as_of, *came in PAPERS:
        found = measured(nights.night(as_of, *came).run)
        counted.append((found["decisions.not_agreed_pounds"]["value"], found["decisions.sent_back"]["denominator"]))
    assert counted == [(326_49.0, 1)] * 3


def test_a_decision_that_does_not_carry_its_first_day_has_it_of_the_flags_that_went(nights: Nights) -> None:
    nights.decide()
    gone = nights.night(date(2026, 11, 5), "P1", "P2")
    gone.run.warehouse.run("UPDATE decided.cases SET first_flagged_on = NULL")
    assert measured(gone.run)["decisions.median_days"]["value"] == 3


def test_a_purchase_that_was_to_be_read_counts_as_no_decision_on_an_item(nights: Nights) -> None:
    seen = replace(seen_case(nights.run.settings, "QZZ", nights.ref), case_id="drawn", case_ref="F0DRAWN00")
    unread = replace(seen, flags=({**seen.flags[0], "flag_id": "F0", "rule_id": TO_BE_READ_RULE},))
    with open_casebook(nights.run.settings, "QZZ") as book:
        move(book, unread, "agree", by="Ada Reviewer", role="auditor", reason=WHY, version=0, at=datetime(2026, 11, 3, 9, tzinfo=UTC))
    later = nights.night(date(2026, 11, 5))
    assert measured(later.run)["decisions.count"]["value"] == 0
    assert decided(later.run) == []


def test_a_proposal_that_papers_overtook_is_told_to_nobody_who_might_have_checked_it(nights: Nights) -> None:
    nights.decide("propose_not_agreed")
    (row,) = decided(nights.night(date(2026, 11, 5), "P1", "P2").run)
    assert row["state_words"] == "Waits for a second check, since overtaken: no longer found"
    assert (row["decision_code"], row["reason"], row["news"]) == (None, None, None)
    assert "Ada" not in row["decided_by"]


def test_section_7_of_the_report_tells_what_was_decided_and_what_overtook_it(nights: Nights) -> None:
    nights.decide()
    both = nights.night(date(2026, 11, 6), "P1", "P2")
    words = section(words_of(build_report(both.run).read_text(encoding="utf-8")), 7)
    assert "Agreed, since overtaken: no longer found 6 Nov 2026 : A receipt was added." in words
    assert all(part in words for part in ("2 papers to ask for", f"PHB-AAAAAA, {nights.ref}", "Ada Reviewer, 3 Nov 2026", WHY))


def test_section_7_tells_decisions_that_were_changed_and_of_a_proposal_not_which(nights: Nights) -> None:
    nights.decide("propose_not_agreed")
    nights.decide("send_back", by="Bo Lindqvist", version=1)
    back = section(words_of(build_report(nights.night(date(2026, 11, 5)).run).read_text(encoding="utf-8")), 7)
    assert "A proposal for a second person to check Ada Reviewer, 3 Nov 2026" in back
    assert f"Sent back by the second person Bo Lindqvist, 3 Nov 2026 : {WHY} Not decided again yet" in back
    nights.decide("propose_referral", by="Cal Winter", version=2)
    again = section(words_of(build_report(nights.night(date(2026, 11, 6)).run).read_text(encoding="utf-8")), 7)
    assert "Cal Winter" not in again
    assert again.count("Told once it was checked") >= 2
    nights.decide("send_back", by="Bo Lindqvist", version=3)
    nights.decide("agree", version=4)
    settled = section(words_of(build_report(nights.night(date(2026, 11, 7)).run).read_text(encoding="utf-8")), 7)
    assert "A proposal for a second person to check Cal Winter, 3 Nov 2026" in settled
    assert "Agreed Ada Reviewer, 3 Nov 2026" in settled
    assert "0 items were agreed although a rule proposed that a named person confirm it should not be paid." in settled


GONE: tuple[Any, ...] = (date(2026, 11, 5), "P1", "P2")


def test_the_list_of_all_has_what_was_overtaken_and_the_queue_has_not(nights: Nights) -> None:
    assert nights.ref in nights.listed_all()
    nights.decide()
    gone = nights.night(*GONE)
    (line,) = [line for line in gone.listed_all().splitlines() if line.startswith(nights.ref)]
    assert line.endswith("PHB-AAAAAA  2 papers to ask for  [Agreed, since overtaken: no longer found, Ada Reviewer]")
    assert "£326.49" in line
    (row,) = [row for row in json.loads(gone.listed_all(as_json=True))["cases"] if row["case_ref"] == nights.ref]
    assert (row["is_overtaken"], row["state_code"], row["is_queued"], row["at_stake_pence"]) == (True, "agreed", False, 326_49)
    assert nights.ref not in gone.listed() + _said(partial(list_cases, gone.run.settings, "QZZ", state=None, on=TODAY, as_json=False))


def test_a_proposal_that_papers_overtook_is_closed_by_another_person_and_told_to_nobody_before(nights: Nights) -> None:
    nights.decide("propose_not_agreed")
    with pytest.raises(MoveRefused, match="it is still found"):
        nights.move("close_overtaken", "Bo Checker")
    gone = nights.night(*GONE)
    for told in (gone.shown(), gone.listed_all(), gone.listed_all(as_json=True)):
        assert "Waits for a second check" in told or '"to_check"' in told
        assert "Ada Reviewer" not in told and WHY not in told and "ot agreed" not in told
    assert "Auditor may: close_overtaken" in gone.shown()
    for code in ("confirm_not_agreed", "confirm_referral", "send_back", "agree", "tag"):
        with pytest.raises(MoveRefused, match="no night finds it any more"):
            gone.move(code, "Bo Checker")
    with pytest.raises(MoveRefused, match="made this proposal"):
        gone.move("close_overtaken", "Ada Reviewer")
    gone.move("close_overtaken", "Bo Checker")
    assert "Closed: overtaken by later evidence. Version 2." in gone.shown()
    assert "Ada Reviewer" in gone.shown() and " may: " not in gone.shown()
    (row,) = decided(gone.night(date(2026, 11, 6)).run)
    assert (row["state_words"], row["decided_by"], row["reason"]) == ("Closed: overtaken by later evidence", "Ada Reviewer", WHY)
    assert measured(gone.run)["decisions.sent_back"]["denominator"] == 0, "nobody checked what was proposed"
    assert measured(gone.run)["decisions.count"]["value"] == 0


def test_one_that_was_closed_and_is_found_again_is_in_the_queue_again(nights: Nights) -> None:
    nights.decide("propose_not_agreed")
    gone = nights.night(*GONE)
    gone.move("close_overtaken", "Bo Checker")
    gone.run.warehouse.run("UPDATE matched.payments SET receipt_id = NULL WHERE payment_id IN ('P1', 'P2')")
    back = gone.night(date(2026, 11, 7))
    shown = _said(partial(list_cases, back.run.settings, "QZZ", state=None, on=TODAY, as_json=False))
    assert nights.ref in shown
    assert "Found again since it was closed as overtaken: No receipt." in shown
    back.move("reopen", "Cem Other", 2)
    back.decide("agree", version=3)
    assert "Agreed" in back.shown()


@pytest.mark.parametrize(("code", "state"), [("agree", "agreed"), ("propose_not_agreed", "to_check")])
def test_dashboards_keep_an_item_that_was_decided_whatever_papers_came_since(nights: Nights, code: str, state: str) -> None:
    nights.decide(code)
    told = []
    for as_of, *came in (PAPERS[0], GONE):
        run = nights.night(as_of, *came).run
        run.warehouse.run("CHECKPOINT")
        items = run.warehouse.frame(sql(bi.__file__, "bi_items"))
        row = items.filter(state_code=state).row(0, named=True)
        names = ("raised_month_on", "rule_ids", "is_commissioners", "at_stake_pence", "is_queued", "decided_month_on", "decision_code")
        told.append([row[name] for name in (*names, "days_to_decide", "is_checked")])
    assert told[0] == told[1]
    assert told[1][3] == 326_49


def test_what_was_not_agreed_still_counts_among_its_kind_when_papers_came_since(nights: Nights) -> None:
    read = "SELECT * FROM decided.cases"
    nights.decide("agree")
    before = nights.night(date(2026, 11, 4)).run
    before.warehouse.run("UPDATE decided.cases SET payment_id = 'P1'")
    fill(before, {"validated.budgets": [{"budget_id": "B1", "holder_id": FIRST, "area_name": "Valley team"}]})
    assert before.warehouse.frame(read).height == 1
    after = nights.night(*GONE).run
    after.warehouse.run("UPDATE decided.cases SET payment_id = 'P1'")
    judged = after.warehouse.frame(sql(flagged.__file__, "read_judged"))
    assert judged.select("area_name", "agreed_count", "refused_count").rows() == [("Valley team", 1, 0)]
