"""The model card is about the very files that ship."""

from __future__ import annotations

from pathlib import Path

from phb_audit.classified import card

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "model-card.md"
MOST_BYTES = 15_000_000


def test_the_checksums_are_those_of_the_files() -> None:
    told = card.read()["files"]
    assert {name: {key: told[name][key] for key in ("bytes", "sha256")} for name in told} == card.checksums()


def test_the_learned_files_are_small() -> None:
    assert sum(about["bytes"] for about in card.checksums().values()) <= MOST_BYTES


def test_the_page_is_made_from_the_card() -> None:
    assert PAGE.read_text(encoding="utf-8") == card.page(card.read())


def test_every_source_names_its_licence() -> None:
    assert all(each["licence"] and each["ships"] for each in card.read()["taught_by"])
