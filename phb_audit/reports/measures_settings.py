"""The targets of measures and the settings of charts: measures.toml as shipped, then the installation's own, which wins name by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.reports.spc import Rules
from phb_audit.settings import Settings, read_toml, shipped

NAME = "measures.toml"


@dataclass(frozen=True)
class Charts:
    """How charts are drawn, and within how many days a decision counts as in time."""

    months: int = 24
    shift: int = 7
    trend: int = 7
    screened: bool = True
    trial_below: int = 12
    decide_within_days: int = 28

    @property
    def rules(self) -> Rules:
        """The part that says which point is special."""
        return Rules(self.shift, self.trend, self.screened, self.trial_below)


@dataclass(frozen=True)
class Chosen:
    """Targets by measure id, in the measure's unit, and the settings of charts."""

    targets: Mapping[str, float]
    charts: Charts


def chosen(settings: Settings | None = None) -> Chosen:
    """What is in force. Raises UsageError for a name nobody knows, or a value of the wrong kind."""
    paths = [shipped("reference") / NAME]
    if settings is not None and (own := settings.home / NAME).exists():
        paths.append(own)
    targets: dict[str, float] = {}
    charts: dict[str, Any] = {}
    for path in paths:
        written = read_toml(path)
        _insist(path, set(written) <= {"targets", "charts"}, "a section other than [targets] and [charts]")
        targets |= written.get("targets", {})
        charts |= written.get("charts", {})
        _insist(path, all(type(value) in (int, float) for value in targets.values()), "a target that is no number")
        kinds = {one.name: type(one.default) for one in fields(Charts)}
        _insist(path, set(charts) <= set(kinds), "a setting of charts nobody knows")
        _insist(path, all(type(value) is kinds[name] for name, value in charts.items()), "a setting of charts of the wrong kind")
        _insist(path, all(value is True or value is False or value >= 2 for value in charts.values()), "a setting of charts below 2")
    return Chosen(MappingProxyType(targets), Charts(**charts))


def _insist(path: Path, holds: bool, what: str) -> None:
    if not holds:
        raise UsageError(f"{path.name} has {what}.", do="See docs/how-to/make-a-pack.md for the names it may have.")
