"""A night with far more items than the sample's: no page grows beyond 100 KB, and a decision is known to every list at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from phb_audit.cases.decisions import move
from phb_audit.cases.seen import published_file
from phb_audit.review import cases
from phb_audit.review.desk import Desk
from phb_audit.settings import Settings
from tests.benchmarks.review_night import decide_some, multiplied
from tests.review.world import CODE, desk_of, in_process, post, ready_ref, refs_of, sign_in

MOST_BYTES = 100_000
AS_IT_STANDS = cases._live
pytestmark = pytest.mark.slow
PAGES = {
    "clinician": ("/purchases", "/purchases?chosen=1", "/purchases?chosen=1&page=100", "/people", "/second-checks", "/reports"),
    "auditor": ("/purchases?chosen=1&sort=amount&dir=down", "/auditor/sample?seed=1&size=200", "/auditor/log", "/auditor/log?log=access"),
    "administrator": ("/accounts", "/how-flags-work"),
}


@pytest.fixture(scope="module")
def desk(settings: Settings) -> Desk:
    path = published_file(settings, CODE)
    count, _ = multiplied(path, 2_000, 0, people_times=1)
    assert count >= 2_000
    decide_some(settings, CODE, path, 300)
    return desk_of(settings)


@pytest.fixture
def clinician(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as client:
        assert sign_in(client, "clinician") == 303
        yield client


def test_no_page_is_over_100_kb(desk: Desk, clinician: TestClient) -> None:
    sizes: dict[str, int] = {}
    for role, paths in PAGES.items():
        with in_process(desk) as client:
            assert sign_in(client, role) == 303
            sizes |= {path: len(client.get(path).content) for path in paths}
    most = max(desk.nights.newest().places.by_holder.items(), key=lambda one: len(one[1]) * (one[0] != "ALL"))
    told = desk.nights.newest().cases
    assert len(most[1]) > 60
    sizes["person"] = len(clinician.get(f"/people/{told[most[1][0]]['holder_shown']}").content)
    items = [told[place]["case_ref"] for place in range(0, len(told), 97)]
    sizes["item"] = max(len(clinician.get(f"/purchases/{ref}").content) for ref in items)
    assert all(size > 2_000 for size in sizes.values()), sizes
    assert max(sizes.values()) <= MOST_BYTES, sizes


def test_a_person_with_many_items_has_them_on_pages(desk: Desk, clinician: TestClient) -> None:
    night = desk.nights.newest()
    places = max((places for holder, places in night.places.by_holder.items() if holder != "ALL"), key=len)
    path = f"/people/{night.cases[places[0]]['holder_shown']}"
    pages = -(-len(places) // 20)
    found = [
        ref
        for page in range(1, pages + 1)
        for ref in re.findall(
            r'<a href="/purchases/(F[0-9A-Z]{8})">', clinician.get(f"{path}?page={page}").text.partition(">Timeline</h2>")[0]
        )
    ]
    assert sorted(found) == sorted(night.cases[place]["case_ref"] for place in places)


def test_a_decision_is_known_to_every_list_at_once(desk: Desk, clinician: TestClient) -> None:
    before = re.search(r"of ([0-9,]+) purchases", clinician.get("/purchases").text)
    ref = ready_ref(clinician)
    assert before
    assert post(clinician, ref, "decide", move="agree", reason="It serves the goal of getting out.").status_code == 303
    after = re.search(r"of ([0-9,]+) purchases", clinician.get("/purchases").text)
    assert after
    assert int(before[1].replace(",", "")) - int(after[1].replace(",", "")) == 1
    assert ref not in refs_of(clinician)
    known = desk.decided.known()
    kept, anew = desk.decided.live(desk.nights.newest(), desk.clock().date()), type(desk.decided)(desk.casebook)
    assert kept == anew.live(desk.nights.newest(), desk.clock().date()), "case by case, as if worked out from the beginning"
    assert known.standings == anew.known().standings
    assert {case_id: past.state for case_id, past in known.past.items()} == {
        case_id: past.state for case_id, past in anew.known().past.items()
    }


def test_who_came_before_a_decision_has_the_cases_of_then_and_none_is_worked_out_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    today, night = desk.clock().date(), desk.nights.newest()
    states, worked_out = [desk.decided.known()], list[str]()
    first = desk.decided.live(night, today, states[0])
    one = next(case for case in first if case.is_queued)
    monkeypatch.setattr(cases, "_live", lambda told, *given: worked_out.append(told["case_id"]) or AS_IT_STANDS(told, *given))
    for number in range(2):
        seen, version = night.items.of(one.case_id).seen, one.standing.version + number
        move(desk.casebook, seen, "tag", by="Sam Okafor", role="clinician", version=version, particulars={"tag": f"word {number}"})
        states.append(desk.decided.known())
        desk.decided.live(night, today, states[-1])
    assert desk.decided.live(night, today, states[0]) is first
    stood = [desk.decided.live(night, today, known).of_ref(one.ref) for known in states]
    assert [case.standing.tags for case in stood if case] == [[], ["word 0"], ["word 0", "word 1"]]
    assert worked_out == [one.case_id] * 2


def test_what_is_alike_is_what_a_look_at_all_of_them_finds(desk: Desk) -> None:
    from phb_audit.review.decided import size_of
    from phb_audit.review.similar import similar_to

    known = desk.decided.known()
    checked = 0
    for case in list(desk.decided.live(desk.nights.newest(), desk.clock().date()))[::41]:
        rules, size = frozenset(case.told["rule_ids"].split("|")), size_of(case.told["at_stake_pence"])
        others = [past for case_id, past in known.past.items() if case_id != case.case_id and past.rules & rules]
        near = sorted(
            others, key=lambda past: (-len(rules & past.rules) / len(rules | past.rules), abs(past.size - size), past.event.event_number)
        )
        found = similar_to(case, known)
        if len(others) < 5:
            assert found is None
            continue
        checked += 1
        assert found is not None
        assert [(row["pence"], row["reason"]) for row in found.rows] == [(past.pence, past.event.body["reason"]) for past in near[:5]]
        assert found.words.startswith(f"{sum(past.state == 'agreed' for past in others):,} of {len(others):,} were agreed.")
    assert checked > 5
