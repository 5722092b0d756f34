"""Persons' names inside payee and description texts: found, replaced by PERSON, and kept as a pseudonym only.

A name is found where a title stands before it, where a word of pay or transfer does, and where it is the name of a person known
from the people and payroll feeds. Businesses stay as they are: 'SUMUP *JANES ART', 'TESCO STORES 2231', 'DR MARTENS'.
Every distinct text is looked at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import polars as pl

from phb_audit.identity import is_nhs_number
from phb_audit.settings import read_toml, shipped
from phb_audit.sources.pseudonyms import Identity, PersonName, parted

PERSON, NUMBER = "PERSON", "NUMBER"
WORD = r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*"
TITLE = re.compile(rf"\b(?:MR|MRS|MS|MISS|DR)\b\.?\s+(?=({WORD}\.?(?:\s+{WORD}\.?){{0,3}}))", re.IGNORECASE)
EARNED = r"NET\s+PAY|WAGES?|SALARY|BONUS|MILEAGE|EXPS|EXPENSES"
FILLER = r"\b(?:\s+(?:TO|FOR|PA|REF|PAY)\b)*\s*[:\-]?\s*"
PAY = re.compile(rf"^\s*(?:PA\s+)?(?:FPO\s+TO|{EARNED}|PAY|TFR|TRANSFER|TO){FILLER}", re.IGNORECASE)
PAY_WORDS_ONLY = re.compile(rf"^\s*(?:PA\s+)?(?:{EARNED}){FILLER}", re.IGNORECASE)
PAY_AFTER = re.compile(rf"\s+(?:{EARNED})\b.*$", re.IGNORECASE)
NAME_WORDS = re.compile(rf"\s*({WORD})\.?(?=[\s,.]|$)")
# Numbers given to people begin with 4, 6, 7 or 9: a shop's branch number that happens to pass the check digit mostly does not.
NHS_LIKE = re.compile(r"(?<![\w-])[4679]\d{2}[ -]?\d{3}[ -]?\d{4}(?![\w-])")
WORTH_A_LOOK = r"(?i)\b(MR|MRS|MS|MISS|DR|WAGES?|SALARY|NET\s+PAY)\b|^\s*(FPO\s+TO|PAY|TFR|TRANSFER|TO)\b|\d{3}[ -]?\d{3}[ -]?\d{4}"
LOOKS_LIKE_A_NAME = r"^[\p{L}.,'’\- ]{3,40}$"  # noqa: RUF001


@dataclass(frozen=True)
class PersonWords:
    """Words and names that are not a person's, words that stand beside a name, and given names."""

    words: frozenset[str]
    names: re.Pattern[str]
    beside: frozenset[str]
    given: frozenset[str]


@cache
def person_words() -> PersonWords:
    """The shipped list data/reference/person_words.toml."""
    told = read_toml(shipped("reference") / "person_words.toml")
    names = re.compile(rf"\s*(?:{'|'.join(re.escape(name) for name in told['names'])})(?![^\W\d_])", re.IGNORECASE)
    return PersonWords(frozenset(told["words"]), names, frozenset(told["beside_names"]), frozenset(told["given_names"]))


def payees(texts: pl.Series, identity: Identity) -> pl.DataFrame:
    """Columns `text` (names replaced) and `payee_ref` (null for businesses), in the order of `texts`."""
    distinct = texts.drop_nulls().unique(maintain_order=True).alias("raw").to_frame()
    look = pl.col("raw").str.contains(WORTH_A_LOOK) | pl.col("raw").str.contains(LOOKS_LIKE_A_NAME)
    known = identity.payees_seen
    for raw in (candidates := distinct.filter(look).to_series().to_list()):
        if raw not in known:
            known[raw] = masked_payee(raw, identity)
    changed = pl.DataFrame(
        [(raw, *known[raw]) for raw in candidates if raw != known[raw][0]],
        schema={"raw": pl.String, "text": pl.String, "payee_ref": pl.String},
        orient="row",
    )
    if changed.is_empty():
        return pl.DataFrame({"text": texts, "payee_ref": pl.Series([None] * len(texts), dtype=pl.String)})
    joined = texts.alias("raw").to_frame().join(changed, on="raw", how="left", maintain_order="left")
    return joined.select(pl.coalesce("text", "raw").alias("text"), pl.col("payee_ref"))


def described(texts: pl.Series, identity: Identity) -> pl.Series:
    """Free words (narratives, plan lines, notes) with titled and known persons' names replaced."""
    distinct = texts.drop_nulls().unique(maintain_order=True)
    known = identity.words_seen
    for raw in (texts_here := distinct.to_list()):
        if raw not in known:
            known[raw] = masked_words(raw, identity)
    changed = {raw: known[raw] for raw in texts_here if raw != known[raw]}
    if not changed:
        return texts
    return texts.replace(pl.Series(list(changed), dtype=pl.String), pl.Series(list(changed.values()), dtype=pl.String))


def masked_payee(raw: str, identity: Identity) -> tuple[str, str | None]:
    """One payee text with the name in it replaced, and the pseudonym of the person; the text unchanged and None for a business."""
    text = without_numbers(raw)
    found = titled(text) or paid(text, PAY) or known_whole(text, identity) or known_inside(text, identity)
    if found is None:
        return text, None
    name, start, end = found
    # Without a first name or initial nobody can be told apart by it: 'WAGES SMITH' is a person, but not one with a pseudonym.
    return text[:start] + PERSON + text[end:], identity.pseudonym("Y", name.key) if name.first else None


