"""Whether the words of two lines of one account, day and amount can be words for one payment."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from phb_audit.landed.other_layouts import CUT_LETTERS
from phb_audit.sources.names import PERSON

LETTERS = re.compile(r"[^\W\d_]+")
NUMBERS = re.compile(r"\d{3,}")
NOT_PLAIN = re.compile(r"[\W_]")
LEAST_LETTERS = 3
WORDS_OF_BANKS = (
    "PAYMENT PAYMENTS PAY PAID CARD DEBIT CREDIT DIRECT DEB STANDING ORDER FASTER FPO FPI BACS "
    "BGC CHAPS CHQ CHEQUE TFR TRANSFER TRF OUT REF REFERENCE MANDATE NUMBER FROM THE AND "
    "FOR VIA PURCHASE CONTACTLESS VISA MASTERCARD POS ONLINE BILL BANK BANKING MOBILE APP GBP WAGES "
    "WAGE SALARY WEEK WEEKS MONTH LTD LIMITED PLC LLP JAN FEB MAR APR MAY JUN "
    "JUL AUG SEP OCT NOV DEC TO ON AT OF IN BY DD SO CR DR BP CC TF CO GB UK"
)
FILLERS = frozenset(WORDS_OF_BANKS.split())


class Alike(IntEnum):
    """How alike two lines are, from words of two payees to one balance after both; `LONGER` where the first says more."""

    OTHERS = 0
    UNSURE = 1
    UNTOLD = 2  # one of the two has no words to compare
    SHORTER = 3
    LONGER = 4
    EQUAL = 5  # or cut from the other
    BALANCES = 6


class Said(NamedTuple):
    """Words as written (None where an earlier night kept them masked), as kept, and who was paid where that is a person."""

    spoken: str | None
    masked: str
    person: str | None


def alike(one: Said, other: Said) -> Alike:
    """How alike two lines are by their words; persons of an earlier night by their pseudonyms."""
    if one.spoken is not None and other.spoken is not None:
        return of_words(one.spoken, other.spoken)
    if one.person and other.person and one.person != other.person:
        return Alike.OTHERS
    if not all(words_of(said.spoken or said.masked) for said in (one, other)):
        return Alike.UNTOLD
    if not (one.person and other.person) and (one.person or other.person or PERSON in one.masked or PERSON in other.masked):
        return Alike.UNSURE
    return of_words(one.masked, other.masked)


@lru_cache(maxsize=100_000)
def of_words(one: str, other: str) -> Alike:
    """The same for two texts."""
    texts = one.strip().upper(), other.strip().upper()
    plain = [NOT_PLAIN.sub("", text) for text in texts]
    words = [words_of(text) for text in texts]
    if all(words) and (plain[0] == plain[1] or any(is_cut(texts[at], plain[at], plain[1 - at]) for at in (0, 1))):
        return Alike.EQUAL
    if all(words) != any(words) or plain[0] == plain[1]:
        return Alike.UNTOLD
    longer = Alike.LONGER if len(plain[0]) > len(plain[1]) else Alike.SHORTER
    if not agree(NUMBERS.findall(texts[0]), NUMBERS.findall(texts[1])):
        return Alike.OTHERS
    if not any(words):
        return Alike.UNTOLD
    cut = [text.endswith(said[-1]) and len(text) >= CUT_LETTERS for said, text in zip(words, texts, strict=True)]
    said = [[(word, is_short and word == of[-1]) for word in dict.fromkeys(of)] for of, is_short in zip(words, cut, strict=True)]
    fewer, more = sorted(said, key=len)
    shared = sum(any(is_word(*word, *of_more) for of_more in more) for word in fewer)
    return longer if shared == len(fewer) else Alike.UNSURE if shared else Alike.OTHERS


def words_of(text: str) -> list[str]:
    """The words that may name somebody, initials too; none where there is no whole word."""
    words = [word for word in LETTERS.findall(text.upper()) if word not in FILLERS]
    return words if any(len(word) >= LEAST_LETTERS for word in words) else []


def is_cut(text: str, plain: str, whole: str) -> bool:
    """True where a text that is long enough to have been cut is what the other begins with."""
    return len(text) >= CUT_LETTERS and whole.startswith(plain)


def agree(ones: list[str], others: list[str]) -> bool:
    """False where each has numbers and none of them is the other's, or cut from it."""
    return not ones or not others or any(one.startswith(other) or other.startswith(one) for one in ones for other in others)


def is_word(one: str, one_is_cut: bool, other: str, other_is_cut: bool) -> bool:
    """True for the same word, or one that may be cut and the word that it begins."""
    return one == other or (one_is_cut and other.startswith(one)) or (other_is_cut and one.startswith(other))
