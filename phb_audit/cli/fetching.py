"""`phb-audit fetch`: files from where senders leave them into the commissioner's folder."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from phb_audit.cli.options import Home, Json, say, settings_for
from phb_audit.errors import CLEAN, WARNINGS, UsageError


def fetch(
    sources: Annotated[Path, Parameter(help="The settings file that names the sources.")],
    *,
    commissioner: Annotated[str, Parameter(help="Whose files they are: a folder of this name in the inbox.")],
    inbox: Annotated[Path | None, Parameter(help="Folder with one folder per commissioner (default: HOME/inbox).")] = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Fetch new files from every source. One that is down is tried again, then reported (exit code 1), and stops no other."""
    from phb_audit.fetched.kept import fetch_for, in_words

    if not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", commissioner):
        raise UsageError(f"'{commissioner}' is no commissioner's code.", do="Give the name of the commissioner's folder.")
    settings = settings_for(home)
    to = (inbox or settings.home / "inbox").resolve() / commissioner
    told = fetch_for(settings, commissioner, sources, to, datetime.now().astimezone())
    if as_json:
        say(json.dumps({"sources": [asdict(one) for one in told]}, indent=1))
    else:
        for one in told:
            say(in_words(one))
    return WARNINGS if any(one.problem or one.too_large for one in told) else CLEAN
