"""The total of a receipt or invoice: every amount that a word for it names, weighed by the word and by what else agrees with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from phb_audit.evidence.amounts import Amount, amounts_in
from phb_audit.evidence.paper import Line

# Words for the sum to pay, the clearest first; the weight of a line is that of the first that is in it.
WORDS = (
    (re.compile(r"\b(?:rounde?d|grand|final|net+) ?total\b|\btotal ?(?:\w+ )?rounded\b|\btotal ?after ?(?:rounding|adj\w*)\b"), 6.0),
    (re.compile(r"\b(?:total|amount|balance) ?(?:to be )?(?:due|pay|to ?pay)|\bto ?pay\b|\bamount due\b|\bnet ?amount\b"), 5.5),
    (re.compile(r"\btotal ?(?:sales?|amount|price)? ?\(?(?:incl\w*|inc\.?|with|after)\b.*\b(?:gst|vat|tax)\b|\btotal incl"), 5.0),
    (re.compile(r"\btotal ?(?:amount|amt|sales?|paid|rm|gbp|myr|£)?\b|\btotai\b|\btota1\b|\bjumlah\b"), 4.0),
    (re.compile(r"\b(?:balance|amount|sale|card|visa|mastercard|debit|contactless|payment|paid)\b"), 1.5),
    (re.compile(r"\bsub ?-? ?total\b"), 1.0),
    (re.compile(r"\bcash\b"), 0.5),
)
# Lines that say 'total' of something else.
OTHER = re.compile(
    r"sub ?ttl|total ?\d+ ?%|total ?(?:no|number|qty|quantity|items?|pcs|count|discount|saving|disc|tax\b|gst\b|vat\b|points?|weight)"
    r"|(?:gst|vat|tax) ?total|\bexcl|exclud|before|saving|change\b|tender|rounding|round(?:ing)? ?adj|\bdeposit|\bqty ?total|\btax ?summary"
    r"|\btotal ?(?:gst|vat|tax)|\bpoints?\b|\bdiscount"
)
NEXT_LINES = 2
STANDS_ALONE = 4.0  # weight from which a word may name an amount on a line below it
BELOW = 0.75
MOST_ROUNDED = 9  # pence
ROUNDED_SINCE = 2.0
AGREES, LARGEST, LOWER, IN_CASH, ADDS_UP, CURRENCY = 1.5, 1.0, 0.5, 2.5, 1.25, 0.25


@dataclass(frozen=True)
class Candidate:
    """An amount that may be the total: its line (number from 0), its weight, and the words that named it."""

    amount: Amount
    line: int
    weight: float
    because: str


def total_of(lines: Sequence[Line]) -> Candidate | None:
    """The likeliest total; None where nothing on the paper is called one and no amount stands out."""
    amounts = [amounts_in(line) for line in lines]
    named = [one for number in range(len(lines)) for one in _named(number, lines, amounts)]
    if not named:
        every = [(amount, number) for number, row in enumerate(amounts) for amount in row if amount.pence > 0]
        if not every:
            return None
        amount, number = max(every, key=lambda one: one[0].pence)
        return Candidate(amount, number, 0.0, "the largest amount on the paper")
    rounded = _rounded(lines, amounts)
    paid, sums = _paid_less_change(lines, amounts) | set(rounded.values()), _sums(amounts)
    named = [replace(one, weight=one.weight - ROUNDED_SINCE) if one.amount.pence in rounded else one for one in named]
    named = [*named, *(_without_first_digit(one) for one in named if _first_digit_less(one.amount.pence) in paid | sums)]
    return max((_weighed(one, named, paid, sums, len(lines)) for one in named), key=lambda one: (one.weight, one.line))


def _first_digit_less(pence: int) -> int:
    """19419 as 9419: a currency sign is at times read as a digit."""
    return pence % int(10 ** (len(str(pence)) - 1))


def _without_first_digit(one: Candidate) -> Candidate:
    amount = replace(one.amount, pence=_first_digit_less(one.amount.pence), sure_share=one.amount.sure_share / 2)
    return replace(one, amount=amount, weight=one.weight - BELOW, because=f"{one.because} (its first digit does not add up)")


def _rounded(lines: Sequence[Line], amounts: Sequence[Sequence[Amount]]) -> dict[int, int]:
    """Sums before and after a rounding of a few pence that is printed beside them."""
    every = {row[-1].pence for row in amounts if row}
    steps = _of(lines, amounts, re.compile(r"\bround"), re.compile(r"total"))
    return {before: before + step for before in every for step in steps if 0 < abs(step) <= MOST_ROUNDED and before + step in every}


def _sums(amounts: Sequence[Sequence[Amount]]) -> set[int]:
    """What two neighbouring sums come to: net and tax, two rates, sum and rounding."""
    last = [row[-1].pence for row in amounts if row]
    return {one + other for place, one in enumerate(last) for other in last[place + 1 : place + 3] if one > 0 and other not in (0, one)}


def _named(number: int, lines: Sequence[Line], amounts: Sequence[Sequence[Amount]]) -> list[Candidate]:
    line = lines[number]
    said = line.text.casefold()
    weight = next((points for words, points in WORDS if words.search(said)), 0.0)
    if not weight or OTHER.search(said):
        return []
    here = [amount for amount in amounts[number] if amount.pence > 0]
    if here:
        return [Candidate(here[-1], number, weight, line.text.strip())]
    # The amount may stand below its word; not where the line holds a number that could not be read, nor under a word for another sum.
    for later in range(number + 1, min(number + NEXT_LINES + 1, len(lines))):
        if weight < STANDS_ALONE or re.search(r"\d", said) or _names_something(lines[later]):
            break
        if below := [amount for amount in amounts[later] if amount.pence > 0]:
            return [Candidate(below[-1], later, weight - BELOW * (later - number), line.text.strip())]
    return []


def _names_something(line: Line) -> bool:
    said = line.text.casefold()
    return bool(OTHER.search(said)) or any(words.search(said) for words, _ in WORDS)


def _weighed(one: Candidate, named: Sequence[Candidate], paid: set[int], sums: set[int], height: int) -> Candidate:
    pence = one.amount.pence
    again = sum(other.amount.pence == pence and other.line != one.line for other in named)
    called = [other.amount.pence for other in named if other.weight >= 4]
    weight = (
        one.weight
        + AGREES * min(again, 2)
        + (IN_CASH if pence in paid else ADDS_UP if pence in sums else 0)
        + LOWER * one.line / max(height, 1)
    )
    weight += LARGEST if called and pence == max(called) else 0
    weight += CURRENCY if one.amount.has_currency else 0
    return Candidate(one.amount, one.line, round(weight, 3), one.because)


def _paid_less_change(lines: Sequence[Line], amounts: Sequence[Sequence[Amount]]) -> set[int]:
    """What cash less change comes to, where both are printed."""
    paid = _of(lines, amounts, re.compile(r"\b(?:cash|tender\w*|paid|payment)\b"), re.compile(r"change"))
    back = _of(lines, amounts, re.compile(r"\bchange\b|\bbalance\b"), None)
    return {money - change for money in paid for change in back if money > change >= 0}


def _of(lines: Sequence[Line], amounts: Sequence[Sequence[Amount]], words: re.Pattern[str], but: re.Pattern[str] | None) -> list[int]:
    found = []
    for line, row in zip(lines, amounts, strict=True):
        said = line.text.casefold()
        if row and words.search(said) and not (but and but.search(said)):
            found.append(row[-1].pence)
    return found
