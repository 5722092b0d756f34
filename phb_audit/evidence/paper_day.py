"""The day on a receipt or invoice: every day printed, weighed by the words beside it. Days are written the British way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from phb_audit.evidence.paper import Line, Place

MONTHS = {
    name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
GAP = r"\s?[-/.,' ]\s?"
ENDS = r"(?:(?!\d)|(?=[0-2]\d:[0-5]\d))"  # an hour may be printed, or read, without a blank before it
FORMS = (
    # 2018-03-25 and 2018/3/25
    re.compile(r"(?<!\d)(?P<year>20\d\d)\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2}?)" + ENDS),
    # 25/03/2018, 25-3-18, 25.03.2018
    re.compile(
        r"(?<![\d/.-])(?P<day>[0-3]?\d)(?P<gap>\s?[-/.]\s?)(?P<month>[01]?\d)(?P=gap)(?P<year>20\d\d|\d\d)" + ENDS + r"(?!\s?[-/]\s?\d)"
    ),
    # 25 March 2018, 25-MAR-18, 25Mar2018
    re.compile(
        rf"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:{GAP}|)(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:{GAP}|)"
        r"(?P<year>20\d\d|\d\d)" + ENDS,
        re.IGNORECASE,
    ),
    # March 25, 2018
    re.compile(
        r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s?(?P<year>20\d\d)(?!\d)",
        re.IGNORECASE,
    ),
    # 20180325 and 25032018
    re.compile(r"(?<!\d)(?P<year>20[0-4]\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>[0-3]\d)(?P<month>[01]\d)(?P<year>20[0-4]\d)(?!\d)"),
)
WORD = re.compile(r"\b(?:date|dated|tarikh|tax ?point)\b|\bdate", re.IGNORECASE)
OTHER = re.compile(r"\b(?:due|expir\w*|valid|until|before|best|print\w*|prn|delivery|birth|from|since|w\.?e\.?f)\b", re.IGNORECASE)
CLOCK = re.compile(r"(?<!\d)[0-2]?\d\s?:\s?[0-5]\d(?!\d)")
EARLIEST = 1995
BESIDE_WORD, BELOW_WORD, BESIDE_CLOCK, AGAIN, OF_SOMETHING_ELSE = 3.0, 1.5, 1.0, 0.5, -2.5


@dataclass(frozen=True)
class Day:
    """A day read, where, how sure its words were, and its weight."""

    on: date
    sure_share: float
    place: Place
    weight: float
    as_printed: str


def day_of(lines: Sequence[Line]) -> Day | None:
    """The likeliest day of the paper; None where none is printed."""
    found = [day for number in range(len(lines)) for day in _weighed(number, lines)]
    if not found:
        return None
    times = {day.on: sum(other.on == day.on for other in found) for day in found}
    return max(found, key=lambda day: (day.weight + AGAIN * min(times[day.on] - 1, 2), -day.place.page, -day.place.top))


def days_in(line: Line) -> list[tuple[date, str]]:
    """The days a line holds, with what was printed; what cannot be a day is left out."""
    text = line.text
    found: list[tuple[int, date, str]] = []
    taken: list[tuple[int, int]] = []
    for form in FORMS:
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            on = _read(match)
            if on is not None:
                found.append((match.start(), on, match[0]))
                taken.append(match.span())
    return [(on, printed) for _, on, printed in sorted(found)]


def _read(match: re.Match[str]) -> date | None:
    told = match.groupdict()
    year, day = int(told["year"]), int(told["day"])
    month = MONTHS[told["name"].casefold()[:3]] if told.get("name") else int(told["month"])
    try:
        on = date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    return on if on.year >= EARLIEST else None


def _weighed(number: int, lines: Sequence[Line]) -> Iterator[Day]:
    line = lines[number]
    said = line.text
    weight = BESIDE_WORD if WORD.search(said) else BELOW_WORD if number and WORD.search(lines[number - 1].text) else 0.0
    weight += BESIDE_CLOCK if CLOCK.search(said) else 0.0
    weight += OF_SOMETHING_ELSE if OTHER.search(said) else 0.0
    for on, printed in days_in(line):
        yield Day(on, line.sure_share, line.place, weight, printed)
