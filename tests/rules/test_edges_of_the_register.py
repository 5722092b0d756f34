"""What the register, its limits and its stories refuse or say seldom: each branch that no other test of the rules takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.errors import UsageError
from phb_audit.rules import pages
from phb_audit.rules.example import flagged
from phb_audit.rules.limits import WrittenLimit, written_limits
from phb_audit.rules.register import rules_for, shipped_rules
from phb_audit.rules.story import Sign, one_story, story_problems
from phb_audit.rules.wording import sentence

KNOWN = {one.rule.id: one.limits for one in shipped_rules()}
SEVERITIES = {one.rule.id: one.rule.severity for one in shipped_rules()}
STORY = one_story("S-01").story


def written(folder: Path, text: str) -> Path:
    path = folder / "limits.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_file_writes_is_told_by_rule_limit_and_day(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "[default.E-01]\ndays = 30\n[commissioner.QZZ.A-04]\nallowance_pence = 1\n[default.A-04.2026-04-01]\nallowance_pence = 2\n",
    )
    first = date(2026, 4, 1)
    assert written_limits(path, "QZZ", KNOWN) == [
        WrittenLimit("A-04", "allowance_pence", None, 1),
        WrittenLimit("A-04", "allowance_pence", first, 2),
        WrittenLimit("E-01", "days", None, 30),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[default.P-02]\nexcluded_codes = ['Q99']\n", "there is no category Q99"),
        ("[default.A-04.april]\nallowance_pence = 2\n", "april is not known"),
        ("[default.A-04.2026-04-01]\ntold_on = 'March'\n", "told_on cannot be 'March'"),
    ],
)
def test_a_strange_category_day_or_day_of_telling_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        rules_for("QZZ", [written(tmp_path, text)])


def test_limits_of_two_times_are_each_used_in_their_own(tmp_path: Path) -> None:
    path = written(tmp_path, "[default.A-04.2026-08-02]\nallowance_pence = 10000\n")
    (one,) = (one for one in rules_for("QZZ", [path]) if one.rule.id == "A-04")
    drawn = {"kind_code": "cash", "amount_pence": 80_00, "category_code": "Z01"}
    rows = flagged("Two months", payments=({**drawn, "paid_on": date(2026, 7, 6)}, {**drawn, "payment_id": "P2"})).spending()
    frame = one.considered(rows).collect()
    assert dict(frame.select("payment_id", "is_found").rows()) == {"P1": True, "P2": False}
    parts = one.by_limits(frame)
    assert [known.limits["allowance_pence"] for known, _ in parts] == [50_00, 100_00]
    (plain,) = (known for known in shipped_rules() if known.rule.id == "A-04")
    assert plain.by_limits(frame) == [(plain, frame)]


def test_the_text_of_a_rule_has_a_version_of_its_own() -> None:
    one = shipped_rules()[0]
    assert one.text_version == replace(one, limits={"other": 1}).text_version
    assert one.version != replace(one, limits={"other": 1}).version


def test_rules_that_may_be_kept_apart_are_those_of_safety_or_with_a_second_sign() -> None:
    apart = {one.rule.id for one in shipped_rules() if one.rule.may_be_apart}
    assert {"A-03", "L-03"} <= apart
    assert "A-04" not in apart


def test_an_example_with_a_column_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError, match="have no column"):
        flagged("A slip of the pen", payments=({"amount_pense": 1},)).spending()


def test_a_story_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="There is no story s-99"):
        one_story("s-99")


def test_a_story_that_cannot_be_told_says_why() -> None:
    assert "it names rules that are not there: X-99" in story_problems(
        replace(STORY, signs=(*STORY.signs, replace(STORY.signs[0], rules=("X-99",)))), SEVERITIES
    )
    assert "its risk or its lane is not known" in story_problems(replace(STORY, lane="nowhere"), SEVERITIES)
    assert any("at the threshold" in words for words in story_problems(replace(STORY, examples=STORY.examples[:1]), SEVERITIES))
    core = tuple(replace(sign, is_core=False) if isinstance(sign, Sign) else sign for sign in STORY.signs)
    assert any("one core sign at least" in words for words in story_problems(replace(STORY, signs=core), SEVERITIES))
    assert any("one sign alone" in words for words in story_problems(replace(STORY, least_signs=1), SEVERITIES))


def test_a_template_without_words_says_nothing() -> None:
    assert pl.select(sentence("", {})).item() == ""


def test_pages_of_rules_that_are_gone_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "X-99-gone.md").write_text("gone", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["pages", str(tmp_path)])
    monkeypatch.setattr(pages, "pages", lambda: {"README.md": "all"})
    pages.main()
    pages.main()
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
