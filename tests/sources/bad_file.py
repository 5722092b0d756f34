"""What bad files are made of: a file with how many of its rows are good, and the good text that is then spoilt."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tests.sources.statement_files import Moved, camt053, mt940, ofx

ROWS = 12
CUTS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
MOVED = tuple(
    Moved(f"2026-07-{day:02d}", Decimal(-day) - Decimal("0.25"), "DEB", f"SHOP NUMBER {day}", "", f"A{day}") for day in range(1, 13)
)


@dataclass(frozen=True)
class BadFile:
    """A file and how many of its rows must land; None where it must be refused; -1 where either will do, told plainly."""

    name: str
    data: bytes
    good_rows: int | None = None


EITHER = -1
EMPTY_ZIP = b"PK\x05\x06" + b"\0" * 18
MAGICS = (b"", b"<?xml version='1.0'?>", b"OFXHEADER:100\n<OFX>", b":20:X\n:25:1\n", b"[", b"{", b"\xef\xbb\xbf", b"\xff\xfe")


def memo(payee: Callable[[int], str] = lambda day: f"SHOP NUMBER {day}", end: str = "\r\n") -> str:
    head = f"Number,Date,Account,Amount,Subcategory,Memo{end}"
    return head + "".join(f"{day},{day:02d}/07/2026,12-34-56 12345678,-{day}.25,DEB,{payee(day)}{end}" for day in range(1, ROWS + 1))


def five(end: str = "\n") -> str:
    above = f"Account Name:,Example{end}Account Number:,12345678{end}Sort Code:,12-34-56{end}"
    head = f"{above}Date,Type,Description,Paid out,Paid in,Balance{end}"
    return head + "".join(f"{day:02d}/07/2026,DEB,SHOP NUMBER {day},{day}.25,,{900 - day}.00{end}" for day in range(1, ROWS + 1))


def records(as_lines: bool = False) -> str:
    made = [
        {
            "receipt_ref": f"R12345678-{day}",
            "person_ref": "9990000018",
            "supplier": "Shop",
            "date": f"2026-07-{day:02d}",
            "total": f"{day}.25",
        }
        for day in range(1, ROWS + 1)
    ]
    return "\n".join(map(json.dumps, made)) + "\n" if as_lines else json.dumps(made, indent=0)


TEXTS: dict[str, Callable[[], str]] = {
    "memo.csv": memo,
    "five.csv": five,
    "bank.ofx": lambda: ofx(MOVED),
    "bank.sta": lambda: mt940(MOVED),
    "bank.xml": lambda: camt053(MOVED),
    "receipts.json": records,
    "receipts.jsonl": lambda: records(as_lines=True),
}


def whole_rows(name: str, text: str) -> int:
    """Rows that stand whole in a text that is cut: their ends are there."""
    if name.endswith(".ofx"):
        return text.count("</STMTTRN>")
    if name.endswith(".xml"):
        return text.count("</Ntry>")
    if name.endswith(".sta"):  # the last line of a statement without its closing balance is in doubt
        return text.count(":61:") if ":62F:" in text else max(0, text.count(":61:") - 1)
    ends = text.count("\n")
    return max(0, ends - {"memo.csv": 1, "five.csv": 4}.get(name, 0))
