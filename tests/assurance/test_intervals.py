"""Intervals agree with the values printed in the papers they come from."""

from __future__ import annotations

import pytest

from phb_audit.assurance.intervals import Estimate, exact, poisson, wilson

# Newcombe (1998), Table I: methods 3 (score) and 5 (exact, Clopper-Pearson).
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]
# Garwood (1936), two-sided 95% limits for a Poisson count.
GARWOOD = [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (30, 20.241, 42.827)]


def limits(estimate: Estimate) -> tuple[float | None, float | None]:
    return estimate.low, estimate.high


@pytest.mark.parametrize(("count", "n", "score", "clopper"), NEWCOMBE)
def test_shares_have_the_published_limits(count: int, n: int, score: tuple[float, float], clopper: tuple[float, float]) -> None:
    assert limits(wilson(count, n)) == pytest.approx(score, abs=5e-5)
    assert limits(exact(count, n)) == pytest.approx(clopper, abs=5e-5)


@pytest.mark.parametrize(("count", "low", "high"), GARWOOD)
def test_rates_have_the_published_limits(count: int, low: float, high: float) -> None:
    assert limits(poisson(count, 1)) == pytest.approx((low, high), abs=5e-4)


def test_a_rate_is_told_for_its_exposure() -> None:
    rate = poisson(10, 36.0)
    assert rate.value == pytest.approx(10 / 36)
    assert limits(rate) == pytest.approx((4.795 / 36, 18.390 / 36), abs=1e-4)


def test_all_of_n_is_the_mirror_of_none_of_n() -> None:
    for method in (wilson, exact):
        none, every = method(0, 20), method(20, 20)
        assert every.low == pytest.approx(1 - (none.high or 0))
        assert every.high == 1.0


def test_nothing_counted_is_no_number() -> None:
    assert wilson(0, 0) == exact(0, 0) == Estimate(None, None, None, 0, 0)


def test_impossible_counts_are_refused() -> None:
    for method in (wilson, exact):
        with pytest.raises(ValueError, match="no share"):
            method(3, 2)
    with pytest.raises(ValueError, match="no rate"):
        poisson(1, 0)


def test_a_number_goes_out_with_what_it_was_counted_from() -> None:
    assert wilson(81, 263).as_dict == {"value": 0.308, "low": 0.2553, "high": 0.3662, "count": 81, "n": 263}
