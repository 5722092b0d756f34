"""The register of rules: the folder is the register. Adding a rule touches one file."""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.errors import UsageError
from phb_audit.rules.limits import InForce, declared, read_limits
from phb_audit.rules.rule import FAMILIES, ORDER, Rule
from phb_audit.rules.spending import Spending, as_text
from phb_audit.settings import read_toml, shipped

FOLDER = Path(__file__).parent
NOT_CHECKED = "(Basis not yet checked.)"


LIMITS_FROM = "limits_from_on"


@dataclass(frozen=True)
class Registered:
    """A rule with its finding function, its file and its limits. `version` changes with the file's text and every limit.

    `limits` are those in force from the beginning; `later` those that took their place, each from its first day, in order.
    """

    rule: Rule
    find: Callable[..., pl.LazyFrame]
    path: Path
    limits: Mapping[str, object]
    later: tuple[InForce, ...] = ()

    @property
    def version(self) -> str:
        """First 8 hex digits of the hash of the file's text and the limits."""
        said = self.path.read_text(encoding="utf-8") + repr(sorted(self.limits.items()))
        said += "".join(f"{since.from_on}{sorted(since.limits.items())!r}" for since in self.later)
        return hashlib.sha256(said.encode()).hexdigest()[:8]

    @property
    def text_version(self) -> str:
        """First 8 hex digits of the hash of the file's text alone: what came with the software."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()[:8]

    def considered(self, spending: Spending) -> pl.LazyFrame:
        """Every row the rule looked at, with `is_found` and what it measured.

        Where limits changed, each row is looked at with those of its day, and `limits_from_on` says which these are.
        """
        if not self.later:
            return as_text(self.find(spending, **self.limits))
        periods = (InForce(None, self.limits), *self.later)
        day = pl.col("subject_on").fill_null(spending.as_of)
        parts = []
        for period, following in zip(periods, [*self.later, None], strict=True):
            rows = as_text(self.find(spending, **period.limits)).with_columns(pl.lit(period.from_on, dtype=pl.Date).alias(LIMITS_FROM))
            since = pl.lit(True) if period.from_on is None else day >= period.from_on
            until = pl.lit(True) if following is None else day < following.from_on
            parts.append(rows.filter(since & until))
        return pl.concat(parts)

    def by_limits(self, rows: pl.DataFrame) -> list[tuple[Registered, pl.DataFrame]]:
        """The rows it considered, apart by the limits they were looked at with, each beside the rule as it was with these."""
        if not self.later:
            return [(self, rows)]
        limits = {None: self.limits} | {since.from_on: since.limits for since in self.later}
        parts = rows.partition_by(LIMITS_FROM, as_dict=True, maintain_order=True)
        return [(replace(self, limits=limits[first]), part.drop(LIMITS_FROM)) for (first,), part in parts.items()]


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
    return tuple(replace(one, limits=first.limits, later=tuple(later)) for one in rules for first, *later in [limits[one.rule.id]])


def rules_version(rules: Iterable[Registered]) -> str:
    """First 8 hex digits of the hash over all rules, their limits, and the shared modules and rates they stand on."""
    files = (*sorted(FOLDER.glob("*.py")), *sorted(FOLDER.glob("stories/*.py")), shipped("reference") / "minimum_wage.csv")
    shared = "".join(path.read_text(encoding="utf-8") for path in files)
    said = shared + "".join(f"{one.rule.id}:{one.version};" for one in sorted(rules, key=lambda one: one.rule.id))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


@cache
def bases() -> dict[str, str]:
    """Keys of bases.toml to the basis in words. Raises UsageError for an entry with a gap."""
    return {key: basis_in_words(key, entry) for key, entry in read_toml(shipped("reference") / "bases.toml").items()}


def basis_in_words(key: str, entry: Mapping[str, object]) -> str:
    """An entry of bases.toml as a reader sees it: it says so where nobody has checked it. Raises UsageError for a gap or a wrong mark."""
    words, is_checked = entry.get("words"), entry.get("basis_checked", True)
    if not words or not entry.get("kind"):
        raise UsageError(f"bases.toml: {key} lacks its words or its kind.", do="Write `words` and `kind` for it.")
    if not isinstance(is_checked, bool):
        raise UsageError(f"bases.toml: basis_checked of {key} cannot be {is_checked!r}.", do="Write true or false.")
    return str(words) if is_checked else f"{words} {NOT_CHECKED}"


def purpose(one: Registered) -> str:
    """The first paragraph of the rule file's docstring."""
    module = inspect.getmodule(one.find)
    return (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")
