"""What only people can write into a pack: what is asked of the committee, actions, risks, and who signs. A small TOML file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.settings import read_toml

NOT_WRITTEN = "To be written by a named person before the pack goes out."
FORM = """# What only people can write into the committee pack. Nothing here is filled in for you.
decisions_asked = []   # one sentence for each decision asked of the committee
actions = []           # what, who, by when: one sentence each
risks = []
signed_by = ""         # who signs the statement, in which role, on which day
signed_as = ""
signed_on = ""
"""


@dataclass(frozen=True)
class Form:
    """The words people wrote; empty where they did not."""

    decisions_asked: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    signed_by: str = ""
    signed_as: str = ""
    signed_on: str = ""


def read_form(path: Path) -> Form:
    """The form, filled in. Raises UsageError for a name it does not have, or an answer of the wrong kind."""
    told = read_toml(path)
    kinds = {one.name: type(one.default) for one in fields(Form)}
    for name, value in told.items():
        is_list = kinds.get(name) is tuple
        fits = isinstance(value, list) and all(isinstance(one, str) for one in value) if is_list else isinstance(value, str)
        if name not in kinds or not fits:
            raise UsageError(f"{path.name} has no use for {name} as it is written.", do="Fill in the form that --write-form writes.")
    written: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value.strip() for name, value in told.items()}
    return Form(**written)
