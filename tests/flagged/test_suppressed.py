"""What an agreed plan item settles (P-04), and what it never settles."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.flagged.suppressed import sorted_out, with_exceptions
from phb_audit.rules.register import shipped_rules

RULES = shipped_rules()
SETTLED = ["P-02", "P-03", "P-05", "P-08", "P-17", "N-01"]
# P-10: a risk note speaks against the item whoever agreed it.
NEVER = ["P-10", "L-01", "L-03", "L-06", "E-01", "E-05", "E-06", "A-03", "A-04", "A-13", "W-01", "W-03", "W-07"]


def flags(*rules: str, payment_id: str | None = "P1") -> pl.DataFrame:
    family = {one.rule.id: one.rule.family for one in RULES}
    rows = [
        {
            "flag_id": f"F{rule}",
            "rule_id": rule,
            "family_code": family[rule],
            "payment_id": payment_id,
            "plan_line_id": "L1",
            "sentence": rule,
            "is_safeguarding": False,
        }
        for rule in rules
    ]
    return pl.DataFrame(rows)


@pytest.mark.parametrize("rule", SETTLED)
def test_an_agreed_item_settles_plan_and_statistical_rules(rule: str) -> None:
    split = sorted_out(flags("P-04", rule), RULES)
    assert split.standing.is_empty()
    assert split.settled.select("rule_id", "settled_by").rows() == [(rule, "P-04 L1")]


def test_an_agreed_item_never_settles_a_worry_about_the_persons_safety() -> None:
    worry = flags("P-04", "P-02").with_columns(is_safeguarding=pl.col("rule_id") == "P-02")
    assert sorted_out(worry, RULES).standing["rule_id"].to_list() == ["P-02"]


@pytest.mark.parametrize("rule", NEVER)
def test_an_agreed_item_never_settles(rule: str) -> None:
    split = sorted_out(flags("P-04", rule), RULES)
    assert split.standing["rule_id"].to_list() == [rule]
    assert split.settled.is_empty()


def test_another_payments_agreement_settles_nothing() -> None:
    both = pl.concat([flags("P-04", payment_id="P2"), flags("P-02")])
    assert sorted_out(both, RULES).standing["rule_id"].to_list() == ["P-02"]


def test_an_agreement_alone_is_no_flag() -> None:
    split = sorted_out(flags("P-04"), RULES)
    assert split.standing.is_empty()
    assert split.settled.is_empty()


EXCEPTED = pl.DataFrame([{"payment_id": "P1", "exception_id": "E1", "is_beyond": False, "because": "Agreed."}])


@pytest.mark.parametrize("rule", [rule for rule in SETTLED if rule != "P-17"])
def test_an_agreed_exception_settles_plan_and_statistical_rules(rule: str) -> None:
    split = with_exceptions(sorted_out(flags(rule), RULES), EXCEPTED, RULES)
    assert split.standing.is_empty()
    assert split.settled["settled_by"].to_list() == ["E1"]


@pytest.mark.parametrize("rule", NEVER)
def test_an_agreed_exception_never_settles(rule: str) -> None:
    split = with_exceptions(sorted_out(flags(rule), RULES), EXCEPTED, RULES)
    assert split.standing["rule_id"].to_list() == [rule]


def test_an_agreed_exception_never_settles_a_worry_about_the_persons_safety() -> None:
    worry = flags("P-02").with_columns(is_safeguarding=pl.lit(True))
    split = with_exceptions(sorted_out(worry, RULES), EXCEPTED, RULES)
    assert split.standing["rule_id"].to_list() == ["P-02"]
    assert split.standing["sentence"].to_list() == ["P-02"]
