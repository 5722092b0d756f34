"""What came of the last fetching, kept beside the ledgers so that `phb-audit status` can say which source did not answer."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from phb_audit.errors import PhbAuditError
from phb_audit.fetched.fetch import Fetched, fetch_all
from phb_audit.fetched.named import named_sources
from phb_audit.periods import plain_day
from phb_audit.settings import Settings


def fetch_for(
    settings: Settings,
    commissioner_code: str,
    sources: Path,
    inbox: Path,
    at: datetime,
    environ: Mapping[str, str] | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> list[Fetched]:
    """Fetch into a commissioner's folder from every source a settings file names, and keep what came of it with the time.

    Raises UsageError for a settings file that cannot be used.
    """
    named = named_sources(sources)
    told = fetch_all(named, inbox, settings.folder("fetched", commissioner_code), os.environ if environ is None else environ, wait)
    keep(settings, commissioner_code, told, at)
    return told


def fetch_before_night(
    settings: Settings, commissioner_code: str, sources: Path, inbox: Path, at: datetime, wait: Callable[[float], None] = time.sleep
) -> list[Fetched]:
    """The same before a night, which goes on whatever comes of it: a settings file of no use is told like a source that is down."""
    try:
        return fetch_for(settings, commissioner_code, sources, inbox, at, wait=wait)
    except PhbAuditError as error:
        told = [Fetched(sources.name, "settings file", problem=error.what, do=error.do)]
        keep(settings, commissioner_code, told, at)
        return told


def keep(settings: Settings, commissioner_code: str, told: list[Fetched], at: datetime) -> None:
    """Write what came of a fetching over what came of the one before, whole or not at all."""
    path = _path(settings, commissioner_code)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps({"at": at.isoformat(timespec="minutes"), "sources": [asdict(one) for one in told]}), encoding="utf-8")
    beside.replace(path)


def not_fetched(settings: Settings, commissioner_code: str) -> list[str]:
    """One sentence for each source that the last fetching could not take everything from; none where nothing is fetched here."""
    try:
        kept = json.loads(_path(settings, commissioner_code).read_text(encoding="utf-8"))
        told, at = [Fetched(**one) for one in kept["sources"]], datetime.fromisoformat(kept["at"])
    except (OSError, ValueError, TypeError, KeyError):
        return []
    return [f"On {plain_day(at.date())} at {at:%H:%M}, {in_words(one)}" for one in told if one.problem or one.too_large]


def in_words(one: Fetched) -> str:
    """One source in a line."""
    words = f"{one.name} ({one.kind}): {one.files} new files, {one.bytes:,} bytes; {one.had_already} had come before."
    if one.too_large:
        words += f" {one.too_large} are too large to be read: ask the sender to send them in parts."
    if one.problem:
        words += f" NOT FETCHED WHOLE after {one.tries} tries: {one.problem} {one.do}"
    return words


def _path(settings: Settings, commissioner_code: str) -> Path:
    # A commissioner's code has no dot: the ledgers' folder is never called so.
    return settings.home / "fetched" / f"{commissioner_code}.last.json"
