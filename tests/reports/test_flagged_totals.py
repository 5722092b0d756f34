"""The numbers of the flagged-item report."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.reports.flagged_totals import Figures, Sorted, sort_by_reader, totals

NIGHT = "QZZ-2026-10-31"
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
}


def world(flags: list[dict[str, object]], cases: list[dict[str, object]]) -> Sorted:
    made = [FLAG | {"flag_id": f"f{place}"} | flag for place, flag in enumerate(flags)]
    return sort_by_reader(
        pl.DataFrame(made, infer_schema_length=None),
        pl.DataFrame([CASE | case for case in cases], schema_overrides={"area_name": pl.String}, infer_schema_length=None),
    )


def figures(flags: list[dict[str, object]], cases: list[dict[str, object]]) -> Figures:
    return Figures(totals(world(flags, cases), NIGHT))


def test_two_reasons_of_one_case_count_once_as_a_case() -> None:
    told = figures([{"case_id": "a"}, {"case_id": "a", "rule_id": "E-01", "title": "No receipt"}], [{"case_id": "a"}])
    assert told.one("all") == {"flags_count": 2, "cases_count": 1, "holders_count": 1, "at_stake_pence": 10_00}
    assert [row["key"] for row in told.of("reason")] == ["E-01", "P-01"]


@pytest.mark.parametrize("mark", ["is_restricted", "is_safeguarding"])
def test_one_withheld_flag_takes_the_whole_case_out(mark: str) -> None:
    flags = [{"case_id": "a"}, {"case_id": "a", mark: True}, {"case_id": "b", "holder_id": "Hb"}]
    told = figures(flags, [{"case_id": "a"}, {"case_id": "b", "holder_id": "Hb"}])
    assert told.one("all")["cases_count"] == 1
    assert told.one("reason", "P-01")["flags_count"] == 1
    assert told.of("withheld") == []


def test_of_a_withheld_case_not_even_its_number_is_known() -> None:
    told = figures([{"case_id": "a", "is_restricted": True}], [{"case_id": "a"}])
    assert told.one("all") == {"flags_count": 0, "cases_count": 0, "holders_count": 0, "at_stake_pence": 0}
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
    told = Figures(totals(sort_by_reader(empty.flags.clear(), empty.cases.select([*CASE, "case_id"]).clear()), NIGHT))
    assert told.one("all") == {"flags_count": 0, "cases_count": 0, "holders_count": 0, "at_stake_pence": 0}
    assert told.of("reason") == []
