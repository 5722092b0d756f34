"""Sizes of the house: modules of at most 400 lines, functions of at most 50. `python -m tests.contract.sizes` checks them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES_IN_A_MODULE = 400
MOST_LINES_IN_A_FUNCTION = 50


def python_files() -> list[Path]:
    """Every Python file of the product."""
    return sorted(path for folder in ("phb_audit", "flows", "expectations") for path in (ROOT / folder).rglob("*.py"))


def too_large(path: Path) -> Iterator[str]:
    """What is too large in one file, in words."""
    source = path.read_text(encoding="utf-8")
    lines = source.count("\n")
    name = path.relative_to(ROOT)
    if lines > MOST_LINES_IN_A_MODULE:
        yield f"{name}: {lines} lines; a module has at most {MOST_LINES_IN_A_MODULE}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > MOST_LINES_IN_A_FUNCTION:
                yield f"{name}:{node.lineno}: {node.name} has {size} lines; a function has at most {MOST_LINES_IN_A_FUNCTION}"


def main() -> None:
    """Say what is too large; exit 1 when anything is."""
    found = [words for path in python_files() for words in too_large(path)]
    sys.stdout.write("".join(f"{words}\n" for words in found) or f"Sizes are kept in {len(python_files())} files.\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
