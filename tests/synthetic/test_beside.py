"""What stands beside made-up budgets: drawn apart, so that the rest of the world stays as it was, and as odd as life."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest

from phb_audit.synthetic import WorldTotals
from phb_audit.synthetic.beside_files import AGE_BANDS, contracts_of, drawn_count, weighted
from phb_audit.synthetic.world import stories

WINDOW = (date(2025, 11, 1).toordinal(), date(2026, 10, 31).toordinal())


def sheet(world: tuple[Path, WorldTotals], name: str) -> pl.DataFrame:
    return pl.read_csv(world[0] / "QZZ" / name, infer_schema=False)


def test_every_budget_has_an_age_band_and_children_are_children(world: tuple[Path, WorldTotals]) -> None:
    budgets = sheet(world, "commissioner/budgets_register.csv")
    assert budgets["Age Band"].null_count() == 0
    children = budgets.filter(pl.col("Care Group") == "children's continuing care")["Age Band"]
    assert set(children) == {"0-17"}


def test_services_mostly_end_when_the_budget_begins_some_late_and_a_few_never() -> None:
    late = []
    for story in stories(600, 12, 5, WINDOW, "QZZ"):
        for one in contracts_of(story, Random(f"beside {story.nhs}")):
            if one.kind == "commissioned" and one.category != "C10":
                late.append(one.end - story.started if one.end else None)
    shares = pl.Series("days", late)
    assert 0.02 < shares.is_null().mean() < 0.2  # type: ignore[operator]
    assert 0.05 < (shares > 30).mean() < 0.25  # type: ignore[operator]
    assert (shares.drop_nulls() <= 10).mean() > 0.7  # type: ignore[operator]


def test_the_truth_says_of_every_service_whether_it_was_paid_for_twice_and_when(world: tuple[Path, WorldTotals]) -> None:
    truth = pl.read_csv(world[0] / "truth_contracts.csv", try_parse_dates=True, schema_overrides={"person_ref": pl.String})
    register = sheet(world, "commissioner/contracts_register.csv").filter(pl.col("Kind") == "commissioned")
    assert set(truth["contract_ref"]) == set(register["Contract Ref"])
    twice = truth.filter(pl.col("days") > 28)
    assert 0 < twice.height < truth.height / 3
    assert ((twice["to_on"] - twice["from_on"]).dt.total_days() + 1 == twice["days"]).all()
    still = register.filter(pl.col("End Date").is_null() | (pl.col("End Date") == ""))
    assert set(still["Contract Ref"]) - set(twice["contract_ref"]), "some look like it and are not"


def test_the_council_counts_two_fifths_and_now_and_then_the_whole(world: tuple[Path, WorldTotals]) -> None:
    claims = sheet(world, "commissioner/council_claims.csv")
    pence = [pl.col(name).str.replace_all("[.,]", "").cast(pl.Int64) for name in ("Receipt Total", "Claimed From Council")]
    totals, claimed = claims.select(pence)
    is_whole = claimed == totals
    assert 0 < is_whole.sum() < claims.height // 10
    assert (claimed == totals * 40 // 100).filter(~is_whole).all()


def test_outcomes_are_rated_at_reviews_and_care_is_counted_before_and_after(world: tuple[Path, WorldTotals]) -> None:
    records = sheet(world, "plans/outcome_records.csv")
    assert set(records["Measure"]) == {
        "Outcome met", "Quality of life", "Wellbeing", "Admissions", "Bed days", "AE visits", "GP contacts",
    }  # fmt: skip
    used = records.filter(pl.col("Measure") == "AE visits").group_by("Person Ref").len()
    assert set(used["len"]) == {2}


@pytest.mark.parametrize("mean", [0.3, 2.0, 9.0])
def test_counts_have_the_mean_they_are_drawn_with(mean: float) -> None:
    rng = Random(1)
    found = [drawn_count(rng, mean) for _ in range(4_000)]
    assert abs(sum(found) / 4_000 - mean) < 5 * (mean / 4_000) ** 0.5


def test_weights_are_kept() -> None:
    rng = Random(2)
    drawn = [weighted(rng, AGE_BANDS) for _ in range(5_000)]
    for words, weight in AGE_BANDS:
        assert abs(drawn.count(words) / 5_000 - weight / 100) < 0.03
