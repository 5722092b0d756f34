"""Helps to find examples at the edge: `python -m tests.rules.seek A-07` changes one thing at a time in the rule's examples, looks where
the answer turns, and prints an entry for `tests/rules/edges` for each mutant the turning point notices. A person then writes what it shows.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from types import ModuleType
from typing import Any

from phb_audit.rules.example import ORDINARY, Example
from phb_audit.rules.register import Registered, shipped_rules
from phb_audit.rules.spending import FRAMES
from tests.rules.edges import changed, edges
from tests.rules.mutants import as_said, equivalents, mutants_of

SPREAD = (0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 1, 1.03, 1.1, 1.5, 2, 3, 5, 20)
DAYS = (-800, -400, -366, -200, -120, -92, -60, -35, -21, -10, -4, -1, 0, 1, 4, 10, 21, 35, 60, 92, 120, 200, 366, 400, 800)
SHARES = (0.0, 0.3, 0.5, 0.65, 0.75, 0.85, 0.95, 1.0)
Mutant = tuple[str, dict[str, object], ModuleType | None]


@dataclass(frozen=True)
class Change:
    """One field of one row with another value."""

    frame: str
    row: int
    name: str
    value: Any
    is_beside: bool = False  # a row more, like that one

    def entry(self, base: Example) -> dict[str, Any]:
        at: dict[str, Any] = {"row": self.row + 1}
        if self.is_beside:
            key = next(iter(ORDINARY[self.frame]))
            at = {"row": len(base.rows[self.frame]) + 1, "copy_of": self.row + 1} | ({key: "X9"} if key.endswith("_id") else {})
        at |= {"unset": [self.name]} if self.value is None else {self.name: self.value}
        return {"like": base.says, "says": "", self.frame: [at]}


def answer(one: Registered, example: Example, mutant: Mutant | None = None) -> object:
    """What the rule makes of an example, as the mutation check has it."""
    _, limits, module = mutant or ("", {}, None)
    return as_said(one, example, limits, module)


def steps(value: Any, low: Any, high: Any) -> Any:
    """The value in the middle, or None where the two are next to each other."""
    if isinstance(value, date):
        days = (high - low).days // 2
        return low + timedelta(days=days) if days else None
    if isinstance(value, int):
        return (low + high) // 2 if high - low > 1 else None
    middle = round((low + high) / 2, 2)
    return middle if low < middle < high else None


def spread(value: Any, name: str, limits: dict[str, object]) -> list[Any]:
    """Values of the same kind, far apart, in order."""
    if isinstance(value, date):
        return [value + timedelta(days=days) for days in DAYS]
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        own = [limit for limit in limits.values() if isinstance(limit, int)] if name.endswith("pence") else []
        return sorted({*(round(value * part) for part in SPREAD), *own, value - 1, value + 1})
    if name.endswith("share"):
        return list(SHARES)
    return sorted({round(value * part, 2) for part in SPREAD})


def shape(said: object, name: str) -> object:
    """The answer without its pence, where pence are what is changed; nor days where days are."""
    return re.sub(r"F[0-9a-f]{16}|-?\d+(\.\d+)?", "", str(said))


def turning(one: Registered, base: Example, frame: str, row: int, name: str, value: Any) -> Iterator[Change]:
    """The values on both sides of each place where the answer turns."""

    def said(other: Any) -> object:
        return shape(answer(one, changed(base, Change(frame, row, name, other).entry(base))), name)

    values = spread(value, name, dict(one.limits))
    answers = [said(other) for other in values]
    for low, high, before, after in zip(values, values[1:], answers, answers[1:], strict=False):
        if before == after:
            continue
        while (middle := steps(value, low, high)) is not None:
            if said(middle) == before:
                low = middle
            else:
                high = middle
        yield Change(frame, row, name, low)
        yield Change(frame, row, name, high)


def fields_of(one: Registered, base: Example, frame: str, row: int) -> Iterator[tuple[str, Any]]:
    """Columns of a row worth changing: those the rule's file names or the row gives, with the value they have."""
    source = one.path.read_text(encoding="utf-8")
    given = base.rows[frame][row]
    for name in FRAMES[frame]:
        value = given.get(name, ORDINARY[frame].get(name))
        if value is not None and (name in given or f'"{name}"' in source or name in ("amount_pence", "paid_on", "dated_on")):
            yield name, value


