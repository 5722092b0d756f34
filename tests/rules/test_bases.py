"""The basis of a rule says so where nobody has checked it."""

from __future__ import annotations

import pytest

from phb_audit.errors import UsageError
from phb_audit.rules.pages import page
from phb_audit.rules.register import NOT_CHECKED, bases, basis_in_words, shipped_rules

WORDS = {"kind": "practice", "words": "Audit practice."}


def test_a_basis_is_said_as_it_stands_unless_it_is_marked() -> None:
    assert basis_in_words("splitting", WORDS) == basis_in_words("splitting", {**WORDS, "basis_checked": True}) == "Audit practice."
    assert basis_in_words("splitting", {**WORDS, "basis_checked": False}) == "Audit practice. (Basis not yet checked.)"


@pytest.mark.parametrize("entry", [{"words": "Audit practice."}, {"kind": "practice"}, {**WORDS, "basis_checked": "no"}])
def test_a_gap_in_a_basis_is_refused_with_its_key(entry: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="splitting"):
        basis_in_words("splitting", entry)


def test_the_page_of_a_rule_says_whether_its_basis_was_checked() -> None:
    for one in shipped_rules():
        assert (NOT_CHECKED in page(one)) == bases()[one.rule.basis].endswith(NOT_CHECKED)


def test_some_bases_are_checked_and_some_are_not() -> None:
    assert {words.endswith(NOT_CHECKED) for words in bases().values()} == {True, False}
