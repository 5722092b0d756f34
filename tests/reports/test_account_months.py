"""An account rolls forward to the penny, or the first line where it does not is named with the exact difference."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.reports.account_months import Break, roll_forward

Line = tuple[date, str, int, int | None]


def frame(*lines: Line) -> pl.DataFrame:
    schema = {"paid_on": pl.Date, "payment_id": pl.String, "amount_pence": pl.Int64, "balance_pence": pl.Int64}
    return pl.DataFrame(list(lines), schema=schema, orient="row")


MAY, JUNE = date(2026, 5, 4), date(2026, 6, 2)


def test_a_whole_account_has_nothing_on_no_line() -> None:
    months = roll_forward(frame((MAY, "P1", -100_00, 150_00), (MAY, "P2", 30_00, 120_00), (JUNE, "P3", 20_00, 100_00)))
    assert [(m.opening_pence, m.in_pence, m.out_pence, m.unexplained_pence, m.closing_pence) for m in months] == [
        (50_00, 100_00, 30_00, 0, 120_00),
        (120_00, 0, 20_00, 0, 100_00),
    ]


def test_the_break_is_named_with_its_first_line_and_to_the_penny() -> None:
    months = roll_forward(frame((MAY, "P1", 10_00, 90_00), (JUNE, "P2", 5_00, 84_99), (JUNE + timedelta(days=1), "P3", 4_99, 80_00)))
    assert months[1].breaks == (Break(JUNE, "P2", 85_00, 84_99),)
    assert months[1].unexplained_pence == -1


def test_lines_of_one_day_may_come_newest_first() -> None:
    months = roll_forward(frame((MAY, "P2", 30_00, 60_00), (MAY, "P1", 10_00, 90_00), (JUNE, "P3", 1_00, 59_00)))
    assert [month.breaks for month in months] == [(), ()]
    assert months[0].opening_pence == 100_00


def test_an_account_without_balances_begins_at_nothing() -> None:
    assert roll_forward(frame((MAY, "P1", -5_00, None), (MAY, "P2", 2_00, None)))[0].closing_pence == 3_00


def test_an_account_without_lines_has_no_month() -> None:
    assert roll_forward(frame()) == []


def with_fees(*lines: tuple[date, str, int, int | None, int | None]) -> pl.DataFrame:
    return frame(*(row[:4] for row in lines)).with_columns(fee_pence=pl.Series([row[4] for row in lines], dtype=pl.Int64))


def test_a_fee_on_top_of_a_line_went_out_and_is_no_break() -> None:
    (_, month) = roll_forward(with_fees((MAY, "P0", 0, 100_00, None), (JUNE, "P1", 10_00, 88_50, 1_50)))
    assert (month.breaks, month.unexplained_pence) == ((), 0)
    assert (month.out_pence, month.fees_pence, month.closing_pence) == (11_50, 1_50, 88_50)


def test_a_fee_in_the_amount_is_not_taken_off_again() -> None:
    (_, month) = roll_forward(with_fees((MAY, "P0", 0, 100_00, None), (JUNE, "P1", 11_50, 88_50, 1_50)))
    assert (month.breaks, month.out_pence, month.fees_pence) == ((), 11_50, 0)


def test_of_two_fees_of_a_day_only_the_one_on_top_counts() -> None:
    lines = ((MAY, "P0", 0, 100_00, None), (JUNE, "P1", 10_00, 90_00, 50), (JUNE, "P2", 5_00, 83_50, 1_50))
    (_, month) = roll_forward(with_fees(*lines))
    assert (month.breaks, month.out_pence, month.fees_pence) == ((), 16_50, 1_50)


def test_what_no_fee_explains_stays_a_break() -> None:
    (_, month) = roll_forward(with_fees((MAY, "P0", 0, 100_00, None), (JUNE, "P1", 10_00, 88_49, 1_50)))
    assert (month.unexplained_pence, month.fees_pence) == (-1_51, 0)


lines = st.lists(
    st.tuples(st.integers(0, 80), st.integers(-50_00, 50_00), st.one_of(st.none(), st.integers(-90_00, 90_00))), min_size=1, max_size=25
)


@settings(deadline=None)  # a busy machine is no failure
@given(lines)
def test_every_month_proves_whatever_the_lines_say(drawn: list[tuple[int, int, int | None]]) -> None:
    rows = [(MAY + timedelta(days=on), f"P{n}", pence, balance) for n, (on, pence, balance) in enumerate(drawn)]
    months = roll_forward(frame(*rows))
    assert all(m.opening_pence + m.in_pence - m.out_pence + m.unexplained_pence == m.closing_pence for m in months)
    assert all(first.closing_pence == then.opening_pence for first, then in pairwise(months))
    assert sum(m.out_pence - m.in_pence for m in months) == sum(pence for _, pence, _ in drawn)
