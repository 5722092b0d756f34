"""Papers drawn for tests: a till receipt as a picture, an invoice as a PDF with text."""

from __future__ import annotations

import json
from pathlib import Path

import typst
from PIL import Image, ImageDraw, ImageFont

RECEIPT = (
    "GREEN DOOR GARDEN CENTRE LTD",
    "12 Mill Lane, Otley",
    "Date: 03/10/2026 14:22",
    "Raised bed kit        45.00",
    "Compost 50L           12.00",
    "TOTAL                 57.00",
    "CARD                  57.00",
)


def picture(lines: tuple[str, ...] = RECEIPT, *, width: int = 620) -> Image.Image:
    """A clean till receipt, black on white."""
    drawn = Image.new("RGB", (width, 40 + 44 * len(lines)), "white")
    pen, font = ImageDraw.Draw(drawn), ImageFont.load_default(size=26)
    for number, text in enumerate(lines):
        name, _, amount = text.partition("   ")
        pen.text((30, 20 + 44 * number), name, fill="black", font=font)
        pen.text((460, 20 + 44 * number), amount.strip(), fill="black", font=font)
    return drawn


def pdf(path: Path, lines: tuple[str, ...] = RECEIPT) -> Path:
    """An invoice whose words are text."""
    source = path.with_suffix(".typ")
    source.write_text("#set page(width: 12cm, height: 14cm)\n" + "\n\n".join(f"#{json.dumps(text)}" for text in lines), encoding="utf-8")
    typst.compile(str(source), output=str(path))
    return path
