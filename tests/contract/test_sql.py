"""SQL files: one statement each, the grain on the first line, and no threshold (a threshold is a rule)."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "phb_audit").rglob("*.sql")) + sorted((ROOT / "flows").rglob("*.sql"))
EVERY = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


@EVERY
def test_the_first_line_says_what_one_row_is(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.lower().startswith("-- one row"), first


@EVERY
def test_a_file_holds_one_statement(path: Path) -> None:
    body = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("--"))
    assert body.strip().rstrip(";").count(";") == 0


@EVERY
def test_a_file_has_a_module_beside_it_that_runs_it(path: Path) -> None:
    sources = [module.read_text(encoding="utf-8") for module in path.parent.glob("*.py")]
    assert any("sql(__file__" in source for source in sources), "no module beside it reads SQL"
