"""Spending for tests of detectors: lines of matched.payments, written down only where it matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.detectors.features import measured
from phb_audit.detectors.histories import keep_up, seen
from phb_audit.run import Run
from tests.builders import AS_OF, fill, make_run

Row = dict[str, Any]
FIRST = date(2026, 1, 5)
LAST = FIRST + timedelta(weeks=12, days=1)


def line(payment_id: str, paid_on: date, pence: int = 20_00, **more: object) -> Row:
    """A purchase of 20 pounds at a known shop that fits its plan, unless told otherwise."""
    usual: Row = {"payment_id": payment_id, "paid_on": paid_on, "amount_pence": pence, "holder_id": "H1", "is_spend": True}
    usual |= {"kind_code": "purchase", "holding_code": "direct_payment", "payee_id": "M1", "payee_shown": "Corner Shop"}
    usual |= {"category_code": "A05", "match_code": "fits", "match_share": 0.9, "has_any_plan": True, "country_code": "GB"}
    return usual | {"care_group_code": "adult", "receipt_id": f"R{payment_id}", "receipt_match_code": "exact"} | more


def weekly(count: int, *, holder: str = "H1", first: date = FIRST, pence: int = 20_00, **more: object) -> list[Row]:
    """So many lines, a week apart, of about the same amount."""
    return [
        line(f"P{holder}{number:03d}", first + timedelta(weeks=number), pence + number % 5 * 10, holder_id=holder, **more)
        for number in range(count)
    ]


def others(count: int = 30) -> list[Row]:
    """Holders H10 and on, each with twelve weekly lines."""
    return [row for number in range(count) for row in weekly(12, holder=f"H{10 + number}")]


def kept_up(folder: Path, nights: Sequence[Sequence[Row]], days: Sequence[date] = ()) -> Run:
    """A warehouse whose lines came in these nights, kept up after each."""
    run = make_run(folder)
    for number, lines in enumerate(nights):
        run.as_of = days[number] if days else AS_OF - timedelta(days=len(nights) - 1 - number)
        fill(run, {"matched.payments": lines})
        keep_up(run)
    return run


def features(run: Run, as_of: date = AS_OF) -> pl.DataFrame:
    """Every feature of every line."""
    every = run.warehouse.frame("SELECT payment_id FROM detected.histories")
    age = (pl.lit(as_of) - pl.col("paid_on")).dt.total_days()
    return measured(seen(run.warehouse, every).with_columns(age_days=age, category_words=pl.lit("arts and crafts")))


def feature(folder: Path, name: str, payment_id: str, lines: Sequence[Row]) -> float:
    """One feature of one line."""
    run = kept_up(folder, [lines])
    value: float = features(run).filter(pl.col("payment_id") == payment_id)[name].item()
    run.warehouse.close()
    return value
