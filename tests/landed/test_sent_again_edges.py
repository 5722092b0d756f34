"""Where a statement sent again begins to be one: each limit of `landed/sent_again.py`, on it and one beside it."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.run import Run
from tests.landed.test_same_payments import Line, landed_lines, memo, night, send
from tests.landed.test_sent_again import MONTH, WORDS, in_words, numbers, statement, without_balance

PLACES = (
    *("ASHBY", "BARLOW", "CORFE", "DENBY", "ELLAND", "FROME", "GARSTON", "HEXBY", "ILKTON", "JARROW"),
    *("KELBY", "LANGHAM", "MARDEN", "NUNTON", "ORBY", "PENBY", "QUORN", "RIPLEY", "SELBY"),
)
SHOPS = [f"{place} {kind}" for kind in ("BAKERY", "FLORIST") for place in PLACES]


def shops(count: int) -> list[Line]:
    """So many lines, each of another shop and amount."""
    return statement([(shop, 10_00 + 37 * place) for place, shop in enumerate(SHOPS[:count])])


def corrected(lines: list[Line], places: int) -> list[Line]:
    """So many of them, in the middle, with another amount."""
    return [
        (on, words, pence + (5_01 if 4 <= place < 4 + places else 0), balance) for place, (on, words, pence, balance) in enumerate(lines)
    ]


@pytest.mark.parametrize(("count", "other", "landed"), [(20, 2, 22), (19, 2, 38), (10, 1, 11), (28, 3, 56)])
def test_nine_in_ten_lines_must_agree(run: Run, count: int, other: int, landed: int) -> None:
    lines = shops(count)
    send(run, a=memo(lines), b=without_balance(in_words(corrected(lines, other), WORDS["a town after"])))
    night(run)
    assert landed_lines(run) == (landed, landed)


@pytest.mark.parametrize(("count", "left_out", "landed"), [(8, 2, 8), (27, 7, 47), (12, 3, 12)])
def test_three_in_four_are_enough_where_one_stands_in_the_other(run: Run, count: int, left_out: int, landed: int) -> None:
    lines = shops(count)
    send(run, a=memo(lines), b=without_balance(in_words([*lines[:4], *lines[4 + left_out :]], WORDS["a town after"])))
    night(run)
    assert landed_lines(run) == (landed, landed)


@pytest.mark.parametrize(("count", "landed"), [(4, 8), (5, 5)])
def test_five_lines_told_alike_are_the_fewest(run: Run, count: int, landed: int) -> None:
    lines = shops(count + 2)[2:]
    send(run, a=memo(lines), b=without_balance(in_words(lines, WORDS["a town after"])))
    night(run)
    assert landed_lines(run) == (landed, landed)


@pytest.mark.parametrize(("sums", "landed"), [(2, 12), (3, 6)])
def test_three_amounts_are_the_fewest_where_the_words_agree(run: Run, sums: int, landed: int) -> None:
    lines = [(on, words, 10_00 + place % sums, 0) for place, (on, words, _, _) in enumerate(shops(8)[2:])]
    send(run, a=memo(lines), b=without_balance(in_words(lines, WORDS["a town after"])))
    night(run)
    assert landed_lines(run) == (landed, landed)


@pytest.mark.parametrize(("sums", "landed"), [(4, 12), (5, 6)])
def test_five_amounts_are_the_fewest_where_the_words_tell_nothing(run: Run, sums: int, landed: int) -> None:
    lines = [(on, words, 10_00 + place % sums, 0) for place, (on, words, _, _) in enumerate(shops(8)[2:])]
    send(run, a=memo(lines), b=without_balance(numbers(lines)))
    night(run)
    assert landed_lines(run) == (landed, landed)


@pytest.mark.parametrize(("others", "landed"), [(1, 11), (2, 20)])
def test_one_in_ten_may_name_somebody_else(run: Run, others: int, landed: int) -> None:
    lines = shops(10)
    again = in_words(lines, WORDS["a town after"])
    named = [(on, f"{'XYZ' if place == 4 else 'QRS'} TRADERS", pence, b) if 4 <= place < 4 + others else (on, words, pence, b)
             for place, (on, words, pence, b) in enumerate(again)]  # fmt: skip
    send(run, a=memo(lines), b=without_balance(named))
    night(run)
    assert landed_lines(run) == (landed, landed)


@pytest.mark.parametrize(("times", "landed"), [(5, 15), (6, 16), (7, 24)])
def test_six_equal_lines_are_the_most_that_are_compared(run: Run, times: int, landed: int) -> None:
    many: list[Line] = [(date(2026, 7, 9), "BUS", 1_75, 0)] * times
    send(run, a=memo([*MONTH, *many]), b=without_balance(in_words([*MONTH, *many], WORDS["a town after"])))
    night(run)
    assert landed_lines(run) == (landed, landed)
