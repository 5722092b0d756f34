"""Decisions on cases: who may do what from where, with four eyes, and what a case is after its events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from phb_audit.cases.casebook import CASE, Casebook, StaleCase, casebook_events, open_casebook
from phb_audit.cases.casebook_store import BrokenCasebook
from phb_audit.cases.decisions import TO_BE_READ_RULE, MoveRefused, SeenCase, Standing, case_states, folded, move, same_person, state_on
from phb_audit.cases.states_page import page
from phb_audit.cases.transitions import CLOSED, DECIDES, KINDS, MOVES, OPEN, ROLES, STATES, kind_of, refusal
from phb_audit.cases.verify_alone import problem_of
from phb_audit.errors import UsageError
from phb_audit.settings import Settings

WHY = "It helps with the goal of getting out."
FLAG = {
    "flag_id": "F1",
    "rule_id": "P-02",
    "rule_version": "abcd1234",
    "sentence": "What we saw.",
    "plan_words": "None.",
    "at_stake_pence": 40_00,
}
SEEN = SeenCase("c1", "F00000001", "H1", "QZZ-2026-10-31", 2, ("A2",), (FLAG,))
MONEY = replace(SEEN, case_id="c2", case_ref="F00000002", families=("A3",))
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


@pytest.fixture
def book(settings: Settings) -> Iterator[Casebook]:
    with open_casebook(settings, "QZZ") as opened:
        yield opened


def make(
    book: Casebook, code: str, version: int, *, by: str = "Ada Reviewer", role: str = "clinician", seen: SeenCase = SEEN, **more: object
) -> None:
    move(book, seen, code, by=by, role=role, reason=WHY, version=version, at=AT, particulars=more)  # type: ignore[arg-type]


def now(book: Casebook, seen: SeenCase = SEEN) -> Standing:
    return folded(book.events())[seen.case_id]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("code", MOVES)
def test_every_move_from_every_state_is_allowed_or_refused_in_a_sentence(code: str, state: str, kind: str, role: str) -> None:
    why = refusal(code, state=state, kind=kind, role=role)
    allowed = state in MOVES[code].from_states and (role == DECIDES[kind] if MOVES[code].decides else role in MOVES[code].roles)
    assert (why is None) == allowed
    assert why is None or ((why[0].isupper() or why[0] == "'") and why.endswith((".", "can.")))


def test_every_state_can_be_reached_and_every_closed_one_left_only_by_opening_it_again() -> None:
    reached, fresh = {OPEN}, {OPEN}
    while fresh:
        fresh = {rule.to_state for rule in MOVES.values() if rule.to_state and set(rule.from_states) & reached} - reached
        reached |= fresh
    assert reached == set(STATES)
    leaving = {code for code, rule in MOVES.items() if set(rule.from_states) & set(CLOSED) and rule.to_state}
    assert leaving == {"reopen"}


def test_governance_can_do_nothing_with_a_case() -> None:
    assert all(refusal(code, state=state, kind=kind, role="governance") for code in MOVES for state in STATES for kind in KINDS)


def test_the_plan_goes_before_the_money() -> None:
    assert kind_of(frozenset({"A2", "A3"})) == "plan_fit"
    assert kind_of(frozenset({"A3", "A4", "A5"})) == "money_and_evidence"


def test_a_decision_keeps_what_was_seen(book: Casebook) -> None:
    make(book, "agree", 0)
    (event,) = book.events(CASE)
    assert event.body["seen"]["flags"][0]["sentence"] == "What we saw."
    case = now(book)
    assert (case.state_code, case.decided_by, case.reason, case.version) == ("agreed", "Ada Reviewer", WHY, 1)
    assert case.flags_seen == "F1:4000"


def test_a_move_reads_the_moves_of_its_own_case_and_believes_no_changed_one(book: Casebook, settings: Settings) -> None:
    make(book, "agree", 0)
    make(book, "agree", 0, role="auditor", seen=MONEY)
    make(book, "reopen", 1)
    assert [event.event_number for event in book.of_case("c1")] == [1, 3]
    assert [event.body["move_code"] for event in book.of_case("c2")] == ["agree"]
    with closing(sqlite3.connect(settings.home / "casebook" / "QZZ" / "casebook.sqlite")) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE events SET decided_by = 'Somebody Else' WHERE event_number = 1")
        raw.commit()
    with pytest.raises(BrokenCasebook):
        make(book, "agree", 2)


def test_a_clinician_does_not_decide_about_money_nor_an_auditor_about_the_plan(book: Casebook) -> None:
    with pytest.raises(MoveRefused, match="an auditor decides it, not a clinician"):
        make(book, "agree", 0, seen=MONEY)
    with pytest.raises(MoveRefused, match="a clinician decides it, not an auditor"):
        make(book, "agree", 0, role="auditor")
    assert book.events() == []


@pytest.mark.parametrize("checker", ["Ada Reviewer", "ada  reviewer", " ADA REVIEWER", "A.da Reviewer"])
def test_nobody_checks_their_own_proposal(book: Casebook, checker: str) -> None:
    make(book, "propose_not_agreed", 0)
    if same_person(checker, "Ada Reviewer"):
        with pytest.raises(MoveRefused, match="Another person"):
            make(book, "confirm_not_agreed", 1, by=checker, role="second_checker")
    else:
        make(book, "confirm_not_agreed", 1, by=checker, role="second_checker")


def test_the_database_itself_holds_four_eyes(settings: Settings, book: Casebook) -> None:
    make(book, "propose_not_agreed", 0)
    with closing(sqlite3.connect(settings.home / "casebook" / "QZZ" / "casebook.sqlite")) as direct:
        with pytest.raises(sqlite3.IntegrityError, match="four_eyes"):
            direct.execute("INSERT INTO case_moves VALUES (1000, 'c1', 9, 'Ada Reviewer', ' ada reviewer ')")
        with pytest.raises(sqlite3.IntegrityError, match="not changed"):
            direct.execute("UPDATE events SET decided_by = 'Somebody Else'")
        with pytest.raises(sqlite3.IntegrityError, match="not deleted"):
            direct.execute("DELETE FROM case_moves")


def test_a_second_person_confirms(book: Casebook) -> None:
    make(book, "propose_not_agreed", 0)
    make(book, "confirm_not_agreed", 1, by="Ben Checker", role="second_checker")
    case = now(book)
    assert (case.state_code, case.decision_code, case.decided_by, case.checked_by) == (
        "not_agreed",
        "propose_not_agreed",
        "Ada Reviewer",
        "Ben Checker",
    )


def test_what_was_sent_back_is_open_and_must_be_checked_anew(book: Casebook) -> None:
    make(book, "propose_not_agreed", 0)
    make(book, "send_back", 1, by="Ben Checker", role="second_checker")
    assert now(book).state_code == OPEN
    make(book, "propose_not_agreed", 2, by="Cy Clinician")
    assert now(book).checked_by is None
    with pytest.raises(MoveRefused, match="Cy Clinician made this proposal"):
        make(book, "confirm_not_agreed", 3, by="Cy Clinician")


def test_two_people_on_one_case_do_not_overwrite_each_other(book: Casebook) -> None:
    make(book, "agree", 0)
    with pytest.raises(StaleCase, match="somebody else"):
        make(book, "propose_not_agreed", 0, by="Ben Checker")
    assert now(book).version == 1


def test_the_database_takes_one_move_for_a_place(book: Casebook) -> None:
    make(book, "agree", 0)
    (event,) = book.events(CASE)
    with pytest.raises(StaleCase):
        book.append(CASE, [event.body], by="Ben Checker")
    assert len(book.events()) == 1


@pytest.mark.parametrize("reason", ["", "   ", "ok"])
def test_a_decision_without_a_reason_is_refused(book: Casebook, reason: str) -> None:
    with pytest.raises(MoveRefused, match="reason is needed"):
        move(book, SEEN, "agree", by="Ada Reviewer", role="clinician", reason=reason, version=0)


def test_a_question_needs_its_words_and_a_day(book: Casebook) -> None:
    with pytest.raises(MoveRefused, match="needs question and due_on"):
        make(book, "ask", 0)
    make(book, "ask", 0, question="Could you send the receipt?", due_on=date(2026, 12, 1))
    assert now(book).due_on == date(2026, 12, 1)
    make(book, "answer_received", 1)
    assert (now(book).state_code, now(book).due_on) == (OPEN, None)


def test_a_case_put_off_is_open_again_on_its_day(book: Casebook) -> None:
    make(book, "snooze", 0, wake_on=date(2026, 11, 10))
    case = now(book)
    assert state_on(case, date(2026, 11, 9)) == "snoozed"
    assert state_on(case, date(2026, 11, 10)) == OPEN
    states = {day: case_states(book.events(), date(2026, 11, day))["state_code"].item() for day in (9, 10)}
    assert states == {9: "snoozed", 10: OPEN}
    move(
        book,
        SEEN,
        "snooze",
        by="Ada Reviewer",
        role="clinician",
        reason=WHY,
        version=1,
        particulars={"wake_on": date(2026, 12, 1)},
        at=datetime(2026, 11, 10, tzinfo=UTC),
    )


def test_assigning_tagging_and_escalating_leave_the_state(book: Casebook) -> None:
    make(book, "ask", 0, question="Could you send the receipt?", due_on=date(2026, 12, 1))
    make(book, "assign", 1, owner="Ben Checker")
    make(book, "tag", 2, tag="letter")
    make(book, "tag", 3, tag="call")
    make(book, "escalate", 4, escalated_to="Clinical lead")
    case = now(book)
    assert (case.state_code, case.owner, case.tags, case.escalated_to) == ("asked", "Ben Checker", ["call", "letter"], "Clinical lead")
    assert (case.due_on, case.decided_by, case.version) == (date(2026, 12, 1), "Ada Reviewer", 5)


def test_a_closed_case_is_opened_again_with_a_reason(book: Casebook) -> None:
    make(book, "agree", 0)
    with pytest.raises(MoveRefused, match="not possible"):
        make(book, "agree", 1)
    make(book, "reopen", 1)
    assert now(book).state_code == OPEN


def test_unknown_moves_and_roles_are_named(book: Casebook) -> None:
    with pytest.raises(MoveRefused, match="no move 'forgive'"):
        make(book, "forgive", 0)
    with pytest.raises(MoveRefused, match="no role 'king'"):
        make(book, "agree", 0, role="king")


def test_a_casebook_made_before_there_were_cases_goes_on(settings: Settings) -> None:
    with open_casebook(settings, "OLD") as old:
        old.append("category", [{"category_code": "T01"}], by="Ada Reviewer")
    path = settings.home / "casebook" / "OLD" / "casebook.sqlite"
    with closing(sqlite3.connect(path)) as direct:
        for (name,) in direct.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            direct.execute(f"DROP TRIGGER {name}")
        direct.execute("DROP TABLE case_moves")
        direct.execute("DROP TABLE alembic_version")
        direct.commit()
    with open_casebook(settings, "OLD") as opened:
        make(opened, "agree", 0)
    assert [event.kind_code for event in casebook_events(settings, "OLD")] == ["category", CASE]


def test_the_page_of_states_and_moves_is_current() -> None:
    kept = Path(__file__).resolve().parents[2] / "docs" / "reference" / "case-states.md"
    assert kept.read_text(encoding="utf-8") == page()


UNREAD = replace(SEEN, flags=({**FLAG, "flag_id": "F0", "rule_id": TO_BE_READ_RULE},))
AGAIN = replace(SEEN, flags=(FLAG, {**FLAG, "flag_id": "F2", "rule_id": "P-03"}))


def test_a_case_read_without_its_reasons_is_read_again_by_another(book: Casebook) -> None:
    make(book, "agree", 0, seen=UNREAD)
    make(book, "reopen", 1, seen=AGAIN)
    for code in ("agree", "agree_update_plan", "propose_not_agreed", "propose_referral"):
        with pytest.raises(MoveRefused, match="read it first, without its reasons"):
            make(book, code, 2, by="ADA  reviewer.", seen=AGAIN)
    make(book, "ask", 2, seen=AGAIN, question="What was it for?", due_on=date(2026, 11, 20))
    make(book, "answer_received", 3, seen=AGAIN)
    make(book, "agree", 4, by="Ben Checker", seen=AGAIN)
    assert now(book).first_read_by is None
    make(book, "reopen", 5, seen=AGAIN)
    make(book, "agree", 6, seen=AGAIN)
    assert [event.body["checks_by"] for event in book.events(CASE)] == [None, None, None, None, "Ada Reviewer", None, None]


def test_a_first_reading_may_be_done_again_before_its_reasons_are_shown(book: Casebook) -> None:
    make(book, "agree", 0, seen=UNREAD)
    make(book, "reopen", 1, seen=UNREAD)
    make(book, "agree_update_plan", 2, seen=UNREAD)
    assert now(book).first_read_by == "Ada Reviewer"
    assert case_states(book.events(), date(2026, 11, 4)).height == 1


def test_the_database_and_the_check_of_a_copy_hold_the_second_reading(settings: Settings, book: Casebook) -> None:
    make(book, "agree", 0, seen=UNREAD)
    make(book, "reopen", 1, seen=AGAIN)
    body = {"case_id": "c1", "case_version": 3, "checks_by": "Ada Reviewer", "move_code": "agree"}
    with pytest.raises(UsageError, match="read one case twice"):
        book.append(CASE, [body], by=" ada reviewer")
    path = settings.home / "casebook" / "QZZ" / "casebook.sqlite"
    make(book, "agree", 2, by="Ben Checker", seen=AGAIN)
    assert problem_of(path)[0] is None


def test_how_often_an_answer_was_asked_for_is_kept_with_the_last_day_it_was_due(book: Casebook) -> None:
    for turn, day in enumerate((date(2026, 12, 1), date(2027, 1, 5))):
        make(book, "ask", 2 * turn, question="Could you send the receipt?", due_on=day)
        make(book, "answer_received", 2 * turn + 1)
    (row,) = case_states(book.events(), date(2027, 2, 1)).iter_rows(named=True)
    assert (row["asked_count"], row["last_due_on"], row["due_on"]) == (2, date(2027, 1, 5), None)
