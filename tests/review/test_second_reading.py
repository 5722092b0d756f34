"""A case that is read twice: the second reading is by another person, who does not learn what the first decided before they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.decisions import TO_BE_READ_RULE, move
from phb_audit.review import accounts
from phb_audit.review.desk import Desk
from phb_audit.review.workbook import may_decide
from tests.review.world import CODE, NAMES, PASSWORD, TODAY, copy_of, desk_of, in_process, moves_of, post, refs_of, sign_in

pytestmark = pytest.mark.slow
FIRST, SECOND = "The plan names it in so many words.", "It helps with the goal of getting out."
HIDDEN = "Read without its reasons"


@pytest.fixture
def desk(made_home: Path, tmp_path: Path) -> Desk:
    made = desk_of(copy_of(made_home, tmp_path / "home"))
    accounts.add_account(made.accounts, "val@example.org", "Val Ley", "clinician", PASSWORD, at=TODAY)
    return made


@pytest.fixture
def browser(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as client:
        yield client


def as_person(client: TestClient, who: str) -> None:
    client.cookies.clear()
    assert sign_in(client, who) == 303


def with_reasons(client: TestClient, desk: Desk) -> str:
    """The first item on the list that says why it was flagged, and that the person may decide."""
    told = {case["case_ref"] for case in desk.nights.newest().cases if case["rule_ids"] != TO_BE_READ_RULE}
    return next(ref for ref in refs_of(client) if ref in told and 'value="agree"' in client.get(f"/purchases/{ref}").text)


def read_first(desk: Desk, ref: str, move_code: str, by: str) -> None:
    """A first reading, as it is where the night kept the reasons back."""
    case = next(case for case in desk.decided.live(desk.nights.newest(), TODAY.date()) if case.ref == ref)
    seen = desk.nights.newest().items.of(case.case_id).seen
    blind = replace(seen, flags=({**seen.flags[0], "rule_id": TO_BE_READ_RULE},))
    move(desk.casebook, blind, move_code, by=by, role="clinician", reason=FIRST, version=0, at=TODAY)


def decide(client: TestClient, ref: str) -> Any:
    return post(client, ref, "decide", move="agree", reason=SECOND)


def test_the_second_reading_is_by_another_who_learns_nothing_before(browser: TestClient, desk: Desk) -> None:
    as_person(browser, "clinician")
    ref = with_reasons(browser, desk)
    read_first(desk, ref, "agree", NAMES["clinician"])
    assert post(browser, ref, "step", move="reopen", reason="Its reasons are here now.").status_code == 303
    own = browser.get(f"/purchases/{ref}").text
    assert 'value="agree"' not in own
    assert "You read it first, without its reasons. Another person decides it now." in own
    refused = decide(browser, ref)
    assert refused.status_code == 403
    assert "You read it first" in refused.text
    case = next(case for case in desk.decided.live(desk.nights.newest(), TODAY.date()) if case.ref == ref)
    people = {person.shown_name: person for person in accounts.listed(desk.accounts)}
    assert (may_decide(case, people[NAMES["clinician"]]), may_decide(case, people["Val Ley"])) == (False, True)
    assert len(moves_of(desk.settings)) == 2
    for who, path in (("val", f"/purchases/{ref}"), ("auditor", "/auditor/log"), ("auditor", f"/auditor/log.csv?q={ref}")):
        as_person(browser, who)
        text = browser.get(path).text
        assert FIRST not in text, path
        assert ref in text, path
    as_person(browser, "val")
    assert HIDDEN in browser.get(f"/purchases/{ref}").text
    assert decide(browser, ref).status_code == 303
    after = browser.get(f"/purchases/{ref}").text
    assert FIRST in after
    assert HIDDEN not in after
    assert casebook_events(desk.settings, CODE)[-1].body["checks_by"] == NAMES["clinician"]


def test_what_was_confirmed_after_a_first_reading_is_kept_back_too(browser: TestClient, desk: Desk) -> None:
    as_person(browser, "clinician")
    ref = with_reasons(browser, desk)
    read_first(desk, ref, "propose_not_agreed", NAMES["clinician"])
    as_person(browser, "second_checker")
    assert post(browser, ref, "own-view", choice="propose_not_agreed").status_code == 303
    assert post(browser, ref, "check", verdict="confirm", reason="I do not find it in the plan.").status_code == 303
    as_person(browser, "val")
    page = browser.get(f"/purchases/{ref}").text
    assert page.count(HIDDEN) == 2
    assert "I do not find it in the plan." not in page
