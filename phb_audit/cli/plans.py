"""`phb-audit plan`: what the plans say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from phb_audit.cli.options import Home, Json, one_commissioner, say, settings_for
from phb_audit.errors import UsageError
from phb_audit.progress import note

plan = App(name="plan", help="What the plans say: the goals of their outcomes.")


@plan.command
def tags(
    source: Annotated[Path | None, Parameter(help="CSV of outcomes (default: those of every plan in the warehouse).")] = None,
    /,
    *,
    out: Annotated[Path, Parameter(help="Where to write the list of proposals.")] = Path("goal-tags.csv"),
    confirm: Annotated[Path | None, Parameter(help="The list, edited by a person: record its tags.")] = None,
    by: Annotated[str | None, Parameter(help="Name of the person who confirms.")] = None,
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Propose three goal tags for each outcome, as a list to edit; with --confirm LIST --by NAME, record them."""
    from phb_audit.cases.plan_tags_command import confirm_list, propose_file

    settings = settings_for(home)
    if confirm is None and by is not None:
        raise UsageError("--by records nothing by itself.", do="Give the edited list with --confirm.")
    if confirm is not None:
        if source is not None or by is None:
            raise UsageError(
                "--confirm takes one list and --by NAME, and no other file.", do="phb-audit plan tags --confirm LIST --by NAME"
            )
        whose = one_commissioner(settings, commissioner)
        return confirm_list(confirm, settings=settings, commissioner_code=whose, by=by, as_json=as_json, say=say, note=note)
    code = commissioner if source else one_commissioner(settings, commissioner)
    return propose_file(source, out=out, settings=settings, commissioner_code=code, as_json=as_json, say=say)
