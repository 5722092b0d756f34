"""The pages: every link leads somewhere, every command they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from phb_audit.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"phb-audit ([a-z][a-z-]+)\b")
EVERY = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
KNOWN = {name for name in app if not name.startswith("-")}


@EVERY
def test_every_link_within_the_repository_leads_somewhere(path: Path) -> None:
    targets = [
        target for target in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in target and not target.startswith("mailto:")
    ]
    missing = [target for target in targets if not (path.parent / target).exists()]
    assert not missing, f"{path.relative_to(ROOT)} links to {missing}"


@EVERY
def test_every_command_a_page_names_exists(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        for name in COMMAND.findall(line):
            assert name in KNOWN, f"{path.relative_to(ROOT)}: phb-audit {name}"


@EVERY
def test_a_page_begins_with_its_title(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
