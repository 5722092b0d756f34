"""`phb-audit pack`: the governance committee's pack of a month, as a page, a PDF and a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from phb_audit.cli.options import Home, one_commissioner, say, settings_for


def pack(
    *,
    month: Annotated[str | None, Parameter(help="The month, YYYY-MM (default: that of the newest night).")] = None,
    months: Annotated[int, Parameter(help="How many months the pack is about, ending with that month; 3 for a quarter.")] = 1,
    form: Annotated[Path | None, Parameter(help="What only people can write: decisions asked, actions, risks, who signs (TOML).")] = None,
    write_form: Annotated[Path | None, Parameter(help="Write that form, empty, and nothing else.")] = None,
    programme: Annotated[Path | None, Parameter(help="Programme spend, planned and actual, by line (CSV).")] = None,
    outside: Annotated[bool, Parameter(help="For readers outside: counts rounded to the nearest 5.", negative="")] = False,
    out: Annotated[Path | None, Parameter(help="Folder for the files (default: HOME/packs/CODE).")] = None,
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Make the committee pack: three sentences first, measures with targets, charts, facts. Small numbers are kept back."""
    from phb_audit.reports.pack_command import make_pack, write_empty_form

    if write_form:
        return write_empty_form(write_form, say=say)
    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    return make_pack(settings, code, month=month, months=months, form=form, programme=programme, out=out, outside=outside, say=say)


def bi(
    *,
    out: Annotated[Path | None, Parameter(help="Folder to write (default: HOME/bi/CODE/NIGHT); it replaces what is there.")] = None,
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Write tables and views for dashboards (Power BI, Superset, DuckDB) with nobody in them: Parquet and dashboards.duckdb."""
    from phb_audit.reports.bi import make_bi

    settings = settings_for(home)
    return make_bi(settings, one_commissioner(settings, commissioner), out=out, say=say)
