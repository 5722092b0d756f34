"""The plan's words on an item: with the version they are quoted from and who signed it off, and the words that match marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from starlette.testclient import TestClient

from phb_audit.matched.words_named import words_of_goal, words_of_line
from phb_audit.reports.flagged_cases import plan_source, plan_version
from phb_audit.review.desk import Desk
from phb_audit.settings import Settings
from tests.review.world import desk_of, in_process, sign_in

LEGEND = "In bold and underlined: the plan's words that speak for the purchase."
SIGNED = {"plan_version": 3, "effective_from_on": date(2026, 3, 3), "approved_on": date(2026, 3, 1), "approver_role": "PHB panel"}


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (SIGNED, "Plan version 3, signed off 1 March 2026 by PHB panel"),
        (SIGNED | {"approver_role": None}, "Plan version 3, signed off 1 March 2026"),
        (SIGNED | {"approved_on": None}, "Plan version 3, signed off by PHB panel, no date on file"),
        (SIGNED | {"approved_on": None, "approver_role": None}, "Plan version 3, no sign-off date on file"),
        ({}, ""),
    ],
)
def test_the_source_names_version_and_sign_off(seen: dict[str, object], words: str) -> None:
    assert plan_source(seen) == words
    assert not words or plan_version(seen).endswith(f"still open; {words.partition(', ')[2]}")


@pytest.fixture(scope="module")
def desk(settings: Settings) -> Desk:
    return desk_of(settings)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as opened:
        assert sign_in(opened, "second_checker") == 303
        yield opened


def quotes(page: str, heading: str) -> list[str]:
    """What stands beside a heading of the plan's facts."""
    return re.findall(rf"<dt>{heading}</dt><dd>(.*?)</dd>", page, re.DOTALL)


@pytest.mark.slow
def test_each_item_marks_what_its_match_named_and_says_whose_plan_it_is(client: TestClient, desk: Desk) -> None:
    night, marks, plain = desk.nights.newest(), 0, 0
    for case in night.cases:
        plan = night.items.of(case["case_id"]).told["plan"]
        if not plan["goal"] and not plan["line"]:
            continue
        page = client.get(f"/purchases/{case['case_ref']}").text
        [first, *_] = [*quotes(page, "Closest goal"), *quotes(page, "Closest plan line")]
        assert re.search(r"Plan version \d+, signed off \d+ \w+ \d{4} by ", unescape(first)), case["case_ref"]
        marked = [re.sub(r"\s+", " ", unescape(word)).casefold() for word in re.findall("<mark>(.*?)</mark>", page)]
        assert (LEGEND in unescape(page)) == bool(plan["goal_marked"] or plan["line_marked"])
        named = {*plan["line_marked"], *(word.casefold() for word in plan["goal_marked"])}
        assert set(marked) <= named
        assert bool(marked) == bool(named), case["case_ref"]
        marks, plain = marks + bool(marked), plain + (not marked)
    assert marks > 3
    assert plain > 0


@pytest.mark.slow
def test_what_is_marked_is_what_the_night_wrote(desk: Desk) -> None:
    night = desk.nights.newest()
    with night.reading() as warehouse:
        rows = warehouse.frame(
            "SELECT case_id, plan_line_words, outcome_words, match_because, goal_because "
            "FROM flagged.cases JOIN matched.payments USING (payment_id) WHERE NOT is_restricted"
        )
    for row in rows.iter_rows(named=True):
        plan = night.items.of(row["case_id"]).told["plan"]
        for name, text, words in (
            ("line_marked", row["plan_line_words"], words_of_line(row["match_because"])),
            ("goal_marked", row["outcome_words"], words_of_goal(row["goal_because"])),
        ):
            assert plan[name] == [word for word in words if word.casefold() in (text or "").casefold()]
