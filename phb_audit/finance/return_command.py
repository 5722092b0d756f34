"""What `phb-audit return` does: writes the national return of a quarter after its checks, or holds a return that was sent to them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import polars as pl

from phb_audit.errors import CLEAN, REFUSED, WARNINGS, UsageError
from phb_audit.finance.command import Say, opened
from phb_audit.finance.national_return import SURVEY, own_groups, returned, shape_of, with_lines
from phb_audit.finance.people import Register, people_on
from phb_audit.finance.return_checks import STOP, UNDATED, About, Check, against, checked, of_itself
from phb_audit.periods import plain_day, quarter_end, quarter_ends, quarter_named_by
from phb_audit.settings import Settings
from phb_audit.tables.describe import Column
from phb_audit.tables.people import NATIONAL_RETURN
from phb_audit.warehouse import Warehouse, sql

QUARTER = re.compile(r"(\d{4})[/-](\d{2})[ -]?Q([1-4])", re.IGNORECASE)
SURVEY_COLUMNS = ("organisation_code", "quarter", "last_on", "part_code", "line_code", "line")


def quarter_asked(text: str) -> date:
    """The last day of '2026/27-Q2' (or '2026-27 Q2'). Raises UsageError for anything else."""
    told = QUARTER.fullmatch(text.strip())
    if told is None or (int(told[1]) + 1) % 100 != int(told[2]):
        raise UsageError(
            f"--quarter {text!r} is no quarter of the NHS year.", do="Write it as 2026/27-Q2, which ends on 30 September 2026."
        )
    year, number = int(told[1]), int(told[3])
    return quarter_end(date(year, 1 + 3 * number, 1) if number < 4 else date(year + 1, 1, 1))


def make_return(settings: Settings, code: str, *, quarter: str | None, out: Path | None, sent: Path | None, as_json: bool, say: Say) -> int:
    """Write the return of a quarter (by default the last one that ended), or check one that was sent, and say what was found."""
    own = own_groups(settings)
    with opened(settings, code) as warehouse:
        run_id, night_on = _night(warehouse)
        last_on = quarter_asked(quarter) if quarter else quarter_ends(night_on, 1)[0]
        register = Register.read(warehouse, last_on)
        _insist_on_quarter(last_on, register, night_on)
        told = returned(register, last_on, code, own)
        before = returned(register, quarter_ends(last_on, 2)[0], code, own)
        is_late = bool(warehouse.frame(sql(__file__, "return_late"), {"run_id": run_id}).item())
    people = with_lines(people_on(register, last_on), own)
    if sent:
        theirs = read_return(sent, told)
        found = (*of_itself(theirs), *against(theirs, told))
        path = None
    else:
        found = checked(told, About(people, before, is_late))
        path = _written(told, out or settings.folder("returns", code), code) if not _stops(found) else None
    _say(found, path, quarter_named_by(last_on), as_json=as_json, say=say)
    return REFUSED if _stops(found) else WARNINGS if found else CLEAN


def _night(warehouse: Warehouse) -> tuple[str, date]:
    nights = warehouse.frame(sql(__file__, "return_nights"))
    if nights.is_empty():
        raise UsageError("No night has come to its end here yet.", do="See `phb-audit status`.")
    run_id, night_on, _ = nights.row(0)
    return run_id, night_on


def _insist_on_quarter(last_on: date, register: Register, night_on: date) -> None:
    """Raises UsageError where the quarter ended before the first budget on file, or ends after the night, with the quarters there are."""
    first_on = register.rows.filter(pl.col("starts_on") >= UNDATED)["starts_on"].min()
    if not isinstance(first_on, date):
        raise UsageError(
            "No budget with a first day is on file, so there is no quarter to tell of.",
            do="See `phb-audit status` for the feeds that came.",
        )
    first, last = quarter_named_by(first_on).replace(" ", "-"), quarter_ends(night_on, 1)[0]
    there = f"Name one from {first} to {quarter_named_by(last).replace(' ', '-')}." if first_on <= last else f"The first will be {first}."
    if last_on < first_on:
        raise UsageError(f"{quarter_named_by(last_on)} ended on {plain_day(last_on)}, before the first budget on file began.", do=there)
    if last_on > night_on:
        raise UsageError(
            f"{quarter_named_by(last_on)} ends on {plain_day(last_on)}, after the newest night, that of {plain_day(night_on)}.", do=there
        )


def _stops(found: tuple[Check, ...]) -> bool:
    return any(one.level == STOP for one in found)


def _written(told: pl.DataFrame, folder: Path, code: str) -> Path:
    """The return as CSV, in one move; the survey before April 2017 has one number a line."""
    name = told["quarter"][0].replace("/", "-").replace(" ", "-")
    is_survey = shape_of(told["last_on"][0]) == SURVEY
    frame = told.select(*SURVEY_COLUMNS, people_count="active_count") if is_survey else told
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{code}-{'survey' if is_survey else 'return'}-{name}.csv"
    part = path.with_suffix(".part")
    frame.write_csv(part)
    return part.replace(path)


def read_return(path: Path, ours: pl.DataFrame) -> pl.DataFrame:
    """A return that was sent, its lines in the order of ours. Raises UsageError where it is not one of this quarter."""
    try:
        frame = pl.read_csv(path, infer_schema=False)
        typed = frame.select(_typed(column) for column in NATIONAL_RETURN.columns)
    except (OSError, pl.exceptions.PolarsError) as error:
        columns = ", ".join(NATIONAL_RETURN.column_names)
        raise UsageError(
            f"{path.name} cannot be read as a return: {type(error).__name__}.", do=f"It needs the columns {columns}."
        ) from error
    lines, about = ["part_code", "line_code"], ["organisation_code", "quarter"]
    same = typed.select(lines).sort(lines).equals(ours.select(lines).sort(lines))
    if not same or not typed.select(about).unique().equals(ours.select(about).unique()):
        raise UsageError(
            f"{path.name} is no return of {ours['organisation_code'][0]} for {ours['quarter'][0]}.",
            do="Give that --quarter, and all its lines.",
        )
    return ours.select(lines).join(typed, on=lines, how="left", maintain_order="left").select(NATIONAL_RETURN.column_names)


def _typed(column: Column) -> pl.Expr:
    return pl.col(column.name).str.to_date("%Y-%m-%d") if column.dtype == pl.Date else pl.col(column.name).cast(column.dtype)


def _say(found: tuple[Check, ...], path: Path | None, quarter: str, *, as_json: bool, say: Say) -> None:
    if as_json:
        say(json.dumps({"quarter": quarter, "file": str(path) if path else None, "checks": [asdict(one) for one in found]}, indent=1))
        return
    heads = {STOP: "Cannot be right: ", "explain": "To explain: "}
    said = [f"{heads[one.level]}{one.words}" for one in found] or ["Nothing was found that needs a word."]
    if path:
        said += [str(path), "It holds small numbers: for the national collection, not for publishing. A named person sends it."]
    elif _stops(found):
        said.append("It must not go out like this.")
    say(f"National return, {quarter}\n" + "\n".join(said))
