"""Every story: what it declares holds together, and its worked examples come out as they say."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import polars as pl
import pytest

from phb_audit.assurance.story_register import listed_stories, page, stories_in_words
from phb_audit.errors import UsageError
from phb_audit.flagged.findings import ORGANISATION_FIRST
from phb_audit.flagged.stories import borne_out, told
from phb_audit.rules.register import shipped_rules
from phb_audit.rules.story import RISKS, RegisteredStory, Sign, StoryExample, one_story, shipped_stories, story_problems
from tests.contract.test_words import ACCUSING, OFFICIAL, ROOT

STORIES = shipped_stories()
RULES = {one.rule.id: one.rule for one in shipped_rules()}
SEVERITIES = {rule_id: rule.severity for rule_id, rule in RULES.items()}
EVERY = pytest.mark.parametrize("one", STORIES, ids=lambda one: one.story.id)
LAST = date(2026, 10, 31)
HOLDER = "Haaaaaa0000000001"


def flags_of(example: StoryExample, lane: str = "ordinary", **more: object) -> pl.DataFrame:
    rows = [
        {
            "flag_id": f"F{place}",
            "case_id": f"c{place}",
            "holder_id": HOLDER,
            "rule_id": rule.removesuffix("*"),
            "subject_on": LAST - timedelta(days=days),
            "subject_id": f"s{place}",
            "payment_id": None,
            "at_stake_pence": 10_00,
            "outcome_code": RULES[rule.removesuffix("*")].outcome,
            "sentence": ORGANISATION_FIRST if rule.endswith("*") else "Seen.",
            "is_commissioners": False,
            "lane_code": lane,
            **more,
        }
        for place, (rule, days) in enumerate(example.flags)
    ]
    return pl.DataFrame(rows, schema_overrides={"payment_id": pl.String})


def tell(frame: pl.DataFrame) -> list[tuple[str, str]]:
    refs = frame.select("case_id", case_ref=pl.format("F{}", "case_id"))
    return told(frame, refs, "QZZ-2026-10-31").select("story_code", "lane_code").rows()


def test_there_are_ten_and_every_risk_has_one() -> None:
    assert len(STORIES) == 10
    assert {one.story.risk for one in STORIES} == set(RISKS)


@EVERY
def test_a_story_holds_together(one: RegisteredStory) -> None:
    assert story_problems(one.story, SEVERITIES) == []


@EVERY
def test_its_worked_examples_come_out_as_they_say(one: RegisteredStory) -> None:
    for example in one.story.examples:
        assert (borne_out(one.story, flags_of(example)).height > 0) is example.is_told, example.says


@EVERY
def test_the_organisations_own_flags_bear_nothing_out(one: RegisteredStory) -> None:
    for example in one.story.examples:
        assert borne_out(one.story, flags_of(example, is_commissioners=True)).is_empty()


@EVERY
def test_what_only_tells_carries_no_story(one: RegisteredStory) -> None:
    for example in one.story.examples:
        assert borne_out(one.story, flags_of(example, outcome_code="information")).is_empty()


@EVERY
def test_no_word_of_it_accuses(one: RegisteredStory) -> None:
    text = OFFICIAL.sub("", one.path.read_text(encoding="utf-8"))
    assert ACCUSING.search(text) is None


def test_the_story_of_a_person_at_risk_speaks_of_safety_and_of_nothing_else() -> None:
    story = one_story("S-08").story
    said = " ".join([story.title, story.innocent, story.ask, story.ask_whom, *(sign.words for sign in story.signs)]).lower()
    assert story.lane == "safeguarding"
    assert "safe" in story.title.lower()
    assert not any(word in said for word in ("misuse", "misspent", "outside the plan", "refuse", "repay", "breach"))


def test_what_is_wrong_with_a_story_is_said() -> None:
    good = one_story("S-01").story
    weak = dataclasses.replace(good, least_signs=1)
    twice = dataclasses.replace(good, signs=(*good.signs, Sign("again", ("W-21",))))
    frail = dataclasses.replace(good, signs=(Sign("unsigned", ("W-19",), is_core=True), Sign("more", ("W-21",))))
    open_lane = dataclasses.replace(one_story("S-08").story, lane="ordinary")
    for story, words in (
        (weak, "two at least"),
        (twice, "in two of its signs"),
        (frail, "too weak"),
        (open_lane, "safeguarding lead alone"),
    ):
        assert words in " ".join(story_problems(story, SEVERITIES))


def test_an_ordinary_story_that_stands_only_with_restricted_flags_is_for_the_restricted_lane() -> None:
    example = one_story("S-01").story.examples[0]
    assert tell(flags_of(example)) == [("S-01", "ordinary")]
    assert tell(flags_of(example, lane="restricted")) == [("S-01", "restricted")]
    assert tell(flags_of(example, lane="safeguarding")) == []


def test_a_safeguarding_story_reads_all_lanes_and_is_told_in_its_own() -> None:
    example = one_story("S-08").story.examples[0]
    for lane in ("ordinary", "safeguarding"):
        assert ("S-08", "safeguarding") in tell(flags_of(example, lane=lane))


def test_a_story_says_days_signs_money_and_cases() -> None:
    frame = flags_of(one_story("S-01").story.examples[0])
    row = told(frame, frame.select("case_id", case_ref=pl.format("R{}", "case_id")), "QZZ-2026-10-31").row(0, named=True)
    assert row["sentence"] == (
        "From 1 October 2026 to 31 October 2026, 2 signs that do not depend on one another stand together: "
        "more hours billed than visits logged (W-21); pay for days the person was away or in hospital (W-03)."
    )
    assert (row["signs_count"], row["core_count"], row["at_stake_pence"], row["case_refs"]) == (2, 2, 20_00, "Rc0|Rc1")


def test_the_reference_page_is_up_to_date() -> None:
    written = (ROOT / "docs/reference/stories.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m phb_audit.assurance.story_register > docs/reference/stories.md"


def test_the_list_names_every_story() -> None:
    words = stories_in_words(listed_stories())
    assert all(one.story.title in words for one in STORIES)


def test_an_unknown_story_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="There is no story S-99"):
        one_story("S-99")
