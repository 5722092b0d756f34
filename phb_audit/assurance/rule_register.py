"""`phb-audit rules list|show|check|new`: the register as a reader, its owner, or a writer of a new rule needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.flagged import rules_in_force
from phb_audit.flagged.findings import flags_of
from phb_audit.rules import register
from phb_audit.rules.pages import page
from phb_audit.rules.register import Registered
from phb_audit.rules.rule import FAMILIES, FAMILY_TITLES
from phb_audit.rules.spending import as_text
from phb_audit.rules.wording import limit_in_words
from phb_audit.settings import Settings

SKELETON = Path(__file__).with_name("new_rule.txt")
TO_WRITE = "TO WRITE"


@dataclass(frozen=True)
class Problem:
    """Something wrong with the register; `is_grave`: the rule must not run so."""

    rule_id: str
    words: str
    is_grave: bool


def one_rule(rule_id: str, rules: tuple[Registered, ...]) -> Registered:
    """The rule of that id. Raises UsageError where there is none."""
    found = [one for one in rules if one.rule.id == rule_id.upper()]
    if not found:
        raise UsageError(f"There is no rule {rule_id}.", do="`phb-audit rules list` names them all.")
    return found[0]


def listed(rules: tuple[Registered, ...], family: str | None) -> list[dict[str, Any]]:
    """One dict a rule, in their order of evaluation. Raises UsageError for a family that does not exist."""
    if family is not None and family.upper() not in FAMILY_TITLES:
        raise UsageError(f"There is no family {family}.", do=f"One of {', '.join(FAMILY_TITLES)}.")
    ordinary = {one.rule.id: one.limits for one in register.shipped_rules()}
    return [
        {
            "id": one.rule.id,
            "title": one.rule.title,
            "family": one.rule.family,
            "severity": one.rule.severity,
            "proposal": one.rule.outcome,
            "is_commissioners": one.rule.is_commissioners,
            "owner": one.rule.owner,
            "next_review": one.rule.next_review.isoformat(),
            "version": one.version,
            "limits": dict(one.limits),
            "has_own_limits": bool(one.later) or dict(one.limits) != dict(ordinary[one.rule.id]),
        }
        for one in rules
        if family is None or one.rule.family == family.upper()
    ]


def list_in_words(rows: list[dict[str, Any]]) -> str:
    """The list as a table of text."""
    lines = [f"{'rule':<6}{'severity':<10}{'proposal':<13}{'next review':<13}title"]
    for row in rows:
        notes = [words for words, holds in (("ours", row["is_commissioners"]), ("own limits", row["has_own_limits"])) if holds]
        noted = f" ({', '.join(notes)})" if notes else ""
        lines.append(f"{row['id']:<6}{row['severity']:<10}{row['proposal']:<13}{row['next_review']:<13}{row['title']}{noted}")
    return "\n".join([*lines, "", f"{len(rows)} rules. 'ours': about the commissioner's own duties; 'own limits': not the ordinary ones."])


def shown(one: Registered) -> str:
    """The rule's page, and the limits in force with their first days."""
    lines = [page(one).rstrip(), "", "## Limits in force here", "", f"Version {one.version}."]
    for since, limits in [("From the beginning", one.limits), *((f"From {each.from_on}", each.limits) for each in one.later)]:
        told = ", ".join(f"{name} {limit_in_words(value, 'pounds' if name.endswith('_pence') else '')}" for name, value in limits.items())
        lines.append(f"{since}: {told or 'none'}.")
    return "\n".join(lines)


def problems(commissioner_code: str, settings: Settings, today: date) -> list[Problem]:
    """What is wrong with the register: examples that find something else, one person as owner and reviewer, reviews overdue.

    Raises UsageError where limits.toml names a rule or a limit that does not exist.
    """
    return [problem for one in rules_in_force(commissioner_code, settings) for problem in problems_of(one, today)]


def problems_of(one: Registered, today: date) -> Iterator[Problem]:
    """What is wrong with one rule."""
    rule = one.rule
    ordinary = next(each.limits for each in register.shipped_rules() if each.rule.id == rule.id)
    for example in rule.examples:
        looked_at = as_text(one.find(example.spending(), **{**ordinary, **example.limits})).collect()
        found = flags_of(one, looked_at.filter("is_found"), one.version).height
        if found != example.flags:
            yield Problem(rule.id, f"The example '{example.says}' finds {found}, not {example.flags}.", True)
    if rule.owner == rule.reviewer:
        yield Problem(rule.id, f"{rule.owner} is both owner and reviewer: two people are needed.", True)
    if rule.next_review < today:
        yield Problem(rule.id, f"Its review was due on {rule.next_review}.", False)


def new_rule(rule_id: str, family: str, title: str, folder: Path | None, today: date) -> Path:
    """Write the skeleton of a rule; it fails `rules check` and the tests until it is filled in. Returns its path.

    `family` is a folder's name ('never') or its code ('A1'). Raises UsageError for an unknown family, a taken id, or a file that is there.
    """
    names = {code: name for name, code in FAMILIES.items()}
    name = names.get(family.upper(), family)
    if name not in FAMILIES:
        raise UsageError(f"There is no family {family}.", do=f"One of {', '.join(FAMILIES)}.")
    if rule_id.upper() in {one.rule.id for one in register.shipped_rules()}:
        raise UsageError(f"{rule_id.upper()} is taken.", do="`phb-audit rules show` says by what.")
    stem = "_".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split())
    path = (folder or register.FOLDER / name) / f"{stem}.py"
    if path.exists():
        raise UsageError(f"{path.name} is there already.", do="Choose another title, or change that file.")
    words = Template(SKELETON.read_text(encoding="utf-8"))
    path.write_text(
        words.substitute(id=rule_id.upper(), title=title, family=FAMILIES[name], to_write=TO_WRITE, year=today.year + 1),
        encoding="utf-8",
    )
    return path
