"""`phb-audit fetch`: files from where senders leave them into the commissioner's folder."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from phb_audit.cli.options import Home, Json, say, settings_for
from phb_audit.errors import CLEAN, WARNINGS, UsageError

if TYPE_CHECKING:
    from phb_audit.fetched.fetch import Fetched


def fetch(
    sources: Annotated[Path, Parameter(help="The settings file that names the sources.")],
    *,
    commissioner: Annotated[str, Parameter(help="Whose files they are: a folder of this name in the inbox.")],
    inbox: Annotated[Path | None, Parameter(help="Folder with one folder per commissioner (default: HOME/inbox).")] = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Fetch new files from every source. One that is down is tried again, then reported (exit code 1), and stops no other."""
    from phb_audit.fetched.fetch import fetch_all
    from phb_audit.fetched.named import named_sources

    if not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", commissioner):
        raise UsageError(f"'{commissioner}' is no commissioner's code.", do="Give the name of the commissioner's folder.")
    settings = settings_for(home)
    named = named_sources(sources)
    to = (inbox or settings.home / "inbox").resolve() / commissioner
    told = fetch_all(named, to, settings.folder("fetched", commissioner), os.environ)
    if as_json:
        say(json.dumps({"sources": [asdict(one) for one in told]}, indent=1))
    else:
        for one in told:
            say(in_words(one))
    return WARNINGS if any(one.problem or one.too_large for one in told) else CLEAN


def in_words(one: Fetched) -> str:
    """One source in a line."""
    words = f"{one.name} ({one.kind}): {one.files} new files, {one.bytes:,} bytes; {one.had_already} had come before."
    if one.too_large:
        words += f" {one.too_large} are too large to be read: ask the sender to send them in parts."
    if one.problem:
        words += f" NOT FETCHED WHOLE after {one.tries} tries: {one.problem} {one.do}"
    return words
