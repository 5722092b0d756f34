"""Reaching for what is somebody else's: cases and people of another area, another's name, a proposal before its check, other files."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from phb_audit.review import accounts
from phb_audit.review.keeping import accounts_engine
from phb_audit.settings import Settings
from tests.review.attacks import as_role, without_secrets
from tests.review.world import (
    CODE,
    PASSWORD,
    TODAY,
    desk_of,
    hidden_of,
    in_process,
    moves_of,
    post,
    ready_ref,
    refs_of,
    sign_in,
)

pytestmark = pytest.mark.slow


def test_one_may_not_reach_cases_or_people_of_another_area(own_settings: Settings) -> None:
    engine = accounts_engine(own_settings, CODE)
    accounts.add_account(engine, "valley@example.org", "Val Ley", "clinician", PASSWORD, areas=["Valley team"], at=TODAY)
    engine.dispose()
    desk = desk_of(own_settings)
    night = desk.nights.newest()
    others = [case["case_ref"] for case in night.cases if case["area_name"] != "Valley team"]
    people = [row["holder_shown"] for row in night.people if row["area_shown"] != "Valley team"]
    assert len(others) > 10
    assert len(people) > 10
    with in_process(desk) as client:
        assert sign_in(client, "valley") == 303
        mine = refs_of(client, "?chosen=1")
        assert mine
        assert not set(mine) & set(others)
        nobody = without_secrets(client.get("/purchases/F00000000").text)
        forms = hidden_of(client, mine[0])
        for ref in others[:30]:
            answer = client.get(f"/purchases/{ref}")
            assert answer.status_code == 404
            assert without_secrets(answer.text) == nobody
            for form in ("decide", "step", "own-view", "check"):
                given = {**forms, "move": "agree", "reason": "It helps with a goal.", "choice": "agree", "verdict": "confirm"}
                assert client.post(f"/purchases/{ref}/{form}", data=given).status_code == 404
            assert client.get(f"/purchases/{ref}/question").status_code == 404
        assert {client.get(f"/people/{holder}").status_code for holder in people[:30]} == {404}
        assert client.get(f"/purchases?chosen=1&q={others[0]}").text.count("/purchases/F") == 0
        assert client.get(f"/reports/{night.run_id}/flagged-items.html").status_code == 404
    assert moves_of(own_settings) == []


def test_the_specialist_sees_nothing_that_was_not_referred(browser: TestClient) -> None:
    as_role(browser, "clinician")
    refs = refs_of(browser, "?chosen=1")
    as_role(browser, "lcfs")
    assert {browser.get(f"/purchases/{ref}").status_code for ref in refs} == {404}


def test_a_stored_decision_cannot_be_made_in_anothers_name_or_role(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        ref = ready_ref(client)
        more = {"by": "Ada Fenn", "role": "auditor", "decided_by": "Ada Fenn", "at": "2020-01-01T00:00:00Z", "confirmed": "yes"}
        assert post(client, ref, "decide", move="propose_not_agreed", reason="It is not in the plan.", **more).status_code == 303
        event = moves_of(own_settings)[-1]
        assert (event.decided_by, event.body["role"], event.decided_at[:10]) == ("Sam Okafor", "clinician", "2026-11-01")
        for form, given in {"own-view": {"choice": "agree"}, "check": {"verdict": "confirm", "reason": "I confirm my own."}}.items():
            assert post(client, ref, form, **given).status_code == 403
        assert len(moves_of(own_settings)) == 1


def test_the_second_person_learns_nothing_of_the_proposal_before_their_own_view(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        ref = ready_ref(client)
        assert post(client, ref, "decide", move="propose_not_agreed", reason="Quite outside the plan.", confirmed="yes").status_code == 303
        as_role(client, "auditor")
        paths = [
            f"/purchases/{ref}",
            "/second-checks",
            "/auditor/log",
            "/auditor/log.csv",
            "/auditor/log?q=Quite+outside",
            "/purchases?chosen=1",
        ]
        for path in paths:
            text = client.get(path).text.replace("q=Quite+outside", "").replace('value="Quite outside"', "")
            assert "Quite outside the plan" not in text, path
        assert post(client, ref, "check", verdict="confirm", reason="I confirm it.").status_code == 403
        assert post(client, ref, "own-view", choice="agree").status_code == 303
        assert "Quite outside the plan" in client.get(f"/purchases/{ref}").text


CLIMBS = (
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/settings.py",
    "..\\..\\app.py",
    "....//app.py",
    "/etc/passwd",
    "nhsuk.css%00.py",
    "a" * 5000,
)


@pytest.mark.parametrize("climb", CLIMBS)
@pytest.mark.parametrize(
    "path", ["/static/{}", "/reports/QZZ-2026-10-31/{}", "/reports/{}/flagged-items.html", "/how-flags-work/{}", "/people/{}"]
)
def test_no_path_leads_out_of_what_is_listed(browser: TestClient, path: str, climb: str) -> None:
    as_role(browser, "clinician")
    answer = browser.get(path.format(climb))
    assert answer.status_code in (404, 400)
    assert "root:" not in answer.text
