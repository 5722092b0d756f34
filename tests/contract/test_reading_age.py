"""What clears a case is said so that a child of eleven could read it; rule texts that are harder are listed, and no more than these."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.flagged.clearing import Clearing
from phb_audit.flagged.clearing_night import EARLIER, NOTHING, set_in_words
from phb_audit.flagged.findings import TEXTS, worded
from phb_audit.flagged.supplied import FACTS
from phb_audit.flagged.supplied.fact import Fact
from phb_audit.reading_age import EASY_AGE, hard_words, reading_age, syllables
from phb_audit.rules.register import Registered, shipped_rules

# Texts of rules that are still too hard, one 'rule text' a line: the list may only grow shorter.
HARD = set(Path(__file__).with_name("hard_to_read.txt").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.code)
@pytest.mark.parametrize("count", [1, 2])
def test_what_would_clear_a_case_is_easy_to_read(fact: Fact, count: int) -> None:
    said = set_in_words([fact.code], Clearing("c", True, ((fact.code,),), {fact.code: count}))
    assert reading_age(said) < EASY_AGE, (reading_age(said), said)


def test_so_is_what_is_said_where_nothing_does() -> None:
    assert reading_age(NOTHING) < EASY_AGE
    assert reading_age(EARLIER) < EASY_AGE


def test_the_formula_tells_hard_from_easy() -> None:
    hard = (
        "Notwithstanding contractual obligations, beneficiaries demonstrate insufficient documentation regarding discretionary expenditure."
    )
    assert reading_age("The cat sat on the mat. It was a fat cat.") < 8
    assert reading_age(hard) > 20
    assert hard_words(hard)[:3] == ["Notwithstanding", "obligations", "beneficiaries"]
    assert hard_words("Please send the receipt of the registration.") == []


@pytest.mark.parametrize(
    ("word", "count"), [("made", 1), ("little", 2), ("asked", 1), ("wanted", 2), ("agreement", 3), ("the", 1), ("we", 1)]
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize("one", shipped_rules(), ids=lambda one: one.rule.id)
def test_no_other_text_of_a_rule_is_hard_to_read(one: Registered) -> None:
    hard = set()
    for example in one.rule.examples:
        found = one.find(example.spending(), **{**one.limits, **example.limits}).collect().filter("is_found")
        for name in TEXTS if found.height else ():
            if any(reading_age(words) >= EASY_AGE for words in found.select(worded(one, found, name).alias("words"))["words"]):
                hard.add(f"{one.rule.id} {name}")
    listed = {line for line in HARD if line.startswith(one.rule.id)}
    assert hard == listed, f"too hard and not listed: {sorted(hard - listed)}; listed and easy by now: {sorted(listed - hard)}"
