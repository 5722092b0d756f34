"""How well receipts are read: `python -m tests.evidence.measure [rapidocr|tesseract]` over ../shared/data/sroie_receipts (60 scans).

The rules for total, day and company were written looking at every other receipt (in order of name); the figures of the rest are
given apart.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from phb_audit.assurance.intervals import wilson
from phb_audit.evidence.paper import Line, Word
from phb_audit.evidence.paper_day import days_in
from phb_audit.evidence.reading import Reading
from phb_audit.evidence.readings import readings
from phb_audit.evidence.verify import verify

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "sroie_receipts"


def plain(name: str) -> str:
    """A name with case, blanks and points aside."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def keys() -> dict[str, dict[str, str]]:
    """The true fields by receipt."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / "key").glob("*.json"))}


def pence_of(key: dict[str, str]) -> int:
    """The true total in pence."""
    return round(float(re.sub(r"[^\d.]", "", key["total"])) * 100)


def right_fields(reading: Reading, key: dict[str, str]) -> dict[str, bool]:
    """Which fields were read right."""
    (day, *_) = days_in(Line((Word(key["date"], 0, 0, 1, 1),)))
    return {
        "total": reading.total_pence == pence_of(key),
        "date": reading.day is not None and reading.day.value == day[0].isoformat(),
        "company": reading.company is not None and plain(reading.company.value) == plain(key["company"]),
    }


def in_words(right: int, count: int) -> str:
    """'58 of 60, 96.7% (88.6-99.1)'."""
    found = wilson(right, count)
    return f"{right} of {count}, {right / count:.1%} ({100 * (found.low or 0):.1f}-{100 * (found.high or 0):.1f})"


def report(read: dict[str, Reading], true: dict[str, dict[str, str]], title: str) -> None:
    """Write the figures of some receipts."""
    out = sys.stdout.write
    out(f"\n{title}: {len(read)} receipts\n")
    fields = {name: right_fields(reading, true[name]) for name, reading in read.items()}
    for field in ("total", "date", "company"):
        out(f"  {field:10} {in_words(sum(told[field] for told in fields.values()), len(fields))}\n")
    days = {name: days_in(Line((Word(true[name]["date"], 0, 0, 1, 1),)))[0][0] for name in read}
    pairs = [(one, other) for one in read for other in read if one == other or pence_of(true[one]) != pence_of(true[other])]
    for with_day in (False, True):
        told = {
            (one, other): verify(read[one], pence=pence_of(true[other]), on=days[other] if with_day else None).is_borne_out
            for one, other in pairs
        }
        rights = [answer for (one, other), answer in told.items() if one == other]
        wrongs = [answer for (one, other), answer in told.items() if one != other]
        asked = "amount and day" if with_day else "amount alone"
        out(f"  right pairs borne out by {asked}: {in_words(sum(map(bool, rights)), len(rights))}\n")
        out(f"  wrong pairs not borne out by {asked}: {in_words(sum(not answer for answer in wrongs), len(wrongs))}\n")


def main() -> None:
    """Read them all and report."""
    if not FOLDER.is_dir():
        sys.exit("../shared/data/sroie_receipts is not here.")
    engine = sys.argv[1] if len(sys.argv) > 1 else None
    paths = sorted((FOLDER / "img").glob("*.jpg"))
    read = {outcome.path.stem: outcome.reading for outcome in readings(paths, engine=engine) if outcome.reading is not None}
    true = keys()
    report(read, true, "All")
    report(
        {name: reading for number, (name, reading) in enumerate(read.items()) if number % 2},
        true,
        "Not looked at while the rules were written",
    )


if __name__ == "__main__":
    main()
