"""The flagged items as PDF (PDF/UA-1 and PDF/A-2a), workbook, CSV and JSON: the same references and numbers as the page, the same bytes on
a rerun, and nothing a sender wrote becomes a formula, a link or markup."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from phb_audit import __version__
from phb_audit.errors import UsageError
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.flagged_list import COLUMNS, GROUPS, REVIEW, FlaggedList, flagged_list
from phb_audit.reports.flagged_workbook import write_workbook
from phb_audit.reports.newest_night import newest_night
from phb_audit.reports.pdf import compiled
from phb_audit.settings import Settings

ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the full-width ones count too
SPLITS = {
    "reason": "By reason",
    "priority": "By priority",
    "holding": "By how the budget is held",
    "proposal": "By what is proposed",
    "area": "By area",
    "age": "By how long ago it was first flagged",
}
CARDS_AT_MOST = 200
TABLE_AT_MOST = 1_000
"""Items of a group laid out as a table in the PDF; more stand as lines, since tagging 10,000 rows takes over a gigabyte."""
CARD = ("why", "own_part", "sentence", "usual", "plan_words", "innocent", "ask", "clears", "helps")
LIST_HEADINGS = ("Reference", "Person and day", "What, and money in question", "Priority and why")
NOTE = "A flag is a prompt to look, not a finding. Unusual purchases can be right for the person."


def write_flagged(settings: Settings, commissioner_code: str, kind: str, folder: Path | None = None) -> Path:
    """Write the newest published night's list as `pdf`, `xlsx`, `csv` or `json`, and return its path. Raises UsageError without a night."""
    if kind not in WRITERS:
        raise UsageError(f"There is no format {kind}.", do=f"One of {', '.join(WRITERS)}; the page is written by the night.")
    with newest_night(settings, commissioner_code) as run:
        told = flagged_list(run)
    target = (folder or settings.folder("reports", commissioner_code)) / f"{told.run_id}.{kind}"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{kind}.part")
    WRITERS[kind](told, part)
    part.chmod(0o600)
    return part.replace(target)


def safe(text: str) -> str:
    """Text for a CSV cell: a spreadsheet opens it as text, not as a formula."""
    return f"'{text}" if text.startswith(ACTIVE) else text


def csv_of(told: FlaggedList) -> bytes:
    """The list as CSV (UTF-8), a heading row and a row an item."""
    made = io.StringIO()
    write = csv.writer(made, lineterminator="\r\n")
    write.writerow(COLUMNS.values())
    for row in told.items.select(*COLUMNS).iter_rows():
        write.writerow(safe(str(value)) if isinstance(value, str) else value for value in row)
    return made.getvalue().encode()


def json_of(told: FlaggedList) -> bytes:
    """The list and its totals as one JSON object; days as YYYY-MM-DD, money in pence."""
    items = told.items.drop("at_stake").to_dicts()
    held = {
        "commissioner": told.commissioner_code,
        "run_id": told.run_id,
        "as_of": told.as_of,
        "version": __version__,
        "list_hash": told.list_hash,
        "note": NOTE,
        "opening": told.opening,
        "totals": told.totals.to_dicts(),
        "items": items,
    }
    return (json.dumps(held, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def pdf_values(told: FlaggedList) -> dict[str, Any]:
    """What the PDF is laid out from: text only."""
    cards = told.of(REVIEW).filter(priority="High").head(CARDS_AT_MOST)
    return {
        "title": "Flagged items",
        "code": told.commissioner_code,
        "as_of": plain_day(told.as_of),
        "note": NOTE,
        "opening": told.opening,
        "splits": [[words, _split(told, code)] for code, words in SPLITS.items()],
        "headings": LIST_HEADINGS,
        "table_at_most": TABLE_AT_MOST,
        "groups": [[group, [_listed(row) for row in told.of(group).iter_rows(named=True)]] for group in GROUPS],
        "cards": [
            {
                "title": f"{row['case_ref']}: {row['headline']}",
                "facts": f"{row['holder_shown']}, {_text(row['subject_on'])}, {row['at_stake']} in question. {row['proposal']}.",
                "parts": [[COLUMNS[name], row[name]] for name in CARD if row[name]],
            }
            for row in cards.iter_rows(named=True)
        ],
        "cards_more": max(told.of(REVIEW).filter(priority="High").height - CARDS_AT_MOST, 0),
        "made_of": f"Run {told.run_id}. List {told.list_hash}. phb_audit {__version__}.",
    }


def _listed(row: dict[str, Any]) -> list[str]:
    """An item in four cells: a long list of many narrow ones is slow to tag and hard to read."""
    why = row["why"].replace("\n", "; ")
    return [
        row["case_ref"],
        f"{row['holder_shown']}, {_text(row['subject_on'])}",
        f"{row['headline']} ({row['at_stake']} in question)" if row["at_stake"] else row["headline"],
        f"{row['priority']}. {why}" if row["priority"] else why,
    ]


def _text(value: object) -> str:
    return plain_day(value) if isinstance(value, date) else str(value)


def _split(told: FlaggedList, code: str) -> list[list[str]]:
    rows = told.totals.filter(group_code=code).iter_rows(named=True)
    return [[row["label"], f"{row['cases_count']:,}", f"{row['holders_count']:,}", pounds(row["at_stake_pence"])] for row in rows]


def pdf_of(told: FlaggedList) -> bytes:
    """The list as a tagged PDF dated the day of the night."""
    return compiled("flagged.typ", "list", pdf_values(told), told.as_of)


WRITERS: dict[str, Callable[[FlaggedList, Path], object]] = {
    "pdf": lambda told, path: path.write_bytes(pdf_of(told)),
    "xlsx": write_workbook,
    "csv": lambda told, path: path.write_bytes(csv_of(told)),
    "json": lambda told, path: path.write_bytes(json_of(told)),
}


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
