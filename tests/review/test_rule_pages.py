"""The page of a rule says how often people agreed to what it found, small numbers held back, and whom to tell where it is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from phb_audit.flagged import rules_in_force
from phb_audit.review.rule_pages import how_often
from phb_audit.settings import Settings
from tests.benchmarks.review_night import decide_some
from tests.review.world import CODE, desk_of, in_process, moves_of, night_path, post, ready_ref, sign_in

HELD_BACK = (
    (1, 0, "Fewer than 5 items"),
    (4, 4, "Fewer than 5 items"),
    (5, 4, "5 items it found are decided. How many were agreed is held back"),
    (12, 11, "12 items it found are decided. How many were agreed is held back"),
    (12, 4, "12 items it found are decided. How many were agreed is held back"),
)


@pytest.mark.parametrize(("decided", "agreed", "words"), HELD_BACK)
def test_numbers_from_one_to_four_and_what_would_tell_them_are_held_back(decided: int, agreed: int, words: str) -> None:
    said = how_often(decided, agreed)
    assert said.startswith(words)
    assert "%" not in said
    assert set(re.findall(r"\d+", said)) <= {str(decided), "5"}


def test_other_numbers_are_told_with_their_interval_and_nought_too() -> None:
    assert how_often(0, 0) == "Nobody here has decided on anything it found yet."
    assert how_often(20, 14) == ("14 of 20 decided items that it found were agreed: 70%. The true share is most likely from 48% to 85%.")
    assert how_often(5, 5).startswith("5 of 5 decided items that it found were agreed: 100%.")
    assert how_often(1_200, 0).startswith("0 of 1,200 decided items that it found were agreed: 0%.")


def said_on(client: TestClient, rule_id: str) -> str:
    page = unescape(client.get(f"/how-flags-work/{rule_id}").text)
    found = re.search(r'id="agreed">How often agreed</h2>\s*<p>([^<]+)</p>', page)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    decide_some(settings, CODE, night_path(settings), 40)
    with in_process(desk_of(settings)) as opened:
        assert sign_in(opened, "clinician") == 303
        yield opened


def counted(settings: Settings) -> tuple[Counter[str], Counter[str]]:
    """How many settled cases of each rule there are by the events alone, and how many of them were agreed."""
    last = {event.body["case_id"]: event for event in moves_of(settings) if event.body["to_state"] != event.body["from_state"]}
    decided, agreed = Counter[str](), Counter[str]()
    for event in last.values():
        if event.body["to_state"] in ("agreed", "not_agreed"):
            rules = {flag["rule_id"] for flag in event.body["seen"]["flags"]}
            decided.update(rules)
            agreed.update(rules if event.body["to_state"] == "agreed" else ())
    return decided, agreed


@pytest.mark.slow
def test_every_page_counts_from_the_casebook(client: TestClient, settings: Settings) -> None:
    decided, agreed = counted(settings)
    assert max(decided.values()) >= 5
    for one in rules_in_force(CODE, settings):
        assert said_on(client, one.rule.id) == how_often(decided[one.rule.id], agreed[one.rule.id]), one.rule.id


@pytest.mark.slow
def test_a_proposal_that_waits_does_not_count_and_a_decision_counts_at_once(client: TestClient, settings: Settings) -> None:
    rules = sorted({rule_id for case in desk_of(settings).nights.newest().cases for rule_id in case["rule_ids"].split("|")} - {"R-01"})
    before, (decided, _) = {rule_id: said_on(client, rule_id) for rule_id in rules}, counted(settings)
    proposed = {"move": "propose_not_agreed", "reason": "The plan names another way to the same goal.", "confirmed": "yes"}
    assert post(client, ready_ref(client), "decide", **proposed).status_code == 303
    assert {rule_id: said_on(client, rule_id) for rule_id in rules} == before
    assert post(client, ready_ref(client), "decide", move="agree", reason="It helps with the goal of getting out.").status_code == 303
    now, agreed = counted(settings)
    assert now.total() > decided.total()
    assert {rule_id: said_on(client, rule_id) for rule_id in rules} == {one: how_often(now[one], agreed[one]) for one in rules}


@pytest.mark.slow
def test_each_page_names_its_owner(client: TestClient, settings: Settings) -> None:
    for one in rules_in_force(CODE, settings)[::7]:
        page = unescape(client.get(f"/how-flags-work/{one.rule.id}").text)
        part = page.partition("Who to tell if you think this rule is wrong</h2>")[2].partition("</main>")[0]
        assert f"<strong>{one.rule.owner}</strong>" in part
