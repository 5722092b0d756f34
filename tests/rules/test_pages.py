"""The reference pages say what the rule files say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from phb_audit.rules.pages import main, page_name, pages
from phb_audit.rules.register import shipped_rules

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "rules"
REMEDY = "run: python -m phb_audit.rules.pages docs/reference/rules"


def test_the_pages_are_up_to_date() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    made = pages()
    assert set(kept) == set(made), REMEDY
    assert [name for name in made if kept[name] != made[name]] == [], REMEDY


def test_every_rule_has_a_page_with_the_same_headings() -> None:
    made = pages()
    for one in shipped_rules():
        text = made[page_name(one)]
        headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
        assert headings == [
            "Condition",
            "Method",
            "Why we look",
            "Based on",
            "Innocent explanations",
            "What to ask, and what helps to decide",
            "Exclusions",
            "Assumptions",
            "Worked examples",
            "How often agreed",
        ], one.rule.id


def test_a_page_of_a_rule_that_is_gone_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Z-99-gone.md").write_text("old")
    monkeypatch.setattr(sys, "argv", ["pages", str(tmp_path)])
    main()
    assert {path.name for path in tmp_path.glob("*.md")} == set(pages())
