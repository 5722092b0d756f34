"""Examples at the edge: a worked example of a rule with one thing changed, so that it stands exactly on a line the rule draws.

Each family has a file beside this one. An entry names the rule's example it is like, says in words what is different, and changes rows:

    [[A-07]]
    like = "Ten weeks of money"
    says = "the account's last line is seventy days old, the oldest that still counts"
    accounts = [{ row = 1, last_line_on = 2026-08-22 }]

`row` counts from 1; a row one past the last is a new, ordinary one, or like row
`copy_of`; `like = ""` starts from nothing, and an earlier entry can be liked by
its example's words and its own (`Ten weeks of money: half a week more`); `unset` lists columns emptied;
`limits` sets limits of the rule. What a rule answers to it stands in `answers.json`, with the answers to the rules' own examples.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from phb_audit.rules.example import Example
from phb_audit.rules.register import Registered

FOLDER = Path(__file__).parent
WORDS = ("like", "says", "limits")
LIKE_NOTHING = Example("", "at the threshold", {}, 0)


def changed(base: Example, entry: Mapping[str, Any]) -> Example:
    """The example an entry describes. Raises KeyError for a row that leaves a gap."""
    frames = {name: [dict(row) for row in rows] for name, rows in base.rows.items()}
    for name, changes in entry.items():
        if name in WORDS:
            continue
        rows = frames.setdefault(name, [])
        for change in changes:
            place = change["row"] - 1
            if place > len(rows):
                raise KeyError(f"{entry['says']}: {name} has {len(rows)} rows, so the next is {len(rows) + 1}")
            if place == len(rows):
                rows.append(dict(rows[change["copy_of"] - 1]) if "copy_of" in change else {})
            values = {key: value for key, value in change.items() if key not in ("row", "copy_of", "unset")}
            rows[place] |= values | dict.fromkeys(change.get("unset", []))
    says = f"{base.says}: {entry['says']}" if base.says else str(entry["says"])
    limits = {**base.limits, **entry.get("limits", {})}
    return Example(says, "at the threshold", {name: tuple(rows) for name, rows in frames.items()}, 0, limits)


@cache
def entries() -> dict[str, list[dict[str, Any]]]:
    """Every entry of the family files, by rule."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for rule_id, said in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found.setdefault(rule_id, []).extend(said)
    return found


def edges(one: Registered) -> tuple[Example, ...]:
    """The examples at the edge of one rule. Raises KeyError for one that is like no example of the rule and no earlier one here."""
    bases = {example.says: example for example in one.rule.examples} | {"": LIKE_NOTHING}
    made = []
    for entry in entries().get(one.rule.id, []):
        example = changed(bases[entry["like"]], entry)
        made.append(example)
        bases[example.says] = example
    return tuple(made)


def all_examples(one: Registered) -> tuple[Example, ...]:
    """The worked examples of a rule's own file, then those at the edge."""
    return (*one.rule.examples, *edges(one))
