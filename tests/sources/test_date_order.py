"""Whether days or months stand first is one answer for a file's column, not one for each date."""

from __future__ import annotations

import json

import pytest

from phb_audit.errors import UnreadableFile
from phb_audit.sources.date_order import DAY_COLUMNS
from phb_audit.sources.feeds import FEEDS
from phb_audit.sources.mapping import known_layouts
from phb_audit.sources.read import Reader, Recognised, rows_of
from tests.sources.cells import recognised
from tests.sources.test_other_feeds import RECEIPT

HEAD = "Sort Code,Account Number,Account Name,Date,Value Date,Transaction Type,Description,Amount,Balance\n"


def read(*days: str, posted: tuple[str, ...] = ()) -> Recognised:
    rows = [f"07-16-20,1234567{number},A,{day},{(posted or days)[number]},DEB,SHOP,-1.00,2.00\n" for number, day in enumerate(days)]
    return Reader(known_layouts()).read((HEAD + "".join(rows)).encode(), 0, "a.csv")


def days_of(found: Recognised, name: str = "paid_on_text") -> list[str]:
    texts: list[str] = rows_of(found.pieces)[name].to_list()
    return texts


def test_one_date_that_can_only_have_the_month_first_turns_every_date_of_the_column() -> None:
    found = read("03/04/2026", "07/13/2026", "12/1/26", "07-14-2026 10:30:00")
    assert days_of(found) == ["2026-03-04", "2026-07-13", "2026-12-01", "2026-07-14 10:30:00"]
    assert "month before the day" in found.note


@pytest.mark.parametrize(
    "days", [("03/04/2026", "05/04/2026"), ("13/07/2026", "03/04/2026"), ("2026-07-13", "13 Jul 2026"), ("07/32/2026", "x")]
)
def test_where_nothing_says_otherwise_days_stand_first_and_the_text_stays(days: tuple[str, ...]) -> None:
    found = read(*days)
    assert days_of(found) == list(days)
    assert not found.note


def test_a_column_that_does_not_tell_follows_the_one_that_does() -> None:
    found = read("03/04/2026", "05/06/2026", posted=("07/13/2026", "07/14/2026"))
    assert days_of(found) == ["2026-03-04", "2026-05-06"]


def test_two_columns_may_each_have_their_own_order() -> None:
    found = read("03/04/2026", "07/13/2026", posted=("03/04/2026", "13/07/2026"))
    assert days_of(found) == ["2026-03-04", "2026-07-13"]
    assert days_of(found, "posted_on_text") == ["03/04/2026", "13/07/2026"]


def test_a_column_written_both_ways_is_refused_with_a_line_of_each_kind() -> None:
    with pytest.raises(UnreadableFile, match=r"under 'Date' .* line 3 has the month first, line 4 the day first.*Ask the sender"):
        read("03/04/2026", "07/13/2026", "13/07/2026")


def test_a_slip_among_many_is_the_rows_own_fault() -> None:
    many = tuple(f"{day}/07/2026" for day in range(13, 23)) * 5
    assert days_of(read(*many, "07/13/2026"))[-1] == "07/13/2026"
    assert days_of(read(*many[:5], "07/13/2026"))[-1] == "07/13/2026"
    with pytest.raises(UnreadableFile):
        read(*many[:49], "07/13/2026", "07/14/2026")


def test_one_slip_beside_dates_that_could_be_either_does_not_turn_them() -> None:
    july = tuple(f"{day:02}/07/2026" for day in range(1, 13))
    assert days_of(read(*july, "07/13/2026")) == [*july, "07/13/2026"]
    american = tuple(f"07/{day:02}/2026" for day in range(1, 14))
    assert days_of(read(*american)) == [f"2026-07-{day:02}" for day in range(1, 14)]


def test_records_are_read_alike() -> None:
    dated = [{**RECEIPT, "date": day} for day in ("03/04/2026", "07/13/2026")]
    assert sorted(set(days_of(recognised(json.dumps(dated)), "dated_on_text"))) == ["2026-03-04", "2026-07-13"]


def test_every_day_that_a_feed_speaks_of_is_looked_at() -> None:
    assert all(DAY_COLUMNS.search(name) for feed in FEEDS.values() for name in feed.days)
