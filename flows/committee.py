"""The committee's packs, once a month: the month that ended; after a quarter also the quarter and its national return; dashboards.

python -m flows.committee QZZ --home data               # the last whole month before today
python -m flows.committee QZZ --home data --on 2026-10-05

Nothing is sent and nothing is decided: files are written, and who signs and sends them is for people (docs/how-to/make-a-pack.md).
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from phb_audit.errors import CLEAN, UsageError
from phb_audit.finance.return_command import make_return
from phb_audit.periods import plain_day, quarter_end, quarter_named_by
from phb_audit.reports.bi import written_bi
from phb_audit.reports.months import months_to
from phb_audit.reports.pack_command import newest_night, written_pack
from phb_audit.settings import Settings

LONDON = ZoneInfo("Europe/London")


def last_month(on: date) -> date:
    """The last day of the month before that of the day."""
    return on.replace(day=1) - timedelta(days=1)


def lengths(month_end: date) -> tuple[int, ...]:
    """How many months the packs are about: the month, and the quarter where one ended."""
    return (1, 3) if month_end == quarter_end(month_end) else (1,)


def committee_night(
    code: str, settings: Settings, on: date, *, form: Path | None = None, programme: Path | None = None, dashboards: Path | None = None
) -> tuple[str, ...]:
    """Write everything that is due on a day and say what was written, a line each.

    Raises UsageError where the newest night is older than the end of the month: a pack of half a month is no pack of it.
    """
    month_end = last_month(on)
    night_on = newest_night(settings, code)
    if night_on < month_end:
        raise UsageError(
            f"The newest night is that of {plain_day(night_on)}, before the month's end on {plain_day(month_end)}.",
            do="Run the night first.",
        )
    said: list[str] = []
    for months in lengths(month_end):
        named = f"{month_end:%Y-%m}"
        written, summary = written_pack(settings, code, month=named, months=months, form=form, programme=programme)
        said += [f"Pack of {'the quarter to ' if months > 1 else ''}{months_to(month_end, 1)[0][2]}: {written.page}", *summary]
    if month_end == quarter_end(month_end):
        said += national_return(settings, code, quarter_named_by(month_end))
    said.append(f"For dashboards: {written_bi(settings, code, out=dashboards)}")
    return tuple(said)


def national_return(settings: Settings, code: str, quarter: str) -> list[str]:
    """Write it, and say what came of it: one that there is nothing to make of keeps nothing else from being written."""
    told: list[str] = []
    try:
        result = make_return(settings, code, quarter=quarter, out=None, sent=None, as_json=False, say=told.append)
    except UsageError as error:
        return [f"To look at: no national return of {quarter} was written. {error}"]
    return [("" if result == CLEAN else "To look at: ") + line for line in "\n".join(told).split("\n")]


@flow(name="committee", flow_run_name="committee-{commissioner_code}", timeout_seconds=60 * 60, validate_parameters=False)
def committee_flow(
    commissioner_code: str,
    home: str,
    on: date | str | None = None,
    form: str | None = None,
    programme: str | None = None,
    dashboards: str | None = None,
) -> str:
    """The month's packs as Prefect runs them; by default those due today in London."""
    day = date.fromisoformat(on) if isinstance(on, str) else on or datetime.now(LONDON).date()
    paths = (Path(one) if one else None for one in (form, programme, dashboards))
    given = dict(zip(("form", "programme", "dashboards"), paths, strict=True))
    said = committee_night(commissioner_code, Settings(Path(home)), day, **given)
    words = "\n".join(f"* {line}" for line in said)
    create_markdown_artifact(markdown=words, key=f"committee-{commissioner_code.lower()}", description=f"Packs due on {day}")
    return words


def main() -> None:
    """Write what is due from the command line, without Prefect's server."""
    parser = argparse.ArgumentParser(prog="python -m flows.committee", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("commissioner_code")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--on", type=date.fromisoformat, help="the day it is due on, YYYY-MM-DD (default: today in London)")
    given = parser.parse_args()
    try:
        said = committee_night(given.commissioner_code, Settings(given.home), given.on or datetime.now(LONDON).date())
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    sys.stdout.write("\n".join(said) + "\n")


if __name__ == "__main__":
    main()
