"""`phb-audit finance`: what budgets cost, what they bought, who has them, what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from phb_audit.cli.options import Home, Json, day_of, one_commissioner, say, settings_for

finance = App(name="finance", help="What budgets cost, what they bought, who has them and what came of it.")

First = Annotated[str | None, Parameter(name="--from", help="First day, YYYY-MM-DD (default: 1 April of the financial year).")]
Last = Annotated[str | None, Parameter(name="--to", help="Last day, YYYY-MM-DD (default: the newest night's).")]
Out = Annotated[Path | None, Parameter(help="File to write (default: standard output).")]


@finance.command
def tables(*, as_json: Json = False) -> int:
    """Name every finance table and say what one row of it is."""
    from phb_audit.finance.command import list_tables

    return list_tables(as_json=as_json, say=say)


@finance.command
def show(
    name: Annotated[str, Parameter(help="A table that `phb-audit finance tables` names.")],
    /,
    *,
    first: First = None,
    last: Last = None,
    limit_weeks: Annotated[float, Parameter(help="Weeks of budget that may lie unspent (unspent only).")] = 8.0,
    out: Out = None,
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Work one table out of the warehouse, as CSV. It names people by pseudonym only."""
    from phb_audit.finance.command import show_table

    settings = settings_for(home)
    return show_table(
        name,
        settings=settings,
        commissioner_code=one_commissioner(settings, commissioner),
        first=day_of(first, "--from") if first else None,
        last=day_of(last, "--to") if last else None,
        limit_weeks=limit_weeks,
        out=out,
        as_json=as_json,
        say=say,
    )


@finance.command
def people(*, last: Last = None, commissioner: str | None = None, home: Home = None, as_json: Json = False) -> int:
    """Who has a budget: year to date and active apart, rates, growth, a forecast with its interval and how such forecasts did."""
    from phb_audit.finance.people_command import tell_people

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    return tell_people(settings, code, last=day_of(last, "--to") if last else None, as_json=as_json, say=say)
