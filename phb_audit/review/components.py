"""NHS.UK components as templates call them, each made once for the same words.

A component is many small macros: a page of forms takes longer to make than everything else on it, and its forms say the same for
every item.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jinja2
from markupsafe import Markup

MOST_KEPT = 256  # of one component, of a few kilobytes each


class Components:
    """The components of one environment."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment
        self.named = lru_cache(maxsize=None)(self._named)

    def _named(self, folder: str) -> Callable[[dict[str, Any]], Markup]:
        """The component of a folder: 'character-count' has the macro `characterCount`."""
        first, *others = folder.split("-")
        module = self._environment.get_template(f"nhsuk/components/{folder}/macro.jinja").module
        macro = getattr(module, first + "".join(word.capitalize() for word in others))

        @lru_cache(maxsize=MOST_KEPT)
        def made(told: str) -> Markup:
            return Markup(macro(json.loads(told)))  # what a macro of an environment that escapes gives

        def shown(told: dict[str, Any]) -> Markup:
            return made(json.dumps(_said(told)))

        return shown


def _said(told: Any) -> Any:
    """What a component is told, without what the template left undefined."""
    if isinstance(told, dict):
        return {name: _said(value) for name, value in told.items() if not isinstance(value, jinja2.Undefined)}
    if isinstance(told, list):
        return [_said(value) for value in told if not isinstance(value, jinja2.Undefined)]
    return told
