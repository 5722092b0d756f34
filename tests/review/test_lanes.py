"""The lanes in the app: read and decided by one kind of reader, and to everybody else as if there were nothing."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from phb_audit.cases.lane_cases import lane_events, lane_listed
from phb_audit.errors import NightAlreadyRunning
from phb_audit.review import accounts, lane_reading
from phb_audit.review.keeping import accounts_engine, lane_log
from phb_audit.settings import Settings
from tests.review.world import CODE, NAMES, PASSWORD, TODAY, desk_of, in_process, sign_in

pytestmark = pytest.mark.slow
READER = {"restricted": "lcfs", "safeguarding": "safeguarding_lead"}
REASON = "Seen with the care co-ordinator on Friday."
HIDDEN = re.compile(r'name="(form_token|version|digest)" value="([^"]*)"')


def ref_of(settings: Settings, lane: str) -> str:
    return str(lane_listed(settings, CODE, lane)["case_ref"][0])


def send(browser: TestClient, ref: str, move: str, **given: str) -> int:
    hidden = dict(HIDDEN.findall(browser.get(f"/for-you/{ref}").text))
    return int(browser.post(f"/for-you/{ref}/step", data={**hidden, "move": move, "reason": REASON, **given}).status_code)


@pytest.mark.parametrize("lane", READER)
def test_its_reader_sees_the_lane_and_not_the_other(browser: TestClient, settings: Settings, lane: str) -> None:
    other = next(name for name in READER if name != lane)
    sign_in(browser, READER[lane])
    page = browser.get("/for-you").text
    assert ref_of(settings, lane) in page
    assert ref_of(settings, other) not in page
    one = browser.get(f"/for-you/{ref_of(settings, lane)}")
    assert one.status_code == 200
    assert "It may be quite ordinary" in one.text
    assert browser.get(f"/for-you/{ref_of(settings, other)}").status_code == 404


@pytest.mark.parametrize("role", [role for role in NAMES if role not in READER.values()])
def test_to_everybody_else_there_is_no_such_page_case_count_or_hit(browser: TestClient, settings: Settings, role: str) -> None:
    refs = [ref_of(settings, lane) for lane in READER]
    sign_in(browser, role)
    nowhere = browser.get("/for-you-not").text
    for path in ("/for-you", *(f"/for-you/{ref}" for ref in refs), *(f"/purchases/{ref}" for ref in refs)):
        answer = browser.get(path)
        assert answer.status_code in (403, 404), path
        if path.startswith("/for-you"):
            assert (answer.status_code, without_tokens(answer.text)) == (404, without_tokens(nowhere)), path
    for path in (
        "/",
        "/purchases?chosen=1",
        "/people",
        "/reports",
        "/how-flags-work",
        "/auditor/log?log=access",
        "/auditor/sample?seed=1&size=200",
    ):
        page = browser.get(path, follow_redirects=True).text
        assert not [ref for ref in refs if ref in page], path
        assert "/for-you" not in page, path
    for ref in refs:
        found = browser.get(f"/purchases?chosen=1&q={ref}")
        assert found.status_code == 403 or "No purchases match." in found.text


def without_tokens(page: str) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", page)


def test_the_same_person_may_not_search_for_a_lane_by_a_form(browser: TestClient, settings: Settings) -> None:
    sign_in(browser, "clinician")
    before = len(lane_events(settings, CODE, "safeguarding"))
    form = dict(HIDDEN.findall(browser.get("/how-flags-work").text))
    for ref in (ref_of(settings, "safeguarding"), "F00000000"):
        answer = browser.post(f"/for-you/{ref}/step", data={**form, "move": "take_up", "reason": REASON})
        assert answer.status_code == 404
    assert len(lane_events(settings, CODE, "safeguarding")) == before


def test_a_case_is_decided_in_the_lanes_own_casebook_and_nobody_else_is_told(own_settings: Settings) -> None:
    desk, ref = desk_of(own_settings), ref_of(own_settings, "safeguarding")
    with in_process(desk) as browser:
        sign_in(browser, "safeguarding_lead")
        assert send(browser, ref, "hand_on") == 400  # to whom?
        assert send(browser, ref, "settle", reason="short") == 400
        assert send(browser, ref, "put_off") == 400  # until when?
        assert send(browser, ref, "no_such_move") == 400
        assert send(browser, ref, "confirm_hand_on") == 403
        assert send(browser, ref, "hand_on", handed_to="the council's safeguarding team") == 303
        page = browser.get(f"/for-you/{ref}").text
        assert "Handed on, to the council&#39;s safeguarding team" in page
        stale = browser.post(f"/for-you/{ref}/step", data={**dict(HIDDEN.findall(page)), "version": "0", "move": "note", "reason": REASON})
        assert stale.status_code == 409
    (event,) = lane_events(own_settings, CODE, "safeguarding")
    assert (event.decided_by, event.body["role"], event.body["move_code"]) == (NAMES["safeguarding_lead"], "safeguarding_lead", "hand_on")
    assert not [one for one in desk.access.events() if ref in str(one.body)]
    assert not desk.casebook.events()
    log = lane_log(own_settings, CODE, "safeguarding")
    assert log.events()[-1].body["case_ref"] == ref
    log.close()


def test_in_the_restricted_lane_a_second_person_must_agree(own_settings: Settings) -> None:
    ref = ref_of(own_settings, "restricted")
    engine = accounts_engine(own_settings, CODE)
    accounts.add_account(engine, "second@example.org", "Una Second", "lcfs", PASSWORD, at=TODAY)
    engine.dispose()
    with in_process(desk_of(own_settings)) as browser:
        sign_in(browser, "lcfs")
        assert send(browser, ref, "propose_hand_on", handed_to="NHSCFA") == 303
        page = browser.get(f"/for-you/{ref}").text
        assert "a second person of this lane must agree" in page
        assert 'value="confirm_hand_on"' not in page
        assert send(browser, ref, "confirm_hand_on") == 403
    with in_process(desk_of(own_settings)) as browser:
        sign_in(browser, "second")
        assert send(browser, ref, "confirm_hand_on") == 303
    assert [event.body["move_code"] for event in lane_events(own_settings, CODE, "restricted")] == ["propose_hand_on", "confirm_hand_on"]


def test_while_a_night_runs_what_was_read_before_stands(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    lanes = desk_of(settings).lanes
    newest = desk_of(settings).nights.newest()
    read = lanes.night("restricted", newest)
    assert lanes.night("restricted", newest) is read

    def busy(*_: object, **__: object) -> None:
        raise NightAlreadyRunning("The warehouse is in use.")

    monkeypatch.setattr(lane_reading, "Warehouse", busy)
    assert lanes.night("restricted", desk_of(settings).nights.newest()) is read
    with pytest.raises(NightAlreadyRunning):
        lanes.night("safeguarding", newest)
