"""The mutation check of the rules: `python -m tests.rules.mutants` flips each comparison and moves each limit by one, one at a time, and
says which changes no worked example notices.

A mutant is caught when an example finds something else than it says, or fails: an example of the rule's own file, or one at the
edge (`tests/rules/edges`). `survivors.txt` beside this file holds those that none catches yet: the list may only get shorter.
`equivalents.toml` holds those that cannot change an answer, each with the reason. `answers.json` holds what every example finds,
so that a change of a day, a penny or a severity fails a test (`--answers` writes it again).
"""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import polars as pl

from phb_audit.flagged.findings import flags_of
from phb_audit.rules.example import Example
from phb_audit.rules.register import Registered, shipped_rules
from phb_audit.rules.spending import as_text
from tests.rules.edges import all_examples

SURVIVORS = Path(__file__).parent / "survivors.txt"
EQUIVALENTS = Path(__file__).parent / "equivalents.toml"
ANSWERS = Path(__file__).parent / "answers.json"
FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
SHARE_STEP = 0.01
FLAG = ("flag_id", "subject_on", "at_stake_pence", "severity", "outcome_code")


def moved(value: object) -> list[object]:
    """A limit one step down and up: a penny, a day, one more; a hundredth of a share. Lists and words are not moved."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return []
    step = 1 if isinstance(value, int) else SHARE_STEP
    return [value - step, value + step]


def as_said(one: Registered, example: Example, limits: dict[str, object] | None = None, module: ModuleType | None = None) -> object:
    """What the rule makes of an example, or what went wrong: its flags with their days, pence and severity, then every row it looked
    at with all it measured, since `explain` tells a reader also why something was left alone. Words of a template are not in it.
    """
    find = module.find if module else one.find
    try:
        given = {**one.limits, **example.limits, **(limits or {})}
        rows = as_text(find(example.spending(), **given)).collect()
        flags = flags_of(one, rows.filter("is_found"), "").select(FLAG).sort(pl.all()).rows()
        return [" ".join(str(value) for value in row) for row in flags] + sorted(_looked_at(row) for row in rows.iter_rows(named=True))
    except Exception as error:  # a mutant may break anything: that it broke is what is noticed
        return type(error).__name__


def _looked_at(row: dict[str, object]) -> str:
    told = {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items() if name != "is_found"}
    shown = " ".join(f"{name}={value}" for name, value in told.items() if value is not None and value != "")
    return f"{'found' if row['is_found'] else 'left alone'}: {shown}"


def mutated(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Every comparison of the functions of a module, flipped one at a time, named by its line and sign."""
    places = [
        (node.lineno, node.col_offset, place)
        for function in ast.parse(source).body
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Compare)
        for place, sign in enumerate(node.ops)
        if type(sign) in FLIPPED
    ]
    for line, column, place in sorted(places):
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and (node.lineno, node.col_offset) == (line, column):
                sign = type(node.ops[place])
                said = ast.unparse(node)
                node.ops[place] = FLIPPED[sign]()
                yield f"{said}  [{SIGNS[sign]} as {SIGNS[FLIPPED[sign]]}]", ast.fix_missing_locations(tree)
                break


def loaded(one: Registered, tree: ast.Module) -> ModuleType:
    """The rule's module with a changed tree, beside the real one."""
    name = f"mutant_of_{one.path.stem}"
    spec = importlib.util.spec_from_loader(name, loader=None)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__["__file__"] = str(one.path)
    sys.modules[name] = module
    exec(compile(tree, str(one.path), "exec"), module.__dict__)
    return module


def mutants_of(one: Registered) -> Iterator[tuple[str, dict[str, object], ModuleType | None]]:
    """Every mutant of a rule: its name, the limits that are moved, the module with a comparison flipped."""
    for name, value in one.limits.items():
        for other in moved(value):
            shown = other if isinstance(other, int) else round(float(str(other)), 4)
            yield f"{one.rule.id} limit {name}: {value} as {shown}", {name: other}, None
    for said_so, tree in mutated(one.path.read_text(encoding="utf-8")):
        yield f"{one.rule.id} {said_so}", {}, loaded(one, tree)


def survivors_of(one: Registered) -> tuple[int, list[str]]:
    """How many mutants a rule has, and those that none of its examples notices."""
    usual = [(example, as_said(one, example)) for example in all_examples(one)]
    count, left = 0, []
    for words, limits, module in mutants_of(one):
        count += 1
        # An example that sets a limit itself says nothing about another value of it.
        if all(as_said(one, example, limits, module) == said for example, said in usual if not limits.keys() & example.limits.keys()):
            left.append(words)
    return count, left


def equivalents() -> dict[str, str]:
    """Mutants that cannot change an answer, each with the reason."""
    said = tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8"))
    return {f"{rule_id} {words}": reason for rule_id, reasons in said.items() for words, reason in reasons.items()}


def answers(one: Registered) -> dict[str, list[str]]:
    """What a rule makes of each of its examples: one line per flag and per row looked at."""
    said = {}
    for example in all_examples(one):
        rows = as_said(one, example)
        if not isinstance(rows, list):
            raise AssertionError(f"{one.rule.id} fails on '{example.says}': {rows}")
        said[example.says] = rows
    return said


def main() -> None:
    """Check every rule, or those named, and say what survives; with `--keep`, write the list; with `--answers`, only those."""
    named = [word for word in sys.argv[1:] if not word.startswith("-")]
    if "--answers" in sys.argv:
        kept = {one.rule.id: answers(one) for one in sorted(shipped_rules(), key=lambda one: one.rule.id)}
        ANSWERS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    total, left, known = 0, [], set(equivalents())
    for one in shipped_rules():
        if not named or one.rule.id in named:
            count, found = survivors_of(one)
            total += count
            left += found
            sys.stdout.write("".join(f"{words}\n" for words in found if words not in known))
    same, open_ = [words for words in left if words in known], [words for words in left if words not in known]
    sys.stdout.write(
        f"{total} mutants, {total - len(left)} caught ({(total - len(left)) / max(total, 1):.1%}), "
        f"{len(same)} cannot change an answer, {len(open_)} survive.\n"
    )
    if "--keep" in sys.argv:
        SURVIVORS.write_text("".join(f"{words}\n" for words in open_), encoding="utf-8")


if __name__ == "__main__":
    main()
