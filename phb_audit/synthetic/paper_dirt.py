"""How papers really come: names misread, days mistyped, invoices paid weeks later, two receipts for one payment, one for two, some never.

Three levels. `tidy` leaves a world as it was; the shares of the others are guesses, written here so that they can be argued with.
Planted problems are left as they were planted. Drawn from a seed of its own: nothing else of the world changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from phb_audit.synthetic.story import Line, Receipt, Story
from phb_audit.synthetic.words import between, one_of

MISREAD = {"O": "0", "I": "1", "S": "5", "B": "8", "E": "F", "M": "N", "A": "R", "o": "c", "e": "c", "l": "1", "a": "o", "n": "r", "t": "f"}
COMBINED_DAYS = 35


@dataclass(frozen=True)
class Dirt:
    """Share of papers that each thing happens to; one thing a paper."""

    name_misread: float
    name_missing: float
    day_mistyped: float
    invoiced_before: float
    total_misread: float
    split: float
    combined: float
    never_came: float
    for_nothing: float


LEVELS = {
    "tidy": None,
    "usual": Dirt(0.06, 0.02, 0.03, 0.04, 0.01, 0.02, 0.02, 0.03, 0.03),
    "poor": Dirt(0.15, 0.06, 0.08, 0.10, 0.03, 0.05, 0.05, 0.10, 0.08),
}


def dirty_papers(story: Story, level: str) -> None:
    """Let the papers of one holder come as they come at this level."""
    dirt = LEVELS[level]
    if dirt is None:
        return
    rng = Random(f"papers {level} {story.nhs}")
    kept = [line for line in story.lines if line.receipt is not None and not line.receipt.label and line.label == "fine"]
    for place, line in enumerate(kept):
        if line.receipt is not None and line.receipt.readable and not line.more_receipts:
            _one_thing(story, line, kept[place + 1 :], rng, dirt)


def _one_thing(story: Story, line: Line, later: list[Line], rng: Random, dirt: Dirt) -> None:
    paper, draw = line.receipt, rng.random()
    if paper is None:
        return
    things: tuple[tuple[float, Callable[[], object]], ...] = (
        (dirt.name_misread, lambda: _misread(paper, rng)),
        (dirt.name_missing, lambda: setattr(paper, "supplier", "")),
        (dirt.day_mistyped, lambda: setattr(paper, "dated", paper.dated + one_of(rng, (-3, -2, -1, 1, 2, 3)))),
        (dirt.invoiced_before, lambda: setattr(paper, "dated", paper.dated - between(rng, 8, 40))),
        (dirt.total_misread, lambda: _total(paper, paper.total + one_of(rng, (-1, 1)) * max(1, paper.total * between(rng, 1, 15) // 100))),
        (dirt.split, lambda: _split(story, line, rng)),
        (dirt.combined, lambda: _combine(line, later)),
        (dirt.never_came, lambda: setattr(line, "receipt", None)),
        (dirt.for_nothing, lambda: _for_nothing(story, paper, rng)),
    )
    for share, happen in things:
        if draw < share:
            happen()
            return
        draw -= share


def _misread(paper: Receipt, rng: Random) -> None:
    """Two letters as a machine misreads them."""
    letters = list(paper.supplier)
    for place in rng.sample(range(len(letters)), min(2, len(letters))):
        letters[place] = MISREAD.get(letters[place], "i" if letters[place] != " " else "")
    paper.supplier = "".join(letters)


def _total(paper: Receipt, total: int) -> None:
    paper.total, paper.lines = total, [("Goods", 1, total, total)]


def _copy(story: Story, paper: Receipt, total: int, rng: Random) -> Receipt:
    """Another paper of the same shop and day."""
    story.receipts_sent += 1
    ref = f"R{story.number % 1_000_000:06d}-{story.receipts_sent:04d}"
    other = Receipt(
        ref, paper.supplier, f"{rng.randrange(10_000, 99_999)}", paper.dated, paper.received, total, f"{rng.getrandbits(64):016x}"
    )
    other.method, other.lines = paper.method, [("Goods", 1, total, total)]
    return other


def _split(story: Story, line: Line, rng: Random) -> None:
    """Two slips for one payment."""
    paper = line.receipt
    if paper is None or paper.total < 6_00:
        return
    part = paper.total * between(rng, 15, 48) // 100
    line.more_receipts.append(_copy(story, paper, part, rng))
    _total(paper, paper.total - part)


def _combine(line: Line, later: list[Line]) -> None:
    """One invoice for this payment and the next to the same business."""
    paper = line.receipt
    for other in later:
        if paper is None or other.on - line.on > COMBINED_DAYS:
            return
        follows = other.receipt
        if other.business is line.business and follows is not None and follows.readable and not other.more_receipts:
            paper.received = max(paper.received, follows.received)
            _total(paper, paper.total + follows.total)
            other.receipt = paper
            return


def _for_nothing(story: Story, paper: Receipt, rng: Random) -> None:
    """A paper of the same shop for something paid from elsewhere, half of the time at the very same price."""
    total = paper.total if rng.random() < 0.5 else max(1_00, paper.total * between(rng, 60, 140) // 100)
    stray = _copy(story, paper, total, rng)
    stray.dated -= between(rng, 1, 60)
    story.papers_for_nothing.append(stray)
