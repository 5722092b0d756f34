"""Amounts of money as printed on papers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from phb_audit.evidence.paper import Line, Place, Word

# Two decimals; thousands by comma or blank; a point (after a currency sign also a comma) read with a blank beside it; a minus before,
# behind or as brackets. Nothing before the point (.50) only behind a currency sign or
# another amount: elsewhere its first digits may be what was not read.
AMOUNT = re.compile(
    r"(?<![\d.,/:-])(?P<open>[(-]\s?)?(?P<sign>RM|GBP|MYR|USD|EUR|[£$€])?\s?(?P<minus>-\s?)?"
    r"(?P<whole>\d{1,3}(?:[, ]\d{3})+|\d{1,6}|(?(sign)|(?<=\d\.\d\d ))(?=\.\d))"
    r"\s?(?P<point>\.|(?(sign),|\.))\s?(?P<rest>\d{2})(?![\d/:]|-\d|[.,]\d|\s?%)"
    r"(?P<behind>\s?-(?![\d])|\))?",
    re.IGNORECASE,
)
# What a reader of pictures takes for a digit, where digits stand around it.
MISREAD = str.maketrans({"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})
LOOKS_LIKE_AMOUNT = re.compile(r"(?<![^\W\d_])[£$€]?[\dOolISBZ|]{1,6}[.,][\dOolISBZ|]{2}")


@dataclass(frozen=True)
class Amount:
    """An amount read: pence, how sure its words were, and its place."""

    pence: int
    sure_share: float
    place: Place
    has_currency: bool = False


def amounts_in(line: Line) -> list[Amount]:
    """The amounts of a line from left to right; an amount cut into two words ('9' '.00') is put together."""
    found = []
    text, owners = _joined(line)
    for match in AMOUNT.finditer(text):
        words = [line.words[owner] for owner in dict.fromkeys(owners[match.start() : match.end()])]
        is_less = bool(match["open"] or match["minus"] or match["behind"])
        pence = int(re.sub(r"\D", "", match["whole"]) or 0) * 100 + int(match["rest"])
        found.append(Amount(-pence if is_less else pence, min(word.sure_share for word in words), _around(words), bool(match["sign"])))
    return found


def _joined(line: Line) -> tuple[str, list[int]]:
    """The line's text, digits put right, and for every letter the number of its word (a blank belongs to the word before)."""
    text, owners = "", []
    for number, word in enumerate(line.words):
        piece = repaired(word.text) + " "
        text += piece
        owners += [number] * len(piece)
    return text, owners


def repaired(text: str) -> str:
    """'l2.O0' as '12.00': letters taken for digits inside what is shaped like an amount."""
    return LOOKS_LIKE_AMOUNT.sub(lambda match: match[0].translate(MISREAD) if re.search(r"\d", match[0]) else match[0], text)


def _around(words: list[Word]) -> Place:
    return Place(
        words[0].page,
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )
