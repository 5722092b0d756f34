"""The tax that a paper says was paid: named by a line, told beside its net in a table of rates, or what lies between net and total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from phb_audit.evidence.amounts import Amount, amounts_in
from phb_audit.evidence.paper import Line

TAX = re.compile(r"\b(?:vat|gst|tax)\b", re.IGNORECASE)
NOT_TAX_PAID = re.compile(
    r"\b(?:invoice|reg\w*|no|id|summary|code|inc|incl(?!ude[sd])\w*|excl\w*|number)\b|total ?sales|supplies", re.IGNORECASE
)
NET = re.compile(r"\bexcl|\bbefore (?:vat|gst|tax)|\bnet\b(?! ?total)", re.IGNORECASE)
ROUNDING = re.compile(r"\bround", re.IGNORECASE)
MOST_TAX_SHARE = 0.25
"""No tax on goods here is more than a quarter of the sum that holds it."""


def tax_of(lines: Sequence[Line], total_pence: int | None) -> tuple[Amount, str] | None:
    """The tax paid and the words that named it, small enough to be a part of the total; a tax of nothing only where no other is found."""
    if not any(TAX.search(line.text) for line in lines):
        return None
    rows = [(line.text.strip(), amounts_in(line)) for line in lines]
    named = _named(rows, total_pence or 0)
    if named and named[0].pence:
        return named
    return (_beside_its_net(rows, total_pence) or named) if total_pence else named


def _named(rows: Sequence[tuple[str, Sequence[Amount]]], total_pence: int) -> tuple[Amount, str] | None:
    """The last amount of the first line that names a tax and no register number; one of nothing goes behind the others."""
    found = [
        (given[-1], said)
        for said, amounts in rows
        if TAX.search(said)
        and not NOT_TAX_PAID.search(said)
        and (given := [amount for amount in amounts if 0 <= amount.pence <= total_pence * MOST_TAX_SHARE])
    ]
    return min(found, key=lambda one: one[0].pence == 0, default=None)


def _beside_its_net(rows: Sequence[tuple[str, Sequence[Amount]]], total_pence: int) -> tuple[Amount, str] | None:
    """An amount that makes the total together with the one before it, or with a sum without tax printed elsewhere."""
    for said, amounts in rows:
        for net, tax in pairwise(amounts):
            if net.pence + tax.pence == total_pence and 0 < tax.pence <= total_pence * MOST_TAX_SHARE:
                return tax, said
    nets = {amounts[-1].pence for said, amounts in rows if amounts and NET.search(said)}
    for said, amounts in rows:
        for tax in () if ROUNDING.search(said) else amounts:
            if total_pence - tax.pence in nets and 0 < tax.pence <= total_pence * MOST_TAX_SHARE:
                return tax, said
    return None
