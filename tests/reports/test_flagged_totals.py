"""The numbers of the flagged-item report."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from phb_audit.reports.flagged_totals import Figures, Sorted, in_words, sort_by_reader, totals

NIGHT = "QZZ-2026-10-31"
DAY = date(2026, 10, 31)
FLAG = {
    "rule_id": "P-01",
    "title": "Not in the plan",
    "first_run_id": "QZZ-2026-10-30",
    "holder_id": "Ha",
    "at_stake_pence": 10_00,
    "is_commissioners": False,
    "is_restricted": False,
    "is_safeguarding": False,
    "family_code": "A2",
    "payment_id": None,
    "subject_id": "one",
    "asks_about_payment": False,
}
CASE = {
    "holder_id": "Ha",
    "at_stake_pence": 10_00,
    "flags_count": 99,
    "priority_code": "low",
    "outcome_code": "query",
    "holding_code": "notional",
    "area_name": None,
    "is_commissioners": False,
    "is_restricted": False,
    "rank": 1,
    "first_flagged_on": DAY,
}


def world(flags: list[dict[str, object]], cases: list[dict[str, object]]) -> Sorted:
    made = [FLAG | {"flag_id": f"f{place}"} | flag for place, flag in enumerate(flags)]
    return sort_by_reader(
        pl.DataFrame(made, schema_overrides={"payment_id": pl.String}, infer_schema_length=None),
        pl.DataFrame([CASE | case for case in cases], schema_overrides={"area_name": pl.String}, infer_schema_length=None),
    )


def figures(flags: list[dict[str, object]], cases: list[dict[str, object]]) -> Figures:
    return Figures(totals(world(flags, cases), NIGHT, DAY))


def test_two_reasons_of_one_case_count_once_as_a_case() -> None:
    told = figures([{"case_id": "a"}, {"case_id": "a", "rule_id": "E-01", "title": "No receipt"}], [{"case_id": "a"}])
    assert told.one("all") == {"flags_count": 2, "cases_count": 1, "payments_count": 0, "holders_count": 1, "at_stake_pence": 10_00}
    assert [row["key"] for row in told.of("reason")] == ["E-01", "P-01"]


def test_a_payment_in_two_items_counts_its_money_once_in_every_figure() -> None:
    paid = {"payment_id": "P1", "subject_id": "P1", "asks_about_payment": True}
    flags = [
        {"case_id": "a", "at_stake_pence": 8_00, **paid},
        {"case_id": "b", "rule_id": "E-01", **paid},
        {"case_id": "b", "rule_id": "E-01", **paid, "payment_id": "P2", "subject_id": "P2", "at_stake_pence": 3_00},
    ]
    told = figures(flags, [{"case_id": "a"}, {"case_id": "b", "at_stake_pence": 13_00}])
    assert (told.one("all")["at_stake_pence"], told.one("all")["payments_count"]) == (13_00, 2)
    assert told.one("review") == told.one("all")
    assert told.one("priority", "low")["at_stake_pence"] == 13_00
    assert {row["key"]: row["at_stake_pence"] for row in told.of("reason")} == {"P-01": 8_00, "E-01": 13_00}


def test_what_is_about_no_payment_counts_once_in_each_item() -> None:
    account = {"subject_id": "B1"}
    flags = [{"case_id": "a", **account}, {"case_id": "a", **account}, {"case_id": "b", **account}]
    told = figures(flags, [{"case_id": "a"}, {"case_id": "b"}]).one("all")
    assert (told["at_stake_pence"], told["payments_count"]) == (20_00, 0)


def test_the_numbers_are_named_and_said_to_add_up() -> None:
    paid = {"asks_about_payment": True}
    flags = [
        {"case_id": "a", "payment_id": "P1", **paid},
        {"case_id": "a", "payment_id": "P1", **paid},
        {"case_id": "b", "payment_id": "P2", **paid},
        {"case_id": "c", "is_commissioners": True},
    ]
    told = in_words(figures(flags, [{"case_id": name} for name in "abc"]), 4)
    assert told.startswith("4 reasons make 3 items, and ask about 2 payments")
    assert "2 of the items ask about spending, 0 are for information alone, and 1 is only about our own side." in told
    assert "4 more purchases are to be read and in no figure here: with them the review app lists 7." in told
    assert "Each payment counts once in every figure, and with no more than was paid." in told
    assert "to be read" not in in_words(figures(flags, [{"case_id": name} for name in "abc"]), 0)


@pytest.mark.parametrize("mark", ["is_restricted", "is_safeguarding"])
def test_one_withheld_flag_takes_the_whole_case_out(mark: str) -> None:
    flags = [{"case_id": "a"}, {"case_id": "a", mark: True}, {"case_id": "b", "holder_id": "Hb"}]
    told = figures(flags, [{"case_id": "a"}, {"case_id": "b", "holder_id": "Hb"}])
    assert told.one("all")["cases_count"] == 1
    assert told.one("reason", "P-01")["flags_count"] == 1
    assert told.of("withheld") == []


def test_of_a_withheld_case_not_even_its_number_is_known() -> None:
    told = figures([{"case_id": "a", "is_restricted": True}], [{"case_id": "a"}])
    assert told.one("all") == {"flags_count": 0, "cases_count": 0, "payments_count": 0, "holders_count": 0, "at_stake_pence": 0}
    assert "withheld" not in told.frame["group_code"]


def test_a_case_that_is_restricted_itself_is_withheld_without_a_flag() -> None:
    found = world([{"case_id": "b"}], [{"case_id": "a", "is_restricted": True}, {"case_id": "b"}])
    assert found.withheld.rows() == [("a", "restricted")]
    assert found.cases["case_id"].to_list() == ["b"]


def test_a_restricted_flag_without_a_case_is_in_no_figure() -> None:
    told = figures([{"case_id": "gone", "is_restricted": True}, {"case_id": "a"}], [{"case_id": "a"}])
    assert told.one("all")["flags_count"] == 1


def test_a_case_of_our_own_delays_only_is_not_for_review() -> None:
    flags = [{"case_id": "a", "is_commissioners": True}, {"case_id": "b", "is_commissioners": True}, {"case_id": "b"}]
    told = figures(flags, [{"case_id": "a"}, {"case_id": "b"}])
    assert {group: told.one(group)["cases_count"] for group in ("own", "own_only", "review")} == {"own": 2, "own_only": 1, "review": 1}


def test_a_case_is_new_only_when_all_its_flags_are() -> None:
    flags = [{"case_id": "a", "first_run_id": NIGHT}, {"case_id": "b", "first_run_id": NIGHT}, {"case_id": "b"}]
    told = figures(flags, [{"case_id": "a"}, {"case_id": "b"}])
    assert told.one("new")["cases_count"] == 1


def test_every_split_adds_up_to_the_whole() -> None:
    cases = [
        {"case_id": "a", "priority_code": "high", "area_name": "North", "outcome_code": "refuse"},
        {"case_id": "b", "holding_code": "direct_payment", "outcome_code": "information", "at_stake_pence": 7},
        {"case_id": "c", "area_name": ""},
    ]
    told = figures([{"case_id": case["case_id"]} for case in cases], cases)
    for group in ("priority", "holding", "proposal", "area"):
        rows = told.of(group)
        assert sum(row["cases_count"] for row in rows) == told.one("all")["cases_count"], group
        assert sum(row["at_stake_pence"] for row in rows) == told.one("all")["at_stake_pence"], group
        assert sum(row["cases_share"] for row in rows) == pytest.approx(1, abs=1e-5), group


def test_priorities_stand_from_high_to_low() -> None:
    cases = [{"case_id": name, "priority_code": code} for name, code in (("a", "low"), ("b", "high"), ("c", "medium"), ("d", "low"))]
    told = figures([{"case_id": case["case_id"]} for case in cases], cases)
    assert [row["label"] for row in told.of("priority")] == ["High", "Medium", "Low"]


def test_a_flag_about_everybody_adds_no_person() -> None:
    told = figures([{"case_id": "a", "holder_id": "ALL"}, {"case_id": "b"}], [{"case_id": "a", "holder_id": "ALL"}, {"case_id": "b"}])
    assert told.one("all")["holders_count"] == 1
    assert told.one("reason", "P-01")["holders_count"] == 1


def test_an_empty_night_has_zeros() -> None:
    empty = world([{"case_id": "a"}], [{"case_id": "a"}])
    told = Figures(totals(sort_by_reader(empty.flags.clear(), empty.cases.select([*CASE, "case_id"]).clear()), NIGHT, DAY))
    assert told.one("all") == {"flags_count": 0, "cases_count": 0, "payments_count": 0, "holders_count": 0, "at_stake_pence": 0}
    assert told.of("reason") == []


def test_items_are_told_by_how_long_ago_they_were_first_flagged() -> None:
    ages = (0, 7, 8, 28, 29, 56, 57, 400)
    cases = [{"case_id": f"c{age}", "first_flagged_on": DAY - timedelta(days=age)} for age in ages]
    told = figures([{"case_id": case["case_id"]} for case in cases], cases)
    assert [(row["label"], row["cases_count"]) for row in told.of("age")] == [
        ("Up to 7 days", 2),
        ("8 to 28 days", 2),
        ("29 to 56 days", 2),
        ("Over 56 days", 2),
    ]
