"""What `phb-audit report` answers: where a night's page is."""

from __future__ import annotations

import re
from pathlib import Path

from phb_audit.errors import UsageError
from phb_audit.settings import Settings


def report(settings: Settings, commissioner_code: str, *, run_id: str | None = None) -> Path:
    """The page of the named night, or of the newest. Raises UsageError where there is none."""
    folder = settings.home / "reports" / commissioner_code
    night = re.compile(rf"{re.escape(commissioner_code)}-\d{{4}}-\d{{2}}-\d{{2}}")
    pages = sorted(path for path in folder.glob("*.html") if night.fullmatch(path.stem))
    if run_id is not None:
        pages = [path for path in pages if path.stem == run_id]
    if pages:
        return pages[-1]
    if run_id is not None:
        raise UsageError(f"There is no report of the night {run_id}.", do="See `phb-audit status` for the nights there are.")
    raise UsageError(f"There is no report of {commissioner_code} yet.", do="Run `phb-audit run`, or `phb-audit demo` to see one.")
