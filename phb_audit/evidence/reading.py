"""What a paper says: company, day, total, tax and its lines, each with how sure and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from phb_audit.evidence.amounts import Amount, amounts_in
from phb_audit.evidence.company import company_of
from phb_audit.evidence.goods import Item, items_of, left_over
from phb_audit.evidence.paper import Line, Paper, Place
from phb_audit.evidence.paper_day import day_of, days_in
from phb_audit.evidence.tax import tax_of
from phb_audit.evidence.total import total_of


@dataclass(frozen=True)
class Field:
    """A thing read: its value as text (days as 2026-10-03, money as 12.34), how sure (0 to 1), where, and what named it."""

    value: str
    sure_share: float
    place: Place
    because: str = ""


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
    left_over_pence: int | None = None
    """By how much the total is more than the lines, tax on top, rounding and discount aside; None where one of the two was not read."""

    @property
    def total_pence(self) -> int | None:
        """The total in pence."""
        return round(float(self.total.value) * 100) if self.total else None

    @property
    def do_lines_add_up(self) -> bool | None:
        """Do the lines come to the total? None where nothing is to be said."""
        return None if self.left_over_pence is None else self.left_over_pence == 0


def read(paper: Paper) -> Reading:
    """Everything that can be read of a paper."""
    lines = paper.lines
    company, day, total = company_of(lines), day_of(lines), total_of(lines)
    pence = total.amount.pence if total else None
    tax = tax_of(lines, pence)
    items = tuple(items_of(lines, total.line if total else len(lines)))
    return Reading(
        company=Field(company.name, company.sure_share, company.place) if company else None,
        day=Field(day.on.isoformat(), day.sure_share, day.place, day.as_printed) if day else None,
        total=_money(total.amount, total.because) if total else None,
        vat=_money(*tax) if tax else None,
        items=items,
        amounts_pence=tuple(sorted({amount.pence for line in lines for amount in amounts_in(line)})),
        days=tuple(sorted({on for line in lines for on in days_of(line)})),
        lines=tuple(line.text for line in lines),
        read_by=paper.read_by,
        pages=paper.pages,
        remarks=paper.remarks,
        left_over_pence=left_over(lines, items, pence, tax[0].pence if tax else 0),
    )


def days_of(line: Line) -> list[date]:
    """Every day a line holds."""
    return [on for on, _ in days_in(line)]


def _money(amount: Amount, because: str) -> Field:
    return Field(f"{amount.pence / 100:.2f}", amount.sure_share, amount.place, because)
