"""What every rule owes its readers. A new rule file is covered by these tests without a line being added here."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.flagged.findings import TEXTS, flags_of, worded
from phb_audit.rules.example import KINDS, Example
from phb_audit.rules.register import FOLDER, Registered, bases, shipped_rules
from phb_audit.rules.rule import ALL_FEEDS, DECISIONS, FAMILIES, ORDER
from phb_audit.rules.spending import STANDARD
from phb_audit.rules.wording import fields_of
from phb_audit.tables.flagged import OUTCOMES, SUBJECTS
from phb_audit.validated import STEPS

RULES = shipped_rules()
ASKED_FOR = {
    *("L-01", "L-03", "L-06", "P-01", "P-02", "P-03", "P-04", "P-05", "P-17", "E-01", "E-05", "E-06", "A-03", "A-04", "A-07"),
    *("A-13", "A-20", "W-01", "W-03", "W-07", "G-01", "G-02", "G-09", "N-01", "Q-08", "Q-09"),
}
# Rules of families no plan item settles that look at the plan themselves, and leave what it agrees by name.
LEAVES_AGREED_ALONE = ("L-12", "L-13")
TEMPLATES = ("sentence", "not_found", "usual", "ask", "innocent", "clears")
SPELT_OUT = ("title", "looks_at", *TEMPLATES, "overtaken", "owner", "reviewer")
ACCUSING = re.compile(r"\b(fraud\w*|suspicious|suspect\w*|offender|culprit|violation|anomal\w*|guilty|cheat\w*|caught|misuse\w*)\b", re.I)

every_rule = pytest.mark.parametrize("one", RULES, ids=lambda one: one.rule.id)


def considered(one: Registered, example: Example) -> pl.DataFrame:
    return one.find(example.spending(), **{**one.limits, **example.limits}).collect()


def every_example() -> list[object]:
    return [pytest.param(one, example, id=f"{one.rule.id}: {example.says}") for one in RULES for example in one.rule.examples]


def test_the_rules_asked_for_are_all_here() -> None:
    assert {one.rule.id for one in RULES} >= ASKED_FOR


def test_every_family_has_a_rule() -> None:
    assert {one.rule.family for one in RULES} == set(FAMILIES.values()) == set(ORDER)


def test_no_two_rules_share_an_id_or_a_title() -> None:
    assert len({one.rule.id for one in RULES}) == len({one.rule.title for one in RULES}) == len(RULES)


def test_data_quality_comes_first_and_statistics_last() -> None:
    assert RULES[0].rule.family == "A8"
    assert RULES[-1].rule.family == "A7"


@every_rule
def test_id_title_file_and_folder_agree(one: Registered) -> None:
    letter = {"A1": "L", "A2": "P", "A3": "E", "A4": "A", "A5": "W", "A6": "G", "A7": "N", "A8": "Q"}[one.rule.family]
    assert re.fullmatch(rf"{letter}-\d\d", one.rule.id)
    assert FAMILIES[one.path.parent.name] == one.rule.family
    in_title = set(re.findall(r"[a-z]+", one.rule.title.lower()))
    shared = [word for word in one.path.stem.split("_") if word in in_title]
    assert shared, f"{one.path.stem} and '{one.rule.title}' share no word"


@every_rule
def test_a_rule_says_everything_a_reader_needs(one: Registered) -> None:
    rule = one.rule
    for name in SPELT_OUT:
        assert len(getattr(rule, name)) >= 5, name
    assert rule.basis in bases()
    assert rule.severity in range(5)
    assert rule.outcome in OUTCOMES
    assert rule.decides in DECISIONS
    assert rule.next_review > date(2026, 11, 1)
    assert set(rule.waits_for) <= set(ALL_FEEDS)
    assert set(rule.restricted_with) | set(rule.explained_by) <= {other.rule.id for other in RULES}


def test_every_feed_that_a_rule_waits_for_can_hold_a_holder_back() -> None:
    holding = {step.short_name for step in STEPS if step.holds_back}
    feeds = {"payments" if feed in ("bank", "card", "managed", "notional") else feed for one in RULES for feed in one.rule.waits_for}
    assert feeds <= holding


@every_rule
def test_the_owner_does_not_review_their_own_rule(one: Registered) -> None:
    assert one.rule.owner != one.rule.reviewer


@every_rule
def test_no_accusing_word_in_any_text(one: Registered) -> None:
    assert not ACCUSING.search(one.path.read_text(encoding="utf-8"))


@every_rule
def test_a_rule_has_an_example_of_each_kind(one: Registered) -> None:
    kinds = {example.kind for example in one.rule.examples}
    assert {"flagged", "left alone", "at the threshold"} <= kinds <= set(KINDS)


@every_rule
def test_a_rule_a_plan_item_settles_shows_an_agreed_exception_or_never_meets_one(one: Registered) -> None:
    settled = {family for other in RULES for family in other.rule.settles}
    meets = (one.rule.family in settled and one.rule.id in ("P-02", "P-03", "P-08", "P-14", "N-01")) or one.rule.id in LEAVES_AGREED_ALONE
    assert meets == any(example.kind == "agreed exception" for example in one.rule.examples)


@every_rule
def test_a_statistical_rule_alone_never_asks_the_holder(one: Registered) -> None:
    if one.rule.family == "A7":
        assert {one.rule.outcome, *(variant.outcome for variant in one.rule.variants.values())} <= {"clinician", "information", ""}


@every_rule
def test_the_commissioners_own_causes_never_ask_for_money(one: Registered) -> None:
    if one.rule.is_commissioners:
        assert one.rule.outcome != "refuse"


@every_rule
def test_a_merchant_code_alone_never_refuses(one: Registered) -> None:
    if "merchant_codes" in one.limits:
        assert (one.rule.variants["shop"].outcome or one.rule.outcome) == "query"


@pytest.mark.parametrize(("one", "example"), every_example())
def test_an_example_finds_what_it_says(one: Registered, example: Example) -> None:
    frame = considered(one, example)
    assert flags_of(one, frame.filter("is_found"), one.version).height == example.flags
    if example.kind == "left alone":
        assert example.flags == 0


@pytest.mark.parametrize(("one", "example"), every_example())
def test_a_rule_returns_the_standard_columns_and_no_gaps(one: Registered, example: Example) -> None:
    frame = considered(one, example)
    assert set(STANDARD) <= set(frame.columns)
    assert frame.schema["is_found"] == pl.Boolean
    assert frame.schema["subject_on"] == pl.Date
    assert set(frame["subject_code"]) <= set(SUBJECTS)
    for name in ("subject_code", "subject_id", "holder_id", "is_found"):
        assert frame[name].null_count() == 0, name
    found = frame.filter("is_found")
    assert found["subject_on"].null_count() == found["at_stake_pence"].null_count() == 0
    assert set(one.rule.same_flag) <= set(frame.columns)


@every_rule
def test_templates_use_only_what_the_rule_found_or_its_limits(one: Registered) -> None:
    frame = considered(one, one.rule.examples[0])
    allowed = {*frame.columns, *one.limits}
    said = [one.rule, *one.rule.variants.values()]
    used = {name for text in said for template in TEMPLATES for name, _ in fields_of(getattr(text, template))}
    assert used <= allowed, used - allowed
    assert {name for name, _ in fields_of(one.rule.looks_at)} <= set(one.limits)


@every_rule
def test_each_variant_is_one_the_rule_can_give(one: Registered) -> None:
    shared = ("bought.py", "plan_match.py", "own_kinds.py", "ends.py")
    source = one.path.read_text(encoding="utf-8") + "".join((FOLDER / name).read_text(encoding="utf-8") for name in shared)
    for code in one.rule.variants:
        assert f'"{code}"' in source


@pytest.mark.parametrize(("one", "example"), every_example())
def test_sentences_are_whole(one: Registered, example: Example) -> None:
    frame = considered(one, example)
    for name in (*TEXTS, "not_found"):
        for words in frame.select(worded(one, frame, name).alias("words"))["words"]:
            assert words
            assert "{" not in words
            assert words[0] == words[0].upper()
            assert words.endswith((".", "?"))


@every_rule
def test_a_file_is_short_enough_to_read(one: Registered) -> None:
    assert one.path.read_text(encoding="utf-8").count("\n") <= 210


def test_the_folder_is_the_register() -> None:
    files = {path for folder in FAMILIES for path in (FOLDER / folder).glob("*.py") if path.stem != "__init__"}
    assert files == {one.path for one in RULES}


def test_no_finding_carries_more_of_a_person_than_the_name_as_it_may_be_shown() -> None:
    """A sentence may show payee_shown, words of the plan, and a receipt line; never a pseudonym or a note."""
    hidden = {"payee_ref", "person_ref", "holder_id", "account_id", "description", "risk_note", "detail", "employee_id", "supplier_name"}
    for one in RULES:
        said = [one.rule, *one.rule.variants.values()]
        used = {name for text in said for template in TEMPLATES for name, _ in fields_of(getattr(text, template))}
        assert not used & hidden, one.rule.id


def test_the_check_for_accusing_words_can_fail(tmp_path: Path) -> None:
    assert ACCUSING.search("a suspicious payment")


@pytest.mark.parametrize(
    "one", [one for one in RULES if one.rule.is_commissioners and one.rule.family != "A8"], ids=lambda one: one.rule.id
)
def test_a_duty_of_our_own_says_who_must_act(one: Registered) -> None:
    assert one.rule.duty_of.startswith("the ")


def test_whatever_explains_another_rule_is_a_duty_that_somebody_has() -> None:
    causes = {cause for one in RULES for cause in one.rule.explained_by}
    assert all(one.rule.duty_of for one in RULES if one.rule.id in causes)
