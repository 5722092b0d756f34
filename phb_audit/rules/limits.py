"""Limits: keyword-only arguments of a rule's `find`, overridden by commissioner in limits.toml, from a day on. An unknown name is refused.

A change has its first day: what was bought before it is looked at with the limits of its own day.
"""

from __future__ import annotations

import csv
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.settings import read_toml, shipped

TOLD_ON = "told_on"
CATEGORY_LISTS = ("funded_codes", "excluded_codes")
Known = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class InForce:
    """Limits in force from a day on (None: from the beginning), and the day holders were told of that change, where it is written."""

    from_on: date | None
    limits: Mapping[str, object]
    told_on: date | None = None


@dataclass
class Written:
    """What the files write for one section and rule: without a day, and by first day."""

    always: dict[str, object] = field(default_factory=dict)
    dated: dict[date, dict[str, object]] = field(default_factory=dict)
    told: dict[date, date] = field(default_factory=dict)

    def by(self, day: date | None) -> dict[str, object]:
        """The values in force on a day; with no day, those from the beginning."""
        values = dict(self.always)
        for first in sorted(self.dated):
            if day is not None and first <= day:
                values |= self.dated[first]
        return values


def declared(find: Callable[..., object]) -> dict[str, object]:
    """The limits a `find` declares and their ordinary values: its keyword-only arguments."""
    given = inspect.signature(find).parameters.values()
    return {argument.name: argument.default for argument in given if argument.kind is argument.KEYWORD_ONLY}


def read_limits(paths: Iterable[Path], commissioner_code: str, known: Known) -> dict[str, tuple[InForce, ...]]:
    """Limits of a commissioner by rule, oldest first: declared, then [default.<rule>], then [commissioner.<code>.<rule>]; later files win.

    Values in a sub-table named by a day (`[commissioner.QZZ.A-04.2026-04-01]`) hold from that day on, the others from the beginning;
    `told_on` there is the day holders were told.
    Raises UsageError naming the file and the key for a rule, a limit, a day or a section that does not exist, or a value of another type.
    """
    default, own = _sections(paths, commissioner_code, known)
    return {rule: _periods(values, default[rule], own[rule]) for rule, values in known.items()}


@dataclass(frozen=True)
class WrittenLimit:
    """One value as a file of limits writes it, and the day it holds from (None: from the beginning)."""

    rule_id: str
    limit_name: str
    from_on: date | None
    value: object


def written_limits(path: Path, commissioner_code: str, known: Known) -> list[WrittenLimit]:
    """Every value one file writes for everybody or for this commissioner, by rule, limit and day. Raises as `read_limits` does."""
    found = {
        (rule, name, day): value
        for section in _sections([path], commissioner_code, known)
        for rule, written in section.items()
        for day, values in ((None, written.always), *written.dated.items())
        for name, value in values.items()
    }
    order = sorted(found, key=lambda key: (key[0], key[1], key[2] or date.min))
    return [WrittenLimit(*key, found[key]) for key in order]


def _sections(paths: Iterable[Path], commissioner_code: str, known: Known) -> tuple[dict[str, Written], dict[str, Written]]:
    """What the files write for everybody, and for one commissioner, by rule; later files win."""
    default: dict[str, Written] = {rule: Written() for rule in known}
    own: dict[str, Written] = {rule: Written() for rule in known}
    for path in paths:
        name, content = path.name, read_toml(path)
        _refuse_unknown(
            name, "", set(content) - {"default", "commissioner"}, "The sections are [default.<rule>] and [commissioner.<code>.<rule>]."
        )
        for code, rules in content.get("commissioner", {}).items():
            _take(name, f"commissioner.{code}", rules, known, own if code == commissioner_code else {})
        _take(name, "default", content.get("default", {}), known, default)
    return default, own


def _periods(values: Mapping[str, object], default: Written, own: Written) -> tuple[InForce, ...]:
    days: list[date | None] = [None, *sorted({*default.dated, *own.dated})]
    told = default.told | own.told
    return tuple(InForce(day, dict(values) | default.by(day) | own.by(day), told.get(day) if day else None) for day in days)


def _take(file_name: str, section: str, rules: Mapping[str, Any], known: Known, into: dict[str, Written]) -> None:
    """Check one section and put its values where they belong; those of another commissioner are only checked."""
    _refuse_unknown(file_name, section, set(rules) - set(known), "No rule has that id.")
    for rule, content in rules.items():
        place, written = f"{section}.{rule}", into.get(rule, Written())
        values = {key: value for key, value in content.items() if not isinstance(value, dict)}
        written.always |= checked(file_name, place, values, known[rule])
        for key in content.keys() - values.keys():
            day, values = _day(file_name, f"{place}.{key}", key), dict(content[key])
            if TOLD_ON in values:
                written.told[day] = _told(file_name, f"{place}.{key}", values.pop(TOLD_ON))
            written.dated.setdefault(day, {}).update(checked(file_name, f"{place}.{key}", values, known[rule]))


def checked(file_name: str, place: str, values: Mapping[str, Any], known: Mapping[str, object]) -> dict[str, object]:
    """The values as the rule takes them. Raises UsageError naming file and place for an unknown limit, or a value of another type."""
    _refuse_unknown(file_name, place, set(values) - set(known), f"Its limits are: {', '.join(known) or 'none'}.")
    for key, value in values.items():
        if not _is_like(known[key], value):
            raise UsageError(f"{file_name}: {place}.{key} cannot be {value!r}.", do=f"Write it like {known[key]!r}.")
        if key in CATEGORY_LISTS and (strange := sorted(set(value) - category_codes())):
            raise UsageError(f"{file_name}: {place}.{key}: there is no category {strange[0]}.", do="The codes are in taxonomy.csv.")
    return {key: _like(known[key], value) for key, value in values.items()}


@cache
def category_codes() -> frozenset[str]:
    """The codes of taxonomy.csv."""
    with (shipped("reference") / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def _day(file_name: str, place: str, key: str) -> date:
    try:
        return date.fromisoformat(key)
    except ValueError as error:
        raise UsageError(f"{file_name}: {place} is not known.", do="Name a sub-table by its first day, as in 2026-04-01.") from error


def _told(file_name: str, place: str, value: object) -> date:
    if not isinstance(value, date):
        raise UsageError(
            f"{file_name}: {place}.{TOLD_ON} cannot be {value!r}.", do="Write the day holders were told as 2026-03-01, without quotes."
        )
    return value


def _refuse_unknown(file_name: str, section: str, unknown: set[str], do: str) -> None:
    if unknown:
        place = ".".join(part for part in (section, sorted(unknown)[0]) if part)
        raise UsageError(f"{file_name}: {place} is not known.", do=do)


def _is_like(ordinary: object, value: object) -> bool:
    if isinstance(ordinary, tuple):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if isinstance(ordinary, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is type(ordinary)


def _like(ordinary: object, value: Any) -> object:
    return tuple(value) if isinstance(ordinary, tuple) else type(ordinary)(value)  # type: ignore[call-arg]
