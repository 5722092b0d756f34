"""What `phb-audit pack` does: reads the newest night, measures the months asked for, and writes the pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from phb_audit.errors import CLEAN, UsageError
from phb_audit.finance.command import opened, period_of
from phb_audit.finance.lines import population
from phb_audit.flagged import rules_in_force
from phb_audit.reports import controls
from phb_audit.reports.controls import Control
from phb_audit.reports.earlier_packs import keep_printed, read_printed
from phb_audit.reports.measures import measures, sources, with_targets
from phb_audit.reports.measures_settings import Charts, chosen
from phb_audit.reports.months import month_named, months_to
from phb_audit.reports.pack import pack_of
from phb_audit.reports.pack_files import Written, write_pack
from phb_audit.reports.pack_form import FORM, Form, read_form
from phb_audit.reports.programme_spend import read_programme
from phb_audit.reports.protected import protect
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What a period measured, before small numbers are kept back: for `protect` alone."""

    run_id: str
    as_of: date
    first_on: date
    last_on: date
    measured: pl.DataFrame
    tested: tuple[Control, ...]
    charts: Charts


def measured_for(settings: Settings, code: str, *, month: str | None, months: int, needs_payments: bool = False) -> Asked:
    """The measures of so many months up to one. Raises UsageError where no night has been published, or the month lies after it; with
    `needs_payments` also where no payment of the months is on file."""
    if not 1 <= months <= 12:
        raise UsageError(f"--months {months} is not possible.", do="Give 1 to 12.")
    path = settings.home / "warehouse" / code / "night.duckdb"
    if not path.exists():
        raise UsageError(f"No night has been run for {code} yet.", do="Run `phb-audit run` first.")
    warehouse = Warehouse(path, read_only=True)
    try:
        night = warehouse.frame(sql(__file__, "lane_page_night"))
        if night.is_empty():
            raise UsageError("No night has been published yet.", do="See `phb-audit status`.")
        run_id, as_of = night.row(0)
        start, last_on, _ = month_named(month) if month else months_to(as_of, 1)[0]
        if start > as_of:
            raise UsageError(f"The month {start:%Y-%m} lies after the newest night, {as_of}.", do="Name an earlier --month.")
        first_on, last_on = months_to(last_on, months)[0][0], min(last_on, as_of)
        if needs_payments:
            insist_on_data(warehouse, first_on, last_on)
        picked = chosen(settings)
        rooms = sources(picked, run_id=run_id, as_of=as_of, population=population(settings, code), rules=rules_in_force(code, settings))
        measured = with_targets(measures(warehouse, first_on, last_on, rooms), picked)
        tested = controls.of_pack(warehouse, settings, code, run_id)
    finally:
        warehouse.close()
    return Asked(run_id, as_of, first_on, last_on, measured, tested, picked.charts)


def insist_on_data(warehouse: Warehouse, first_on: date, last_on: date) -> None:
    """Raises UsageError where no payment of the months is on file, with the months there are."""
    known = warehouse.frame(sql(__file__, "pack_months"))["month_on"].to_list()
    if any(first_on.replace(day=1) <= month <= last_on for month in known):
        return
    there = f"There are payments from {known[0]:%Y-%m} to {known[-1]:%Y-%m}." if known else "There are no payments at all."
    asked = f"{first_on:%Y-%m}" + (f" to {last_on:%Y-%m}" if (first_on.year, first_on.month) != (last_on.year, last_on.month) else "")
    raise UsageError(f"No payment of {asked} is on file.", do=f"{there} Name one of those months with --month.")


def newest_night(settings: Settings, code: str) -> date:
    """The day of the newest published night. Raises UsageError where there is none."""
    with opened(settings, code) as warehouse:
        return period_of(warehouse, None, None).last


def write_empty_form(path: Path, *, say: Say) -> int:
    """Write the form that only people can fill in. Raises UsageError where a file is there already."""
    if path.exists():
        raise UsageError(f"{path.name} is there already.", do="Give --write-form another name.")
    path.write_text(FORM, encoding="utf-8")
    say(f"{path}\nFill it in, then give it with --form.")
    return CLEAN


def make_pack(
    settings: Settings,
    code: str,
    *,
    month: str | None,
    months: int = 1,
    form: Path | None = None,
    programme: Path | None = None,
    out: Path | None = None,
    outside: bool = False,
    say: Say,
) -> int:
    """Write the pack of a month, or of so many months ending with it, and say where it is."""
    written, summary = written_pack(settings, code, month=month, months=months, form=form, programme=programme, out=out, outside=outside)
    say(f"{written.page}\n{written.pdf}\n{written.workbook}\n\n" + "\n".join(summary))
    return CLEAN


def written_pack(
    settings: Settings,
    code: str,
    *,
    month: str | None,
    months: int = 1,
    form: Path | None = None,
    programme: Path | None = None,
    out: Path | None = None,
    outside: bool = False,
) -> tuple[Written, tuple[str, ...]]:
    """The files of a pack, and its three sentences."""
    words = read_form(form) if form else Form()
    lines = read_programme(programme) if programme else ()
    asked = measured_for(settings, code, month=month, months=months, needs_payments=True)
    folder = out or settings.folder("packs", code)
    name = f"{code}-pack-{asked.last_on:%Y-%m}" + (f"-{months}-months" if months > 1 else "") + ("-outside" if outside else "")
    before = read_printed(folder, other_than=name)
    exact = protect(asked.measured, earlier=before)
    pack = pack_of(
        protect(asked.measured, outside=True, earlier=before) if outside else exact,
        commissioner_code=code,
        run_id=asked.run_id,
        as_of=asked.as_of,
        first_on=asked.first_on,
        last_on=asked.last_on,
        charts=asked.charts,
        tested=asked.tested,
        form=words,
        programme=lines,
        outside=outside,
    )
    written = write_pack(pack, folder, name, asked.as_of)
    keep_printed(folder, name, exact)
    return written, pack.summary
