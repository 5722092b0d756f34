"""The person's page: the newest plan with version, date and author, and a timeline that tells no more than the items' own pages do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from phb_audit.cases.decisions import TO_BE_READ_RULE, move
from phb_audit.review.desk import Desk
from phb_audit.review.timeline import plan_facts
from phb_audit.settings import Settings
from tests.review.test_read_blind import words_of
from tests.review.world import NAMES, TODAY, copy_of, desk_of, in_process, night_path, post, ready_ref, refs_of, sign_in

pytestmark = pytest.mark.slow
REASON = "I do not find it in the plan at all."
PLAN = {
    "plan_ref": "PL1",
    "version": 3,
    "status_code": "approved",
    "effective_from_on": date(2026, 4, 1),
    "effective_to_on": None,
    "approved_on": date(2026, 3, 20),
    "approver_role": "PHB panel",
    "review_due_on": date(2026, 7, 1),
}


@pytest.fixture
def desk(made_home: Path, tmp_path: Path) -> Desk:
    return desk_of(copy_of(made_home, tmp_path / "home"))


@pytest.fixture
def browser(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as client:
        yield client


def as_person(client: TestClient, role: str) -> None:
    client.cookies.clear()
    assert sign_in(client, role) == 303


def holder_of(desk: Desk, ref: str) -> str:
    night = desk.nights.newest()
    return next(str(case["holder_shown"]) for case in night.cases if case["case_ref"] == ref)


def steps_of(client: TestClient, holder: str) -> list[str]:
    """The timeline of a person's page, one text a step."""
    page = client.get(f"/people/{holder}").text
    return [words_of(step).strip() for step in re.findall(r"<li>(.*?)</li>", page[page.index("app-timeline") :].split("</ol>")[0])]


def test_the_newest_plan_has_version_days_and_who_signed_it_off() -> None:
    facts = [
        ("Plan", "PL1, version 3"),
        ("In force", "From 1 April 2026"),
        ("Signed off", "20 March 2026, by PHB panel"),
        ("Review due", "1 July 2026"),
    ]
    assert plan_facts([PLAN]) == facts
    bare = {**PLAN, "status_code": "draft", "approved_on": None, "approver_role": None, "review_due_on": None}
    ended = {**bare, "effective_to_on": date(2027, 3, 31)}
    assert plan_facts([ended, PLAN]) == [("Plan", "PL1, version 3, a draft"), ("In force", "From 1 April 2026 to 31 March 2027")]
    assert plan_facts([]) == []


def test_the_timeline_has_plan_care_budget_flags_and_moves_newest_first(own_settings: Settings) -> None:
    with_events(own_settings)
    desk = desk_of(own_settings)
    with in_process(desk) as client:
        sign_in(client, "clinician")
        ref = ready_ref(client)
        holder = holder_of(desk, ref)
        asked = {"question": "What was it for?", "due_on-day": "1", "due_on-month": "12", "due_on-year": "2026"}
        assert post(client, ref, "decide", move="ask", reason="The plan does not say it.", **asked).status_code == 303
        assert post(client, ref, "step", move="answer_received", reason="It was for the garden.").status_code == 303
        page = words_of(client.get(f"/people/{holder}").text)
        steps = steps_of(client, holder)
    assert re.search(r"Newest plan Plan PL\d+, version \d+ In force From \d+ \w+ \d{4}", page)
    assert steps[0] == f"Answer received Sam Okafor (Clinician), 1 November 2026, 9:30am, {ref} It was for the garden."
    assert steps[1].endswith("Answer due: 1 December 2026. Question: What was it for?")
    places = [
        next(place for place, step in enumerate(steps) if step.startswith(words)) for words in ("Flagged 31 October 2026, F", "Suspension")
    ]
    assert places == sorted(places)
    assert "Hospital stay 3 March 2026 Until 9 March 2026." in steps
    assert "Proposal from the holder's side 2 March 2026 Answered 20 March 2026." in steps
    assert any(re.fullmatch(r"Plan version \d+ begins \d+ \w+ \d{4} Signed off .+\.", step) for step in steps)
    assert any(re.fullmatch(r"Budget begins \d+ \w+ \d{4} .+ a year\.", step) for step in steps)
    assert "Suspension 1 October 2026" in steps
    assert not [step for step in steps if step.startswith("Away")]  # it is still to come
    assert "a word too many" not in page


