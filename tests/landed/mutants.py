"""The mutation check of statements sent again: `python -m tests.landed.mutants [WORD]`.

It flips each comparison of `landed/sent_again.py` and `landed/alike_words.py` and moves each of their limits by one, one at a time, and
says which changes no test of `test_sent_again.py` or `test_sent_again_edges.py` notices.
About a quarter of an hour; WORD: only changes whose name has it. Changes that
cannot alter an answer stand in `EQUIVALENTS`, each with the reason.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from phb_audit.landed import alike_words, sent_again
from tests.rules.mutants import moved, mutated

EDGES, TESTS = "tests/landed/test_sent_again_edges.py", "tests/landed/test_sent_again.py"
MANY = "test_a_statement_in_other_words_lands_once"  # sixty cases: asked only where the others notice nothing
EQUIVALENTS: dict[str, str] = {}


def limits_of(module: ModuleType) -> dict[str, int | float]:
    """Numbers that the module itself names in capitals."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    names = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
    return {name: value for name in names if isinstance(value := getattr(module, name), int | float)}


def function_of(value: Any) -> FunctionType | None:
    """The function under its cache, or itself."""
    found = getattr(value, "__wrapped__", value)
    return found if isinstance(found, FunctionType) else None


@contextmanager
def with_code(module: ModuleType, tree: ast.Module) -> Iterator[None]:
    """The module's functions with the code of a changed tree, wherever they were imported to."""
    made: dict[str, Any] = {**module.__dict__}
    exec(compile(tree, str(module.__file__), "exec"), made)
    own = {name: one for name, value in vars(module).items() if (one := function_of(value)) and one.__module__ == module.__name__}
    before = {name: one.__code__ for name, one in own.items()}
    try:
        for name, one in own.items():
            changed = function_of(made[name])
            assert changed is not None
            one.__code__ = changed.__code__
        yield
    finally:
        for name, one in own.items():
            one.__code__ = before[name]


@contextmanager
def with_limit(module: ModuleType, name: str, value: object) -> Iterator[None]:
    """The module with a limit moved."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def mutants() -> Iterator[tuple[str, Any]]:
    """Every change: its name (numbered where several are written alike), and a context in which it stands."""
    names: Counter[str] = Counter()
    for name, changed in _mutants():
        names[name] += 1
        yield f"{name} ({names[name]})" if names[name] > 1 else name, changed


def _mutants() -> Iterator[tuple[str, Any]]:
    for module in (alike_words, sent_again):
        short = module.__name__.rsplit(".", 1)[1]
        for name, value in limits_of(module).items():
            for other in moved(value):
                yield f"{short} {name}: {value} as {round(float(str(other)), 4):g}", with_limit(module, name, other)
        for said, tree in mutated(Path(str(module.__file__)).read_text(encoding="utf-8")):
            yield f"{short} {said}", with_code(module, tree)


def is_noticed() -> bool:
    """Does any test fail?"""
    alike_words.of_words.cache_clear()
    for asked in ((EDGES,), ("-k", f"not {MANY}", TESTS), ("-k", MANY, TESTS)):
        with redirect_stdout(StringIO()):
            if pytest.main(["-x", "-q", "-n0", "-p", "no:cacheprovider", *asked]) != pytest.ExitCode.OK:
                return True
    return False


def main(words: list[str]) -> int:
    """Try them all; 1 where one lives that is not known to be no change."""
    count, left = 0, []
    for name, changed in mutants():
        if words and not any(word in name for word in words):
            continue
        count += 1
        if name in EQUIVALENTS:
            continue
        with changed:
            noticed = is_noticed()
        if not noticed:
            left.append(name)
            print(f"lives: {name}", flush=True)  # noqa: T201
    print(f"{count} changes, {len(EQUIVALENTS)} of them none, {len(left)} that no test notices")  # noqa: T201
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
