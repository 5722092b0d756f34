"""Programme spend: planned against actual, by line (workshops, training of personal assistants, support organisations, measuring).

From a small CSV with the columns `line, part, planned, actual`. `part` is `programme`, or `direct_to_sites` for money that goes straight to
the places taking part: a published plan may count it or not, so both sums always stand in the table.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from phb_audit.errors import UsageError
from phb_audit.money import pence_of, pounds
from phb_audit.reports.page import DASH

COLUMNS = ("line", "part", "planned", "actual")
PROGRAMME, DIRECT = "programme", "direct_to_sites"
PARTS = {PROGRAMME: "The programme", DIRECT: "Direct to sites"}
HEADINGS = ("Line", "Part", "Planned", "Actual", "Actual less planned")
LINES_AT_MOST = 200


@dataclass(frozen=True)
class Line:
    """One line of the plan; `actual_pence` is None while nothing is told of it."""

    words: str
    part: str
    planned_pence: int
    actual_pence: int | None


def read_programme(path: Path) -> tuple[Line, ...]:
    """The lines of the file, in its order. Raises UsageError naming the line that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            read = csv.DictReader(file)
            if tuple(name.strip() for name in read.fieldnames or ()) != COLUMNS:
                raise UsageError(f"{path.name} needs the columns {', '.join(COLUMNS)}, in that order.", do="Write its first line so.")
            lines = tuple(_line(row, number, path.name) for number, row in enumerate(read, start=2))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path.name} cannot be read: {type(error).__name__}.", do="Give a CSV file in UTF-8.") from error
    if not lines or len(lines) > LINES_AT_MOST:
        raise UsageError(f"{path.name} has {len(lines)} lines.", do=f"Give between 1 and {LINES_AT_MOST}.")
    return lines


def _line(row: dict[str, str | None], number: int, name: str) -> Line:
    told = {key: (row.get(key) or "").strip() for key in COLUMNS}
    planned = pence_of(told["planned"])
    actual = pence_of(told["actual"]) if told["actual"] else None
    if not told["line"] or told["part"] not in PARTS or planned is None or (told["actual"] and actual is None) or None in row:
        raise UsageError(
            f"Line {number} of {name} cannot be read.",
            do=f"It needs a name, a part ({' or '.join(PARTS)}), an amount planned, and an amount or nothing as actual.",
        )
    return Line(told["line"], told["part"], planned, actual)


def table(lines: tuple[Line, ...]) -> tuple[tuple[str, ...], ...]:
    """The rows of the table in words: every line, the sum without what goes direct to sites, and the sum with it."""
    rows = [_row(line.words, PARTS[line.part], (line,)) for line in lines]
    inner = tuple(line for line in lines if line.part == PROGRAMME)
    return (
        *rows,
        _row("Sum without what goes direct to sites", "", inner),
        _row("Sum with what goes direct to sites", "", lines),
    )


def planned_sums(lines: tuple[Line, ...]) -> tuple[int, int]:
    """Pence planned without and with what goes direct to sites."""
    inner = sum(line.planned_pence for line in lines if line.part == PROGRAMME)
    return inner, sum(line.planned_pence for line in lines)


def _row(words: str, part: str, lines: tuple[Line, ...]) -> tuple[str, ...]:
    planned = sum(line.planned_pence for line in lines)
    told = [line.actual_pence for line in lines]
    known = [pence for pence in told if pence is not None]
    if len(known) < len(told) or not told:
        actual = DASH if not known else f"{pounds(sum(known))}, {len(told) - len(known)} not told"
        return words, part, pounds(planned), actual, DASH
    return words, part, pounds(planned), pounds(sum(known)), pounds(sum(known) - planned, sign=True)
