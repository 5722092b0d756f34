"""Copies are told from habits: what is counted, and that what was learned ranks copies put into a stream in front of honest repeats."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from phb_audit.detectors.repeats import APART, FEATURES, SAME_DAY, WEIGHTS, counted, repeats, shipped_weights
from phb_audit.detectors.repeats_fit import COPY, Lessons, fit, is_copy, with_copies
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse
from tests.builders import rows
from tests.detectors.card_nights import warehouse_of

FIRST = date(2026, 1, 5)
DAYS = (FIRST, date(2026, 12, 31))
PROTECTED = ("care_group", "age", "sex", "ethnic", "diagnos", "area")


def paid(number: int, day: int, pence: int, payee: str = "Firth Books", holder: str = "H1", **more: object) -> dict[str, object]:
    return {
        "payment_id": f"P{number:04}",
        "holder_id": holder,
        "paid_on": FIRST + timedelta(days=day),
        "amount_pence": pence,
        "kind_code": "purchase",
        "payee_shown": payee,
        "payee_id": f"M-{payee}",
        **more,
    }


def of(folder: Path, *given: dict[str, object]) -> Warehouse:
    return warehouse_of(rows("matched.payments", *given), folder)


def told(folder: Path, *given: dict[str, object]) -> pl.DataFrame:
    warehouse = of(folder, *given)
    try:
        return repeats(warehouse, *DAYS)
    finally:
        warehouse.close()


def test_like_payments_within_two_weeks_are_counted_and_nothing_else(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        paid(1, 0, 40_00),
        paid(2, 14, 40_00),  # exactly two weeks later
        paid(3, 29, 40_00),  # a day too late
        paid(4, 30, 41_00),  # another amount
        paid(5, 1, 40_00, holder="H2"),
        paid(6, 2, 40_00, payee="Garth Foods"),
        paid(7, 3, 40_00, kind_code="transfer"),
    )
    assert found.select("payment_id", "before_id", "gap_days").rows() == [("P0002", "P0001", 14)]


def test_what_was_usual_is_counted_before_the_two(tmp_path: Path) -> None:
    found = told(tmp_path, *(paid(place, 7 * place, 12_00) for place in range(5)), paid(9, 28, 12_00), paid(10, 28, 30_00))
    last = found.row(by_predicate=pl.col("payment_id") == "P0009", named=True)
    assert {name: last[name] for name in ("before_id", "gap_days", "payee_count", "amount_count", "pairs_count")} == {
        "before_id": "P0004",
        "gap_days": 0,
        "payee_count": 4,
        "amount_count": 4,
        "pairs_count": 3,
    }
    assert (last["span_days"], last["day_count"]) == (28, 1)  # four weeks of classes, and one more payment that day


def test_other_people_at_the_payee_are_counted_without_this_one(tmp_path: Path) -> None:
    fares = [paid(10 + place, place // 2, 2_00, "Borough Buses", holder="H2") for place in range(6)]
    found = told(tmp_path, paid(1, 0, 2_00, "Borough Buses"), paid(2, 0, 2_00, "BOROUGH BUSES 077"), *fares)
    mine = found.row(by_predicate=pl.col("holder_id") == "H1", named=True)
    assert (mine["others_count"], mine["others_pairs_count"], mine["others_price_count"]) == (6, 5, 6)
    assert mine["is_reworded"]


def test_habits_are_not_told_as_copies_and_a_copy_is(tmp_path: Path) -> None:
    classes = [paid(place, 7 * place, 12_00, "Hill Dance") for place in range(20)]
    fares = [paid(100 + place, place // 2, 2_80, "Borough Buses") for place in range(60)]
    copy = [paid(500, 40, 186_40, "Dene Beds"), paid(501, 41, 186_40, "DENE BEDS 0412")]
    found = told(tmp_path, *classes, *fares, *copy)
    shares = dict(zip(found["payment_id"], found["copy_share"], strict=True))
    habits = [share for name, share in shares.items() if name != "P0501"]
    assert shares["P0501"] > 0.5
    assert np.quantile(habits[10:], 0.95) < 0.05


def test_the_same_rows_in_another_order_are_told_the_same(tmp_path: Path) -> None:
    given = [paid(place, place % 9, (place % 4) * 5_00 + 1_00, f"Shop {place % 3}", f"H{place % 5}") for place in range(200)]
    assert told(tmp_path, *given).equals(told(tmp_path, *reversed(given)))  # in the same order, too


def stream() -> pl.DataFrame:
    """Three hundred cards: bus fares twice a day, classes every week, and purchases of any amount."""
    generator = np.random.Generator(np.random.PCG64(5))
    given: list[dict[str, object]] = []
    for card in range(300):
        holder = f"H{card:03}"
        for week in range(8):
            given += [
                paid(len(given), 7 * week, 2_80, "Borough Buses", holder),
                paid(len(given) + 1, 7 * week, 2_80, "Borough Buses", holder),
            ]
            given.append(paid(len(given), 7 * week + 2, 12_00, "Hill Dance", holder))
            pence = int(generator.integers(3_00, 90_00))
            given.append(paid(len(given), 7 * week + int(generator.integers(7)), pence, f"Shop {'abcdefgh'[week]}", holder))
    return rows("matched.payments", *given)


def counted_in(folder: Path, payments: pl.DataFrame) -> pl.DataFrame:
    warehouse = warehouse_of(payments, folder)
    try:
        return counted(warehouse, *DAYS)
    finally:
        warehouse.close()


@pytest.mark.slow
def test_copies_put_into_a_stream_teach_without_a_label_and_are_found_on_cards_that_taught_nothing(tmp_path: Path) -> None:
    pairs = counted_in(tmp_path, with_copies(stream(), 0.02, seed=3))
    taught = pairs["holder_id"] < "H150"
    weights = fit(Lessons.of(pairs.filter(taught)))
    judged = pairs.filter(~taught).with_columns(pl.Series("is_copy", is_copy(pairs.filter(~taught))))
    copies = int(judged["is_copy"].sum())
    first = judged.with_columns(weights.share(judged)).sort("copy_share", descending=True).head(copies // 2)
    assert copies > 50
    assert judged["is_copy"].mean() < 0.1
    assert first["is_copy"].mean() > 0.9


def test_copies_are_payments_of_the_stream_some_days_later() -> None:
    payments = stream().head(2000)
    made = with_copies(payments, 0.05, seed=1).tail(100)
    both = made.with_columns(pl.col("payment_id").str.strip_prefix(COPY)).join(payments, on="payment_id", suffix="_then")
    assert both.height == 100
    assert both.select(gap=(pl.col("paid_on") - pl.col("paid_on_then")).dt.total_days())["gap"].is_between(0, 10).all()
    assert (both["amount_pence"] == both["amount_pence_then"]).all()
    assert 0.3 < (both["payee_shown"] != both["payee_shown_then"]).mean() < 0.7


def test_the_weights_shipped_are_of_the_features_and_say_what_taught_them() -> None:
    shipped, card = shipped_weights(), json.loads(WEIGHTS.read_text(encoding="utf-8"))["card"]
    assert set(shipped.same_day) == set(shipped.apart) == {"usual", *FEATURES}
    assert card["features"] == list(FEATURES)
    assert card["copies"] > 1_000
    assert {SAME_DAY, APART} < set(json.loads(WEIGHTS.read_text(encoding="utf-8")))


def test_no_feature_reads_a_column_of_a_person_or_a_group() -> None:
    read = {name for made in FEATURES.values() for name in made.meta.root_names()}
    assert not {name for name in read for word in PROTECTED if word in name}
    assert "care_group_code" in TABLES["matched.payments"].column_names  # it is there, and is not read
