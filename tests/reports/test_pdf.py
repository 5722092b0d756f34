"""PDFs are made whatever a sender wrote: letters the font lacks are shown plainly, and never stop the file."""

from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest

from phb_audit.reports.pdf import compiled, letters, printable

LIST = {
    "title": "Flagged items",
    "code": "QZZ",
    "as_of": "31 October 2026",
    "note": "",
    "splits": [],
    "headings": ["Reference"] * 4,
    "groups": [],
    "table_at_most": 2,
    "cards": [],
    "cards_more": 0,
    "made_of": "",
}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Zoë Café £1,249.00", "Zoë Café £1,249.00"),
        ("＝SUM（A1）", "=SUM(A1)"),  # noqa: RUF001
        ("ﬁt", "ﬁt"),
        ("日本 shop", "?? shop"),
        ("party \U0001f389", "party ?"),
        ("a\tb\x00c\u200bd", "a bcd"),
    ],
)
def test_letters_the_font_lacks_are_shown_plainly(written: str, shown: str) -> None:
    assert printable(written) == shown


def test_texts_within_lists_and_dicts_are_reached_and_numbers_left() -> None:
    assert printable({"a": ["＝", 1], "b": ("日", None)}) == {"a": ["=", 1], "b": ["?", None]}  # noqa: RUF001


def test_the_font_has_what_english_and_money_need() -> None:
    assert set("abcxyzABCXYZ0189 £.,;:'‘’“”–-()%éüñ€…") <= letters()  # noqa: RUF001
    assert "日" not in letters()


@pytest.mark.parametrize("words", ["日本 \U0001f389 ＝ ﷽", "\x00\x01\u202e\u200f", '#image("/etc/passwd")'])  # noqa: RUF001
def test_no_word_stops_a_file_that_must_be_accessible(words: str) -> None:
    made = compiled("flagged.typ", "list", LIST | {"opening": [f"Before {words} after"]}, date(2026, 10, 31))
    assert "Before" in pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_a_long_group_stands_in_lines_and_a_short_one_in_a_table() -> None:
    rows = [[f"F0{place}", "PHB-1", "Shop", "High. Why"] for place in range(3)]
    both = LIST | {"opening": [], "groups": [["Few", rows[:2]], ["Many", rows]]}
    read = pypdf.PdfReader(io.BytesIO(compiled("flagged.typ", "list", both, date(2026, 10, 31))))
    words = read.pages[0].extract_text()
    assert words.count("Reference") == 4
    assert words.index("Many") < words.rindex("F02")
