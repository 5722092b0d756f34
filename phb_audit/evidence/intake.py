"""Taking in a file somebody sent: only what it should be, of a bearable size, without what rides along.

Called in a child process with bounds on memory and time (`child`). Pictures are turned upright and made anew without their
particulars (place, camera); of PDFs the text is taken, or their pages are drawn; scripts and attached files are never opened.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from phb_audit.errors import UnreadableFile
from phb_audit.evidence.paper import Word

MOST_BYTES = 25 * 2**20
MOST_PIXELS = 50_000_000
MOST_PAGES = 20
DRAWN_AT = 200 / 72
"""Pixels a point: pages without text are drawn at 200 dots an inch."""
TEXT_LETTERS = 20
"""Letters from which a PDF's page is taken to have text of its own."""
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")


@dataclass(frozen=True)
class TakenIn:
    """A file's pages as pictures to be read, or its words where it has text; `remarks` say what a reader should know."""

    sha256: str
    pictures: Sequence[Image.Image]
    words: Sequence[Word]
    pages: int
    remarks: tuple[str, ...] = ()


def taken_in(path: Path) -> TakenIn:
    """Open a file safely. Raises UnreadableFile saying what is wrong with it and what to send instead."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnreadableFile(f"{path.name} is not a file.", do="Name a picture or a PDF.")
        if size == 0:
            raise UnreadableFile(f"{path.name} is empty.", do="Send it again.")
        if size > MOST_BYTES:
            raise UnreadableFile(f"{path.name} is larger than {MOST_BYTES // 2**20} MB.", do="Send a smaller picture.")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be opened.", do="Check its name and who may read it.") from error
    digest = hashlib.sha256(content).hexdigest()
    if content[:1024].lstrip().startswith(b"%PDF"):
        return _pdf(path, digest)
    return _picture(path, digest)


def _picture(path: Path, digest: str) -> TakenIn:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as opened:
                pages = [_upright(opened, number) for number in range(min(getattr(opened, "n_frames", 1), MOST_PAGES))]
    except UnidentifiedImageError as error:
        raise UnreadableFile(
            f"{path.name} is no picture or PDF that we read.", do="Send a JPEG, PNG, WebP or TIFF picture, or a PDF."
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableFile(
            f"{path.name} unfolds to more than {MOST_PIXELS // 10**6} million pixels.", do="Send a smaller picture."
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise UnreadableFile(f"{path.name} is damaged.", do="Take the picture again, or send the original.") from error
    return TakenIn(digest, pages, (), len(pages))


def _upright(opened: Image.Image, number: int) -> Image.Image:
    """The frame turned as it was held, as bare pixels: nothing of what the camera wrote beside them is left."""
    opened.seek(number)
    turned = ImageOps.exif_transpose(opened).convert("RGB")
    bare = Image.new("RGB", turned.size)
    bare.paste(turned)
    return bare


def _pdf(path: Path, digest: str) -> TakenIn:
    import pypdfium2

    remarks = _rides_along(path)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(f"{path.name} cannot be read as a PDF.", do="Send it again, or print it to PDF anew.") from error
    try:
        count = len(document)
        if count > MOST_PAGES:
            remarks.append(f"Only the first {MOST_PAGES} of {count} pages were read.")
        words, pictures = [], []
        for number in range(min(count, MOST_PAGES)):
            page = document[number]
            told = _words_of(page, number + 1)
            if sum(letter.isalnum() for word in told for letter in word.text) >= TEXT_LETTERS:
                words += told
            else:
                width, height = page.get_size()
                scale = min(DRAWN_AT, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
                pictures.append(page.render(scale=scale).to_pil().convert("RGB"))
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
        raise UnreadableFile(f"{path.name} is damaged.", do="Send it again, or print it to PDF anew.") from error
    finally:
        document.close()
    return TakenIn(digest, pictures, words, count, tuple(remarks))


def _words_of(page: Any, number: int) -> list[Word]:
    """The page's own text, a piece of a line a word, with y downwards."""
    height = page.get_height()
    told = page.get_textpage()
    words = []
    for place in range(told.count_rects()):
        left, bottom, right, top = told.get_rect(place)
        text = told.get_text_bounded(left, bottom, right, top).replace("\r\n", " ").strip()
        if text:
            words.append(Word(text, left, height - top, right, height - bottom, 1.0, number))
    return words


def _rides_along(path: Path) -> list[str]:
    """What a PDF carries besides its pages, in words. Raises UnreadableFile where it is locked."""
    import pypdf
    from pypdf.errors import PyPdfError

    remarks = []
    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(f"{path.name} is locked with a password.", do="Send it without a password.")
        root: Any = reader.trailer["/Root"]
        names: Any = root.get("/Names", {})
        if "/EmbeddedFiles" in names:
            remarks.append("It carries attached files; they were not opened.")
        if "/JavaScript" in names or "/OpenAction" in root or "/AA" in root:
            remarks.append("It carries a script or an action; nothing of it was run.")
    except (PyPdfError, OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError, IndexError):
        remarks.append("Its build could not be checked for what rides along; only its pages were looked at.")
    return remarks
