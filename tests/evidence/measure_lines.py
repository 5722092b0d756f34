"""How well the lines and the tax of receipts are read: `python -m tests.evidence.measure_lines [rapidocr|tesseract] [--kept FOLDER]`.

The truth stands in `receipt_lines.csv`, written by hand from looking at the pictures of ../shared/data/sroie_receipts: what each line of
goods, service or delivery comes to (lines of nothing left out), and the tax printed (0: none, or none was due). Every other receipt, in
order of name, was looked at while the rules were written (`is_looked_at`); the truth of the rest was written after the rules stood. FOLDER
keeps what was read by the hash of each picture.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from phb_audit.evidence.reading import Reading
from phb_audit.evidence.readings import readings
from tests.evidence.measure import FOLDER, in_words

TRUTH = Path(__file__).with_name("receipt_lines.csv")


@dataclass(frozen=True)
class OnPaper:
    """What stands on one receipt."""

    is_looked_at: bool
    tax_pence: int
    line_pence: tuple[int, ...]


def truth() -> dict[str, OnPaper]:
    """By receipt."""
    with TRUTH.open(encoding="utf-8", newline="") as file:
        return {
            row["receipt"]: OnPaper(row["is_looked_at"] == "true", int(row["tax_pence"]), tuple(map(int, row["line_pence"].split())))
            for row in csv.DictReader(file)
        }


def lines_right(read: Iterable[int], true: Iterable[int]) -> int:
    """How many amounts are on both sides, each as often as it stands on both."""
    return (Counter(read) & Counter(true)).total()


def tax_of(reading: Reading) -> int:
    """The tax read, in pence; 0 where none was."""
    return round(float(reading.vat.value) * 100) if reading.vat else 0


def figures(read: Mapping[str, Reading], true: Mapping[str, OnPaper]) -> dict[str, tuple[int, int]]:
    """How many of how many, by what was asked."""
    lines = {name: [item.pence for item in reading.items] for name, reading in read.items()}
    right = {name: lines_right(lines[name], true[name].line_pence) for name in read}
    whole = {name: sorted(lines[name]) == sorted(true[name].line_pence) for name in read}
    said = [name for name, reading in read.items() if reading.do_lines_add_up]
    taxed = [name for name in read if true[name].tax_pence]
    tax_read = [name for name, reading in read.items() if tax_of(reading)]
    tax_right = [name for name in taxed if tax_of(read[name]) == true[name].tax_pence]
    return {
        "lines found (recall)": (sum(right.values()), sum(len(true[name].line_pence) for name in read)),
        "lines read that are there (precision)": (sum(right.values()), sum(map(len, lines.values()))),
        "receipts with every line right": (sum(whole.values()), len(read)),
        "receipts whose lines are said to come to the total": (len(said), len(read)),
        "of these, every line right": (sum(whole[name] for name in said), len(said)),
        "tax found": (len(tax_right), len(taxed)),
        "tax read that is there": (len(tax_right), len(tax_read)),
    }


def main() -> None:
    """Read the receipts of the truth and report."""
    if not FOLDER.is_dir():
        sys.exit("../shared/data/sroie_receipts is not here.")
    asked = argparse.ArgumentParser()
    asked.add_argument("engine", nargs="?")
    asked.add_argument("--kept", type=Path)
    told = asked.parse_args()
    true = truth()
    paths = [FOLDER / "img" / f"{name}.jpg" for name in true]
    read = {one.path.stem: one.reading for one in readings(paths, engine=told.engine, kept_in=told.kept) if one.reading is not None}
    for title, is_looked_at in (("Looked at while the rules were written", True), ("Not looked at", False)):
        some = {name: reading for name, reading in read.items() if true[name].is_looked_at is is_looked_at}
        sys.stdout.write(f"\n{title}: {len(some)} receipts\n")
        for name, (right, count) in figures(some, true).items():
            sys.stdout.write(f"  {name:52} {in_words(right, count) if count else 'none'}\n")


if __name__ == "__main__":
    main()