def with_events(settings: Settings) -> None:
    """The night with events in everybody's care: two with an end, one of a day, one that is still to come."""
    path = night_path(settings)
    path.parent.chmod(0o755)
    path.chmod(0o644)
    events = [
        ("admission", "2026-03-03", "2026-03-09"),
        ("proposal", "2026-03-02", "2026-03-20"),
        ("suspension", "2026-10-01", "2026-10-01"),
    ]
    with duckdb.connect(str(path)) as night:
        for code, from_on, to_on in [*events, ("absence", "2026-12-24", "2026-12-27")]:
            night.execute(
                "INSERT INTO validated.holder_events SELECT DISTINCT 'V' || ? || holder_id, '', '', 0, '', holder_id, ?, ?::DATE, ?::DATE,"
                " NULL::DATE, 'a word too many' FROM flagged.cases",
                [code, code, from_on, to_on],
            )


def test_a_proposal_is_kept_from_whoever_checks_it_until_they_said_their_own_view(browser: TestClient, desk: Desk) -> None:
    as_person(browser, "clinician")
    ref = ready_ref(browser, "propose_not_agreed")
    holder = holder_of(desk, ref)
    given = {"move": "propose_not_agreed", "reason": REASON, "confirmed": "yes"}
    assert post(browser, ref, "decide", **given).status_code == 303
    own = steps_of(browser, holder)[0]
    assert own.startswith("Not agreed (second person checks) Sam Okafor")
    assert REASON in own
    as_person(browser, "second_checker")
    other = steps_of(browser, holder)[0]
    assert other == f"Decision made, waiting for a second check 1 November 2026, 9:30am, {ref}"
    assert REASON not in browser.get(f"/people/{holder}").text
    assert post(browser, ref, "own-view", choice="agree").status_code == 303
    assert REASON in steps_of(browser, holder)[0]


def test_a_first_reading_is_kept_back_until_the_second(browser: TestClient, desk: Desk) -> None:
    as_person(browser, "auditor")
    night = desk.nights.newest()
    case = next(case for case in night.cases if case["rule_ids"] != TO_BE_READ_RULE and case["case_ref"] in refs_of(browser))
    seen = night.items.of(case["case_id"]).seen
    blind = replace(seen, flags=({**seen.flags[0], "rule_id": TO_BE_READ_RULE},), families=("A2",))
    move(desk.casebook, blind, "agree", by=NAMES["clinician"], role="clinician", reason=REASON, version=0, at=TODAY)
    step = steps_of(browser, str(case["holder_shown"]))[0]
    assert step.startswith("Read without its reasons; what was decided is shown")
    assert REASON not in browser.get(f"/people/{case['holder_shown']}").text


def test_at_most_sixty_steps_stand_there_and_the_page_says_so(browser: TestClient, desk: Desk) -> None:
    as_person(browser, "clinician")
    ref = refs_of(browser)[0]
    case = next(case for case in desk.nights.newest().cases if case["case_ref"] == ref)
    seen = desk.nights.newest().items.of(case["case_id"]).seen
    for number in range(61):
        at = TODAY - timedelta(minutes=61 - number)
        tag = {"tag": f"word-{number:02}"}
        move(desk.casebook, seen, "tag", by=NAMES["clinician"], role="clinician", version=number, at=at, particulars=tag)
    steps = steps_of(browser, str(case["holder_shown"]))
    assert len(steps) == 60
    assert ("word-60" in steps[0], "word-01" in steps[-1]) == (True, True)
    assert "These are the newest 60 steps." in browser.get(f"/people/{case['holder_shown']}").text
