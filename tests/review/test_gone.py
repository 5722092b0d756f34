"""An item that later evidence overtook has a page, struck; a proposal that waits on it is closed by a second person, and told to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from phb_audit.review import accounts
from phb_audit.review.keeping import accounts_engine
from phb_audit.settings import Settings
from tests.review.attacks import as_role
from tests.review.test_overtaken import BECAUSE, Gone, cleared, found
from tests.review.test_read_blind import words_of
from tests.review.world import (
    CODE,
    HIDDEN,
    PASSWORD,
    ROLES,
    TODAY,
    desk_of,
    in_process,
    moves_of,
    night_path,
    post,
    ready_ref,
    refs_of,
    sign_in,
    token,
)

pytestmark = pytest.mark.slow
WHY = "Quite another thing than the plan was agreed for."
CLOSING = "A receipt came, and it settles the question."


def overtake(settings: Settings, ref: str) -> str:
    """The newest night without that item, as if a receipt had come; returns what it said."""
    case_id, holder_id, payment_id = found(settings, f"SELECT case_id, holder_id, payment_id FROM flagged.cases WHERE case_ref = '{ref}'")
    flag_id, rule_id, sentence = found(settings, f"SELECT flag_id, rule_id, sentence FROM flagged.findings WHERE case_id = '{case_id}'")
    cleared(settings, Gone(rule_id, holder_id, payment_id, sentence, flag_id))
    with duckdb.connect(str(night_path(settings))) as night:
        for table in ("flagged.findings", "flagged.cases", "flagged.clearings", "flagged.score_parts"):
            night.execute(f"DELETE FROM {table} WHERE case_id = ?", [case_id])
    return str(sentence)


@dataclass(frozen=True)
class Overtaken:
    """An installation whose newest night does not find an item that was decided before."""

    settings: Settings
    ref: str
    sentence: str

    @contextmanager
    def app(self, role: str) -> Iterator[TestClient]:
        with in_process(desk_of(self.settings)) as client:
            as_role(client, role)
            yield client

    def close(self, client: TestClient, **given: str) -> Any:
        hidden = dict(HIDDEN.findall(client.get(f"/purchases/{self.ref}").text))
        hidden.setdefault("form_token", token(client.get("/help").text))
        return client.post(f"/purchases/{self.ref}/overtaken", data={**hidden, "reason": CLOSING, **given})


def overtaken_after(settings: Settings, *, move: str) -> Overtaken:
    with duckdb.connect(str(night_path(settings)), read_only=True) as night:
        shown = "SELECT case_ref FROM flagged.cases WHERE NOT is_restricted AND flags_count = 1 AND payment_id NOT IN"
        refs = {ref for (ref,) in night.execute(f"{shown} (SELECT payment_id FROM drawn.cases WHERE payment_id IS NOT NULL)").fetchall()}
    desk = desk_of(settings)
    with in_process(desk) as client:
        as_role(client, "clinician")
        ready = (ref for ref in refs_of(client) if ref in refs)
        ref = next(ref for ref in ready if 'value="agree"' in client.get(f"/purchases/{ref}").text)
        assert post(client, ref, "decide", move=move, reason=WHY, confirmed="yes").status_code == 303
    desk.nights.newest().warehouse.close()
    return Overtaken(settings, ref, overtake(settings, ref))


@pytest.fixture(params=["propose_not_agreed", "propose_referral"])
def waiting(own_settings: Settings, request: pytest.FixtureRequest) -> Overtaken:
    return overtaken_after(own_settings, move=request.param)


@pytest.fixture
def agreed(own_settings: Settings) -> Overtaken:
    return overtaken_after(own_settings, move="agree")


def test_it_has_a_page_struck_with_when_and_why_and_what_was_decided(agreed: Overtaken) -> None:
    with agreed.app("auditor") as client:
        assert agreed.ref not in client.get("/purchases?chosen=1").text
        page = client.get(f"/purchases/{agreed.ref}").text
        person = re.search(r"/people/(PHB-[0-9A-F]+)", page)
        assert person
        assert f'href="/purchases/{agreed.ref}"' in client.get(person[0]).text
    assert "What was on the screen" in page
    struck = [words_of(words) for words in re.findall(r"<s>(.*?)</s>", page)]
    assert any(agreed.sentence in words for words in struck)
    words = words_of(page)
    assert f"Resolved 19 October 2026: {BECAUSE}" in words
    history = words[words.index(" History ") :]
    assert f"Agreed Sam Okafor (Clinician), 1 November 2026, 9:30am {WHY}" in history
    assert "Resolved 19 October 2026" in history
    assert 'class="app-decide"' not in page


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_see_items_sees_it(agreed: Overtaken, role: str) -> None:
    with agreed.app(role) as client:
        answer = client.get(f"/purchases/{agreed.ref}")
    wanted = {"clinician": 200, "second_checker": 200, "auditor": 200, "lcfs": 404}.get(role, 403)
    assert answer.status_code == wanted
    assert (agreed.sentence in words_of(answer.text)) is (wanted == 200)


def test_to_who_sees_another_area_it_is_not_there(agreed: Overtaken) -> None:
    night = desk_of(agreed.settings).nights.newest()
    area = night.person_of[moves_of(agreed.settings)[-1].body["holder_id"]]["area_shown"]
    other = next(row["area_shown"] for row in night.people if row["area_shown"] != area)
    engine = accounts_engine(agreed.settings, CODE)
    for name, seen in (("theirs", area), ("elsewhere", other)):
        accounts.add_account(engine, f"{name}@example.org", f"Val {name}", "second_checker", PASSWORD, areas=[seen], at=TODAY)
    engine.dispose()
    for name, status in (("elsewhere", 404), ("theirs", 200)):
        with in_process(desk_of(agreed.settings)) as client:
            assert sign_in(client, name) == 303
            assert client.get(f"/purchases/{agreed.ref}").status_code == status
            assert agreed.close(client, version="9").status_code == (404 if status == 404 else 409)


def test_a_proposal_it_overtook_is_told_to_nobody_who_may_close_it(waiting: Overtaken) -> None:
    for role in ("second_checker", "auditor"):
        with waiting.app(role) as client:
            person = re.search(r"/people/PHB-[0-9A-F]+", client.get(f"/purchases/{waiting.ref}").text)
            assert person
            paths = [f"/purchases/{waiting.ref}", "/second-checks", person[0]]
            paths += ["/auditor/log", "/auditor/log.csv", f"/auditor/log?q={waiting.ref}"] if role == "auditor" else []
            for path in paths:
                text = client.get(path).text
                assert WHY not in text, path
                assert "Sam Okafor" not in text, path
                assert "Specialist" not in text, path
            assert waiting.ref in client.get("/second-checks").text


def test_a_second_person_closes_it_with_a_reason_and_then_it_is_told(waiting: Overtaken) -> None:
    with waiting.app("second_checker") as client:
        assert waiting.close(client, reason="").status_code == 400
        assert waiting.close(client, version="9").status_code == 409
        assert waiting.close(client, digest="x").status_code == 409
        assert client.post(f"/purchases/{waiting.ref}/check", data={"form_token": token(client.get("/help").text)}).status_code == 404
        assert len(moves_of(waiting.settings)) == 1
        assert waiting.close(client).status_code == 303
        page = words_of(client.get(f"/purchases/{waiting.ref}?done=close_overtaken").text)
        assert "Closed. Nothing more is needed." in page
        assert all(words in page for words in ("Closed: overtaken by later evidence", WHY, CLOSING, "Sam Okafor", "Bo Lindqvist"))
        assert waiting.ref not in client.get("/second-checks").text
    event = moves_of(waiting.settings)[-1]
    assert (event.body["move_code"], event.body["to_state"], event.body["checks_by"]) == ("close_overtaken", "overtaken", "Sam Okafor")
    assert len(moves_of(waiting.settings)) == 2


def test_whoever_proposed_does_not_close_it(waiting: Overtaken) -> None:
    with waiting.app("second_checker") as checker:
        hidden = dict(HIDDEN.findall(checker.get(f"/purchases/{waiting.ref}").text))
    with waiting.app("clinician") as client:
        page = client.get(f"/purchases/{waiting.ref}").text
        assert "Another person closes it" in words_of(page)
        assert f'action="/purchases/{waiting.ref}/overtaken"' not in page
        given = {"version": hidden["version"], "digest": hidden["digest"]}
        assert waiting.close(client, **given).status_code == 403
    assert len(moves_of(waiting.settings)) == 1


def test_what_is_still_found_is_not_closed_as_overtaken(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        ref = ready_ref(client)
        assert post(client, ref, "decide", move="propose_not_agreed", reason=WHY, confirmed="yes").status_code == 303
        as_role(client, "second_checker")
        assert post(client, ref, "overtaken", reason=CLOSING).status_code == 404
    assert len(moves_of(own_settings)) == 1


def test_the_newest_night_that_no_longer_found_it_is_the_one_that_is_told(agreed: Overtaken) -> None:
    (flag,) = moves_of(agreed.settings)[-1].body["seen"]["flags"]
    cleared(agreed.settings, Gone("E-01", "Hx", "Px", "x", flag["flag_id"], date(2026, 10, 30)))
    with agreed.app("auditor") as client:
        words = words_of(client.get(f"/purchases/{agreed.ref}").text)
    assert "Resolved 30 October 2026" in words
    assert "Resolved 19 October 2026" not in words
