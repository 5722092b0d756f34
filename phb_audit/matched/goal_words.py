"""Finding the phrases of a table in plain words: endings do not matter, small words neither, and a longer phrase hides what lies in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")

TOKEN = re.compile(r"\d+[:/]\d+|\b[a-z]&[a-z]\b|[a-z0-9]+(?:'[a-z]+)?\*?")
DROPPED = frozenset(
    re.findall(
        "[a-z]+",
        "the a an my me i im ive id we our us they them their theirs he him his she her hers it its this that these those which who whom "
        "can could will would should may might must want wants wanted wanting wish wishes have has had having if when while also just "
        "really very much again still some any all every each too able you your yours there",
    )
)
"""Words that are never looked at: articles, pronouns, what a goal is wished with."""
LINKING = frozenset(
    re.findall(
        "[a-z]+",
        "to of for in on at by with without and or from as so than be is are am been being was were do does did doing need needs needed "
        "like likes more less other others own where into not no up out off over about",
    )
)
"""Small words that count only in a phrase with fewer than two others: 'in touch', 'by myself', 'be a mum', 'with others'."""
SKIPPED = 1
"""Words of sense that may stand between two words of a phrase: 'see my old friends' holds 'see friends'."""
QUOTED_LETTERS = 60


IRREGULAR = {
    **{word: word for word in ("bedding", "fishing", "building", "wedding", "accidents", "safely", "trainers", "meeting")},
    **{word: word for word in ("evening", "hearing", "voices", "looked", "shopping", "fittings", "dressing", "weighted")},
    **{word: word for word in ("parking", "padded", "padding", "slime", "decking", "stables", "orderly", "musicals", "fits")},
    "soiled": "soiling",
    "soiling": "soiling",
    "dressings": "dressing",
    "stocking": "stockings",
    "stockings": "stockings",
    "train": "railway",
    "trains": "railway",
    "car": "motorcar",
    "cars": "motorcar",
    "children": "child",
    "feet": "foot",
    "wives": "wife",
    "fitting": "fittings",
    "fitted": "fittings",
    "clothing": "clothes",
}
"""Words whose ending tells: bedding is no bed, fishing no fish, a trained carer goes by no train, and to keep fit is to have no fits."""


@cache
def stem(word: str) -> str:
    """A word without its ending: 'walking' and 'walks' are 'walk', 'memories' is 'memori' as 'memory' is."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    bare = word
    if len(bare) > 4 and bare.endswith("ies"):
        bare = bare[:-3] + "y"
    elif len(bare) > 4 and re.search(r"(?:[sxz]|ch|sh)es$", bare):
        bare = bare[:-2]
    elif len(bare) > 3 and bare.endswith("s") and not bare.endswith(("ss", "us", "is")):
        bare = bare[:-1]
    if len(bare) > 5 and bare.endswith("ing"):
        bare = _single(bare[:-3])
    elif len(bare) > 4 and bare.endswith("ed") and not bare.endswith("eed"):
        bare = _single(bare[:-2])
    elif len(bare) > 5 and bare.endswith("ly"):
        bare = bare[:-2]
    if len(bare) > 3 and bare.endswith("e"):
        bare = bare[:-1]
    return bare[:-1] + "i" if len(bare) > 3 and bare.endswith("y") else bare


def _single(bare: str) -> str:
    """'runn' is 'run', but 'fall' and 'pass' stay."""
    return bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "lsz" else bare


@dataclass(frozen=True)
class Word:
    """A word in a text: its stem, whether it is a small one, and where it stands."""

    key: str
    is_small: bool
    begins: int
    ends: int


def words_of(text: str) -> list[Word]:
    """The words of a text in order, without those never looked at; an apostrophe and what follows it are left out."""
    plain = text.lower().replace("\u2019", "'")
    plain = re.sub(r"'s\b", "  ", plain)
    found = ((match.group().replace("'", ""), match.start(), match.end()) for match in TOKEN.finditer(plain))
    return [Word(_key(word), word in LINKING, begins, ends) for word, begins, ends in found if word not in DROPPED]


def _key(word: str) -> str:
    return word if word in LINKING or not word.isalpha() else stem(word)


def keys_of(phrase: str) -> tuple[str, ...]:
    """What a phrase is looked for by: its words of sense, and its small ones where it has fewer than two of sense."""
    words = words_of(phrase)
    telling = tuple(word.key for word in words if not word.is_small)
    return telling if len(telling) > 1 else tuple(word.key for word in words)


@dataclass(frozen=True)
class Hit(Generic[Meaning]):
    """A phrase found in a text: what it means, how many words it has, and the words of the text it covers."""

    meaning: Meaning
    phrase: str
    length: int
    first: int
    last: int


class Phrases(Generic[Meaning]):
    """A table of phrases and what each means, ready to be found in many texts. `*` ends the beginning of a word ('physio*')."""

    def __init__(self, rows: Iterable[tuple[str, Meaning]]) -> None:
        self.by_key: dict[str, list[tuple[tuple[str, ...], str, Meaning]]] = {}
        self.by_beginning: dict[str, list[tuple[tuple[str, ...], str, Meaning]]] = {}
        for phrase, meaning in rows:
            keys = keys_of(phrase)
            if not keys:
                continue
            shelf = self.by_beginning if keys[0].endswith("*") else self.by_key
            shelf.setdefault(keys[0].rstrip("*"), []).append((keys, phrase, meaning))
        self.lengths = sorted({len(beginning) for beginning in self.by_beginning})

    def find(self, words: list[Word]) -> list[Hit[Meaning]]:
        """Every phrase in the words, in order, but for those that lie within a longer one."""
        hits = list(self._hits(words))
        wide = [hit for hit in hits if hit.last > hit.first]
        return [hit for hit in hits if not any(_hides(other, hit) for other in wide)]

    def _hits(self, words: list[Word]) -> Iterator[Hit[Meaning]]:
        for place, word in enumerate(words):
            candidates = list(self.by_key.get(word.key, ()))
            for length in self.lengths:
                candidates += self.by_beginning.get(word.key[:length], ()) if len(word.key) >= length else ()
            for keys, phrase, meaning in candidates:
                last = _follow(words, place, keys, SKIPPED if LINKING.isdisjoint(keys) else 0)
                if last is not None:
                    yield Hit(meaning, phrase, len(keys), place, last)


def _hides(wide: Hit[Meaning], hit: Hit[Meaning]) -> bool:
    """'Get out of bed' hides 'get out', and 'make memories' hides 'memories': a phrase that reaches further, of no fewer words."""
    within = wide.first <= hit.first and hit.last <= wide.last
    return within and wide.last - wide.first > hit.last - hit.first and wide.length >= hit.length


def _follow(words: list[Word], place: int, keys: tuple[str, ...], may_skip: int) -> int | None:
    """Where the phrase that begins at `place` ends, or None where its other words do not follow."""
    at = place
    for key in keys[1:]:
        skipped = 0
        for later in range(at + 1, len(words)):
            if words[later].key.startswith(key[:-1]) if key.endswith("*") else words[later].key == key:
                at = later
                break
            skipped += not words[later].is_small
            if skipped > may_skip:
                return None
        else:
            return None
    return at


def quoted(text: str, words: list[Word], hits: Iterable[Hit[Meaning]]) -> str:
    """The text's own words a few hits stand on, each once: 'see my friends', 'lonely'."""
    spans = dict.fromkeys((words[hit.first].begins, words[hit.last].ends) for hit in hits)
    return ", ".join(f"'{' '.join(text[begins:ends].split())[:QUOTED_LETTERS]}'" for begins, ends in spans)
