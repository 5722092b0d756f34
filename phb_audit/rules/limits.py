"""Limits: keyword-only arguments of a rule's `find`, overridden by commissioner in limits.toml. An unknown name is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.settings import read_toml

Limits = dict[str, dict[str, object]]


def declared(find: Callable[..., object]) -> dict[str, object]:
    """The limits a `find` declares and their ordinary values: its keyword-only arguments."""
    given = inspect.signature(find).parameters.values()
    return {argument.name: argument.default for argument in given if argument.kind is argument.KEYWORD_ONLY}


def read_limits(paths: Iterable[Path], commissioner_code: str, known: Mapping[str, Mapping[str, object]]) -> Limits:
    """Limits in force for a commissioner, by rule id: declared, then [default.<rule>], then [commissioner.<code>.<rule>]; later files win.

    Raises UsageError naming the file and the key for a rule, a limit or a section that does not exist, or a value of another type.
    """
    limits: Limits = {rule: dict(values) for rule, values in known.items()}
    files = [(path.name, read_toml(path)) for path in paths]
    for name, content in files:
        _refuse_unknown(
            name, "", set(content) - {"default", "commissioner"}, "The sections are [default.<rule>] and [commissioner.<code>.<rule>]."
        )
        for code, rules in content.get("commissioner", {}).items():
            _check(name, f"commissioner.{code}", rules, known)
        _check(name, "default", content.get("default", {}), known)
        for rules in (content.get("default", {}), content.get("commissioner", {}).get(commissioner_code, {})):
            for rule, values in rules.items():
                limits[rule] |= {key: _like(known[rule][key], value) for key, value in values.items()}
    return limits


def _check(file_name: str, section: str, rules: Mapping[str, Any], known: Mapping[str, Mapping[str, object]]) -> None:
    _refuse_unknown(file_name, section, set(rules) - set(known), "No rule has that id.")
    for rule, values in rules.items():
        place = f"{section}.{rule}"
        _refuse_unknown(file_name, place, set(values) - set(known[rule]), f"Its limits are: {', '.join(known[rule]) or 'none'}.")
        for key, value in values.items():
            if not _is_like(known[rule][key], value):
                raise UsageError(f"{file_name}: {place}.{key} cannot be {value!r}.", do=f"Write it like {known[rule][key]!r}.")


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
