"""An auditor bound to an area reads in the logs what was done and seen about its people, and nothing of others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from phb_audit.cases.exceptions import Scope, agree_exception, end_exception
from phb_audit.review import accounts
from phb_audit.review.desk import Desk
from phb_audit.review.keeping import accounts_engine
from phb_audit.settings import Settings
from tests.review.test_read_blind import words_of
from tests.review.world import CODE, NAMES, PASSWORD, TODAY, desk_of, in_process, moves_of, post, ready_ref, refs_of, sign_in

pytestmark = pytest.mark.slow
AREA = "Valley team"
LOGS = [f"/auditor/log{kind}?log={log}" for kind in ("", ".csv") for log in ("decided", "access")]
WHY = "It helps with the goal of getting out."


@pytest.fixture
def desk(own_settings: Settings) -> Desk:
    engine = accounts_engine(own_settings, CODE)
    for role in ("clinician", "auditor"):
        email = f"valley-{role}@example.org"
        accounts.add_account(engine, email, f"Val {role}", role, PASSWORD, areas=[AREA], at=TODAY)
    engine.dispose()
    return desk_of(own_settings)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as opened:
        yield opened


def sign_in_as(client: TestClient, who: str) -> None:
    client.cookies.clear()
    assert sign_in(client, who) == 303


def decided(client: TestClient, ref: str) -> str:
    assert post(client, ref, "decide", move="agree", reason=WHY).status_code == 303
    return ref


def both(client: TestClient, desk: Desk) -> tuple[str, str]:
    """A case of the area and one of another, each decided."""
    areas = {case["case_ref"]: case["area_name"] for case in desk.nights.newest().cases}
    sign_in_as(client, "valley-clinician")
    mine = decided(client, ready_ref(client))
    sign_in_as(client, "clinician")
    others = [ref for ref in refs_of(client, "?chosen=1") if areas[ref] != AREA]
    other = decided(client, next(ref for ref in others if 'value="agree"' in client.get(f"/purchases/{ref}").text))
    client.get("/people")
    return mine, other


def test_events_of_other_areas_are_in_neither_log_nor_file(client: TestClient, desk: Desk) -> None:
    mine, other = both(client, desk)
    night = desk.nights.newest()
    not_theirs = [case["case_ref"] for case in night.cases if case["area_name"] != AREA]
    holders = [row["holder_id"] for row in night.people if row["area_shown"] != AREA]
    shown = [row["holder_shown"] for row in night.people if row["area_shown"] != AREA]
    sign_in_as(client, "auditor")
    everything = {path: words_of(client.get(path).text) for path in LOGS}
    assert all(mine in told and other in told for told in everything.values())
    sign_in_as(client, "valley-auditor")
    for path in LOGS:
        told = words_of(client.get(path).text)
        assert mine in told, path
        assert not [name for name in (*not_theirs, *holders, *shown) if name in told], path
    for path in LOGS:
        assert mine not in client.get(f"{path}&q={other}").text, path
    assert NAMES["clinician"] in client.get("/auditor/log.csv?log=access").text, "who signed in is about nobody"


def test_an_exception_and_its_end_are_told_to_its_area_alone(client: TestClient, desk: Desk, own_settings: Settings) -> None:
    people = {row["area_shown"]: row["holder_id"] for row in desk.nights.newest().people}
    other = next(holder for area, holder in people.items() if area != AREA)
    for holder_id, words in ((people[AREA], "Swimming is agreed for her."), (other, "Riding is agreed for him.")):
        scope = Scope(holder_id, ("T01",))
        days = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31)}
        made = agree_exception(own_settings, CODE, scope, cap_pence=50_00, words=words, agreed_by="Ada Reviewer", by="Ada Reviewer", **days)
        end_exception(own_settings, CODE, made, on=date(2026, 6, 30), reason=f"{words} No more.", by="Ada Reviewer")
    sign_in_as(client, "valley-auditor")
    for path in LOGS[::2]:
        told = client.get(path).text
        assert told.count("Swimming") == 2, path
        assert "Riding" not in told, path
    assert moves_of(own_settings) == []
