"""Shifts and visits: times as people write them, nights past midnight, hours alone, and what cannot be a visit."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.run import Run
from phb_audit.validated.visits import minutes
from tests.validated import small_world as a


def admitted(run: Run, *visits: dict[str, object]) -> list[dict[str, object]]:
    a.validate(run, a.world(visits=list(visits)))
    return run.warehouse.frame("SELECT * FROM validated.visits ORDER BY row_id").to_dicts()


@pytest.mark.parametrize(
    ("words", "minute"),
    [
        ("09:30", 570),
        ("9.30", 570),
        ("0930", 570),
        ("9h05", 545),
        ("24:00", 1440),
        ("09:30:00", 570),
        ("24:30", None),
        ("930 am", None),
        ("12", None),
    ],
)
def test_times_of_day(words: str, minute: int | None) -> None:
    assert pl.DataFrame({"words": [words]}).select(minutes(pl.col("words"))).item() == minute


def test_a_night_shift_ends_after_midnight(run: Run) -> None:
    (row,) = admitted(run, a.visit(starts_text="22:00", ends_text="07:30"))
    assert (row["starts_minute"], row["ends_minute"], row["hours_count"]) == (22 * 60, 31 * 60 + 30, 9.5)


def test_hours_alone_are_enough_and_times_come_before_them(run: Run) -> None:
    alone, both = admitted(
        run, a.visit("one", starts_text=None, ends_text=None, hours_text="4.5"), a.visit("two", line_number=3, hours_text="9")
    )
    assert (alone["hours_count"], alone["starts_minute"]) == (4.5, None)
    assert both["hours_count"] == 3.0


def test_a_list_that_does_not_say_who_signed_is_not_unsigned(run: Run) -> None:
    silent, unsigned = admitted(
        run, a.visit("one", signed_by_text=None), a.visit("two", line_number=3, starts_text="10:00", signed_by_text="Unsigned")
    )
    assert (silent["signed_code"], unsigned["signed_code"]) == (None, "nobody")


def test_two_carers_at_the_same_time_are_two_visits(run: Run) -> None:
    log = {"source_text": "visit log", "employee_ref": None, "supplier_name_text": "Bright Care Ltd"}
    assert len(admitted(run, a.visit("one", **log), a.visit("two", line_number=3, **log))) == 2


def test_no_hours_and_more_than_two_days_are_refused(run: Run) -> None:
    wrong = [a.visit("one", ends_text="09:00"), a.visit("two", line_number=3, starts_text=None, ends_text=None, hours_text="90")]
    assert admitted(run, *wrong) == []
    reasons = run.warehouse.frame("SELECT reason_codes FROM validated.quarantine ORDER BY row_id")["reason_codes"].to_list()
    assert reasons == ["hours_told", "hours_told"]
    assert run.warehouse.frame("SELECT holder_id, feed_code FROM validated.held_back").rows() == [(a.HOLDER, "visits")]


def test_a_night_without_visits_does_not_speak_of_them(run: Run) -> None:
    without = a.validate(run, a.world(visits=[]))
    assert not [total.item for total in without.totals if total.item.startswith("visits")]
    assert without.balance == (0, 0)
