"""What stood before each line: the same whether it came at once or in pieces, and kept up only for those whom tonight touched."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from phb_audit.detectors.histories import keep_up, reference_ids
from phb_audit.run import Run
from tests.builders import AS_OF, fill
from tests.detectors.spending import FIRST, Row, kept_up, line, others, weekly


def stored(run: Run) -> dict[str, pl.DataFrame]:
    return {name: run.warehouse.frame(f"SELECT * FROM detected.{name} ORDER BY ALL") for name in ("histories", "peers")}


def history() -> list[Row]:
    """Two years of three holders, with gaps, cash, two categories and lines of one day, in no order."""
    generator = random.Random(20261126)
    lines = [
        line(
            f"P{number:04d}",
            FIRST - timedelta(days=generator.randrange(400)),
            generator.randrange(5_00, 90_00),
            holder_id=f"H{number % 3}",
            payee_id=f"M{generator.randrange(4)}",
            category_code=generator.choice(["A05", "E03"]),
            is_abstained=generator.random() < 0.1,
            kind_code=generator.choice(["purchase", "purchase", "cash"]),
            plan_line_id=generator.choice(["L1", "L2", None]),
        )
        for number in range(300)
    ]
    generator.shuffle(lines)
    return lines


@pytest.fixture
def at_once(tmp_path: Path) -> Iterator[Run]:
    run = kept_up(tmp_path / "once", [history()])
    yield run
    run.warehouse.close()


@pytest.mark.parametrize("pieces", [2, 7])
def test_pieces_in_any_order_leave_the_same_rows_as_one_night(at_once: Run, tmp_path: Path, pieces: int) -> None:
    lines = history()
    run = kept_up(tmp_path / "pieces", [lines[start::pieces] for start in range(pieces)])
    for name, frame in stored(run).items():
        assert frame.height and frame.equals(stored(at_once)[name]), name
    run.warehouse.close()


def test_a_night_run_again_changes_nothing(at_once: Run) -> None:
    before = stored(at_once)
    keep_up(at_once)
    assert all(frame.equals(before[name]) for name, frame in stored(at_once).items())


def test_only_holders_touched_tonight_are_looked_at_again(tmp_path: Path) -> None:
    run = kept_up(tmp_path, [[*weekly(12, holder="H1"), *weekly(12, holder="H2")]], [AS_OF - timedelta(days=1)])
    run.warehouse.run("UPDATE detected.histories SET payee_count = 999")  # a mark that looking again would wipe off
    run.as_of = AS_OF
    fill(run, {"matched.payments": [line("new", FIRST + timedelta(weeks=6), holder_id="H1")]})
    keep_up(run)
    marked = run.warehouse.frame("SELECT holder_id, paid_on FROM detected.histories WHERE payee_count = 999")
    run.warehouse.close()
    assert marked.filter(pl.col("holder_id") == "H2").height == 12
    assert marked.filter(pl.col("holder_id") == "H1")["paid_on"].max() < FIRST + timedelta(weeks=6)
    assert marked.filter(pl.col("holder_id") == "H1").height == 6


def test_windows_end_the_day_before_and_begin_a_year_before(tmp_path: Path) -> None:
    day = FIRST
    lines = [line("old", day - timedelta(days=366)), line("edge", day - timedelta(days=365)), line("same", day), line("this", day)]
    run = kept_up(tmp_path, [lines])
    row = run.warehouse.frame("SELECT * FROM detected.histories WHERE payment_id = 'this'").row(0, named=True)
    run.warehouse.close()
    assert (row["payee_count"], row["holder_count"], row["place_in_day"], row["since_days"]) == (1, 1, 2, 0)


def test_the_lines_that_say_what_is_usual_are_the_same_whatever_order_they_came_in(at_once: Run, tmp_path: Path) -> None:
    run = kept_up(tmp_path / "turned", [history()[::-1]])
    days = (FIRST - timedelta(days=365), FIRST)
    assert reference_ids(run.warehouse, *days).equals(reference_ids(at_once.warehouse, *days))
    run.warehouse.close()


def test_refunds_and_money_in_are_no_spend_lines(tmp_path: Path) -> None:
    lines = [*others(1), line("refund", FIRST, -20_00, kind_code="refund"), line("in", FIRST, 20_00, is_spend=False, kind_code="load")]
    run = kept_up(tmp_path, [lines])
    ids = run.warehouse.frame("SELECT payment_id FROM detected.histories")["payment_id"].to_list()
    run.warehouse.close()
    assert len(ids) == 12 and not {"refund", "in"} & set(ids)
