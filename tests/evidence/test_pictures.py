"""A page of a paper as a picture to show: made anew, of bearable size, and never of what is no picture or PDF."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from phb_audit.errors import UnreadableFile
from phb_audit.evidence.pictures import SHOWN_PIXELS, made_anew, page_as_jpeg
from tests.evidence import drawn
from tests.evidence.test_intake import huge_png


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=("JPEG",))


def test_a_photo_is_shown_upright_without_its_particulars_and_not_too_large() -> None:
    photo = Image.new("RGB", (3000, 2000), "white")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"  # turned by a quarter; its maker
    told = io.BytesIO()
    photo.save(told, "JPEG", exif=exif)
    shown = opened(page_as_jpeg(told.getvalue(), 1))
    assert shown.height > shown.width
    assert shown.width * shown.height <= SHOWN_PIXELS
    assert not shown.getexif()


def test_a_page_of_a_pdf_is_drawn_and_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    content = drawn.pdf(tmp_path / "invoice.pdf").read_bytes()
    shown = opened(made_anew(content, 1)).convert("L")
    assert shown.getextrema()[0] < 100  # there are letters on it
    with pytest.raises(UnreadableFile):
        page_as_jpeg(content, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + b"\0" * 40,
        b"%PDF-1.4 nothing",
        b"\xff\xd8\xff\xe0 half a picture",
    ],
)
def test_what_is_no_picture_or_pdf_is_never_shown(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="cannot be shown"):
        page_as_jpeg(content, 1)


def test_a_picture_that_unfolds_to_too_much_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        page_as_jpeg(huge_png(tmp_path / "huge.png").read_bytes(), 1)
