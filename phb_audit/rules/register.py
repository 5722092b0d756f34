"""The register of rules: the folder is the register. Adding a rule touches one file."""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.errors import UsageError
from phb_audit.rules.limits import declared, read_limits
from phb_audit.rules.rule import FAMILIES, ORDER, Rule
from phb_audit.rules.spending import Spending, as_text
from phb_audit.settings import read_toml, shipped

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Registered:
    """A rule with its finding function, its file and its limits. `version` changes with the file's text and the limits in force."""

    rule: Rule
    find: Callable[..., pl.LazyFrame]
    path: Path
    limits: Mapping[str, object]

    @property
    def version(self) -> str:
        """First 8 hex digits of the hash of the file's text and the limits."""
        said = self.path.read_text(encoding="utf-8") + repr(sorted(self.limits.items()))
        return hashlib.sha256(said.encode()).hexdigest()[:8]

    def considered(self, spending: Spending) -> pl.LazyFrame:
        """Every row the rule looked at, with `is_found` and what it measured."""
        return as_text(self.find(spending, **self.limits))


@cache
def shipped_rules() -> tuple[Registered, ...]:
    """All rules in their order of evaluation, with the limits their files declare."""
    found = []
    for folder in FAMILIES:
        for path in sorted((FOLDER / folder).glob("*.py")):
            if path.stem != "__init__":
                module: Any = importlib.import_module(f"phb_audit.rules.{folder}.{path.stem}")
                found.append(Registered(module.RULE, module.find, path, declared(module.find)))
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.rule.family), one.rule.id)))


def rules_for(commissioner_code: str, limit_files: Iterable[Path] = ()) -> tuple[Registered, ...]:
    """The rules with the limits of a commissioner: the shipped limits.toml, then `limit_files`. Raises UsageError for unknown names."""
    rules = shipped_rules()
    known = {one.rule.id: one.limits for one in rules}
    limits = read_limits([shipped("reference") / "limits.toml", *limit_files], commissioner_code, known)
    return tuple(Registered(one.rule, one.find, one.path, limits[one.rule.id]) for one in rules)


def rules_version(rules: Iterable[Registered]) -> str:
    """First 8 hex digits of the hash over all rules, their limits, and the shared modules and rates they stand on."""
    files = (*sorted(FOLDER.glob("*.py")), shipped("reference") / "minimum_wage.csv")
    shared = "".join(path.read_text(encoding="utf-8") for path in files)
    said = shared + "".join(f"{one.rule.id}:{one.version};" for one in sorted(rules, key=lambda one: one.rule.id))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


@cache
def bases() -> dict[str, str]:
    """Keys of bases.toml to the basis in words. Raises UsageError when a key has no words."""
    content = read_toml(shipped("reference") / "bases.toml")
    for key, entry in content.items():
        if not entry.get("words") or not entry.get("kind"):
            raise UsageError(f"bases.toml: {key} lacks its words or its kind.", do="Write `words` and `kind` for it.")
    return {key: entry["words"] for key, entry in content.items()}


def purpose(one: Registered) -> str:
    """The first paragraph of the rule file's docstring."""
    module = inspect.getmodule(one.find)
    return (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")
