"""Does this paper bear out that payment? The amount, the day and the name, each by itself; never one tick for all.

To ask whether the bank's amount stands on the paper is safer than to pick the total and compare: most papers print it more than once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from phb_audit.evidence.reading import Reading
from phb_audit.money import pounds
from phb_audit.periods import plain_day

DAYS = 3
"""Days a card payment may lie from its receipt."""
LIKE_SHARE = 0.6
FORMS = re.compile(r"\b(?:ltd|limited|plc|llp|sdn|bhd|the|uk|co)\b")


@dataclass(frozen=True)
class Verified:
    """The answers, None where nothing was asked or nothing could be read; `says` in words.

    `is_borne_out`: the amount is there and no day speaks against it.
    """

    is_amount_seen: bool | None
    is_amount_the_total: bool | None
    is_day_near: bool | None
    days_apart: int | None
    name_like_share: float | None
    is_borne_out: bool | None
    says: tuple[str, ...]


def verify(reading: Reading, *, pence: int | None = None, on: date | None = None, name: str | None = None, days: int = DAYS) -> Verified:
    """Compare a reading with what the bank says of a payment: `pence` paid, the day, and the payee's name."""
    seen = None if pence is None else abs(pence) in {abs(one) for one in reading.amounts_pence}
    is_total = None if pence is None or reading.total_pence is None else reading.total_pence == abs(pence)
    apart = None if on is None or not reading.days else min((abs(on - day) for day in reading.days), default=timedelta(0)).days
    near = None if apart is None else apart <= days
    like = None if not name or reading.company is None else likeness(reading.company.value, name)
    borne_out = None if seen is None else seen and near is not False
    return Verified(
        seen, is_total, near, apart, like, borne_out, tuple(_in_words(reading, pence, seen, is_total, on, apart, near, name, like))
    )


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1: blanks, points and words such as 'Ltd' aside; a name cut short counts as the whole."""
    first, second = (re.sub(r"[^a-z0-9]", "", FORMS.sub("", text.casefold())) for text in (one, other))
    if not first or not second:
        return 0.0
    short, long = sorted((first, second), key=len)
    if len(short) >= 5 and long.startswith(short):
        return 1.0
    return round(SequenceMatcher(None, first, second).ratio(), 3)


def lines_in_words(reading: Reading) -> str:
    """Whether the lines come to the total: a line may be unread, or read wrong."""
    if reading.left_over_pence is None:
        return ""
    if reading.left_over_pence == 0:
        return "The lines come to the total."
    way = "more" if reading.left_over_pence > 0 else "less"
    return f"The total is {pounds(abs(reading.left_over_pence))} {way} than the lines: one may be unread or misread. Look at the picture."


def _in_words(
    reading: Reading,
    pence: int | None,
    seen: bool | None,
    is_total: bool | None,
    on: date | None,
    apart: int | None,
    near: bool | None,
    name: str | None,
    like: float | None,
) -> list[str]:
    told = []
    if pence is not None:
        shown = pounds(abs(pence))
        total = f" The total was read as {pounds(reading.total_pence)}." if reading.total_pence is not None and not is_total else ""
        told.append(
            f"{shown} is printed on this paper{', as its total' if is_total else ''}.{total}"
            if seen
            else f"{shown} was not read on this paper.{total}"
        )
    if on is not None:
        read_on = " or ".join(plain_day(day) for day in reading.days)
        told.append(
            "No day was read on this paper."
            if apart is None
            else f"It is dated {read_on}, {apart} days from {plain_day(on)}{'' if near else ': look at the dates'}."
        )
    if name and like is not None and reading.company is not None:
        told.append(f"It is headed {reading.company.value!r}, {'like' if like >= LIKE_SHARE else 'unlike'} {name!r}.")
    return told
