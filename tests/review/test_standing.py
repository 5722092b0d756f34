"""Where a case stands now: on the command line as in the app, since when it waits, and what its page says of money and law."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import duckdb
import polars as pl
import pytest

from phb_audit.cases.case_command import as_they_stand, list_cases, move_case
from phb_audit.cases.casebook import CASE, Event
from phb_audit.cases.decisions import TO_BE_READ_RULE, Standing, folded
from phb_audit.cases.seen import seen_case
from phb_audit.cases.transitions import ASKED, MOVES, OPEN, SNOOZED
from phb_audit.review.cases import waits_since
from phb_audit.review.places import part_in_words
from phb_audit.rules.register import NOT_CHECKED, bases, shipped_rules
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from tests.review.test_read_blind import terminal, words_of
from tests.review.world import CODE, TODAY, desk_of, in_process, moves_of, night_path, ready_ref, sign_in

TOLD = {"first_flagged_on": date(2026, 10, 31), "run_id": "QZZ-2026-11-05"}
NEWS, ANEW = "New since Sam decided: No receipt.", "Stated anew since Sam decided."
AGREED_AT = "2026-09-02T10:00:00+00:00"
SENT_BACK = {"state_code": OPEN, "decided_at": "2026-11-10T10:00:00+00:00", "checked_at": "2026-11-14T10:00:00+00:00"}


def agreed_event(case_id: str, case_ref: str) -> Event:
    body = {"case_id": case_id, "case_ref": case_ref, "holder_id": "H1", "case_version": 1, "move_code": "agree", "to_state": "agreed"}
    return Event(1, CASE, "Sam", AGREED_AT, body | {"reason": "It fits.", "particulars": {}, "seen": {"flags": []}}, "0")


def listed(settings: Settings, state: str | None = None) -> dict[str, dict[str, Any]]:
    text = terminal(partial(list_cases, settings, CODE, state=state, on=TODAY.date(), as_json=True))
    return {row["case_ref"]: row for row in json.loads(text)["cases"]}


def test_case_list_has_what_was_decided_today_and_no_night_has_read(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "clinician")
        ref = ready_ref(client)
    before = listed(own_settings)
    assert (before[ref]["state_code"], before[ref]["decided_by"]) == (OPEN, None)
    move_case(
        own_settings,
        CODE,
        ref,
        "agree",
        by="Sam Okafor",
        role="clinician",
        reason="It serves the first goal of the plan.",
        version=None,
        particulars={},
        say=print,
    )
    assert listed(own_settings).keys() == before.keys() - {ref}
    agreed = listed(own_settings, "agreed")[ref]
    assert (agreed["is_queued"], agreed["decided_by"]) == (False, "Sam Okafor")
    said = terminal(partial(list_cases, own_settings, CODE, state="agreed", on=TODAY.date(), as_json=False))
    assert f"{ref} " in said and "[Agreed, Sam Okafor]" in said


@pytest.mark.parametrize(
    ("standing", "state", "has_news", "since"),
    [
        ({}, OPEN, False, date(2026, 11, 1)),  # the morning after the night that found it
        ({"state_code": ASKED, "decided_at": "2026-11-10T10:00:00+00:00"}, ASKED, False, date(2026, 11, 10)),
        ({"state_code": OPEN, "decided_at": "2026-11-12T23:30:00+00:00"}, OPEN, False, date(2026, 11, 12)),
        ({"state_code": OPEN, "decided_at": "2026-07-12T23:30:00+00:00"}, OPEN, False, date(2026, 7, 13)),  # the day is London's
        (
            {"state_code": SNOOZED, "decided_at": "2026-11-10T10:00:00+00:00", "wake_on": date(2026, 11, 20)},
            OPEN,
            False,
            date(2026, 11, 20),
        ),
        (
            {"state_code": SNOOZED, "decided_at": "2026-11-10T10:00:00+00:00", "wake_on": date(2026, 11, 20)},
            SNOOZED,
            False,
            date(2026, 11, 10),
        ),
        (SENT_BACK, OPEN, False, date(2026, 11, 14)),
        ({"state_code": "agreed", "decided_at": "2026-11-02T10:00:00+00:00"}, "agreed", True, date(2026, 11, 6)),
    ],
)
def test_a_case_waits_from_the_day_somebody_could_act_on_it(standing: dict[str, Any], state: str, has_news: bool, since: date) -> None:
    assert waits_since(TOLD, Standing("c", "F", "H", **standing), state, has_news=has_news) == since


def test_news_waits_from_the_night_that_found_it_whatever_nights_looked_since() -> None:
    agreed = Standing("c", "F", "H", state_code="agreed", decided_at=AGREED_AT)
    assert waits_since({**TOLD, "news_on": date(2026, 9, 20)}, agreed, "agreed", has_news=True) == date(2026, 9, 21)
    assert waits_since({**TOLD, "news_on": None}, agreed, "agreed", has_news=True) == date(2026, 11, 6)


def moved(*steps: tuple[str, str], **particulars: str) -> tuple[Standing, list[Event]]:
    """Where a case stands after these moves, each on a day of November 2026, and the moves."""
    events = [
        Event(number, CASE, "Sam", f"2026-11-{day}T10:00:00Z", _body(code, number, particulars), "0")
        for number, (code, day) in enumerate(steps, start=1)
    ]
    return folded(events)["c1"], events


def _body(code: str, version: int, particulars: dict[str, str]) -> dict[str, Any]:
    state = MOVES[code].to_state or OPEN
    seen = {"seen": {"flags": []}, "reason": "It is so.", "particulars": particulars}
    return {"case_id": "c1", "case_ref": "F1", "holder_id": "H1", "case_version": version, "move_code": code, "to_state": state} | seen


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        ([("ask", "05"), ("answer_received", "20")], 4),  # found on 31 October, so it waited from the 1st to the 5th
        ([("ask", "05"), ("tag", "06"), ("answer_received", "20")], 4),
        ([("ask", "05"), ("answer_received", "10"), ("ask", "12"), ("answer_received", "20")], 6),
        ([("agree", "02"), ("reopen", "03"), ("ask", "08"), ("answer_received", "20")], 5),
        ([("ask", "05"), ("answer_received", "10"), ("agree", "11"), ("reopen", "12"), ("ask", "13"), ("answer_received", "20")], 1),
        ([("snooze", "02"), ("ask", "09"), ("answer_received", "20")], 2),  # put off to the 7th
        ([("snooze", "02"), ("ask", "04"), ("answer_received", "20")], 0),
        ([("snooze", "02"), ("wake", "03"), ("ask", "09"), ("answer_received", "20")], 6),
    ],
)
def test_once_an_answer_is_there_the_days_before_the_question_count_again(steps: list[tuple[str, str]], days: int) -> None:
    standing, events = moved(*steps, question="What for?", due_on="2026-12-01", wake_on="2026-11-07", tag="boats")
    assert waits_since(TOLD, standing, OPEN, has_news=False, moves=events) == date(2026, 11, 20) - timedelta(days=days)


def test_while_the_answer_is_out_and_after_another_step_its_own_day_counts() -> None:
    particulars = {"question": "What for?", "due_on": "2026-12-01", "wake_on": "2026-11-25"}
    asked, events = moved(("ask", "05"), **particulars)
    assert waits_since(TOLD, asked, ASKED, has_news=False, moves=events) == date(2026, 11, 5)
    put_off, events = moved(("ask", "05"), ("answer_received", "10"), ("snooze", "12"), **particulars)
    assert waits_since(TOLD, put_off, OPEN, has_news=False, moves=events) == date(2026, 11, 25)


def test_the_list_tells_a_case_a_night_opened_again_as_open_with_its_news_and_of_a_settled_one_what_is_stated_anew() -> None:
    empty = dict.fromkeys(TABLES["flagged.cases"].column_names)
    told = empty | {"case_id": "c1", "holder_id": "H1", "case_ref": "F1", "decided_at": AGREED_AT}
    events = [agreed_event("c1", "F1"), agreed_event("c2", "F2")]
    frame = pl.DataFrame(
        [
            told | {"state_code": "open", "is_queued": True, "news": NEWS},
            told | {"case_id": "c2", "case_ref": "F2", "state_code": "agreed", "is_queued": False, "news": ANEW},
        ],
        schema=TABLES["flagged.cases"].polars_schema,
    )
    listed = as_they_stand(frame, events, date(2026, 11, 6)).rows_by_key("case_ref", named=True, unique=True)
    assert (listed["F1"]["state_code"], listed["F1"]["is_queued"], listed["F1"]["news"]) == (
        "open",
        True,
        NEWS,
    )
    assert (listed["F2"]["state_code"], listed["F2"]["is_queued"], listed["F2"]["news"]) == (
        "agreed",
        False,
        ANEW,
    )


def test_the_page_says_since_when_it_waits_and_to_which_day_each_sum_is_spent(settings: Settings) -> None:
    with in_process(desk_of(settings)) as client:
        sign_in(client, "clinician")
        page = words_of(client.get(f"/purchases/{ready_ref(client)}").text)
    assert "Waiting 0 days, since 1 November 2026" in page
    assert not re.search(r"Spent(?! in the newest budget year, by \d| by \d)", page)


def test_a_basis_that_is_not_checked_is_said_once_below_and_in_no_row(settings: Settings) -> None:
    with in_process(desk_of(settings)) as client:
        sign_in(client, "clinician")
        pages = [words_of(client.get(f"/purchases/{case.ref}").text) for case in desk_of(settings).decided.live(*_now(settings))[:12]]
        unsure = next(one.rule.id for one in shipped_rules() if NOT_CHECKED in bases()[one.rule.basis])
        rule = words_of(client.get(f"/how-flags-work/{unsure}").text)
    assert not [page for page in pages if NOT_CHECKED in page]
    assert {page.count("Not every basis named here has been checked yet") for page in pages} == {0, 1}
    assert NOT_CHECKED in rule


def _now(settings: Settings) -> tuple[Any, date]:
    return desk_of(settings).nights.newest(), TODAY.date()


def test_a_detector_is_told_by_its_name() -> None:
    part = {"part_name": "D-02", "value_share": 1.0, "part": 0.7, "title": ""}
    assert part_in_words(part)[0] == "Far from the plan (D-02)"
    assert part_in_words(part | {"part_name": "P-02", "title": "Not in the plan"})[0] == "Not in the plan (P-02)"


def test_the_page_of_a_decided_item_says_what_is_stated_anew_though_it_is_not_in_the_list(own_settings: Settings) -> None:
    refs = iter(listed(own_settings))
    ref = next(ref for ref in refs if (case := seen_case(own_settings, CODE, ref)).kind == "plan_fit" and not case.is_without_reasons)
    why = "It serves the first goal of the plan."
    move_case(own_settings, CODE, ref, "agree", by="Sam", role="clinician", reason=why, version=None, particulars={}, say=print)
    (event,) = moves_of(own_settings)
    night = duckdb.connect(str(night_path(own_settings)))
    told = "UPDATE flagged.cases SET state_code = 'agreed', is_queued = false, decided_at = $at, news = $news WHERE case_ref = $ref"
    night.execute(told, {"at": event.decided_at, "news": ANEW, "ref": ref})
    night.close()
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "clinician")
        assert ANEW in words_of(client.get(f"/purchases/{ref}").text)


def test_the_app_keeps_with_a_decision_what_the_command_line_keeps(settings: Settings) -> None:
    night = desk_of(settings).nights.newest()
    told = next(told for told in night.cases if told["rule_ids"] != TO_BE_READ_RULE)
    seen = night.items.of(told["case_id"]).seen
    assert seen == seen_case(settings, CODE, told["case_ref"])
    assert (seen.headline, seen.first_flagged_on) == (told["headline"], str(told["first_flagged_on"]))
    assert seen.is_commissioners is not None
