"""What made-up businesses and people are called, and how banks, cards and receipts write them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from phb_audit.identity import person_key

FASTER_PAYMENT_LETTERS = 18
CARD_LETTERS = 22
AGGREGATORS = ("SUMUP *", "SUMUP  *", "SQ *", "ZETTLE_*", "PAYPAL *", "IZ *", "STRIPE-", "SP ", "AMZNMKTPLACE*", "TYL*", "PP*")
MISSPELT_SHARE = 0.03
HERE = Path(__file__).parent
Option = TypeVar("Option")


@cache
def vocabulary() -> dict[str, dict[str, Any]]:
    """`vocabulary.toml`: category code to its words."""
    return tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))


@cache
def names() -> dict[str, list[str]]:
    """`names.toml`: lists of given names, surnames, places, shop words, outcomes."""
    lists: dict[str, list[str]] = tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))
    return lists


def one_of(rng: Random, options: Sequence[Option]) -> Option:
    """One of the options, each as likely (quicker than `Random.choice`)."""
    return options[int(rng.random() * len(options))]


def between(rng: Random, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return low + int(rng.random() * (high - low + 1))


class Business:
    """A made-up supplier: its full name, and fixed ways in which banks and cards write it."""

    __slots__ = ("bank", "card", "city", "code", "mcc", "merchant", "name", "numbering")

    def __init__(self, rng: Random, code: str) -> None:
        words = vocabulary()[code]
        self.code = code
        self.name = filled(rng, one_of(rng, words["payees"]))
        self.city = one_of(rng, names()["place"])
        self.mcc = one_of(rng, words["mcc"])
        self.merchant = f"{int(rng.random() * 1e9):09d}"
        self.bank = bank_text(rng, self.name)
        self.card = card_text(rng, self.name, self.mcc)
        self.numbering = between(rng, 40, 9000) * 4 + int(rng.random() * 4)

    def invoice_number(self, rng: Random) -> str:
        """The next number in this business's own style; gaps, because it has other customers."""
        style = self.numbering % 4
        self.numbering += 4 * between(rng, 2, 40)
        number = self.numbering // 4
        return (f"INV-{number}", f"{number:06d}", f"S/{number % 90 + 10}/{number:05d}", f"{self.name[:2].upper()}{number}")[style]


def filled(rng: Random, template: str) -> str:
    """A template of the vocabulary with its slots filled: '{sur} Stables' is 'Firth Stables'."""
    if "{" not in template:
        return template
    lists = names()
    return template.format(
        sur=one_of(rng, lists["surname"]),
        giv=one_of(rng, lists["given"]),
        place=one_of(rng, lists["place"]),
        word=one_of(rng, lists["word"]),
        n=between(rng, 2, 9),
        m=between(rng, 1, 12),
        ref=reference(rng),
    )


def reference(rng: Random) -> str:
    """Letters and digits as senders add them: '2K4PX'."""
    number = int(rng.random() * 36**5)
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join(letters[number // 36**place % 36] for place in range(5))


def misspelt(rng: Random, text: str) -> str:
    """The text with one slip: a letter lost, doubled or swapped with its neighbour."""
    if len(text) < 6:
        return text
    place = between(rng, 2, len(text) - 3)
    slip = int(rng.random() * 3)
    if slip == 0:
        return text[:place] + text[place + 1 :]
    if slip == 1:
        return text[:place] + text[place] + text[place:]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def bank_text(rng: Random, name: str) -> str:
    """A payee as a bank statement has it: capitals, at most 18 characters, now and then misspelt or shortened."""
    text = name.upper().replace("&", "AND") if rng.random() < 0.3 else name.upper()
    if rng.random() < MISSPELT_SHARE:
        text = misspelt(rng, text)
    if rng.random() < 0.1:
        text = text.replace(" ", "")
    return text[:FASTER_PAYMENT_LETTERS].strip()


def card_text(rng: Random, name: str, mcc: str) -> str:
    """A merchant as a card export has it: an aggregator before small ones, a branch after large ones, cut to 22."""
    text = name.upper()
    if rng.random() < MISSPELT_SHARE:
        text = misspelt(rng, text)
    draw = rng.random()
    if draw < 0.22 and mcc not in ("7995", "8011", "9222"):
        text = one_of(rng, AGGREGATORS) + text.replace("'", "")
    elif draw < 0.36:
        text = f"{text} {between(rng, 11, 6999)}"
    elif draw < 0.42:
        text = text.replace(" ", "")
    return text[:CARD_LETTERS].strip()


@lru_cache(maxsize=20_000)
def sound_of(initial: str, surname: str) -> str:
    """`identity.person_key`, remembered."""
    return person_key(initial, surname)


def spelt_another_way(rng: Random, initial: str, surname: str) -> str:
    """The surname as someone else writes it, with the same sound; the surname itself where no other way is found."""
    forms = [surname.replace("y", "i", 1), surname.replace("ck", "k"), surname.replace("i", "y", 1), surname + "e"]
    forms += [surname.replace(double, double[0]) for double in ("ll", "tt", "ss", "rr", "dd", "bb")]
    right = [form for form in forms if form != surname and sound_of(initial, form) == sound_of(initial, surname)]
    return one_of(rng, right) if right else surname


def wage_text(rng: Random, given: str, surname: str) -> str:
    """A personal assistant as the holder's bank writes them: 'WAGES J SMITH', 'MRS J SMITH', 'J SMITH'."""
    initial = given[0]
    short = f"{initial} {surname}".upper()
    forms = (f"WAGES {short}", f"PA WAGES {short}", short, f"MRS {short}", f"{given} {surname}".upper(), f"PAY {short}", f"SALARY {short}")
    fitting = [form for form in forms if len(form) <= FASTER_PAYMENT_LETTERS] or [short[:FASTER_PAYMENT_LETTERS]]
    return one_of(rng, fitting)
