"""Fields read from words with places: the total among other sums, the day among other days, the name at the head, the lines."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.evidence.amounts import amounts_in
from phb_audit.evidence.company import company_of
from phb_audit.evidence.paper import Line, Paper, Word, in_lines
from phb_audit.evidence.paper_day import day_of, days_in
from phb_audit.evidence.reading import Reading, read
from phb_audit.evidence.total import total_of
from phb_audit.evidence.verify import likeness, verify


def line(text: str, number: int = 0) -> Line:
    """A line of words set in a fixed width, cells parted by '|'."""
    words, left = [], 0.0
    for cell in text.split("|"):
        words.append(Word(cell.strip(), left, number * 20.0, left + 8 * len(cell), number * 20.0 + 12))
        left += 8 * len(cell) + 20
    return Line(tuple(words))


def paper(*texts: str) -> Paper:
    return Paper(tuple(line(text, number) for number, text in enumerate(texts)), "a test")


def total_pence(*texts: str) -> int | None:
    found = total_of(paper(*texts).lines)
    return found.amount.pence if found else None


SHOP = (
    "GREEN DOOR GARDEN CENTRE LTD",
    "12 Mill Lane, Otley",
    "VAT Reg No 123 4567 89",
    "Date: 03/10/2026 14:22",
    "Raised bed kit | 45.00",
    "Compost 50L",
    "2 x 6.00 | 12.00",
    "SUBTOTAL | 57.00",
    "VAT 20% | 9.50",
    "TOTAL | 57.00",
    "CARD | 57.00",
    "Return until 31/10/2026",
)


@pytest.mark.parametrize(
    ("printed", "pence"),
    [
        ("TOTAL 12.50", [12_50]),
        ("£1,234.56", [1234_56]),
        ("1 234.56", [1234_56]),
        ("9 .00", [9_00]),
        ("-0.02", [-2]),
        ("(3.00)", [-3_00]),
        ("3.00-", [-3_00]),
        ("RM33.90", [33_90]),
        ("l2.O0", [12_00]),
        ("03/10/2026 14.22.10", []),
        ("20.00%", []),
        ("Tel 0113 496 0000", []),
        ("55,57 Mill Lane", []),
        ("€12,50", [12_50]),
        ("RM.50", [50]),
        ("3.49 .21", [3_49, 21]),
        ("s.50", []),
        ("TOTAL .99", []),
        ("NO.55 Mill Lane", []),
        ("NO.32 & 33. Mill Lane", []),
    ],
)
def test_amounts_as_papers_print_them(printed: str, pence: list[int]) -> None:
    assert [amount.pence for amount in amounts_in(line(printed))] == pence


@pytest.mark.parametrize(
    ("lines", "pence"),
    [
        (("Tea | 2.00", "Total | 2.00", "Cash | 5.00", "Change | 3.00"), 2_00),
        (("Subtotal | 10.00", "VAT | 2.00", "Total to pay | 12.00"), 12_00),
        (("Total Excl VAT | 10.00", "Total VAT | 2.00", "Total Incl VAT | 12.00"), 12_00),
        (("TOTAL | 33.92", "ROUNDING ADJUSTMENT | -0.02", "TOTAL ROUNDED | 33.90", "CASH | 50.00", "CHANGE | 16.10"), 33_90),
        (("Total Qty | 4.00", "Balance due", "£7.25"), 7_25),
        (("Net Total | 25.J", "Cash | 50.00", "Subtotal | 25.00", "Change | 25.00"), 25_00),
        (("Total 6% supplies (Inc. GST): | 73.52", "Total 0% supplies: | 20.67", "Total Payable: | 94.19"), 94_19),
        (("Beans | 1.20", "Bread | 2.40"), 2_40),
        (("No money here",), None),
    ],
)
def test_the_total_among_other_sums(lines: tuple[str, ...], pence: int | None) -> None:
    assert total_pence(*lines) == pence


@pytest.mark.parametrize(
    ("printed", "days"),
    [
        ("25/12/2018 8:13:39 PM", [date(2018, 12, 25)]),
        ("12-01-19", [date(2019, 1, 12)]),
        ("03.04.26", [date(2026, 4, 3)]),
        ("2018-01-0522:55:25", [date(2018, 1, 5)]),
        ("29/12/201711:41", [date(2017, 12, 29)]),
        ("12 Mar 2018 18:19", [date(2018, 3, 12)]),
        ("24-MAR-2018", [date(2018, 3, 24)]),
        ("3rd October 2026", [date(2026, 10, 3)]),
        ("March 25, 2018", [date(2018, 3, 25)]),
        ("20180428", [date(2018, 4, 28)]),
        ("27032018", [date(2018, 3, 27)]),
        ("31/02/2026", []),
        ("HC03-7 - 15", []),
        ("01/02/1980", []),
        ("Tel 01.23.45.67", []),
    ],
)
def test_days_as_papers_print_them(printed: str, days: list[date]) -> None:
    assert [on for on, _ in days_in(line(printed))] == days


def test_the_day_of_the_sale_goes_before_the_day_of_return_or_printing() -> None:
    found = day_of(paper("Valid until 31/12/2026", "Printed 05/10/2026", "Date: 03/10/2026 14:22").lines)
    assert found is not None
    assert found.on == date(2026, 10, 3)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (("TAX INVOICE", "GREEN DOOR LTD", "12 Mill Lane"), "GREEN DOOR LTD"),
        (("some scribble", "GREEN DOOR PHARMACY", "12 Mill Lane"), "GREEN DOOR PHARMACY"),
        (("GREEN DOOR LTD (123456-X)", "Tel 0113 496 0000"), "GREEN DOOR LTD"),
        (("Green Door Trading", "Limited", "12 Mill Lane"), "Green Door Trading Limited"),
        (("0113 496 0000",), None),
        (("Green Door", "Owned by: Green Door Ltd", "12 Mill Lane"), "Green Door Ltd"),
        (("32 Pub & Bistro of Otley", "78 Mill Road", "OTLEY"), "32 Pub & Bistro of Otley"),
        (("12 Garage Lane", "GREEN DOOR", "OTLEY"), "GREEN DOOR"),
    ],
)
def test_the_name_at_the_head(head: tuple[str, ...], name: str | None) -> None:
    found = company_of(paper(*head).lines)
    assert (found.name if found else None) == name


def test_a_whole_receipt() -> None:
    reading = read(paper(*SHOP))
    assert reading.company is not None
    assert reading.company.value == "GREEN DOOR GARDEN CENTRE LTD"
    assert reading.day is not None
    assert reading.day.value == "2026-10-03"
    assert reading.total_pence == 57_00
    assert reading.vat is not None
    assert reading.vat.value == "9.50"
    assert [(item.description, item.pence) for item in reading.items] == [("Raised bed kit", 45_00), ("Compost 50L", 12_00)]


def test_letters_that_were_hardly_read_are_no_name() -> None:
    scribble = Line((Word("O-UU U.UU", 0, 0, 80, 12, sure_share=0.3),))
    found = company_of([scribble, *(line(text, number + 1) for number, text in enumerate(("OTLEY DOORS", "12 Mill Lane")))])
    assert found is not None
    assert found.name == "OTLEY DOORS"


@pytest.mark.parametrize(
    ("lines", "tax"),
    [
        (("Tea | 12.00", "Total | 12.00", "VAT @20% included in total | 2.00"), "2.00"),
        (("Tea | 12.00", "TOTAL INCLUDES 20% VAT | 2.00", "Total | 12.00"), "2.00"),
        (("Tea | 12.00", "Total | 12.00", "VAT Summary", "A @ 20% | 10.00 | 2.00"), "2.00"),
        (("Tea | 12.00", "Total Excluding Tax | 10.00", ": | 2.00", "Total | 12.00"), "2.00"),
        (("Tea | 12.00", "VAT | 0.00", "VAT 20% | 2.00", "Total | 12.00"), "2.00"),
        (("Tea | 12.00", "VAT | 0.00", "Total | 12.00"), "0.00"),
        (("Tea | 10.00 | 2.00", "Total | 12.00"), None),
        (("Tea | 12.00", "Total VAT supplies (Inc. VAT) | 2.40", "Total | 12.00"), None),
        (("Tea | 12.00", "VAT | 3.00", "Total | 12.00"), "3.00"),
        (("Tea | 12.00", "VAT | 3.01", "Total | 12.00"), None),
        (("Tea | 12.00", "Total excl. VAT | 11.99", "Rounding | 0.01", "Total | 12.00"), None),
    ],
)
def test_the_tax_that_was_paid(lines: tuple[str, ...], tax: str | None) -> None:
    reading = read(paper(*lines))
    assert (reading.vat.value if reading.vat else None) == tax


@pytest.mark.parametrize(
    ("lines", "pence"),
    [
        (("Tea | 2.00", "Bread | 1.00", "Total | 3.00"), [2_00, 1_00]),
        (("Tea | 2.00", "Subtotal | 2.00", "Delivery | 4.99", "Discount | -1.00", "Paid on account | 1.00", "Total | 6.99"), [2_00, 4_99]),
        (("Subtotal so far | 2.00", "Tea | 2.00", "Sub total | 2.00", "Tea again | 2.00", "Total | 2.00"), [2_00]),
        (("STORAGE BOX", "70581 *S", "U2-31", "693613 | 12.50 | 12.50", "Total | 12.50"), [12_50]),
    ],
)
def test_the_lines_of_a_receipt(lines: tuple[str, ...], pence: list[int]) -> None:
    assert [item.pence for item in read(paper(*lines)).items] == pence


@pytest.mark.parametrize(
    ("lines", "left_over"),
    [
        (("Tea | 2.00", "Bread | 1.00", "Total | 3.00"), 0),
        (("Tea | 2.00", "Br", "Total | 3.00"), 1_00),
        (("Tea | 10.00", "VAT | 2.00", "Total | 12.00"), 0),
        (("Tea | 10.02", "Rounding | -0.02", "Total | 10.00"), 0),
        (("Tea | 10.00", "Discount | 1.00", "Total | 9.00"), 0),
        (("Tea | 10.00", "VAT | 2.00", "Discount | 1.00", "Rounding | 0.01", "Total | 11.01"), 0),
        (("Tea | 10.00", "Total rounded | 9.00"), -1_00),
        (("Total | 3.00",), None),
        (("Tea", "Bread"), None),
    ],
)
def test_do_the_lines_come_to_the_total(lines: tuple[str, ...], left_over: int | None) -> None:
    reading = read(paper(*lines))
    assert reading.left_over_pence == left_over
    assert reading.do_lines_add_up == (None if left_over is None else left_over == 0)


def test_an_empty_paper_is_read_as_nothing() -> None:
    reading = read(Paper((), "a test"))
    assert (reading.company, reading.day, reading.total, reading.vat, reading.items) == (None, None, None, None, ())


def test_words_a_little_askew_stand_on_one_line() -> None:
    words = [Word("TOTAL", 10, 100, 60, 112), Word("9.00", 200, 104, 240, 116), Word("CASH", 10, 118, 50, 130)]
    assert [one.text for one in in_lines(words)] == ["TOTAL 9.00", "CASH"]


def test_pages_are_not_mixed() -> None:
    words = [Word("one", 0, 10, 20, 20, page=1), Word("two", 30, 10, 50, 20, page=2)]
    assert [one.text for one in in_lines(words)] == ["one", "two"]


@pytest.fixture
def reading() -> Reading:
    return read(paper(*SHOP))


@pytest.mark.parametrize(("pence", "borne_out"), [(57_00, True), (-57_00, True), (45_00, True), (57_01, False), (75_00, False)])
def test_is_the_banks_amount_on_the_paper(reading: Reading, pence: int, borne_out: bool) -> None:
    assert verify(reading, pence=pence).is_borne_out is borne_out


@pytest.mark.parametrize(("day", "near"), [(3, True), (6, True), (7, False), (1, True)])
def test_a_day_too_far_speaks_against_it(reading: Reading, day: int, near: bool) -> None:
    on = date(2026, 10, day)
    only = Reading(reading.company, reading.day, reading.total, None, amounts_pence=reading.amounts_pence, days=(date(2026, 10, 3),))
    answer = verify(only, pence=57_00, on=on)
    assert (answer.is_day_near, answer.is_borne_out) == (near, near)


def test_without_a_day_on_the_paper_the_amount_alone_speaks(reading: Reading) -> None:
    bare = Reading(None, None, reading.total, None, amounts_pence=reading.amounts_pence)
    answer = verify(bare, pence=57_00, on=date(2026, 10, 3), name="Green Door")
    assert (answer.is_day_near, answer.is_borne_out, answer.name_like_share) == (None, True, None)
    assert "No day was read on this paper." in answer.says


@pytest.mark.parametrize(
    ("one", "other", "is_like"),
    [
        ("GREEN DOOR GARDEN CENTRE LTD", "GREEN DOOR GARDEN", True),
        ("Green Door Ltd", "GREENDOOR LIMITED", True),
        ("GREEN DOOR", "RED BARN TAXIS", False),
        ("", "RED BARN", False),
    ],
)
def test_names_alike(one: str, other: str, is_like: bool) -> None:
    assert (likeness(one, other) >= 0.6) is is_like
