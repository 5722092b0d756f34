"""`phb-audit exception`: what was agreed for one holder beyond the lines of the plan."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from phb_audit.cli.options import Home, Json, day_of, one_commissioner, pence_of, say, settings_for

exception = App(
    name="exception", help="Agreed exceptions: for one holder, some purchases, a time and a sum. Such purchases show as unusual, agreed."
)


@exception.command
def add(
    *,
    cap: Annotated[str, Parameter(help="The sum up to which it holds over its whole time, as 250.00.")],
    to: Annotated[str, Parameter(help="Its last day (YYYY-MM-DD).")],
    words: Annotated[str, Parameter(help="The words of the plan or of the agreement.")],
    agreed_by: Annotated[str, Parameter(help="Who agreed it: name and role.")],
    by: Annotated[str, Parameter(help="Name of the person who records it.")],
    from_: Annotated[str | None, Parameter(name="--from", help="Its first day (default: today).")] = None,
    case: Annotated[str | None, Parameter(help="A case of the holder.")] = None,
    holder: Annotated[str | None, Parameter(help="Or the holder's pseudonym.")] = None,
    kinds: Annotated[str, Parameter(help="Category codes, as 'A02, H01' (default: every kind).")] = "",
    payee: Annotated[str, Parameter(help="Words the payee's name must hold (default: any payee).")] = "",
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Record an exception that a named person agreed."""
    from phb_audit.cases import exception_command

    settings = settings_for(home)
    return exception_command.add(
        settings,
        one_commissioner(settings, commissioner),
        case_ref=case,
        holder=holder,
        kinds=kinds,
        payee=payee,
        cap_pence=pence_of(cap, "--cap"),
        from_on=day_of(from_, "--from"),
        to_on=day_of(to, "--to"),
        words=words,
        agreed_by=agreed_by,
        by=by,
        say=say,
    )


@exception.command(name="list")
def list_(*, commissioner: str | None = None, home: Home = None, as_json: Json = False) -> int:
    """Every exception, those in force first."""
    from phb_audit.cases import exception_command

    settings = settings_for(home)
    return exception_command.list_all(settings, one_commissioner(settings, commissioner), on=day_of(None), as_json=as_json, say=say)


@exception.command
def end(
    exception_id: str,
    /,
    *,
    by: Annotated[str, Parameter(help="Name of the person who ends it.")],
    reason: Annotated[str, Parameter(help="Why.")],
    on: Annotated[str | None, Parameter(help="Its last day (default: today).")] = None,
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """End an exception before its time. The rule it settled is back by itself."""
    from phb_audit.cases import exception_command

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    return exception_command.end(settings, code, exception_id, on=day_of(on, "--on"), reason=reason, by=by, say=say)
