"""What a random sample says of what the flags miss, as the committee reads it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.flagged.cases import case_ids
from phb_audit.reports.measures_missed import measures
from phb_audit.reports.pack import _missed
from phb_audit.reports.protected import protect
from phb_audit.run import Run
from tests.builders import Row, fill
from tests.reports.flagged_world import payment

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
HOLDER = "H01a0b1c2d3e4f5a"


def case_of(payment_id: str) -> str:
    about = pl.DataFrame({"payment_id": [payment_id], "decides": ["payment"], "subject_id": [payment_id], "holder_id": [""]})
    return str(case_ids(about.with_columns(case_payment_id=pl.lit(None, dtype=pl.String)))["case_id"].item())


def drawn(run: Run, states: dict[str, str | None]) -> Run:
    """One pound drawn of each payment of a stratum of £1,000 for each draw; `states`: what people decided of it."""
    draws: list[Row] = [
        {
            "run_id": "QZZ-2026-10-31", "draw_number": number, "drawn_on": LAST, "payment_id": paid, "stratum_code": "fits",
            "stratum_pence": 1_000_00 * len(states), "stratum_lines": 900, "stratum_draws": len(states),
        }
        for number, paid in enumerate(states)
    ]  # fmt: skip
    decided: list[Row] = [
        {"case_id": case_of(paid), "case_ref": f"F{paid}", "holder_id": HOLDER, "state_code": state, "is_closed": state != "open"}
        for paid, state in states.items()
        if state
    ]
    fill(run, {"matched.payments": [payment(paid, HOLDER, "Corner Shop", 20_00, paid_on=LAST) for paid in states]})
    return fill(run, {"drawn.draws": draws, "decided.cases": decided})


def told(run: Run) -> dict[str, dict[str, object]]:
    rows = protect(measures(run.warehouse, FIRST, LAST)).iter_rows(named=True)
    return {row["measure_id"]: row for row in rows}


def test_where_nothing_was_drawn_nothing_is_said(run: Run) -> None:
    assert measures(run.warehouse, FIRST, LAST).is_empty()
    assert _missed({}).startswith("No purchase without a flag has been drawn")


def test_nothing_missed_so_far_is_no_proof_and_has_a_bound(run: Run) -> None:
    found = told(drawn(run, {f"P{number}": "agreed" for number in range(20)}))
    assert (found["missed.read"]["numerator"], found["missed.read"]["denominator"]) == (20, 20)
    assert found["missed.pounds"]["value"] == 0
    most = found["missed.at_most"]["value"]
    assert isinstance(most, float)
    assert most == pytest.approx(3.0 * 1_000_00, rel=0.01), "the rule of three: 3 draws, of £1,000 each"
    assert "no more than £2,995.73" in _missed(found)


def test_what_was_not_agreed_stands_for_what_it_was_drawn_among(run: Run) -> None:
    states: dict[str, str | None] = {f"P{number}": "not_agreed" if number < 6 else "agreed" for number in range(20)}
    found = told(drawn(run, states | {"P20": None}))
    assert (found["missed.read"]["numerator"], found["missed.read"]["denominator"]) == (20, 21)
    assert found["missed.pounds"]["value"] == pytest.approx(6 / 20 * 21_000_00)
    assert "The flags missed about £6,300.00" in _missed(found)


def test_what_rests_on_few_is_kept_back(run: Run) -> None:
    states: dict[str, str | None] = {f"P{number}": "not_agreed" if number < 2 else "agreed" for number in range(20)}
    found = told(drawn(run, states))
    assert found["missed.pounds"]["value"] is None
    assert found["missed.at_most"]["value"] is None
    assert _missed(found).endswith("kept back: it rests on 1 to 4 of them.")
