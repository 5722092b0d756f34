"""PDFs that keep PDF/UA-1 and PDF/A-2a whatever a sender wrote: a letter the shipped font lacks is shown by its plain form, or as '?'.

(The standards refuse a file with a letter nobody can see; one such letter in a payee's name would else cost the whole report.)
"""

from __future__ import annotations

import json
import struct
import unicodedata
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from phb_audit.reports.page import HERE

FONTS = HERE / "static" / "arimo"
STANDARDS: list[Any] = ["ua-1", "a-2a"]
UNSEEN = "?"


def compiled(template: str, name: str, values: Any, on: date) -> bytes:
    """The PDF of `static/<template>`, dated that day, with the values as JSON under `name`; only the fonts that came with the program."""
    made = typst.compile(
        HERE / "static" / template,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={name: json.dumps(printable(values), ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files for one PDF")
    return made


def printable(value: Any) -> Any:
    """Plain values (texts, lists, dicts) with every text in letters that the font has."""
    if isinstance(value, str):
        return value if letters().issuperset(value) else "".join(map(_seen, value))
    if isinstance(value, dict):
        return {name: printable(held) for name, held in value.items()}
    return [printable(held) for held in value] if isinstance(value, list | tuple) else value


@cache
def _seen(letter: str) -> str:
    if letter in letters():
        return letter
    if unicodedata.category(letter) in ("Cc", "Cf", "Mn", "Zs"):
        return " " if letter == "\t" or unicodedata.category(letter) == "Zs" else ""
    plainer = unicodedata.normalize("NFKC", letter)
    return plainer if letters().issuperset(plainer) else UNSEEN


@cache
def letters() -> frozenset[str]:
    """The letters both weights of the shipped font can show, and the line break."""
    each = [_letters_of(path) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*each) | {"\n"}


def _letters_of(path: Path) -> frozenset[str]:
    """The letters of a TrueType font: its character map of platform 3, encoding 1, in format 4."""
    font = path.read_bytes()
    tables = {font[at : at + 4]: struct.unpack(">I", font[at + 8 : at + 12])[0] for at in range(12, 12 + 16 * _u16(font, 4), 16)}
    cmap = tables[b"cmap"]
    entries = [struct.unpack(">HHI", font[at : at + 8]) for at in range(cmap + 4, cmap + 4 + 8 * _u16(font, cmap + 2), 8)]
    at = cmap + next(offset for platform, encoding, offset in entries if (platform, encoding) == (3, 1))
    if _u16(font, at) != 4:
        raise ValueError(f"{path.name}: the character map is not of format 4")
    size = _u16(font, at + 6)  # twice the number of segments
    found = set()
    for segment in range(0, size, 2):
        last, first = _u16(font, at + 14 + segment), _u16(font, at + 16 + size + segment)
        delta, place = _u16(font, at + 16 + 2 * size + segment), at + 16 + 3 * size + segment
        for code in range(first, min(last, 0xFFFE) + 1):
            offset = _u16(font, place)
            glyph = _u16(font, place + offset + 2 * (code - first)) if offset else code
            if glyph and (glyph + delta) % 65_536:
                found.add(chr(code))
    return frozenset(letter for letter in found if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co"))


def _u16(font: bytes, at: int) -> int:
    return int.from_bytes(font[at : at + 2], "big")
