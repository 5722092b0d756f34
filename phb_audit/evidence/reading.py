"""What a paper says: company, day, total, tax and its lines, each with how sure and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from phb_audit.evidence.amounts import Amount, amounts_in
from phb_audit.evidence.company import company_of
from phb_audit.evidence.paper import Line, Paper, Place
from phb_audit.evidence.paper_day import day_of, days_in
from phb_audit.evidence.total import OTHER, WORDS, total_of

TAX = re.compile(r"\b(?:vat|gst|tax)\b", re.IGNORECASE)
NOT_TAX_PAID = re.compile(r"\b(?:invoice|reg\w*|no|id|summary|code|incl\w*|excl\w*|number)\b|total ?sales", re.IGNORECASE)
MOST_TAX_SHARE = 0.25
"""No tax on goods here is more than a quarter of the sum that holds it."""
ITEM_LETTERS = 3


@dataclass(frozen=True)
class Field:
    """A thing read: its value as text (days as 2026-10-03, money as 12.34), how sure (0 to 1), where, and what named it."""

    value: str
    sure_share: float
    place: Place
    because: str = ""


@dataclass(frozen=True)
class Item:
    """A line of goods: its words, pence, how sure, where."""

    description: str
    pence: int
    sure_share: float
    place: Place


@dataclass(frozen=True)
class Reading:
    """What was read of one paper; a field that could not be read is None. `amounts_pence`: every amount printed on it, once each."""

    company: Field | None
    day: Field | None
    total: Field | None
    vat: Field | None
    items: tuple[Item, ...] = ()
    amounts_pence: tuple[int, ...] = ()
    days: tuple[date, ...] = ()
    lines: tuple[str, ...] = field(default=())
    read_by: str = ""
    pages: int = 1
    remarks: tuple[str, ...] = ()
    picture_mark: str = ""
    """What the first page looks like (`alike.mark_of`)."""

    @property
    def total_pence(self) -> int | None:
        """The total in pence."""
        return round(float(self.total.value) * 100) if self.total else None


def read(paper: Paper) -> Reading:
    """Everything that can be read of a paper."""
    lines = paper.lines
    company, day, total = company_of(lines), day_of(lines), total_of(lines)
    pence = total.amount.pence if total else None
    return Reading(
        company=Field(company.name, company.sure_share, company.place) if company else None,
        day=Field(day.on.isoformat(), day.sure_share, day.place, day.as_printed) if day else None,
        total=_money(total.amount, total.because) if total else None,
        vat=tax_of(lines, pence),
        items=tuple(items_of(lines, total.line if total else len(lines))),
        amounts_pence=tuple(sorted({amount.pence for line in lines for amount in amounts_in(line)})),
        days=tuple(sorted({on for line in lines for on in days_of(line)})),
        lines=tuple(line.text for line in lines),
        read_by=paper.read_by,
        pages=paper.pages,
        remarks=paper.remarks,
    )


def days_of(line: Line) -> list[date]:
    """Every day a line holds."""
    return [on for on, _ in days_in(line)]


def tax_of(lines: Sequence[Line], total_pence: int | None) -> Field | None:
    """The tax paid: the last amount of a line that names a tax and no register number, small enough to be a part of the total."""
    most = (total_pence or 0) * MOST_TAX_SHARE
    for line in lines:
        if TAX.search(line.text) and not NOT_TAX_PAID.search(line.text):
            given = [amount for amount in amounts_in(line) if 0 <= amount.pence <= most]
            if given:
                return _money(given[-1], line.text.strip())
    return None


def items_of(lines: Sequence[Line], end: int) -> list[Item]:
    """Lines above the total that hold words and an amount, and are no sum themselves; a line of words alone names the amount below it."""
    items: list[Item] = []
    waiting: list[str] = []
    for line in lines[:end]:
        said = line.text
        amounts = [amount for amount in amounts_in(line) if amount.pence]
        words = _words(line)
        if not amounts:
            waiting = [*waiting[-1:], words]
            continue
        if not _is_a_sum(said) and not TAX.search(said):
            name = words if _letters(words) >= ITEM_LETTERS else max(waiting, key=_letters, default="")
            if _letters(name) >= ITEM_LETTERS:
                items.append(Item(name, amounts[-1].pence, line.sure_share, line.place))
        waiting = []
    return items


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)


def _is_a_sum(said: str) -> bool:
    small = said.casefold()
    return bool(OTHER.search(small)) or any(words.search(small) for words, _ in WORDS)


def _words(line: Line) -> str:
    kept = [word.text for word in line.words if sum(letter.isalpha() for letter in word.text) >= 2]
    return re.sub(r"\s*[£$€]?-?\d+[.,]\d{2}\b.*$", "", " ".join(kept)).strip()


def _money(amount: Amount, because: str) -> Field:
    return Field(f"{amount.pence / 100:.2f}", amount.sure_share, amount.place, because)
