"""The register on the command line: what there is, what is wrong with it, and how a new rule begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from phb_audit.assurance.rule_register import TO_WRITE, listed, new_rule, one_rule, problems_of, shown
from phb_audit.cli.rules import read_change
from phb_audit.errors import UsageError
from phb_audit.rules.register import rules_for, shipped_rules

TODAY = date(2026, 11, 26)


def test_every_shipped_rule_holds() -> None:
    assert [problem for one in shipped_rules() for problem in problems_of(one, TODAY)] == []


def test_a_review_that_is_due_is_said_and_is_no_reason_to_stop() -> None:
    (problem,) = problems_of(shipped_rules()[0], date(2040, 1, 1))
    assert not problem.is_grave


def test_one_person_in_both_roles_and_a_wrong_example_are_grave() -> None:
    one = one_rule("A-04", shipped_rules())
    wrong = replace(one.rule, owner="Somebody", reviewer="Somebody", examples=(replace(one.rule.examples[0], flags=7),))
    found = list(problems_of(replace(one, rule=wrong), TODAY))
    assert len(found) == 2
    assert all(problem.is_grave for problem in found)


def test_the_list_says_which_rules_have_limits_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text("[commissioner.QZZ.A-04.2026-07-01]\nallowance_pence = 4000\n", encoding="utf-8")
    rows = listed(rules_for("QZZ", [path]), "a4")
    assert {row["family"] for row in rows} == {"A4"}
    assert [row["id"] for row in rows if row["has_own_limits"]] == ["A-04"]
    assert "From 2026-07-01: allowance_pence £40." in shown(one_rule("a-04", rules_for("QZZ", [path])))


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UsageError, match="no rule Z-99"):
        one_rule("Z-99", shipped_rules())
    with pytest.raises(UsageError, match="no family B1"):
        listed(shipped_rules(), "B1")
    with pytest.raises(UsageError, match="is taken"):
        new_rule("A-04", "account", "Cash", None, TODAY)
    with pytest.raises(UsageError, match="no family money"):
        new_rule("A-99", "money", "Cash", None, TODAY)


def test_a_new_rule_compiles_and_says_what_is_to_be_written(tmp_path: Path) -> None:
    path = new_rule("l-99", "A1", "Far too much, of it", tmp_path, TODAY)
    assert path.name == "far_too_much_of_it.py"
    text = path.read_text(encoding="utf-8")
    compile(text, str(path), "exec")
    assert 'id="L-99"' in text
    assert text.count(TO_WRITE) > 10
    with pytest.raises(UsageError, match="is there already"):
        new_rule("L-98", "A1", "Far too much, of it", tmp_path, TODAY)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("days=35", ("days", 35)),
        ("pence=50_00", ("pence", 5000)),
        ("share=0.5", ("share", 0.5)),
        ("codes=X01, X02", ("codes", ["X01", "X02"])),
    ],
)
def test_a_change_is_read_as_it_is_written(words: str, expected: tuple[str, object]) -> None:
    assert read_change(words) == expected


def test_a_change_without_a_value_is_refused() -> None:
    with pytest.raises(UsageError, match="says no limit and value"):
        read_change("days")
