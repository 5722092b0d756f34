"""What every table must be: one module per table, one SUITE each. `all_suites` collects them by walking this folder."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from phb_audit.validated.suite import Suite

NO_SUITES = ("reference", "shared")  # the documentation's page, and facts that several suites have in common


def all_suites() -> tuple[Suite, ...]:
    """Every suite, in the order of their names."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name not in NO_SUITES)
    return tuple(import_module(f"{__name__}.{name}").SUITE for name in names)
