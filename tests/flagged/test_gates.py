"""What the gate refused or noticed is counted by feed and rule, each row once."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from phb_audit.flagged.reading import read_spending
from phb_audit.run import Run
from tests.flagged.world import FIRST, world


def refused(row_id: str, **more: Any) -> dict[str, Any]:
    return {
        "row_id": row_id,
        "feed_code": "bank",
        "file_name": "bank/may.csv",
        "rule_ids": "Q-03",
        "fix_owner": "account provider",
        "amount_pence": 20_00,
        "state_code": "open",
        **more,
    }


def gates(run: Run, **tables: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    world(run, **tables)
    spending = read_spending(run.warehouse, run.run_id, run.as_of, pl.DataFrame({"holder_id": [FIRST]}))
    return {(row["feed_code"], row["rule_id"]): row for row in spending.gates.collect().to_dicts()}


def test_a_row_refused_on_two_nights_is_one_row(run: Run) -> None:
    found = gates(run, validated__quarantine=[refused("1"), refused("1", run_id="QZZ-2026-10-01"), refused("2", file_name="bank/june.csv")])
    row = found["bank", "Q-03"]
    assert (row["refused_count"], row["at_stake_pence"], row["files_count"], row["fix_owner"]) == (2, 40_00, 2, "account provider")


def test_a_row_that_fails_for_two_rules_counts_with_both(run: Run) -> None:
    assert set(gates(run, validated__quarantine=[refused("1", rule_ids="Q-01|Q-02")])) == {("bank", "Q-01"), ("bank", "Q-02")}


@pytest.mark.parametrize("state", ["readmitted", "replaced"])
def test_a_mended_row_counts_no_more(run: Run, state: str) -> None:
    assert gates(run, validated__quarantine=[refused("1", state_code=state)]) == {}


def test_notices_count_on_their_night_only(run: Run) -> None:
    notice = {"table_name": "landed.receipts", "row_id": "1", "feed_code": "receipts", "rule_ids": "Q-10"}
    other = {**notice, "row_id": "2", "run_id": "QZZ-2026-10-01"}
    late = {**notice, "table_name": "landed.feeds", "row_id": "receipts", "rule_ids": "Q-08"}
    found = gates(run, validated__notices=[notice, other, late])
    assert {key: row["noticed_count"] for key, row in found.items()} == {("receipts", "Q-10"): 1}


def test_a_file_that_came_again_is_counted_and_one_that_came_first_is_not(run: Run) -> None:
    files = [
        {"file_id": str(place), "file_name": f"{place}.csv", "feed_code": "bank", "state_code": state}
        for place, state in enumerate(("landed", "repeat"))
    ]
    assert gates(run, landed__files=files)["bank", "Q-05"]["again_count"] == 1


def test_a_file_that_still_lies_where_it_was_taken_from_did_not_come_again(run: Run) -> None:
    earlier = {"file_id": "1", "file_name": "1.csv", "feed_code": "bank", "state_code": "landed", "run_id": "QZZ-2026-10-01"}
    tonight = {"file_id": "1", "file_name": "1.csv", "feed_code": "bank", "state_code": "repeat"}
    assert ("bank", "Q-05") not in gates(run, landed__files=[earlier, tonight])
    assert gates(run, landed__files=[earlier, {**tonight, "file_name": "2.csv"}])["bank", "Q-05"]["again_count"] == 1
