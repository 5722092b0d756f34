"""A night's own life: one at a time, in order, and honest about how it ended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from phb_audit.errors import BooksDoNotBalance, NightAlreadyRunning, UsageError
from phb_audit.night import Night, begin, mark, only_one, problem_of


def night(folder: Path, day: date = date(2026, 10, 31)) -> Night:
    return Night("QZZ", day, folder / "inbox", folder / "home", threads=1)


def test_two_nights_of_one_commissioner_cannot_run_at_once(tmp_path: Path) -> None:
    with only_one(night(tmp_path)), pytest.raises(NightAlreadyRunning, match="QZZ"), only_one(night(tmp_path)):
        pass


def test_the_lock_is_free_again_after_a_night_that_failed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), only_one(night(tmp_path)):
        raise RuntimeError
    with only_one(night(tmp_path)):
        pass


def test_a_night_before_a_published_one_is_refused(tmp_path: Path) -> None:
    with night(tmp_path).opened() as run:
        mark(run, state="published", stage="published")
    with night(tmp_path, date(2026, 10, 30)).opened() as run, pytest.raises(UsageError, match="replay"):
        begin(run)


def test_the_same_night_may_be_run_again(tmp_path: Path) -> None:
    for _ in range(2):
        with night(tmp_path).opened() as run:
            begin(run)
            mark(run, state="published", stage="published")
            assert run.warehouse.frame("SELECT count(*) FROM nights.runs").item() == 1


def test_of_a_strangers_error_only_its_kind_is_told() -> None:
    assert "9990000018" not in problem_of(ValueError("holder 9990000018 is wrong"))
    assert "ValueError" in problem_of(ValueError("x"))
    assert "books" in problem_of(BooksDoNotBalance(stage="landed", totals="+1 rows"))


def test_a_warehouse_whose_key_has_gone_is_refused(tmp_path: Path) -> None:
    with night(tmp_path).opened() as run:
        begin(run)
    night(tmp_path).settings.key_path("QZZ").unlink()
    with night(tmp_path).opened() as run, pytest.raises(UsageError, match="missing"):
        begin(run)
    assert not night(tmp_path).settings.key_path("QZZ").exists()


def test_another_key_than_the_warehouses_is_refused(tmp_path: Path) -> None:
    with night(tmp_path).opened() as run:
        begin(run)
    night(tmp_path).settings.key_path("QZZ").write_text("ab" * 32)
    with night(tmp_path).opened() as run, pytest.raises(UsageError, match="not the one"):
        begin(run)


def test_a_key_brought_along_is_taken_by_a_new_warehouse(tmp_path: Path) -> None:
    night(tmp_path).settings.key_path("QZZ").write_text("ab" * 32)
    with night(tmp_path).opened() as run:
        begin(run)
        assert run.warehouse.frame("SELECT count(*) FROM nights.keys").item() == 1
