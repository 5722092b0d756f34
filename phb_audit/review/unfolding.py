"""What an uploaded workbook would unfold to, told from its parts before any cell is made: a few kilobytes may name the farthest cell.

Stricter than the night's look (sources/workbooks.py), for whoever uploads chooses every byte: each part is read as XML whatever it is
called, a cell without its place counts from the one before, and a text that stands in many cells counts each time.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from xml.parsers import expat

from phb_audit.errors import UnreadableFile

MOST_UNPACKED_BYTES = 50 * 1024 * 1024
MOST_CELLS, MOST_COLUMNS = 1_000_000, 100
MOST_TOLD_BYTES = 100 * 1024 * 1024
PIECE_BYTES = 1024 * 1024
PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
CELLS_OR_TEXTS = re.compile(rb"sheetData|<(\w+:)?si\b")
OTHER_KINDS = ("content.xml", "xl/workbook.bin")  # other programs' workbooks, which the reader would take too


class TooManyCells(UnreadableFile):
    """A workbook with cells far beyond any list of decisions."""


def require_small(data: bytes) -> None:
    """Raises UnreadableFile for what is no .xlsx, TooManyCells for one that unfolds to far more than a workbook of decisions is."""
    unfolded = _Unfolded()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            is_other = any(entry.filename.lower() in OTHER_KINDS for entry in entries)
            if is_other or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
                raise UnreadableFile("It unfolds to too much, or is of another kind.", do="")
            for entry in entries:
                unfolded.read(archive.read(entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile("It cannot be opened.", do="") from error
    unfolded.require_few_letters()


class _Unfolded:
    """Counts over the parts of a workbook."""

    def __init__(self) -> None:
        self.cells = self.row = self.column = self.deepest = self.widest = self.texts = 0
        self.lengths: dict[int, int] = {}
        self.used: Counter[str] = Counter()
        self.text: list[str] | None = None
        self.is_shared = False

    def read(self, part: bytes) -> None:
        """Count a part; one that is no XML counts nothing, and is refused where the reader could take it for a sheet or its texts."""
        self.row = self.column = self.deepest = self.widest = self.texts = 0
        self.text = None
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = self._letters, _no_doctype
        try:
            parser.Parse(part, True)
        except expat.ExpatError as error:
            if CELLS_OR_TEXTS.search(part):
                raise UnreadableFile("A sheet of it is no XML.", do="") from error
        self.cells += self.deepest * self.widest

    def require_few_letters(self) -> None:
        """Raises TooManyCells where the texts of all cells together are too long, however seldom each is written down."""
        told = sum(
            self.lengths.get(int(place), 0) * times
            for place, times in self.used.items()
            if len(place) < 8 and place.isascii() and place.isdigit()
        )
        if told > MOST_TOLD_BYTES:
            raise TooManyCells("Its cells hold too much text.", do="")

    def _start(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self.row, self.column = _whole(given["r"]) if "r" in given else self.row + 1, 0
        elif local == "c":
            self._cell(given)
        elif local == "si" or (local == "v" and self.is_shared):
            self.text = []

    def _cell(self, given: dict[str, str]) -> None:
        self.is_shared = given.get("t") == "s"
        self.column += 1
        if "r" in given:
            if (found := PLACE.fullmatch(given["r"])) is None:
                raise UnreadableFile("A cell of it has no place.", do="")
            self.column, row = _number(found[1]), int(found[2])
        else:
            row = max(self.row, 1)
        self.deepest, self.widest = max(self.deepest, row), max(self.widest, self.column)
        if self.widest > MOST_COLUMNS or self.cells + self.deepest * self.widest > MOST_CELLS:
            raise TooManyCells("It has cells far beyond a list.", do="")

    def _letters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if self.text is None or local not in ("si", "v"):
            return
        told, self.text = "".join(self.text), None
        if local == "si":
            self.lengths[self.texts] = max(len(told.encode()), self.lengths.get(self.texts, 0))
            self.texts += 1
        else:
            self.used[told.strip()] += 1


def _no_doctype(*_: object) -> None:
    raise UnreadableFile("It defines words of its own.", do="")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise UnreadableFile("A row of it has no number.", do="")
    return int(text)


def _number(letters: str) -> int:
    """A=1, Z=26, AA=27."""
    return sum((ord(letter) - 64) * 26**at for at, letter in enumerate(reversed(letters.upper())))
