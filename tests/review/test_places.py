"""The order of the list, told in words; and of what is drawn by chance, nothing."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from phb_audit.review import accounts
from phb_audit.review.keeping import accounts_engine
from phb_audit.review.places import LENT, part_in_words, place_in_words, place_of, why_of
from phb_audit.settings import Settings
from tests.review.world import CODE, PASSWORD, TODAY, desk_of, in_process, refs_of, sign_in

pytestmark = pytest.mark.slow
TOLD: dict[str, Any] = {
    "tier_code": "ranked",
    "is_queued": True,
    "is_within_minutes": True,
    "chance_share": 0.7,
    "at_stake_pence": 41_00,
    "harm_pence": 50_00,
    "minutes": 7.5,
    "worth_per_minute": 8.49,
    "rank": 3,
}


def test_the_list_stands_in_the_order_of_the_night(browser: TestClient, settings: Settings) -> None:
    sign_in(browser, "second_checker")
    night = desk_of(settings).nights.newest()
    in_order = [case["case_ref"] for case in sorted(night.cases, key=lambda case: case["rank"]) if case["is_queued"]]
    assert refs_of(browser, "?chosen=1&status=review") == in_order[:20]
    by_priority = refs_of(browser, "?chosen=1&status=review&sort=priority")
    assert by_priority != in_order[:20]


def test_the_page_says_what_one_more_hour_would_find_and_the_item_why_it_stands_there(browser: TestClient, settings: Settings) -> None:
    sign_in(browser, "second_checker")
    page = browser.get("/purchases?chosen=1").text
    (row,) = desk_of(settings).nights.newest().reading_time
    assert f"The first {row['within_count']} fit" in page
    assert "95% interval" in page
    assert "One more hour" in page
    cases = desk_of(settings).nights.newest().cases
    ranked = next(case for case in cases if case["tier_code"] == "ranked")
    item = browser.get(f"/purchases/{ranked['case_ref']}").text
    assert f"Place {ranked['rank']} of the list." in item
    assert "Where every item starts" in item
    assert "for a minute of reading" in item
    to_read = next(case for case in cases if case["rule_ids"] == "R-01")
    item = browser.get(f"/purchases/{to_read['case_ref']}").text
    assert LENT in item
    assert "Where every item starts" not in item


def test_nothing_of_the_ranking_is_read_of_what_is_to_be_read(settings: Settings) -> None:
    """A case that is first read without its reasons has a row in flagged.ranked: no page may take it from there."""
    cases = desk_of(settings).nights.newest().cases
    to_read = [case for case in cases if case["rule_ids"] == "R-01"]
    assert to_read
    columns = ("tier_code", "is_within_minutes", "chance_share", "harm_pence", "minutes", "worth_per_minute")
    assert all(case[name] is None for case in to_read for name in columns)
    assert all(case["tier_code"] for case in cases if case["is_queued"] and case["rule_ids"] != "R-01")


def test_whoever_sees_only_some_areas_is_told_no_figure_of_all(settings: Settings) -> None:
    engine = accounts_engine(settings, CODE)
    accounts.add_account(engine, "north@example.org", "Nora North", "auditor", PASSWORD, areas=["North team"], at=TODAY)
    engine.dispose()
    with in_process(desk_of(settings)) as browser:
        sign_in(browser, "north")
        page = browser.get("/purchases?chosen=1").text
    assert "North team" in page
    assert "One more hour" not in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "To read this week"),
        ({"is_within_minutes": False}, "Later than this week"),
        ({"tier_code": "certain"}, "Always read"),
        ({"tier_code": "demoted"}, "Read last"),
        ({"tier_code": None}, ""),
        ({"is_queued": False}, ""),
    ],
)
def test_a_place_in_a_few_words_never_tells_the_chance(change: dict[str, Any], words: str) -> None:
    assert place_in_words(TOLD | change) == words


def test_the_sum_behind_a_place() -> None:
    assert re.search(r"A chance of 70% .* £41\.00 in question and £50\.00 .* 8 minutes: £8\.49 for a minute", why_of(TOLD))
    assert "always read" in why_of(TOLD | {"tier_code": "certain"})
    assert "look at the rule" in why_of(TOLD | {"tier_code": "demoted"})
    assert part_in_words({"part_name": "usual", "part": -3.89182, "value_share": 1.0, "title": ""})[1] == "odds of 1 to 49"
    told = part_in_words({"part_name": "L-01", "part": 2.0, "value_share": 0.5, "title": "Alcohol"})
    assert told == ("Alcohol (L-01)", "odds times 7.4, at 50% of its weight")


def test_an_item_that_is_in_no_list_has_no_place() -> None:
    case: Any = SimpleNamespace(told=TOLD | {"is_queued": False})
    assert place_of(None, case) is None  # type: ignore[arg-type]
