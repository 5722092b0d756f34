"""`phb-audit price-drift`: suppliers that became dearer beyond what others' charges and April explain."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from phb_audit.cli.options import Home, Json, one_commissioner, say, settings_for


def price_drift(
    *,
    months: Annotated[int, Parameter(help="How many months up to the newest night.")] = 3,
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Suppliers whose usual charge for a service went up for nearly all who pay it, by more than others' charges and April explain."""
    from phb_audit.assurance.drifts_command import tell_drifts

    settings = settings_for(home)
    return tell_drifts(settings, one_commissioner(settings, commissioner), months=months, as_json=as_json, say=say)
