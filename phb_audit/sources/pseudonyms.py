"""Identity cells to pseudonyms. Every value is turned once: the keyed hash runs over distinct values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from phb_audit.identity import IdentityKey, is_nhs_number, person_key

TITLES = frozenset({"MR", "MRS", "MS", "MISS", "DR", "MX", "PROF", "REV", "SIR"})
SORT_CODE_DIGITS, ACCOUNT_DIGITS = 6, 8


@dataclass(frozen=True)
class PersonName:
    """A name in two parts; either may be empty."""

    first: str
    surname: str

    @property
    def key(self) -> str:
        """First initial and sound of the surname, as banks leave it: 'J SMT'."""
        return person_key(self.first, self.surname)


@dataclass(frozen=True)
class Identity:
    """What a feed needs to make pseudonyms: the commissioner's key, and who is known from the people and payroll feeds."""

    key: IdentityKey
    known_payees: frozenset[str] = field(default=frozenset())
    known_persons: frozenset[str] = field(default=frozenset())
    remembered: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)
    payees_seen: dict[str, tuple[str, str | None]] = field(default_factory=dict, repr=False, compare=False)
    words_seen: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def pseudonym(self, prefix: str, value: str) -> str:
        """The key's pseudonym, worked out once for each value."""
        asked = (prefix, value)
        if asked not in self.remembered:
            self.remembered[asked] = self.key.pseudonym(prefix, value)
        return self.remembered[asked]


def mapped(values: pl.Series, to: Callable[[str], str]) -> pl.Series:
    """Each distinct value through `to` once; nulls and empty answers are null. Same length and order as `values`."""
    distinct = values.drop_nulls().unique(maintain_order=True)
    if distinct.is_empty():
        return pl.Series(values.name, [None] * len(values), dtype=pl.String)
    answers = pl.Series([to(value) or None for value in distinct.to_list()], dtype=pl.String)
    return values.replace_strict(distinct, answers, default=None, return_dtype=pl.String).alias(values.name)


def distinctly(frame: pl.DataFrame, names: list[str], expression: pl.Expr) -> pl.Series:
    """An expression over some columns, worked out once for each distinct row of them. Same length and order as the frame."""
    rows = frame.select(names)
    answers = rows.unique(maintain_order=True).with_columns(answer=expression)
    return rows.join(answers, on=names, how="left", nulls_equal=True, maintain_order="left")["answer"]


def holder_refs(numbers: pl.Series, key: IdentityKey) -> pl.Series:
    """NHS numbers to 'H' + 16 hex; numbers that fail their check digit to '!' + 16 hex."""
    return mapped(numbers, lambda number: holder_ref(number, key))


@lru_cache(maxsize=200_000)
def holder_ref(number: str, key: IdentityKey) -> str:
    """One NHS number's pseudonym; every feed names the same holders, so it is remembered."""
    return key.pseudonym("H" if is_nhs_number(number) else "!", number)


def refs(values: pl.Series, prefix: str, key: IdentityKey) -> pl.Series:
    """Any identity text (token, reference, National Insurance number) to prefix + 16 hex."""
    return mapped(values, lambda value: key.pseudonym(prefix, value))


def bank_account(sort_code: pl.Expr, account_number: pl.Expr) -> pl.Expr:
    """Sort code and account number to their 14 digits, as text; leading zeros that a spreadsheet dropped come back.

    Where the account cell already holds both ('12-34-56 12345678') and no sort code is given, its digits are taken as they are.
    """
    sort_digits = sort_code.str.replace_all(r"\D", "")
    digits = account_number.str.replace_all(r"\D", "")
    whole = sort_digits.str.zfill(SORT_CODE_DIGITS) + digits.str.zfill(ACCOUNT_DIGITS)
    alone = pl.when(digits.str.len_bytes() > 0).then(digits)
    return pl.when((sort_digits.str.len_bytes() > 0) & (digits.str.len_bytes() > 0)).then(whole).otherwise(alone)


@lru_cache(maxsize=200_000)
def parted(name: str) -> PersonName:
    """A written name in its parts: 'Mrs Jane Smith', 'SMITH, Jane', 'SMITH J' and 'J A SMITH' all have the surname Smith."""
    if "," in name:
        surname, _, first = name.partition(",")
        words = [*without_title(first.split())[:1], surname.strip()]
        return PersonName(words[0] if len(words) > 1 else "", surname.strip())
    words = without_title(name.replace(".", " ").split())
    if not words:
        return PersonName("", "")
    if len(words) == 1:
        return PersonName("", words[0])
    if len(words[-1]) == 1 and len(words[0]) > 1:
        return PersonName(words[1], words[0])
    return PersonName(words[0], words[-1])


def without_title(words: list[str]) -> list[str]:
    """The words without a leading title."""
    return words[1:] if words and words[0].strip(".").upper() in TITLES else words


def person_refs(names: pl.Series, key: IdentityKey) -> pl.Series:
    """Whole names to 'N' + 16 hex; titles do not count."""
    return mapped(names, lambda name: key.pseudonym("N", whole_name(name)))


def whole_name(name: str) -> str:
    """First name and surname in that order, without title or middle names' dots: what two lists of people can share."""
    part = parted(name)
    return f"{part.first} {part.surname}"


def surname_refs(names: pl.Series, key: IdentityKey) -> pl.Series:
    """Names to the 'S' + 16 hex of the surname's sound."""
    return mapped(names, lambda name: key.pseudonym("S", person_key("", parted(name).surname)))


def payee_refs(names: pl.Series, key: IdentityKey) -> pl.Series:
    """Names to the 'Y' + 16 hex of first initial and the surname's sound, as a bank statement shows them."""
    return mapped(names, lambda name: key.pseudonym("Y", parted(name).key))


def notional_account(number: pl.Expr) -> pl.Expr:
    """The account a notional budget is booked on: 'notional:' and the digits of the person's NHS number."""
    digits = number.str.replace_all(r"\D", "")
    return pl.when(digits.str.len_bytes() > 0).then(pl.lit("notional:") + digits)
