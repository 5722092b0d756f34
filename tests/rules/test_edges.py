"""The examples at the edge: each answers as it did, to the day, the penny and the severity, and so do the rules' own examples."""

from __future__ import annotations

import json

import pytest

from phb_audit.rules.register import Registered, shipped_rules
from tests.rules.edges import all_examples, changed, edges, entries
from tests.rules.mutants import ANSWERS, answers, equivalents

KEPT = json.loads(ANSWERS.read_text(encoding="utf-8"))
every_rule = pytest.mark.parametrize("one", shipped_rules(), ids=lambda one: one.rule.id)


@every_rule
def test_every_example_is_answered_as_it_was(one: Registered) -> None:
    assert answers(one) == KEPT[one.rule.id], "if this is meant: `python -m tests.rules.mutants --answers`, and read what changed"


@every_rule
def test_no_two_examples_of_a_rule_say_the_same(one: Registered) -> None:
    says = [example.says for example in all_examples(one)]
    assert len(says) == len(set(says))


def test_every_entry_and_every_reason_is_about_a_rule_there_is() -> None:
    known = {one.rule.id for one in shipped_rules()}
    assert set(entries()) <= known
    assert {words.split(" ")[0] for words in equivalents()} <= known
    assert all(len(reason) > 20 for reason in equivalents().values())


@every_rule
def test_what_an_example_says_it_finds_is_what_it_finds(one: Registered) -> None:
    for example in edges(one):
        found = KEPT[one.rule.id][example.says]
        if example.says.endswith("left alone"):
            assert not any(row.startswith("found") for row in found)
        elif example.says.endswith(" found"):
            assert any(row.startswith("found") for row in found)


def test_an_entry_that_leaves_a_gap_in_the_rows_is_refused() -> None:
    base = shipped_rules()[0].rule.examples[0]
    (frame, rows), *_ = base.rows.items()
    with pytest.raises(KeyError, match="so the next is"):
        changed(base, {"like": base.says, "says": "a gap", frame: [{"row": len(rows) + 2}]})


def test_an_entry_changes_adds_and_empties() -> None:
    base = changed(shipped_rules()[0].rule.examples[0], {"says": "nothing"})
    added = changed(base, {"says": "more", "people": [{"row": 1, "role_code": "pa", "unset": ["relationship"]}], "limits": {"x": 1}})
    assert added.rows["people"] == ({"role_code": "pa", "relationship": None},)
    assert added.limits == {"x": 1}
