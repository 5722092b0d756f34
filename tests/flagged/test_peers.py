"""What is usual among all holders is read whole, whoever is looked at tonight."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.flagged.reading import read_spending
from phb_audit.run import Run
from tests.flagged.world import FIRST, SECOND, payment, world


def peers(run: Run) -> pl.DataFrame:
    only_first = pl.DataFrame({"holder_id": [FIRST]})
    return read_spending(run.warehouse, run.run_id, run.as_of, only_first).peers.collect()


def test_peers_are_of_all_holders_even_when_one_is_looked_at(run: Run) -> None:
    world(run, payment("P1"), payment("P2", holder_id=SECOND, amount_pence=40_00), payment("P3", holder_id=SECOND, category_code="H02"))
    found = peers(run).filter(pl.col("category_code") == "A05").row(0, named=True)
    assert (found["lines_count"], found["holders_count"], found["middle_pence"], found["high_pence"]) == (2, 2, 20_00, 40_00)
    assert (found["category_count"], found["all_count"]) == (2, 3)


def test_care_groups_stand_apart_and_an_unknown_one_is_one_too(run: Run) -> None:
    world(run, payment("P1"), payment("P2", care_group_code="CHC adult"), payment("P3", care_group_code="CHC adult"))
    assert dict(peers(run).select("care_group_code", "lines_count").iter_rows()) == {"": 1, "CHC adult": 2}
    assert peers(run)["category_count"].to_list() == [3, 3]


def test_only_clear_purchases_of_the_last_weeks_count(run: Run) -> None:
    world(
        run,
        payment("P1"),
        payment("P2", is_abstained=True),
        payment("P3", kind_code="cash"),
        payment("P4", paid_on=date(2026, 8, 1)),
        payment("P5", paid_on=date(2026, 8, 2)),
        payment("P6", amount_pence=-20_00, kind_code="refund"),
    )
    assert peers(run)["all_count"].to_list() == [2]
