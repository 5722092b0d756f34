"""What was asked and what was answered stands beside the flag, all rounds of it, and a receipt that was asked for says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from starlette.testclient import TestClient

from phb_audit.cases.casebook import CASE, Event
from phb_audit.cases.transitions import DECIDES, kind_of
from phb_audit.review.question import TO_WRITE
from phb_audit.review.rounds import paper_asked_for, rounds
from phb_audit.settings import Settings
from tests.review.test_read_blind import words_of
from tests.review.world import Clock, desk_of, in_process, post, ready_ref, refs_of, sign_in

BLOCK = "What we asked, and the answer"
ASKED = {"move": "ask", "reason": "The plan does not say what it is for.", "due_on-day": "1", "due_on-month": "12", "due_on-year": "2026"}


def event(number: int, code: str, at: str, reason: str = "", **particulars: str) -> Event:
    return Event(number, CASE, f"Person {number}", at, {"move_code": code, "reason": reason, "particulars": particulars}, "0")


ASK = event(1, "ask", "2026-07-12T23:30:00Z", question="Was there a receipt?", due_on="2026-08-10")
ANSWER = event(2, "answer_received", "2026-07-20T09:00:00Z", "Yes, it is in the post.")


def test_a_round_has_question_and_answer_with_their_days_and_people() -> None:
    assert rounds([ASK, ANSWER]) == [
        {
            "question": "Was there a receipt?",
            "asked_on": date(2026, 7, 13),  # the day is London's
            "asked_by": "Person 1",
            "due_on": date(2026, 8, 10),
            "is_waiting": False,
            "answer": "Yes, it is in the post.",
            "came_at": "2026-07-20T09:00:00Z",
            "written_by": "Person 2",
        }
    ]


def test_a_round_waits_until_the_case_goes_elsewhere_and_not_for_a_tag() -> None:
    assert [one["is_waiting"] for one in rounds([ASK, event(2, "tag", "2026-07-14T09:00:00Z", tag="boats")])] == [True]
    decided = rounds([ASK, event(2, "agree", "2026-07-14T09:00:00Z", "It fits after all.")])
    assert [(one["is_waiting"], one["answer"], one["came_at"]) for one in decided] == [(False, "", None)]
    assert [one["is_waiting"] for one in rounds([ASK, ANSWER, ASK])] == [False, True]
    late = rounds([ASK, event(2, "agree", "2026-07-14T09:00:00Z", "It fits."), event(3, "reopen", "2026-07-15T09:00:00Z", "Not so.")])
    assert [one["answer"] for one in late] == [""]


@pytest.mark.parametrize(
    ("question", "is_of_paper"),
    [("Do you have Receipts?", True), ("Please send the invoice.", True), ("What was it for?", False), ("Receiptless?", False)],
)
def test_a_paper_is_asked_for_where_the_question_says_so(question: str, is_of_paper: bool) -> None:
    told = rounds([event(1, "ask", "2026-07-12T09:00:00Z", question=question, due_on="2026-08-10")])
    assert (paper_asked_for(told) is not None) is is_of_paper
    assert paper_asked_for([*told, *rounds([ASK, ANSWER])]) is None
    assert paper_asked_for([]) is None


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 3, 9, 30, tzinfo=UTC))


@pytest.fixture
def browser(own_settings: Settings, clock: Clock) -> Iterator[TestClient]:
    with in_process(desk_of(own_settings, clock=clock)) as client:
        sign_in(client, "clinician")
        yield client


def without_paper(client: TestClient) -> str:
    """An item about a purchase that a clinician may decide, with no receipt."""
    pages = {ref: client.get(f"/purchases/{ref}").text for ref in refs_of(client)}
    return next(ref for ref, page in pages.items() if 'value="agree"' in page and "No receipt yet." in page)


@pytest.mark.slow
def test_question_and_answer_stand_beside_the_flag_in_rounds(browser: TestClient, clock: Clock) -> None:
    ref = without_paper(browser)
    page = browser.get(f"/purchases/{ref}").text
    assert BLOCK not in page
    asked = post(browser, ref, "decide", question="What was it for?\nIf you have a receipt, please send it.", **ASKED)
    assert asked.status_code == 303
    page = words_of(browser.get(f"/purchases/{ref}").text)
    block = page[page.index(BLOCK) :]
    assert page.index("Why this was flagged") < page.index(BLOCK) < page.index("Care plan goal")
    assert "Asked on 3 November 2026, answer due 1 December 2026." in block
    assert "What was it for?" in block.split("Care plan goal")[0]
    assert "Answer None yet." in block
    assert "No receipt yet. Asked for 3 November 2026, due 1 December 2026." in page
    assert "What the holder answered" in page
    clock.at = datetime(2026, 11, 10, 14, 5, tzinfo=UTC)
    sign_in(browser, "clinician")
    assert post(browser, ref, "step", move="answer_received", reason="It was a gift for her carer.").status_code == 303
    page = words_of(browser.get(f"/purchases/{ref}").text)
    block = page[page.index(BLOCK) :].split("Care plan goal")[0]
    assert "Answer It was a gift for her carer." in block
    assert "Written down 10 November 2026, 2:05pm, by Sam Okafor" in block
    assert "Waiting 2 days, not counting the wait for the answer" in page
    assert "No receipt yet." in page
    assert "Asked for 3 November" not in page
    assert post(browser, ref, "decide", question="Who is the carer?", **ASKED).status_code == 303
    block = words_of(browser.get(f"/purchases/{ref}").text).partition(BLOCK)[2].split("Care plan goal")[0]
    assert block.index("Question 1 of 2") < block.index("It was a gift") < block.index("Question 2 of 2") < block.index("Who is the carer?")


@pytest.mark.slow
def test_an_answer_that_is_too_short_is_asked_for_as_an_answer(browser: TestClient) -> None:
    ref = ready_ref(browser)
    assert post(browser, ref, "decide", question="What was it for?", **ASKED).status_code == 303
    short = post(browser, ref, "step", move="answer_received", reason="Yes.")
    assert short.status_code == 400
    assert "Write what the holder answered, in 10 to 1,000 letters" in short.text


def test_where_the_holder_has_died_the_personal_representatives_are_asked_and_gently(own_settings: Settings) -> None:
    desk = desk_of(own_settings)
    night = desk.nights.newest()
    died = [
        case
        for case in night.cases
        if case["holder_id"] in night.person_of
        and any(one["event_code"] == "death" for one in night.persons.of(case["holder_id"])["events"])
        and case["is_queued"]
    ]
    assert died
    case = died[0]
    role = DECIDES[kind_of(frozenset(case["families"]))]
    with in_process(desk) as client:
        assert sign_in(client, role) == 303
        page = client.get(f"/purchases/{case['case_ref']}").text
        assert "We are sorry for your loss." in page
        as_it_is = post(client, case["case_ref"], "decide", **ASKED, question=f"We are sorry.\n{TO_WRITE}\nCan you help?")
        assert as_it_is.status_code == 400
        question = "We are sorry for your loss. Do you know what this was for?"
        assert post(client, case["case_ref"], "decide", **ASKED, question=question).status_code == 303
        letter = client.get(f"/purchases/{case['case_ref']}/question").text
    assert "Question to the personal representatives" in letter
