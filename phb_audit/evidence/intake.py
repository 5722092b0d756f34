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
READ_PIXELS, TOGETHER_PIXELS = 8_000_000, 80_000_000
"""Pixels of a page as it is read (larger ones are made smaller: letters stay large enough), and of all pages of a paper together."""
MOST_PAGES = 20
DRAWN_AT = 200 / 72
"""Pixels a point: pages without text are drawn at 200 dots an inch."""
FACE_SIDE = 512
TEXT_LETTERS = 20
"""Letters from which a PDF's page is taken to have text of its own."""
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")


@dataclass(frozen=True)
class TakenIn:
    """A file's pages as pictures to be read, or its words where it has text; `remarks` say what a reader should know.

    `times`: how many times larger than the picture read the one sent is, picture by picture; none where they are the same.
    `face`: the first page as a picture, small where it has text of its own.
    """

    sha256: str
    pictures: Sequence[Image.Image]
    words: Sequence[Word]
    pages: int
    remarks: tuple[str, ...] = ()
    times: tuple[float, ...] = ()
    face: Image.Image | None = None


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
                count = getattr(opened, "n_frames", 1)
                pages, times = _frames(opened, min(count, MOST_PAGES))
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
    remarks = (f"Only the first {len(pages)} of {count} pages were read.",) if len(pages) < count else ()
    return TakenIn(digest, pages, (), len(pages), remarks, times, pages[0] if pages else None)


def _frames(opened: Image.Image, count: int) -> tuple[list[Image.Image], tuple[float, ...]]:
    """The frames as they are read, as many as together are not too large, and how many times larger each was."""
    pages: list[Image.Image] = []
    times: list[float] = []
    together = 0
    for number in range(count):
        page, smaller = upright(opened, number)
        together += page.width * page.height
        if pages and together > TOGETHER_PIXELS:
            break
        pages.append(page)
        times.append(smaller)
    return pages, tuple(times)


def upright(opened: Image.Image, number: int) -> tuple[Image.Image, float]:
    """The frame turned as it was held, as bare pixels: nothing of what the camera wrote beside them is left."""
    opened.seek(number)
    longest = max(opened.size)
    share = min(1.0, (READ_PIXELS / (opened.width * opened.height)) ** 0.5)
    if share < 1:
        opened.draft("RGB", (int(opened.width * share), int(opened.height * share)))  # a JPEG is unfolded smaller at once
    turned = opened
    ImageOps.exif_transpose(turned, in_place=True)  # no second picture where it is upright already
    if turned.width * turned.height > READ_PIXELS:
        share = (READ_PIXELS / (turned.width * turned.height)) ** 0.5
        size = max(1, int(turned.width * share)), max(1, int(turned.height * share))
        plain = turned if turned.mode in ("RGB", "L") else turned.convert("RGB")
        turned = plain.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    turned = turned.convert("RGB")
    bare = Image.new("RGB", turned.size)
    bare.paste(turned)
    return bare, longest / max(turned.size)


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
        words: list[Word] = []
        pictures: list[Image.Image] = []
        together = 0.0
        face = _face(document) if count else None
        for number in range(min(count, MOST_PAGES)):
            page = document[number]
            told = _words_of(page, number + 1)
            if sum(letter.isalnum() for word in told for letter in word.text) >= TEXT_LETTERS:
                words += told
            else:
                width, height = page.get_size()
                scale = min(DRAWN_AT, (READ_PIXELS / max(width * height, 1)) ** 0.5)
                together += width * height * scale**2
                if pictures and together > TOGETHER_PIXELS:
                    remarks.append(f"Only the first {number} of {count} pages were read.")
                    break
                pictures.append(page.render(scale=scale).to_pil().convert("RGB"))
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
        raise UnreadableFile(f"{path.name} is damaged.", do="Send it again, or print it to PDF anew.") from error
    finally:
        document.close()
    return TakenIn(digest, pictures, words, count, tuple(remarks), face=face)


def _face(document: Any) -> Image.Image:
    """The first page, small."""
    page = document[0]
    drawn: Any = page.render(scale=FACE_SIDE / max(*page.get_size(), 1)).to_pil()
    picture: Image.Image = drawn.convert("L")
    return picture


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
