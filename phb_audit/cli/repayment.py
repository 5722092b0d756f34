"""`phb-audit repayment-pack`: a draft that asks for money back, for a named person to sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from phb_audit.cli.options import Home, day_of, one_commissioner, say, settings_for


def repayment_pack(
    case_ref: Annotated[str, Parameter(name="CASE", help="Reference of a case decided as 'not agreed' and confirmed.")],
    /,
    *,
    by: Annotated[str, Parameter(help="Name of the person who prepares it.")] = "",
    form: Annotated[Path | None, Parameter(help="Write the empty form of this case here, and nothing else.")] = None,
    answers: Annotated[Path | None, Parameter(help="The form, filled in.")] = None,
    out: Annotated[Path | None, Parameter(help="Folder for the page and the PDF (default: HOME/reports/CODE/repayment).")] = None,
    on: Annotated[str | None, Parameter(help="Day of the draft, YYYY-MM-DD (default: today in London).")] = None,
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Draft a request for repayment. Refused, with all that is missing, unless it is whole. Nothing is ever sent."""
    from phb_audit.reports.repayment_command import make_pack, write_form

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    if form:
        return write_form(settings, code, case_ref, form, say=say)
    return make_pack(settings, code, case_ref, answers=answers, out=out, by=by, on=day_of(on, "--on"), say=say)
