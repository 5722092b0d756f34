"""The banner 'Decision recorded' comes of what was recorded: an address that says so, and nothing behind it, says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from phb_audit.review.desk import Desk
from phb_audit.review.recorded import A_MOMENT
from phb_audit.settings import Settings
from tests.review.world import NAMES, Clock, desk_of, in_process, post, ready_ref, refs_of, sign_in

pytestmark = pytest.mark.slow
AGREE = {"move": "agree", "reason": "It helps with the goal of getting out."}
PROPOSE = {"move": "propose_not_agreed", "reason": "The plan names another way to the same goal.", "confirmed": "yes"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(own_settings: Settings, clock: Clock) -> Desk:
    return desk_of(own_settings, clock=clock)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as opened:
        assert sign_in(opened, "clinician") == 303
        yield opened


def says(client: TestClient, path: str) -> bool:
    """Whether a page's banner says that something was recorded."""
    return re.search(r'class="nhsuk-panel"|Decision on \S+ recorded', client.get(path).text) is not None


def test_an_address_alone_records_nothing_and_says_nothing(client: TestClient) -> None:
    ref, other = refs_of(client)[:2]
    for code in ("agree", "propose_referral", "ask", "tag", "<script>"):
        assert not says(client, f"/purchases/{ref}?done={code}"), code
    assert not says(client, f"/purchases/{other}?recorded={ref}")
    assert not says(client, f"/purchases/{other}?recorded=everything")
    assert not says(client, f"/purchases?recorded={ref}")


def test_a_decision_says_so_once_where_it_was_made_and_of_no_other_move(client: TestClient) -> None:
    ref = ready_ref(client)
    answer = post(client, ref, "decide", **AGREE)
    assert answer.headers["location"].endswith("?done=agree")
    assert says(client, answer.headers["location"])
    assert not says(client, f"/purchases/{ref}?done=propose_not_agreed")
    assert not says(client, f"/purchases/{ref}")


def test_save_and_go_to_next_says_what_was_recorded(client: TestClient) -> None:
    ref = ready_ref(client)
    answer = post(client, ref, "decide", then="next", **AGREE)
    assert answer.headers["location"].endswith(f"?recorded={ref}")
    assert says(client, answer.headers["location"])
    assert says(client, f"/purchases?recorded={ref}")
    assert post(client, ref, "step", move="tag", tag="garden").status_code == 303
    assert not says(client, f"/purchases?recorded={ref}"), "the last thing recorded on it is no decision"


def test_nobody_else_is_told_that_it_was_recorded(client: TestClient, desk: Desk) -> None:
    ref = ready_ref(client)
    assert post(client, ref, "decide", **PROPOSE).status_code == 303
    assert says(client, f"/purchases/{ref}?done=propose_not_agreed")
    with in_process(desk) as other:
        assert sign_in(other, "second_checker") == 303
        assert not says(other, f"/purchases/{ref}?done=propose_not_agreed"), "it would tell what waits for their check"
        assert not says(other, f"/purchases?recorded={ref}")


def test_an_address_of_yesterday_says_nothing(client: TestClient, clock: Clock) -> None:
    ref = ready_ref(client)
    assert post(client, ref, "decide", **AGREE).status_code == 303
    clock.at += A_MOMENT - timedelta(minutes=1)
    assert says(client, f"/purchases/{ref}?done=agree")
    clock.at += timedelta(minutes=1)  # the session goes on, for it was just used
    assert not says(client, f"/purchases/{ref}?done=agree")


def test_the_lanes_page_says_so_only_of_what_its_reader_did(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        assert sign_in(client, "lcfs") == 303
        path = re.findall(r'href="(/for-you/F\w+)"', client.get("/for-you").text)[0]
        assert not says(client, f"{path}?done=1")


def test_next_is_the_next_of_the_list_and_nothing_that_is_somebody_elses(own_settings: Settings) -> None:
    desk = desk_of(own_settings)
    with in_process(desk) as client:
        assert sign_in(client, "clinician") == 303
        open_to_me = [ref for ref in refs_of(client) if 'value="agree"' in client.get(f"/purchases/{ref}").text]
        here, others, following = open_to_me[2], open_to_me[3], open_to_me[4]
        assert post(client, others, "step", move="assign", owner=NAMES["second_checker"]).status_code == 303
        answer = post(client, here, "decide", then="next", **AGREE)
        assert answer.headers["location"] == f"/purchases/{following}?recorded={here}"
