"""Receipts in an explanation: payment and receipt side by side in words. They are told from above, where papers can be opened."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from phb_audit.warehouse import Warehouse

MOST_SHOWN = 6
WIDTHS = (8, 24, 26, 22)
HEADS = ("", "At the bank", "On the receipt", "Do they agree?")
WIDE = sum(WIDTHS) + 2 * len(WIDTHS)


@dataclass(frozen=True)
class Compared:
    """One field: the bank's line, the receipt, how surely that was read (empty where a sender typed it in), and whether they agree."""

    field: str
    bank: str
    receipt: str
    how_sure: str
    agrees: str


@dataclass(frozen=True)
class Beside:
    """A receipt beside a payment, or one that may be; `picture`: where it can be seen, or why not."""

    receipt_id: str
    payment_id: str
    link: str
    source: str
    fields: tuple[Compared, ...]
    lines: tuple[str, ...]
    words: str
    because: str
    picture: str


Told = Callable[[Warehouse, Sequence[str], str | None], tuple[Beside, ...]]


def none_told(warehouse: Warehouse, payment_ids: Sequence[str], receipt_id: str | None) -> tuple[Beside, ...]:
    """Where papers cannot be opened."""
    del warehouse, payment_ids, receipt_id
    return ()


def in_lines(receipts: Sequence[Beside]) -> list[str]:
    """The receipts as lines of a terminal; of many the first few, and how many more there are."""
    told = [line for one in receipts[:MOST_SHOWN] for line in ["", *_lines(one)]]
    left = len(receipts) - MOST_SHOWN
    return [*told, "", f"Receipts not shown here: {left}. Explain one payment, or ask with --json."] if left > 0 else told


def _lines(one: Beside) -> list[str]:
    may_be = ", which may belong to" if one.link == "open" else " beside"
    told = [f"Receipt {one.receipt_id}{may_be} payment {one.payment_id}. {one.source}"]
    told += _row(HEADS)
    for field in one.fields:
        sure = f" ({field.how_sure})" if field.how_sure else ""
        told += _row((field.field, field.bank, field.receipt + sure, field.agrees))
    if one.lines:
        told += ["  It lists:", *(f"    {line}" for line in one.lines)]
    said = [one.words, f"What speaks for and against the pair: {one.because}." if one.because else ""]
    told += [line for words in said if words for line in textwrap.wrap(words, WIDE, initial_indent="  ", subsequent_indent="  ")]
    return [*told, f"  {one.picture}"]


def _row(cells: Sequence[str]) -> list[str]:
    """One row of columns; what is too long for its column goes on below."""
    columns = [textwrap.wrap(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)]
    rows = max(map(len, columns), default=0)
    return [
        "  "
        + "  ".join(
            (column[place] if place < len(column) else "").ljust(width) for column, width in zip(columns, WIDTHS, strict=True)
        ).rstrip()
        for place in range(rows)
    ]
