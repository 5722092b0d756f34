"""Whether the words of two lines of one account, day and amount can be words for one payment."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from phb_audit.landed.other_layouts import CUT_LETTERS
from phb_audit.sources.names import PERSON

LETTERS = re.compile(r"[^\W\d_]{3,}")
NUMBERS = re.compile(r"\d{3,}")
NOT_PLAIN = re.compile(r"[\W_]")
WORDS_OF_BANKS = (
    "PAYMENT PAYMENTS PAY PAID CARD DEBIT CREDIT DIRECT DEB STANDING ORDER FASTER FPO FPI BACS "
    "BGC CHAPS CHQ CHEQUE TFR TRANSFER TRF OUT REF REFERENCE MANDATE NUMBER FROM THE AND "
    "FOR VIA PURCHASE CONTACTLESS VISA MASTERCARD POS ONLINE BILL BANK BANKING MOBILE APP GBP WAGES "
    "WAGE SALARY WEEK WEEKS MONTH LTD LIMITED PLC LLP JAN FEB MAR APR MAY JUN "
    "JUL AUG SEP OCT NOV DEC"
)
FILLERS = frozenset(WORDS_OF_BANKS.split())


class Alike(IntEnum):
    """How alike two lines are, from words of two payees to one balance after both."""

    OTHERS = 0
    UNSURE = 1
    UNTOLD = 2  # one of the two has no words to compare
    WITHIN = 3  # all words of one stand in the other
    BALANCES = 4


class Said(NamedTuple):
    """Words as written (None where an earlier night kept them masked), as kept, and who was paid where that is a person."""

    spoken: str | None
    masked: str
    person: str | None


def alike(one: Said, other: Said) -> Alike:
    """How alike two lines are by their words; persons of an earlier night by their pseudonyms."""
    if one.spoken is not None and other.spoken is not None:
        return of_words(one.spoken, other.spoken)
    if one.person and other.person:
        return Alike.WITHIN if one.person == other.person else Alike.OTHERS
    if one.person or other.person or PERSON in one.masked or PERSON in other.masked:
        return Alike.UNSURE
    return of_words(one.masked, other.masked)


@lru_cache(maxsize=100_000)
def of_words(one: str, other: str) -> Alike:
    """The same for two texts."""
    one, other = sorted((one.strip().upper(), other.strip().upper()), key=lambda text: len(NOT_PLAIN.sub("", text)))
    words = [[word for word in LETTERS.findall(text) if word not in FILLERS] for text in (one, other)]
    begins = NOT_PLAIN.sub("", other).startswith(NOT_PLAIN.sub("", one))
    if begins and (len(one) >= CUT_LETTERS or NOT_PLAIN.sub("", one) == NOT_PLAIN.sub("", other)):
        return Alike.WITHIN if all(words) else Alike.UNTOLD
    if all(words) != any(words):
        return Alike.UNTOLD
    if not agree(NUMBERS.findall(one), NUMBERS.findall(other)):
        return Alike.OTHERS
    if not any(words):
        return Alike.UNTOLD
    cut = {text[-1] for text, whole in zip(words, (one, other), strict=True) if len(whole) >= CUT_LETTERS and whole.endswith(text[-1])}
    fewer, more = sorted((set(text) for text in words), key=len)
    shared = sum(any(is_word(word, of_more, cut) for of_more in more) for word in fewer)
    return Alike.WITHIN if shared == len(fewer) else Alike.UNSURE if shared else Alike.OTHERS


def agree(ones: list[str], others: list[str]) -> bool:
    """False where each has numbers and none of them is the other's, or cut from it."""
    return not ones or not others or any(one.startswith(other) or other.startswith(one) for one in ones for other in others)


def is_word(one: str, other: str, cut: set[str]) -> bool:
    """True for the same word, or one that may be cut and the word that it begins."""
    return one == other or (one in cut and other.startswith(one)) or (other in cut and one.startswith(other))
