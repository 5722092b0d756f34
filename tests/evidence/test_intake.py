"""Files as people send them: what is dangerous is refused in words, and nothing rides along."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from phb_audit.errors import UnreadableFile
from phb_audit.evidence import intake
from phb_audit.evidence.child import as_sent
from phb_audit.evidence.intake import MOST_BYTES, taken_in
from phb_audit.evidence.paper import Word
from tests.evidence import drawn


def huge_png(path: Path) -> Path:
    """A few kilobytes that claim to be 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b""))
    return path


def test_a_photo_is_turned_upright_and_loses_its_particulars(tmp_path: Path) -> None:
    path = tmp_path / "held_sideways.jpg"
    particulars = Image.Exif()
    particulars[0x0112] = 6  # held sideways
    particulars[0x8825] = {1: "N", 2: (53.0, 54.0, 0.0)}
    drawn.picture().save(path, exif=particulars)
    (page,) = taken_in(path).pictures
    assert page.size == drawn.picture().size[::-1]
    assert not page.getexif()
    assert "exif" not in page.info


def test_a_picture_that_unfolds_to_too_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="million pixels"):
        taken_in(huge_png(tmp_path / "bomb.png"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"GIF89a" + b"\0" * 50, "no picture or PDF that we read"),
        (b"PK\x03\x04" + b"\0" * 50, "no picture or PDF that we read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture or PDF that we read"),
        (b"%PDF-1.7\nnothing of the kind", "cannot be read as a PDF"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 400, "damaged|no picture"),
    ],
)
def test_what_is_no_paper_is_refused_in_words(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "paper.jpg"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        taken_in(path)


def test_half_a_picture_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "half.png"
    drawn.picture().save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableFile, match="damaged"):
        taken_in(path)


def test_too_large_a_file_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UnreadableFile, match="larger than 25 MB"):
        taken_in(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        taken_in(tmp_path / "nowhere.jpg")
    with pytest.raises(UnreadableFile, match="not a file"):
        taken_in(tmp_path)


def test_of_a_pdf_with_text_the_words_are_taken(tmp_path: Path) -> None:
    taken = taken_in(drawn.pdf(tmp_path / "invoice.pdf"))
    assert not taken.pictures
    assert "GREEN DOOR GARDEN CENTRE LTD" in {word.text for word in taken.words}
    assert taken.words[0].top < taken.words[-1].top


def test_a_pdf_of_pictures_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    drawn.picture().save(path)
    taken = taken_in(path)
    assert (len(taken.pictures), len(taken.words)) == (1, 0)


def test_attached_files_and_scripts_of_a_pdf_are_told_and_left_alone(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=str(drawn.pdf(tmp_path / "invoice.pdf")))
    writer.add_attachment("more.txt", b"hello")
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('hello')")})
    writer.root_object[NameObject("/OpenAction")] = script
    path = tmp_path / "loaded.pdf"
    writer.write(path)
    remarks = " ".join(taken_in(path).remarks)
    assert "attached files" in remarks
    assert "script" in remarks


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=str(drawn.pdf(tmp_path / "invoice.pdf")))
    writer.encrypt("secret", algorithm="AES-256")
    path = tmp_path / "locked.pdf"
    writer.write(path)
    with pytest.raises(UnreadableFile, match="locked with a password"):
        taken_in(path)


def test_a_large_picture_is_read_smaller_and_its_places_are_those_of_the_one_sent(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    Image.new("RGB", (6_000, 6_000), "white").save(path)
    taken = intake.taken_in(path)
    (page,) = taken.pictures
    assert page.width * page.height <= intake.READ_PIXELS
    assert taken.times == (6_000 / page.width,)
    (word,) = as_sent([Word("x", 10, 20, 30, 40)], taken.times)
    assert (round(word.left), round(word.bottom)) == (round(10 * 6_000 / page.width), round(40 * 6_000 / page.width))


def test_pages_that_are_together_too_large_are_left_and_told(tmp_path: Path) -> None:
    path = tmp_path / "many.tiff"
    page = Image.new("L", (4_000, 4_000), "white")
    page.save(path, save_all=True, append_images=[page] * 11, compression="tiff_lzw")
    taken = intake.taken_in(path)
    assert len(taken.pictures) == 10
    assert taken.remarks == ("Only the first 10 of 12 pages were read.",)
