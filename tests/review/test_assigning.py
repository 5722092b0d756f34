"""'Assign to me' for several items at once: each its own event, with the version that was seen; what changed is named and left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from phb_audit.review import accounts, assigning
from phb_audit.review.desk import Desk
from phb_audit.review.keeping import accounts_engine
from phb_audit.review.queue import PAGE_SIZE
from phb_audit.settings import Settings
from tests.review.world import CODE, NAMES, PASSWORD, TODAY, Clock, desk_of, in_process, moves_of, post, refs_of, sign_in, token

pytestmark = pytest.mark.slow
PICK = re.compile(r'name="pick" value="(F[0-9A-Z]{8}-\d+)"')
QUERY = "?chosen=1&status=review&about=plan_fit"


@pytest.fixture
def desk(own_settings: Settings) -> Desk:
    return desk_of(own_settings)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as opened:
        assert sign_in(opened, "clinician") == 303
        yield opened


def picks_of(client: TestClient, query: str = QUERY) -> list[str]:
    return PICK.findall(client.get(f"/purchases{query}").text)


def assign(client: TestClient, picks: list[str], query: str = QUERY) -> Any:
    return client.post(f"/purchases/assign{query}", data={"form_token": token(client.get("/purchases").text), "pick": picks})


def part(page: str, table: str) -> str:
    return page.partition(f'id="{table}"')[2].partition("</table>")[0]


def test_each_item_gets_an_event_of_its_own_and_an_owner(client: TestClient, own_settings: Settings) -> None:
    picks = picks_of(client)[:3]
    refs = [pick.partition("-")[0] for pick in picks]
    page = assign(client, picks).text
    assert "<h1" in page
    assert "3 purchases assigned to you" in page
    assert [ref in part(page, "assigned") for ref in refs] == [True] * 3
    told = [
        (event.body["case_ref"], event.body["move_code"], event.body["case_version"], event.decided_by) for event in moves_of(own_settings)
    ]
    assert told == [(ref, "assign", 1, NAMES["clinician"]) for ref in refs]
    assert {event.body["particulars"]["owner"] for event in moves_of(own_settings)} == {NAMES["clinician"]}
    assert sorted(refs_of(client, "?chosen=1&owner=me")) == sorted(refs)


def test_what_changed_since_the_list_was_shown_is_named_and_not_assigned(client: TestClient, own_settings: Settings) -> None:
    first, other, *_ = picks_of(client)
    ref = first.partition("-")[0]
    assert post(client, ref, "step", move="tag", tag="seen elsewhere").status_code == 303
    page = assign(client, [first, other]).text
    assert "1 purchase assigned to you" in page
    assert ref in part(page, "refused")
    assert assigning.CHANGED in part(page, "refused")
    assert ref not in part(page, "assigned")
    assert [event.body["case_ref"] for event in moves_of(own_settings)] == [ref, other.partition("-")[0]]


def test_what_is_mine_already_or_nobodys_to_assign_is_told_with_its_reason(client: TestClient, own_settings: Settings) -> None:
    pick = picks_of(client)[0]
    ref = pick.partition("-")[0]
    assign(client, [pick])
    page = assign(client, [f"{ref}-1", "F00000000-0", "<b>-0"]).text
    assert "Nothing was assigned" in page
    assert assigning.MINE in part(page, "refused")
    assert part(page, "refused").count(assigning.GONE) == 2
    assert "&lt;B&gt;" in part(page, "refused")
    assert len(moves_of(own_settings)) == 1
    assert post(client, ref, "decide", move="agree", reason="It helps with the goal of getting out.").status_code == 303
    assert "is not possible" in part(assign(client, [f"{ref}-2"]).text, "refused")
    assert [event.body["move_code"] for event in moves_of(own_settings)] == ["assign", "agree"]
    assert not any(other.startswith(ref) for other in picks_of(client, f"?chosen=1&q={ref}")), "a decided item has no box"


def test_nothing_chosen_is_an_error_on_the_same_list(client: TestClient) -> None:
    answer = assign(client, [], f"{QUERY}&sort=amount&dir=down")
    assert answer.status_code == 400
    assert re.search(r"<title>\s*Error: ", answer.text)
    assert 'href="#pick"' in answer.text
    assert len(re.findall('id="pick"', answer.text)) == 1
    assert refs_of(client, f"{QUERY}&sort=amount&dir=down") == list(dict.fromkeys(re.findall(r'href="/purchases/(F\w{8})"', answer.text)))


def test_more_than_a_page_of_them_and_another_sites_form_are_refused(client: TestClient, own_settings: Settings) -> None:
    assert assign(client, [f"F{number:08d}-0" for number in range(PAGE_SIZE + 1)]).status_code == 400
    assert client.post("/purchases/assign", data={"pick": picks_of(client)}).status_code == 403
    assert moves_of(own_settings) == []


def test_only_whoever_may_assign_has_boxes(own_settings: Settings) -> None:
    for role, has_boxes in {"clinician": True, "auditor": True, "second_checker": False}.items():
        with in_process(desk_of(own_settings)) as client:
            assert sign_in(client, role) == 303
            page = client.get(f"/purchases{QUERY}").text
            assert bool(PICK.findall(page)) == has_boxes, role
            assert ("Assign to me" in page) == has_boxes, role


def test_an_item_of_another_area_is_not_assigned(desk: Desk, own_settings: Settings) -> None:
    cases = [case for case in desk.nights.newest().cases if case["area_name"] and case["is_queued"]]
    area = cases[0]["area_name"]
    other = next(case["case_ref"] for case in cases if case["area_name"] != area)
    engine = accounts_engine(own_settings, CODE)
    accounts.add_account(engine, "bound@example.org", "Bea North", "clinician", PASSWORD, at=TODAY, areas=(area,))
    engine.dispose()
    with in_process(desk) as client:
        assert sign_in(client, "bound") == 303
        page = assign(client, [f"{other}-0"]).text
    assert assigning.GONE in part(page, "refused")
    assert moves_of(own_settings) == []


def test_the_list_stands_by_its_wait_both_ways(own_settings: Settings) -> None:
    clock = Clock()
    with in_process(desk_of(own_settings, clock=clock)) as client:
        assert sign_in(client, "clinician") == 303
        refs = refs_of(client, QUERY)
        day = {"snooze-wake_on-month": "11", "snooze-wake_on-year": "2026", "reason": "The review meeting is in that week."}
        for number, ref in enumerate(refs[:3]):
            put_off = day | {"snooze-wake_on-day": str(5 + number)}
            assert post(client, ref, "step", move="snooze", **put_off).status_code == 303
        clock.at += timedelta(days=9)
        assert sign_in(client, "clinician") == 303
        of_all = refs_of(client, f"{QUERY}&sort=newest")
        assert of_all[:3] == list(reversed(refs[:3]))
        assert set(refs[:3]).isdisjoint(refs_of(client, f"{QUERY}&sort=oldest")[:3])
        page = client.get(f"/purchases{QUERY}&sort=newest").text
        assert [int(days) for days in re.findall(r'class="phb-nowrap">(\d+) days?<', page)][:4] == [3, 4, 5, 9]
        assert "<strong>newest first</strong>" in page
        assert "sort=oldest" in page


def test_what_is_decided_comes_after_all_that_waits_at_once(client: TestClient) -> None:
    query = "?chosen=1&sort=oldest&about=plan_fit"
    first = refs_of(client, query)[0]
    assert post(client, first, "decide", move="agree", reason="It helps with the goal of getting out.").status_code == 303
    assert first not in refs_of(client, query)
    assert first not in refs_of(client, query.replace("oldest", "newest"))
