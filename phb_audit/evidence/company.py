"""Who issued a receipt or invoice: the name at its head, put together where it runs over two lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from phb_audit.evidence.paper import Line, Place

HEAD_LINES = 9
"""Lines from the top among which the name is looked for."""
# What ends a company's name, here and in the countries whose receipts are known.
FORM = re.compile(
    r"\b(?:ltd|limited|plc|llp|llc|inc|c\.?i\.?c|cio|co(?:mpany)?|sdn\.? ?bhd|bhd|s/b|sb|gmbh|pty|corp(?:oration)?)\b\.?|\(m\)|\(uk\)",
    re.IGNORECASE,
)
TRADE = re.compile(
    r"\b(?:stores?|shop|market|mart|supermarket|hypermarket|pharmacy|chemists?|restaurant|restoran|caf[eé]|bistro|pub|bakery|bakeries|trading|"
    r"enterprise|hardware|centre|center|stationery|services?|garage|salon|clinic|hotel|books?|cuisine|foods?|kitchen|house|maker|kedai|"
    r"syarikat|perniagaan|care|agency|motors?|fuels?|station|solutions?|group|holdings?|international|industries|club|leisure|physio\w*|therap\w*)\b",
    re.IGNORECASE,
)
# Lines at the head that are no name.
NOT_A_NAME = re.compile(
    r"\b(?:tax|invoice|receipt|cash ?(?:bill|sale)?|bill|copy|welcome|thank|date|time|tel|fax|phone|gst|vat|reg|no|roc|co\.? ?reg|www|http|"
    r"e-?mail|"
    r"order|table|cashier|page|original|duplicate|customer|store|branch|till|served|member|id|road|street|lane|avenue|jalan|jln|lorong|taman|lot|"
    r"floor|level|ground|unit)\b|@|\.com|^\W*\d",
    re.IGNORECASE,
)
WATERMARK = re.compile(r"^[a-z ]+$")
"""A line all in small letters at the very top is a note on the paper, not its head."""
REGISTRATION = re.compile(
    r"[(\[]?\s?(?:co\.?\s?(?:reg|no)[^)]*|reg\.?\s?no[^)]*|roc[^)]*|[A-Z]{0,3}\d{4,}[-\s]?[A-Z0-9]{0,2})\s?[)\]]?\s*$", re.IGNORECASE
)


LABEL = re.compile(r"^[a-z][a-z &/]{2,24}:\s*(?=\S)", re.IGNORECASE)
"""What some papers print before the name ('Owned by: Green Door Ltd'): no part of it where a company's name stands behind."""
NUMBER_FIRST = re.compile(r"^\W*\d+ (?!.*[,\d])")
"""A number that a trading name may begin with ('32 Pub & Bistro'): an address has commas, more numbers or a word for a street."""
UNSURE = 3.0
"""What letters that were not surely read weigh against a line."""


@dataclass(frozen=True)
class Company:
    """A name read at the head of a paper."""

    name: str
    sure_share: float
    place: Place
    weight: float


def company_of(lines: Sequence[Line]) -> Company | None:
    """The likeliest name; None where no line at the head can be one."""
    head = [line for line in lines if _letters(line.text) >= 3][:HEAD_LINES]
    tallest = max((line.height for line in head), default=1.0)
    named = [one for number in range(len(head)) if (one := _weighed(number, head, tallest)) is not None]
    return max(named, key=lambda one: one.weight, default=None)


def _weighed(number: int, head: Sequence[Line], tallest: float) -> Company | None:
    line = head[number]
    name = trimmed(line.text)
    if _letters(name) < 3:
        return None
    weight = 3.0 - 0.6 * number + line.height / tallest
    weight += 3.0 if FORM.search(name) else 1.5 if TRADE.search(name) else 0.0
    told = NUMBER_FIRST.sub("", name) if TRADE.search(name) else name
    weight -= 3.0 if NOT_A_NAME.search(told) and not FORM.search(name) else 0.0
    weight -= UNSURE * (1 - line.sure_share)
    weight -= 2.5 if number == 0 and WATERMARK.search(name) and len(head) > 1 else 0.0
    words = list(line.words)
    if number and FORM.match(name) and not NOT_A_NAME.search(head[number - 1].text):
        name, words = f"{trimmed(head[number - 1].text)} {name}", [*head[number - 1].words, *words]
    return Company(name, min(word.sure_share for word in words), Line(tuple(words)).place, round(weight, 3))


def trimmed(text: str) -> str:
    """The name without a label before it, a registration number behind it, and rules and stars around it."""
    name = LABEL.sub("", text)
    return REGISTRATION.sub("", name if FORM.search(name) else text).strip(" *-=_.,:;|~#").strip()


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)
