"""What reads pictures: rapidocr where the extra `[ocr]` is installed, else tesseract where the machine has it."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image

from phb_audit.errors import UsageError
from phb_audit.evidence.paper import Word

RAPIDOCR, TESSERACT = "rapidocr", "tesseract"
SMALL_WIDTH = 800
"""Narrower pictures are doubled for tesseract: till paper scanned small has letters of ten pixels. rapidocr gains nothing by it."""
SECONDS_A_PAGE = 60
Engine = Callable[[Image.Image, int], list[Word]]


def engine_named(name: str | None = None) -> tuple[str, Engine]:
    """The engine asked for, or the best there is. Raises UsageError saying how to get one where there is none."""
    engines: dict[str, tuple[Callable[[], bool], Engine]] = {
        RAPIDOCR: (lambda: find_spec("rapidocr") is not None, _rapidocr),
        TESSERACT: (lambda: shutil.which("tesseract") is not None, _tesseract),
    }
    for known, (is_there, engine) in engines.items():
        if name in (None, known) and is_there():
            return known, engine
    wanted = name or "an engine that reads pictures"
    raise UsageError(
        f"{wanted} is not installed.",
        do="Install the extra: pip install 'phb-audit[ocr]'; or Debian's tesseract-ocr. PDFs with text need neither.",
    )


def words_of(pictures: Sequence[Image.Image], engine: Engine) -> list[Word]:
    """The words of all pages."""
    return [word for number, picture in enumerate(pictures, 1) for word in engine(picture, number)]


@cache
def _loaded() -> Any:
    import logging

    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR()


def _rapidocr(picture: Image.Image, page: int) -> list[Word]:
    found = _loaded()(np.asarray(picture)[:, :, ::-1].copy())
    if found.boxes is None:
        return []
    words = []
    for box, text, sure in zip(found.boxes, found.txts, found.scores, strict=True):
        across, down = [float(x) for x, _ in box], [float(y) for _, y in box]
        words.append(Word(text, min(across), min(down), max(across), max(down), round(float(sure), 4), page))
    return words


def _tesseract(picture: Image.Image, page: int) -> list[Word]:
    scale = 2 if picture.width < SMALL_WIDTH else 1
    shown = picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.LANCZOS) if scale > 1 else picture
    content = io.BytesIO()
    shown.save(content, "PNG")
    told = subprocess.run(
        ["tesseract", "stdin", "stdout", "--psm", "6", "tsv"],
        input=content.getvalue(),
        capture_output=True,
        timeout=SECONDS_A_PAGE,
        check=True,
    )
    words = []
    for row in csv.DictReader(io.StringIO(told.stdout.decode("utf-8", "replace")), delimiter="\t", quoting=csv.QUOTE_NONE):
        text, sure = (row.get("text") or "").strip(), float(row["conf"])
        if text and sure >= 0:
            left, top, width, height = (float(row[name]) / scale for name in ("left", "top", "width", "height"))
            words.append(Word(text, left, top, left + width, top + height, sure / 100, page))
    return words
