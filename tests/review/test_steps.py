"""Steps that are no decision leave a trace a reader finds: tags, who it is assigned to, before whom it was brought, answers overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from phb_audit.settings import Settings
from tests.review.world import Clock, desk_of, in_process, moves_of, post, ready_ref, sign_in

pytestmark = pytest.mark.slow
NUMBER = "9990000018"


def test_a_tag_is_a_word_to_find_an_item_by(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "clinician")
        ref = ready_ref(client)
        assert ref not in client.get("/purchases?chosen=1&q=zebra").text
        assert post(client, ref, "step", move="tag", tag="Zebra").status_code == 303
        listed = client.get("/purchases?chosen=1&q=zebra").text
        assert ref in listed
        assert "Tag: Zebra" in listed
        assert "Tag: Zebra" in client.get(f"/purchases/{ref}").text
        assert (
            post(client, ref, "step", move="escalate", escalated_to="The panel", reason="Two of us read it differently.").status_code == 303
        )
        assert "Brought before The panel" in client.get(f"/purchases/{ref}").text
        assert ref in client.get("/purchases?chosen=1&q=the+panel").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"move": "assign", "owner": "Nobody Known <b>"}, "Nobody of that name may sign in here"),
        ({"move": "tag", "tag": "a thief"}, "Take out words that accuse: thief"),
        ({"move": "escalate", "escalated_to": NUMBER, "reason": "It is for the panel to say."}, "Take out the NHS"),
    ],
)
def test_a_step_names_people_who_are_there_and_neither_accuses_nor_identifies(
    own_settings: Settings, given: dict[str, str], words: str
) -> None:
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "clinician")
        answer = post(client, ready_ref(client), "step", **given)
        assert answer.status_code == 400
        assert words in answer.text or given["move"] == "assign"
        assert moves_of(own_settings) == []


def test_an_answer_that_is_overdue_is_listed_as_such(own_settings: Settings) -> None:
    clock = Clock()
    with in_process(desk_of(own_settings, clock=clock)) as client:
        sign_in(client, "clinician")
        ref = ready_ref(client, "ask")
        due = clock.at + timedelta(days=10)
        day = {f"due_on-{part}": str(getattr(due, part)) for part in ("day", "month", "year")}
        asked = post(client, ref, "decide", move="ask", reason="It is not clear what it was for.", question="What was it for?", **day)
        assert asked.status_code == 303
        assert ref not in client.get("/purchases?chosen=1&status=overdue").text
        assert ref in client.get("/purchases?chosen=1&status=asked").text
    clock.at += timedelta(days=11)
    with in_process(desk_of(own_settings, clock=clock)) as client:
        sign_in(client, "clinician")
        listed = client.get("/purchases?chosen=1&status=overdue").text
        assert ref in listed
        assert "Answer overdue" in listed


def test_a_checkers_reason_and_why_somebody_is_revealed_are_read_as_a_decisions_is(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "clinician")
        ref = ready_ref(client)
        answer = post(client, ref, "reveal", reveal_reason=f"I must call {NUMBER} today.")
        assert answer.status_code == 400
        assert "Take out the NHS" in answer.text
        proposed = post(client, ref, "decide", move="propose_not_agreed", reason="No goal is near it, and none was asked.", confirmed="yes")
        assert proposed.status_code == 303
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "second_checker")
        assert post(client, ref, "own-view", choice="propose_not_agreed").status_code == 303
        answer = post(client, ref, "check", verdict="confirm", reason="The thief stole it, I am sure.")
        assert answer.status_code == 400
        assert "Take out words that accuse: stole, thief" in answer.text
        assert [event.body["move_code"] for event in moves_of(own_settings)] == ["propose_not_agreed"]
