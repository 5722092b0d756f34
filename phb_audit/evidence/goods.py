"""The lines of a receipt: what was bought, with its amount, and whether the lines come to the total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from phb_audit.evidence.amounts import amounts_in
from phb_audit.evidence.paper import Line, Place
from phb_audit.evidence.tax import ROUNDING, TAX
from phb_audit.evidence.total import OTHER, WORDS

ITEM_LETTERS = 3
SUBTOTAL = re.compile(r"\bsub ?-? ?(?:total|ttl)\b", re.IGNORECASE)
CHARGE = re.compile(r"\b(?:serv\w*|svc|delivery|postage|carriage|p ?& ?p|shipping)\b", re.IGNORECASE)
"""What is charged on top of the goods, at times below their sum."""
LESS = re.compile(r"\bdisc(?:ount)?\b|saving|voucher", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """A line of goods: its words, pence, how sure, where."""

    description: str
    pence: int
    sure_share: float
    place: Place


def items_of(lines: Sequence[Line], end: int) -> list[Item]:
    """Lines above the total that hold words and an amount, and are no sum themselves; a line of words alone names the amount below it.

    Below a sub-total only charges on top are lines.
    """
    items: list[Item] = []
    waiting: list[str] = []
    goods_end = max((number for number, line in enumerate(lines[:end]) if SUBTOTAL.search(line.text)), default=end)
    for number, line in enumerate(lines[:end]):
        said = line.text
        amounts = [amount for amount in amounts_in(line) if amount.pence]
        words = _words(line)
        if not amounts:
            waiting = [*waiting[-2:], words]
            continue
        is_line = not _is_a_sum(said) and not TAX.search(said) and (number < goods_end or bool(CHARGE.search(said)))
        if is_line:
            name = words if _letters(words) >= ITEM_LETTERS else max(waiting, key=_letters, default="")
            if _letters(name) >= ITEM_LETTERS:
                items.append(Item(name, amounts[-1].pence, line.sure_share, line.place))
        waiting = []
    return items


def left_over(lines: Sequence[Line], items: Sequence[Item], total_pence: int | None, tax_pence: int) -> int | None:
    """Pence by which the total is more than the lines, with what else is printed that can lie between: tax on top, a rounding, a discount.

    The way that leaves least is taken; None where there is no total or no line.
    """
    if total_pence is None or not items:
        return None
    rows = [(line.text, row[-1].pence) for line in lines if (row := amounts_in(line))]
    rounding = {pence for said, pence in rows if ROUNDING.search(said) and "total" not in said.casefold()}
    less = {-abs(pence) for said, pence in rows if LESS.search(said)}
    ways = product({0, tax_pence}, {0, *rounding}, {0, *less})
    together = sum(item.pence for item in items)
    return min((total_pence - together - sum(way) for way in ways), key=abs)


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)


def _is_a_sum(said: str) -> bool:
    small = said.casefold()
    return bool(OTHER.search(small)) or any(words.search(small) for words, _ in WORDS)


def _words(line: Line) -> str:
    kept = [word.text for word in line.words if sum(letter.isalpha() for letter in word.text) >= 2]
    return re.sub(r"\s*[£$€]?-?\d+[.,]\d{2}\b.*$", "", " ".join(kept)).strip()
