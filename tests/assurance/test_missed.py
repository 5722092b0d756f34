"""The bound on what flags miss holds as often as it says, also where next to nothing is missed; and what it is made of."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from phb_audit.assurance.intervals import wilson
from phb_audit.assurance.missed import FINE, FLAGGED_SINCE, MISSED, WAITING, missed, precision, recall
from phb_audit.assurance.random_arm import draws

RATES = (0.0, 0.0002, 0.001, 0.005, 0.02, 0.1)
POPULATIONS = 1_000


def night(generator: np.random.Generator, rate: float, lines: int) -> pl.DataFrame:
    """Unflagged lines of one night: skewed amounts, strata whose lines are missed at rates of their own, dear lines more often."""
    pence = np.maximum((np.exp(generator.normal(3.6, 1.3, lines)) * 100).astype(int), 1)
    codes = generator.choice(["fits_business", "fits_person", "other_business", "other_person"], lines, p=[0.6, 0.25, 0.12, 0.03])
    uneven = np.where(np.char.startswith(codes.astype(str), "other"), 4.0, 0.6) * np.where(pence > 100_00, 1.5, 1.0)
    return pl.DataFrame(
        {
            "payment_id": [f"P{place:06d}" for place in range(lines)],
            "holder_id": ["H1"] * lines,
            "stratum_code": codes.tolist(),
            "amount_pence": pence.tolist(),
            "is_bad": (generator.random(lines) < np.minimum(rate * uneven, 1)).tolist(),
        }
    )


def judged(generator: np.random.Generator, rate: float) -> tuple[pl.DataFrame, int]:
    """The draws of one to six uneven nights with their fates, and the pence that truly were missed."""
    parts, truth = [], 0
    for _ in range(int(generator.integers(1, 7))):
        lines = night(generator, rate, int(generator.integers(50, 1_200)))
        truth += int(lines.filter("is_bad")["amount_pence"].sum())
        drawn = draws(lines.drop("is_bad"), int(generator.integers(1, 25)), int(generator.integers(1 << 40)))
        fates = pl.when("is_bad").then(pl.lit(MISSED)).otherwise(pl.lit(FINE))
        parts.append(drawn.join(lines.select("payment_id", "is_bad"), on="payment_id").with_columns(fate_code=fates))
    return pl.concat(parts), truth


@pytest.mark.slow
def test_in_a_thousand_populations_the_bound_holds_at_least_95_times_in_100() -> None:
    generator = np.random.Generator(np.random.PCG64(20261126))
    held: dict[float, list[bool]] = {rate: [] for rate in RATES}
    for number in range(POPULATIONS):
        rate = RATES[number % len(RATES)]
        drawn, truth = judged(generator, rate)
        at_most = missed(drawn).estimate.at_most
        assert at_most is not None
        held[rate].append(truth <= at_most)
    every = sum(map(sum, held.values()))
    assert every / POPULATIONS >= 0.95, f"{every} of {POPULATIONS}"
    for rate, answers in held.items():  # at each rate no sign that it holds less often than 95 times in 100
        assert wilson(sum(answers), len(answers)).high >= 0.95, f"{rate}: {sum(answers)} of {len(answers)}"


@pytest.mark.slow
def test_a_bound_from_the_plain_share_would_not_hold() -> None:
    """The same populations tell a bound that promises too much: the estimate itself, which is nought where nothing was met."""
    generator = np.random.Generator(np.random.PCG64(7))
    held = [truth <= (missed(drawn).estimate.pence or 0) for drawn, truth in (judged(generator, 0.005) for _ in range(100))]
    assert sum(held) < 80


def test_the_estimate_is_right_on_the_whole() -> None:
    generator = np.random.Generator(np.random.PCG64(3))
    guesses, truths = [], []
    for _ in range(300):
        drawn, truth = judged(generator, 0.1)
        guesses.append(missed(drawn).estimate.pence or 0)
        truths.append(truth)
    assert np.mean(guesses) == pytest.approx(np.mean(truths), rel=0.1)


def row(fate: str, pence: int = 100_000, number: int = 10) -> dict[str, object]:
    return {"stratum_pence": pence, "stratum_draws": number, "fate_code": fate}


def test_nothing_met_in_equal_draws_gives_the_rule_of_three() -> None:
    """0 of 10 pounds: 95% sure of no more than 2.996 draws' worth, the exact Poisson limit."""
    found = missed(pl.DataFrame([row(FINE)] * 10))
    assert (found.estimate.pence, found.estimate.low) == (0, 0)
    assert found.estimate.at_most == pytest.approx(2.9957 * 10_000, rel=1e-4)


def test_what_waits_is_taken_to_be_like_what_is_decided_and_the_worst_is_said() -> None:
    some = pl.DataFrame([row(MISSED), row(FINE), row(WAITING), row(WAITING)])
    found = missed(some)
    assert found.estimate.pence == 20_000
    assert (found.draws, found.decided, found.missed) == (4, 2, 1)
    assert found.at_most_if_all_waiting_were_missed is not None
    assert found.at_most_if_all_waiting_were_missed > 30_000


def test_what_a_flag_found_later_is_not_missed() -> None:
    found = missed(pl.DataFrame([row(FLAGGED_SINCE)] * 3))
    assert (found.missed, found.estimate.pence) == (0, 0)


def test_without_a_decision_nothing_is_said() -> None:
    found = missed(pl.DataFrame([row(WAITING)] * 3))
    assert found.estimate.at_most is None
    assert recall(5_00, found.estimate).value is None


def test_recall_is_lower_the_more_may_be_missed() -> None:
    found = missed(pl.DataFrame([row(MISSED)] + [row(FINE)] * 9))
    share = recall(30_000, found.estimate)
    assert share.value == 0.75
    assert share.low is not None and share.high is not None
    assert share.low < 0.75 < share.high
    assert recall(0, found.estimate).value == 0


def test_precision_counts_a_case_once_for_each_rule() -> None:
    decided = pl.DataFrame(
        [("P-02", "c1", True), ("P-02", "c1", True), ("P-02", "c2", False), ("L-01", "c1", True)],
        schema=["rule_id", "case_id", "is_right"],
        orient="row",
    )
    told = {rule: (one.count, one.of, one.value) for rule, one in precision(decided)}
    assert told == {"L-01": (1, 1, 1.0), "P-02": (1, 2, 0.5)}
