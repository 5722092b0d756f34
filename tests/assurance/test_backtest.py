"""A change of limits tried out over past purchases: what is new, what falls away, and nothing written."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.assurance.backtest import backtest, in_words, ratio_between
from phb_audit.errors import UsageError
from phb_audit.flagged.findings import flags_of
from phb_audit.flagged.reading import all_holders, read_spending, with_everyone
from phb_audit.rules.register import Registered, rules_for
from phb_audit.run import Run
from tests.builders import fill

SPAN = (date(2026, 5, 1), date(2026, 8, 31))


@pytest.fixture
def cash(run: Run) -> Run:
    """Four people who drew cash: 40, 60 and 90 pounds in June, and 60 pounds in April."""
    drawn = [
        ("H1", date(2026, 6, 3), 40_00),
        ("H2", date(2026, 6, 4), 60_00),
        ("H3", date(2026, 6, 5), 90_00),
        ("H4", date(2026, 4, 5), 60_00),
    ]
    fill(run, {"nights.runs": [{"as_of_on": run.as_of, "state_code": "published", "commissioner_code": "QZZ"}]})
    fill(run, {"validated.budgets": [{"budget_id": holder, "holder_id": holder, "care_group_code": "adult"} for holder, _, _ in drawn]})
    paid = [
        {"payment_id": holder, "holder_id": holder, "paid_on": on, "amount_pence": pence, "kind_code": "cash"}
        for holder, on, pence in drawn
    ]
    held = {"holding_code": "direct_payment", "is_spend": True, "payee_shown": "CASH", "feed_code": "bank"}
    fill(
        run,
        {
            "matched.payments": [{**row, **held} for row in paid],
            "validated.payments": [{**row, "is_spend": True, "feed_code": "bank"} for row in paid],
        },
    )
    return run


def rule(rule_id: str = "A-04") -> Registered:
    return next(one for one in rules_for("QZZ") if one.rule.id == rule_id)


def test_flags_of_the_span_with_old_and_new_limits(cash: Run) -> None:
    told = backtest(cash.warehouse, rule(), {"allowance_pence": 70_00}, *SPAN)
    assert (told.before.flags, told.after.flags) == (2, 1)
    assert (told.new_flags, told.gone_flags) == (0, 1)
    assert told.before.at_stake_pence > told.after.at_stake_pence
    assert (told.before.people, told.holders) == (2, 4)
    assert told.limits == {"allowance_pence": 50_00}


def test_a_lower_limit_finds_more(cash: Run) -> None:
    assert backtest(cash.warehouse, rule(), {"allowance_pence": 30_00}, *SPAN).new_flags == 1


def test_without_a_change_both_sides_are_equal(cash: Run) -> None:
    told = backtest(cash.warehouse, rule(), {}, *SPAN)
    assert told.before == told.after
    assert "nothing changed" in in_words(told)


def test_rates_carry_their_intervals(cash: Run) -> None:
    rate = backtest(cash.warehouse, rule(), {}, *SPAN).before.rate
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < rate.value < rate.high  # type: ignore[operator]


@pytest.mark.parametrize("changes", [{"allowance": 1}, {"allowance_pence": "much"}])
def test_an_unknown_limit_or_kind_of_value_is_refused(cash: Run, changes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"--set: A-04\.allowance"):
        backtest(cash.warehouse, rule(), changes, *SPAN)


def test_a_span_that_ends_before_it_begins_is_refused(cash: Run) -> None:
    with pytest.raises(UsageError, match="ends before it begins"):
        backtest(cash.warehouse, rule(), {}, SPAN[1], SPAN[0])


def test_the_ratio_between_care_groups_is_that_of_holders_flagged() -> None:
    groups = pl.DataFrame(
        {"holder_id": [f"H{place}" for place in range(45)], "care_group_code": ["adult"] * 20 + ["child"] * 20 + ["few"] * 5}
    )
    flags = pl.DataFrame({"holder_id": [*(f"H{place}" for place in range(8)), "H20", "H21", "H40"]})
    ratio, low, high, names = ratio_between(flags, groups)
    assert names == ("adult", "child")
    assert ratio == pytest.approx(8.5 / 2.5)
    assert low is not None
    assert high is not None
    assert low < 1 < ratio < high  # so few people: no difference is shown


def test_one_group_has_no_ratio() -> None:
    groups = pl.DataFrame({"holder_id": [f"H{place}" for place in range(20)], "care_group_code": ["adult"] * 20})
    assert ratio_between(pl.DataFrame({"holder_id": ["H1"]}), groups)[0] is None


def test_flags_in_cases_people_agreed_to_are_wrong_questions(cash: Run) -> None:
    before = backtest(cash.warehouse, rule(), {"allowance_pence": 70_00}, *SPAN).before
    assert (before.wrong.count, before.wrong.of) == (0, 0)
    seen = [(row["flag_id"], row["holder_id"]) for row in flags_now(cash).iter_rows(named=True)]
    fill(
        cash,
        {
            "decided.cases": [
                {
                    "case_id": holder,
                    "flags_seen": f"{flag}:2000",
                    "state_code": "agreed" if holder == "H2" else "not_agreed",
                    "is_closed": True,
                }
                for flag, holder in seen
            ]
        },
    )
    told = backtest(cash.warehouse, rule(), {"allowance_pence": 70_00}, *SPAN)
    assert (told.before.wrong.count, told.before.wrong.of) == (1, 2)
    assert (told.after.wrong.count, told.after.wrong.of) == (0, 1)
    assert "1 of 2 (9-91%)" in in_words(told)


def flags_now(run: Run) -> pl.DataFrame:
    """What the rule finds over the span, with the ids of its flags."""
    spending = read_spending(run.warehouse, run.run_id, SPAN[1], with_everyone(all_holders(run.warehouse)), date(2025, 1, 1))
    rows = rule().considered(spending).filter("is_found", pl.col("subject_on").is_between(*SPAN)).collect()
    return flags_of(rule(), rows, rule().version)
