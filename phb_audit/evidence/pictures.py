"""A page of a paper as a picture to show: unfolded, turned upright and made anew in a process of its own with bounds.

`python -m phb_audit.evidence.pictures PAGE [PIXELS]`: the original on standard input, a JPEG on standard output; nothing is
written to the disk.
Only pictures and PDFs become one; whatever else somebody sent (a web page, a drawing with scripts) is never shown.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import warnings
from typing import Any

from PIL import Image

from phb_audit.errors import UnreadableFile
from phb_audit.evidence.intake import DRAWN_AT, FORMATS, MOST_BYTES, MOST_PAGES, MOST_PIXELS, upright

SHOWN_PIXELS = 2_500_000
QUALITY = 85
MOST_MEMORY = 2 * 2**30
MOST_SECONDS = 20
CANNOT = "The paper cannot be shown."
DO = "Ask for it again, as a JPEG or PNG picture or a PDF."


def page_as_jpeg(content: bytes, page: int, pixels: int = SHOWN_PIXELS) -> bytes:
    """That page (from 1) as a JPEG of at most so many pixels, made in a child process.

    Raises UnreadableFile where there is none, or the child gave up.
    """
    command = [sys.executable, "-m", "phb_audit.evidence.pictures", str(page), str(pixels)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(CANNOT, do=DO) from error
    if done.returncode != 0 or not done.stdout.startswith(b"\xff\xd8\xff"):
        raise UnreadableFile(CANNOT, do=DO)
    return done.stdout


def made_anew(content: bytes, page: int, pixels: int = SHOWN_PIXELS) -> bytes:
    """The page as a JPEG of bare pixels, at most so many of them. Raises UnreadableFile, ValueError or what a library raises."""
    if not content or len(content) > MOST_BYTES or not 1 <= page <= MOST_PAGES:
        raise UnreadableFile(CANNOT, do=DO)
    drawn = _of_pdf(content, page) if content[:1024].lstrip().startswith(b"%PDF") else _of_picture(content, page)
    if drawn.width * drawn.height > pixels:
        share = (pixels / (drawn.width * drawn.height)) ** 0.5
        drawn = drawn.resize((max(1, int(drawn.width * share)), max(1, int(drawn.height * share))), Image.Resampling.LANCZOS)
    told = io.BytesIO()
    drawn.save(told, "JPEG", quality=QUALITY)
    return told.getvalue()


def _of_picture(content: bytes, page: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if page > getattr(opened, "n_frames", 1):
                raise UnreadableFile(CANNOT, do=DO)
            return upright(opened, page - 1)[0]


def _of_pdf(content: bytes, page: int) -> Image.Image:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        wanted = document[page - 1]
        width, height = wanted.get_size()
        scale = min(DRAWN_AT, (SHOWN_PIXELS / max(width * height, 1)) ** 0.5)
        drawn: Any = wanted.render(scale=scale).to_pil()
        picture: Image.Image = drawn.convert("RGB")
        return picture
    finally:
        document.close()


def main() -> int:
    """Answer with the page, or with nothing: what is wrong with a file may hold what must not be told."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        sys.stdout.buffer.write(made_anew(sys.stdin.buffer.read(), *(int(told) for told in sys.argv[1:3])))
    except Exception:  # a file may break a library in ways nobody foresaw
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
