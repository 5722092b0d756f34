"""The same picture again: smaller, cut, turned, darker, photographed; and receipts of one till that are not the same."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from phb_audit.evidence.alike import MOST_BITS, are_numbers_the_same, bits_apart, is_one_paper, mark_of, numbers_mark
from phb_audit.evidence.intake import taken_in
from phb_audit.evidence.readings import readings
from tests.evidence import drawn
from tests.evidence.test_readings import needs_tesseract

TILL = drawn.RECEIPT
ELSEWHERE = ("BRIGHT LAUNDRY", "Wash", "Dry", "Fold", "03/10/2026 14:22", "TOTAL    57.00", *(["Thank you"] * 9))


def saved_again(picture: Image.Image) -> Image.Image:
    told = io.BytesIO()
    picture.save(told, "JPEG", quality=40)
    return Image.open(told)


def cut(picture: Image.Image) -> Image.Image:
    across, down = round(picture.width * 0.02), round(picture.height * 0.02)
    return picture.crop((across, down, picture.width - across, picture.height - down))


def on_a_table(picture: Image.Image) -> Image.Image:
    table = Image.new("RGB", (picture.width + 80, picture.height + 60), (110, 95, 80))
    table.paste(picture, (45, 25))
    return table


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved again": saved_again,
    "half the size": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "cut": cut,
    "turned": lambda picture: picture.rotate(2, expand=True, fillcolor="white"),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.7),
    "on a table": on_a_table,
}


@pytest.mark.parametrize("name", COPIES)
def test_a_picture_sent_again_has_nearly_the_same_mark(name: str) -> None:
    assert bits_apart(mark_of(drawn.picture()), mark_of(COPIES[name](drawn.picture()))) <= MOST_BITS


def test_another_paper_has_another_mark_and_a_blank_one_has_none() -> None:
    assert bits_apart(mark_of(drawn.picture()), mark_of(drawn.picture(ELSEWHERE))) > MOST_BITS
    assert mark_of(Image.new("RGB", (300, 600), "white")) == ""


BUS = ("CITY BUSES 0113 496 0000", "Service 72 03/10/2026 14:22", "Ticket 004417 Driver 2291", "Machine 08812 Stage 31105", "Single 2.00")


def told(*lines: str) -> str:
    return numbers_mark(lines)


def test_two_tickets_of_one_bus_look_the_same_and_are_two() -> None:
    """Bought together in one minute: only the ticket's number differs. On the way back the time differs too."""
    companion = tuple(line.replace("004417", "004418") for line in BUS)
    back = tuple(line.replace("14:22", "16:40").replace("004417", "009902") for line in BUS)
    pictures = [mark_of(drawn.picture(lines)) for lines in (BUS, companion, back)]
    assert max(bits_apart(pictures[0], one) for one in pictures[1:]) <= MOST_BITS
    for lines, picture in zip((companion, back), pictures[1:], strict=True):
        assert not is_one_paper(pictures[0], picture, told(*BUS), told(*lines))
    assert is_one_paper(pictures[0], pictures[0], told(*BUS), told(*BUS))


def test_another_time_of_day_says_two_though_everything_else_agrees() -> None:
    assert not are_numbers_the_same(told(*BUS), told(*(line.replace("14:22", "14:23") for line in BUS)))
    assert are_numbers_the_same(told("Paid 14:22", *BUS), told("Paid 02:22 pm", *BUS))  # 24 hours and 12 are one time


def test_with_the_time_a_number_may_be_lost_and_without_it_none() -> None:
    assert are_numbers_the_same(told(*BUS, "VAT 123456789"), told(*BUS))
    assert not are_numbers_the_same(told(*BUS), told("14:22", "Ticket 004417"))  # two left: too few
    assert not are_numbers_the_same(told(*BUS), told("14:22", "Ticket 004417 Driver 2291", "Shop 51 700 813 9921 6047"))
    untimed = tuple(line.replace("14:22", "") for line in BUS)
    assert are_numbers_the_same(told(*untimed), told(*untimed))
    assert not are_numbers_the_same(told(*untimed, "VAT 123456789"), told(*untimed))


def test_a_paper_with_hardly_a_number_is_told_from_no_other() -> None:
    hand = ("Gardening, two hours", "40.00")
    assert not are_numbers_the_same(told(*hand), told(*hand))


def test_marks_tell_no_long_number_and_amounts_are_none() -> None:
    mark = told("Card 4929 123456781234", "12.40", "1,240.00")
    assert "123456781234" not in mark
    assert len(mark.split()) == 2


def test_a_pdf_with_text_is_drawn_for_its_mark(tmp_path: Path) -> None:
    face = taken_in(drawn.pdf(tmp_path / "invoice.pdf")).face
    assert face is not None
    assert max(face.size) <= 512
    assert len(mark_of(face)) == 160


@needs_tesseract
def test_a_reading_keeps_the_mark_of_its_picture(tmp_path: Path) -> None:
    picture = tmp_path / "till.png"
    drawn.picture().save(picture)
    for _ in range(2):  # the second time from what was kept
        (outcome,) = readings([picture], engine="tesseract", kept_in=tmp_path / "kept")
        assert outcome.reading is not None
        assert bits_apart(outcome.reading.picture_mark, mark_of(drawn.picture())) <= 2
    (kept,) = (tmp_path / "kept").iterdir()
    assert json.loads(kept.read_text())["picture_mark"]