def candidates(one: Registered, base: Example) -> Iterator[Change]:
    """Changes of one field: first where the answer turns, then nothing, other words of the rule's file, and no money."""
    words = sorted(set(re.findall(r'"([a-z_]{2,20})"', one.path.read_text(encoding="utf-8"))))
    places = [(frame, row) for frame in base.rows for row in range(len(base.rows[frame]))]
    for frame, row in places:
        for name, value in fields_of(one, base, frame, row):
            if name.endswith(("pence", "count")) and isinstance(value, int):
                yield Change(frame, row, name, 0, is_beside=True)
                yield Change(frame, row, name, 0)
    for frame, row in places:
        for name, value in fields_of(one, base, frame, row):
            if isinstance(value, bool):
                yield Change(frame, row, name, not value)
            elif isinstance(value, str):
                if name.endswith("_code"):
                    yield from (Change(frame, row, name, other) for other in (*words, "zz") if other != value)
                    yield from (Change(frame, row, name, other, is_beside=True) for other in (*words, "zz") if other != value)
            else:
                yield from turning(one, base, frame, row, name, value)
            yield Change(frame, row, name, None)


def toml(entry: dict[str, Any], one: Registered) -> str:
    """An entry as the family files hold it."""

    def shown(value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            return f'"{value}"'
        if isinstance(value, dict):
            return "{ " + ", ".join(f"{key} = {shown(item)}" for key, item in value.items()) + " }"
        if isinstance(value, list | tuple):
            return "[" + ", ".join(shown(item) for item in value) + "]"
        return str(value)

    return f"[[{one.rule.id}]]\n" + "".join(f"{key} = {shown(value)}\n" for key, value in entry.items())


def sought(one: Registered, seconds: float) -> Iterator[str]:
    """Entries for the mutants of a rule nothing notices yet, one by one, until the time is over; at last, what is left."""
    known, until = equivalents(), time.monotonic() + seconds
    bases = [*edges(one), *one.rule.examples]  # those at an edge are near the next edge
    usual = [(base, answer(one, base)) for base in bases]
    left = [
        mutant
        for mutant in mutants_of(one)
        if mutant[0] not in known and all(answer(one, base, mutant) == said for base, said in usual if not base.limits.keys() & mutant[1])
    ]
    tried = set()
    for base in [*one.rule.examples, *edges(one)]:
        for change in candidates(one, base):
            entry = change.entry(base)
            if not left or time.monotonic() > until:
                break
            example = changed(base, entry)
            if str(example.rows) in tried:
                continue
            tried.add(str(example.rows))
            said = answer(one, example)
            assert isinstance(said, list | str)
            noticed = [] if isinstance(said, str) else [mutant for mutant in left if answer(one, example, mutant) != said]
            if noticed:
                left = [mutant for mutant in left if mutant not in noticed]
                yield (
                    "".join(f"# {words}\n" for words, _, _ in noticed)
                    + f"# finds {sum(str(row).startswith('found') for row in said)}\n"
                    + toml(entry, one)
                )
    yield "".join(f"# LEFT {words}\n" for words, _, _ in left)


def main() -> None:
    """Look for the rules named; a last number is the seconds for each."""
    *named, last = sys.argv[1:]
    seconds, named = (float(last), named) if last.isdigit() else (60.0, [*named, last])
    for one in shipped_rules():
        if one.rule.id in named:
            for words in sought(one, seconds):
                sys.stdout.write(f"{words}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
