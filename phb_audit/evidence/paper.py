"""A paper as it was read: words with their places, put together into lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SAME_LINE_SHARE = 0.5
"""Two words stand on one line when they share so much of the height of the lower one."""
LOOK_BACK = 4
"""Lines back among which a word's own line is looked for: a photo may be a little askew."""
TOUCHING = 5.0
"""Units by which words of one line may overlap sideways."""


@dataclass(frozen=True)
class Word:
    """A piece of text in one box, in units of the picture (pixels; points for a PDF with text), y downwards. `sure_share` is 0 to 1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure_share: float = 1.0
    page: int = 1

    @property
    def middle(self) -> float:
        """Half way down the box."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Of the box."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Place:
    """Where something was read: page (from 1) and box."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Line:
    """Words beside one another, from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with blanks between."""
        return " ".join(word.text for word in self.words)

    @property
    def sure_share(self) -> float:
        """The least sure of its words."""
        return min(word.sure_share for word in self.words)

    @property
    def height(self) -> float:
        """Of its tallest word."""
        return max(word.height for word in self.words)

    @property
    def place(self) -> Place:
        """The box around its words."""
        return Place(
            self.words[0].page,
            min(word.left for word in self.words),
            min(word.top for word in self.words),
            max(word.right for word in self.words),
            max(word.bottom for word in self.words),
        )


@dataclass(frozen=True)
class Paper:
    """All lines of a paper from top to bottom, page after page. `read_by` names what read it; `remarks` is what a reader should know."""

    lines: tuple[Line, ...]
    read_by: str
    pages: int = 1
    remarks: tuple[str, ...] = field(default=())


def in_lines(words: Iterable[Word]) -> list[Line]:
    """Words put together into lines, page by page, top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted((word for word in words if word.text.strip()), key=lambda word: (word.page, word.middle, word.left)):
        for row in reversed(rows[-LOOK_BACK:]):
            if _is_beside(word, row):
                row.append(word)
                break
        else:
            rows.append([word])
    return [Line(tuple(sorted(row, key=lambda word: word.left))) for row in rows]


def _is_beside(word: Word, row: Sequence[Word]) -> bool:
    if row[0].page != word.page:
        return False
    top, bottom = (sum(getattr(one, side) for one in row) / len(row) for side in ("top", "bottom"))
    shared = min(bottom, word.bottom) - max(top, word.top)
    is_level = shared > SAME_LINE_SHARE * min(bottom - top, word.height)
    return is_level and all(one.right <= word.left + TOUCHING or word.right <= one.left + TOUCHING for one in row)
