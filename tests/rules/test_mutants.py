"""No change of a comparison or a limit goes unnoticed that was noticed before: the list of survivors only gets shorter."""

from __future__ import annotations

import pytest

from phb_audit.rules.register import Registered, shipped_rules
from tests.rules.mutants import SURVIVORS, equivalents, survivors_of

KNOWN = set(SURVIVORS.read_text(encoding="utf-8").splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("one", shipped_rules(), ids=lambda one: one.rule.id)
def test_the_worked_examples_notice_what_they_noticed_before(one: Registered) -> None:
    _, left = survivors_of(one)
    same = {words for words in equivalents() if words.startswith(f"{one.rule.id} ")}
    unnoticed = set(left) - KNOWN - same
    assert not unnoticed, f"no example of {one.rule.id} notices: {sorted(unnoticed)}. Add one at the threshold."
    known = {words for words in KNOWN if words.startswith(f"{one.rule.id} ")}
    assert known <= set(left), "some are caught now: run `python -m tests.rules.mutants --keep`"
    assert same <= set(left), "some of equivalents.toml change an answer"
