"""What a reader meets: no accusing word anywhere a person reads, no path of a machine, no address of a package index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ACCUSING = re.compile(
    r"\b(fraud(ulent|ster)?|suspicious|suspect(ed)?|offender|culprit|violation|anomal(y|ies|ous)|guilty|cheat)\b", re.IGNORECASE
)
OFFICIAL = re.compile(r"(local )?counter[ -]fraud( specialist| authority)?", re.IGNORECASE)
READ_BY_PEOPLE = (
    "phb_audit/rules",
    "phb_audit/reports",
    "phb_audit/flagged",
    "phb_audit/matched",
    "phb_audit/classified",
    "data/reference",
    "expectations",
)
MACHINE = re.compile(r"(^|[^\w./-])/(root|work|home/[a-z]+)/|https?://(files|registry|deb|pypi)\.", re.MULTILINE)
TEXT = {".py", ".jinja", ".toml", ".md", ".sql", ".csv", ".css", ".txt", ".cfg", ".lock", ""}


def texts(*folders: str) -> list[Path]:
    skipped = {".venv", ".git", "__pycache__", "demo", "bench", "warehouse", "published", "landing", "reports_out"}
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    return [path for path in found if path.suffix in TEXT and not skipped & set(path.relative_to(ROOT).parts)]


@pytest.mark.parametrize("path", texts(*READ_BY_PEOPLE), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_accusing_word_reaches_a_reader(path: Path) -> None:
    words = OFFICIAL.sub("", path.read_text(encoding="utf-8", errors="replace"))
    found = ACCUSING.search(words)
    assert found is None, f"{path.relative_to(ROOT)}: {found.group(0) if found else ''}"


def test_the_check_for_accusing_words_can_fail() -> None:
    assert ACCUSING.search("this looks suspicious")
    assert not ACCUSING.search(OFFICIAL.sub("", "refer to the Local Counter Fraud Specialist"))


@pytest.mark.parametrize("folder", ["phb_audit", "flows", "expectations", "docs", "data/reference", "tests"])
def test_no_path_of_a_machine_and_no_package_index(folder: str) -> None:
    for path in texts(folder):
        found = MACHINE.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{path.relative_to(ROOT)}: {found.group(0) if found else ''}"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_the_lock_has_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|--index-url|--extra-index|--find-links|file:", lock)
