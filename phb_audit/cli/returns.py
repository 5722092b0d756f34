"""`phb-audit return`: the quarterly national return as a file, after its checks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from phb_audit.cli.options import Home, Json, one_commissioner, say, settings_for


def national_return(
    *,
    quarter: Annotated[
        str | None, Parameter(help="The quarter, 2026/27-Q2 (default: the last one that ended before the newest night).")
    ] = None,
    check: Annotated[Path | None, Parameter(help="A return that was sent: only hold it to the checks and to the register.")] = None,
    out: Annotated[Path | None, Parameter(help="Folder for the file (default: HOME/returns/CODE).")] = None,
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Write the quarterly national return, after checks: 0 clean, 1 something to explain, 3 it cannot be right and is not written."""
    from phb_audit.finance.return_command import make_return

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    return make_return(settings, code, quarter=quarter, out=out, sent=check, as_json=as_json, say=say)