def masked_words(raw: str, identity: Identity) -> str:
    """Free words with every titled name, known name, and name after WAGES, SALARY or NET PAY replaced."""
    text = without_numbers(raw)
    while found := titled(text) or paid(text, PAY_WORDS_ONLY, is_prose=True) or known_inside(text, identity):
        text = text[: found[1]] + PERSON + text[found[2] :]
    return text


def without_numbers(text: str) -> str:
    """NHS numbers in a text become NUMBER."""
    return NHS_LIKE.sub(lambda match: NUMBER if is_nhs_number(match.group()) else match.group(), text)


Found = tuple[PersonName, int, int]


def titled(text: str) -> Found | None:
    """The first name with a title before it, and where title and name stand."""
    for match in TITLE.finditer(text):
        if is_business_name(text[match.start() :]):
            continue
        if found := name_at(text, match.end(), needs_two=False):
            name, end = found
            return name, match.start(), end
    return None


def paid(text: str, before: re.Pattern[str], *, is_prose: bool = False) -> Found | None:
    """The name after a word of pay or transfer (or before WAGES), and where it stands; in prose, two words with capitals."""
    if match := before.match(text):
        needs_two = is_prose or not PAY_WORDS_ONLY.match(text)
        if text[match.end() :].startswith(PERSON) or not (found := name_at(text, match.end(), needs_two=needs_two)):
            return None
        if is_prose and not all(word[0].isupper() for word in re.findall(WORD, text[match.end() : found[1]])):
            return None
        return found[0], match.end(), found[1]
    if match := PAY_AFTER.search(text):
        found = name_at(text, 0, needs_two=True)
        if found and not text[found[1] : match.start()].strip():
            return found[0], 0, found[1]
    return None


def name_at(text: str, start: int, *, needs_two: bool) -> tuple[PersonName, int] | None:
    """A person's name that begins at `start`, and where it ends; None where a business or nothing like a name stands there."""
    listed = person_words()
    rest = text[start:]
    if is_business_name(rest) or listed.words & {word.upper() for word in re.findall(WORD, rest)}:
        return None
    words: list[str] = []
    end = start
    while len(words) < 4 and (match := NAME_WORDS.match(text, end)):
        word = match.group(1)
        is_beside = word.upper() in listed.beside and not (len(word) == 1 and not words)
        if is_beside or word == PERSON or (words and len(words[-1]) > 1 and len(words) > 1 and len(word) > 1):
            break
        words.append(word)
        end = match.end()
        if len(words) > 1 and len(words[0]) == 1 and len(word) > 1:
            break
    return (parted(" ".join(words)), end) if is_name(words, needs_two=needs_two) else None


def is_name(words: list[str], *, needs_two: bool) -> bool:
    """True when the words can be a name: a surname of two letters or more, and another word where one alone is not enough."""
    return any(len(word) > 1 for word in words) and len(words) >= (2 if needs_two else 1)


def is_business_name(text: str) -> bool:
    """True when the text begins with a business whose name reads like a person's."""
    return bool(person_words().names.match(text))


def known_whole(text: str, identity: Identity) -> Found | None:
    """The whole text, where it is a known person's name ('J SMITH', 'SMITH J', 'JANE SMITH', 'SMYTH, JANE')."""
    words = re.findall(WORD, text)
    if not 2 <= len(words) <= 4 or any(map(str.isdigit, text)):
        return None
    if not person_words().words.isdisjoint([word.upper() for word in words]) or is_business_name(text.strip()):
        return None
    return (parted(text), 0, len(text)) if is_known(text, identity, is_whole_text=True) else None


def known_inside(text: str, identity: Identity) -> Found | None:
    """The first two neighbouring words (given name or initial, and surname) that are a known person's, and where they stand."""
    if not identity.known_persons:
        return None
    words = list(re.finditer(WORD, text))
    for first, second in pairwise(words):
        if not (could_be_first(first.group()) and second.group()[0].isupper()):
            continue
        pair = f"{first.group()} {second.group()}"
        near = text[first.end() : second.start()].strip(" .") == "" and not is_business_name(pair)
        if near and not person_words().words & set(pair.upper().split()) and is_known(pair, identity, is_whole_text=False):
            return parted(pair), first.start(), second.end()
    return None


def could_be_first(word: str) -> bool:
    """True for an initial and for a given name, written with a capital."""
    return word[0].isupper() and (len(word) == 1 or word.upper() in person_words().given)


def is_known(name: str, identity: Identity, *, is_whole_text: bool) -> bool:
    """True when the name is a known person's, or its surname sounds like one's and an initial (or, alone in a text, a given name) fits.

    The sound alone is not enough: among some thousand known persons there is an L Farleigh, and 'LIDL FARLEIGH' is a shop.
    Nor is it inside a longer text: 'Jane Ramsden Support' is a business though a Joan Ramsden is known.
    """
    if not identity.known_persons and not identity.known_payees:
        return False
    part = parted(name)
    first = part.first.upper() or "-"
    if not (len(first) == 1 or (is_whole_text and could_be_first(first))):
        return identity.pseudonym("N", f"{part.first} {part.surname}") in identity.known_persons
    return identity.pseudonym("N", f"{part.first} {part.surname}") in identity.known_persons or (
        identity.pseudonym("Y", part.key) in identity.known_payees
    )
