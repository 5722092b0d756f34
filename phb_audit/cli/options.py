"""What several commands share: options, the day, the commissioner meant, and how they speak."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

from cyclopts import Parameter

from phb_audit.errors import UsageError
from phb_audit.settings import Settings

if TYPE_CHECKING:
    from phb_audit.published.past import Past

LONDON = ZoneInfo("Europe/London")
Lane = Annotated[
    Literal["ordinary", "safeguarding", "restricted"],
    Parameter(help="Whose reader you are: the safeguarding lead's, or the Local Counter Fraud Specialist's (restricted)."),
]
Json = Annotated[bool, Parameter(name="--json", help="One JSON object on standard output.", negative="")]
KnownOn = Annotated[str | None, Parameter(name="--as-known-on", help="As it was known on a day that has passed, YYYY-MM-DD.")]
Home = Annotated[Path | None, Parameter(help="Where everything made at run time is kept (default: PHB_AUDIT_HOME, or data/).")]
FIRST_YEAR, LAST_YEAR = 1990, 2199


def say(words: str) -> None:
    """A line for the reader, on standard output."""
    sys.stdout.write(words + "\n")


def settings_for(home: Path | None) -> Settings:
    """The installation's folders: the option first, then the environment."""
    return Settings.at(home.resolve(), os.environ) if home else Settings.from_environment(os.environ)


def day_of(text: str | None, option: str = "--as-of") -> date:
    """The day an option gives, or today in London. Raises UsageError for anything else than YYYY-MM-DD."""
    if text is None:
        return datetime.now(LONDON).date()
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is not a date.", do="Write it as 2026-10-31.") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError(f"{option} {text!r} is not between the years {FIRST_YEAR} and {LAST_YEAR}.", do="Write it as 2026-10-31.")
    return day


def past_of(settings: Settings, code: str, known_on: str, ref: str | None, lane: str = "ordinary") -> AbstractContextManager[Past]:
    """The night that was known on the day an option gives. Raises UsageError for a lane: past nights keep nothing of a lane."""
    from phb_audit.published.past import as_known_on

    if lane != "ordinary":
        raise UsageError("What past nights published holds nothing of a lane.", do="Ask without --lane, or without --as-known-on.")
    return as_known_on(settings, code, day_of(known_on, "--as-known-on"), ref)


def pence_of(text: str, option: str) -> int:
    """The amount an option gives, in pence. Raises UsageError where it is none."""
    import polars as pl

    from phb_audit.money import pence_series

    answer = pence_series(pl.Series([text]))[0]
    if answer is None:
        raise UsageError(f"{option} {text!r} is no amount.", do="Write it as 12.34.")
    return int(answer)


def one_commissioner(settings: Settings, given: str | None) -> str:
    """The commissioner meant. Raises UsageError when several have a warehouse and none was named."""
    from phb_audit.reports.status import commissioners

    codes = [given] if given else commissioners(settings)
    if not codes:
        raise UsageError("No night has been run here yet.", do="Run `phb-audit run`; or give --home (the demo's is data/demo).")
    if len(codes) > 1:
        raise UsageError(f"There are several commissioners here: {', '.join(codes)}.", do="Name one with --commissioner.")
    return codes[0]
