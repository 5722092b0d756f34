"""Any table becomes cells with true line numbers, and dirt stays where it is."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.sources.decoding import as_utf8
from phb_audit.sources.delimited import Body, read_bodies

CELL = st.text(alphabet=st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"]), max_size=12)
DIRTY = st.builds("".join, st.lists(st.sampled_from(["a", "B", '"', ",", ";", "\n", "\r\n", "|", "\t", " ", "£", "9", "''"]), max_size=8))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str, str, str, int]:
    width = draw(st.integers(2, 6))
    rows = draw(st.lists(st.lists(CELL | DIRTY, min_size=width, max_size=width), min_size=1, max_size=12))
    return (
        rows,
        draw(st.sampled_from(",;\t|")),
        draw(st.sampled_from(["\n", "\r\n"])),
        draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
        width,
    )


def written(rows: list[list[str]], delimiter: str, line_end: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return file.getvalue()


def plain(cell: str | None) -> str | None:
    """What may differ: line ends inside a cell are written one way, and a blank cell is no cell."""
    text = (cell or "").replace("\r\n", "\n")
    return text if text.strip() else None


@settings(max_examples=150, deadline=None)
@given(tables(), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_any_table_lands_whole_with_its_lines(table: tuple[list[list[str]], str, str, str, int], quoting: int) -> None:
    rows, delimiter, line_end, encoding, width = table
    data = as_utf8(written(rows, delimiter, line_end, quoting).encode(encoding))
    read = read_bodies([Body(0, 2, data)], delimiter, width)
    expected, line = [], 2
    for row in rows:
        if any(plain(cell) for cell in row):
            expected.append((line, *(plain(cell) for cell in row)))
        line += written([row], delimiter, line_end, quoting).count("\n")
    got = [(row[1], *(plain(cell) for cell in row[3:])) for row in read.rows()]
    assert got == expected
    assert read["problem_text"].null_count() == read.height


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet='ab",\n 1', max_size=20), max_size=12))
def test_no_dirt_breaks_the_reader_or_loses_a_line(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    read = read_bodies([Body(0, 1, data)], ",", 3)
    numbers = read["line_number"].to_list()
    assert numbers == sorted(set(numbers))
    good = [place for place, line in enumerate("\n".join(lines).split("\n"), start=1) if '"' not in line and line.replace(",", "").strip()]
    inside_a_quoted_cell = [place for place in good if place not in numbers]
    assert all(any('"' in line for line in "\n".join(lines).split("\n")[: place - 1]) for place in inside_a_quoted_cell)


def read(text: str, width: int = 3) -> list[tuple[object, ...]]:
    return (
        read_bodies([Body(0, 2, text.encode())], ",", width).select("line_number", "problem_text", *(f"c{i}" for i in range(width))).rows()
    )


def test_a_cell_may_run_over_a_line_end() -> None:
    assert read('1,"two\nlines",x\n2,b,y\n') == [(2, None, "1", "two\nlines", "x"), (4, None, "2", "b", "y")]


def test_a_line_inside_a_quoted_cell_is_no_row_even_when_it_looks_like_one() -> None:
    assert read('1,"a\n7,8,9\nb",x\n') == [(2, None, "1", "a\n7,8,9\nb", "x")]


def test_a_stray_quote_swallows_no_rows_below_it() -> None:
    rows = read('1,"TESCO,5\n2,ASDA,6\n3,"BOOTS",7\n')
    assert rows == [(2, None, "1", '"TESCO', "5"), (3, None, "2", "ASDA", "6"), (4, None, "3", "BOOTS", "7")]


def test_inches_are_no_quotes() -> None:
    assert read('1,5" screen,9.00\n') == [(2, None, "1", '5" screen', "9.00")]


def test_a_blank_before_a_quote_is_forgiven() -> None:
    assert read('1, "Smith, Ltd",9\n') == [(2, None, "1", "Smith, Ltd", "9")]


def test_a_long_row_lands_and_says_why_it_cannot_be_trusted() -> None:
    assert read("1,SMITH, JONES LTD,5.00\n2,b,6\n") == [
        (2, "4 cells where the header has 3", "1", "SMITH", " JONES LTD"),
        (3, None, "2", "b", "6"),
    ]


def test_blank_cells_at_the_end_of_a_row_do_no_harm() -> None:
    assert read("1,a,5,,\n") == [(2, None, "1", "a", "5")]


def test_a_short_row_lands_with_what_it_has() -> None:
    assert read("1,a\n2,b,6\n") == [(2, None, "1", "a", None), (3, None, "2", "b", "6")]


def test_half_a_last_line_is_told() -> None:
    ((_, problem, *_),) = read("1,a")
    assert problem == "the file ends in the middle of this row: 2 cells where the header has 3"


def test_blank_rows_are_no_rows() -> None:
    assert read("\n1,a,b\n\n,,\n  , ,\n2,a,b\n\n\n") == [(3, None, "1", "a", "b"), (7, None, "2", "a", "b")]


@pytest.mark.parametrize("stray", ['9,"open,1\n', '9,open"\n'])
def test_rows_of_two_files_are_read_together_and_never_mixed(stray: str) -> None:
    bodies = [Body(7, 5, b'1,a,b\n2,"x'), Body(3, 2, stray.encode()), Body(4, 2, b"")]
    rows = read_bodies(bodies, ",", 3)
    assert rows.select("file_index", "line_number").rows() == [(7, 5), (7, 6), (3, 2)]
