"""Limits: what a commissioner may change, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.errors import UsageError
from phb_audit.flagged.findings import found, found_rows
from phb_audit.rules.example import flagged
from phb_audit.rules.register import Registered, rules_for, rules_version, shipped_rules


def limits_file(folder: Path, text: str) -> Path:
    path = folder / "limits.toml"
    path.write_text(text, encoding="utf-8")
    return path


def limit(path: Path, code: str, rule_id: str, name: str) -> object:
    return next(one.limits[name] for one in rules_for(code, [path]) if one.rule.id == rule_id)


def test_a_commissioners_limit_wins_over_the_default(tmp_path: Path) -> None:
    path = limits_file(tmp_path, "[default.A-04]\nallowance_pence = 7000\n[commissioner.QZZ.A-04]\nallowance_pence = 9000\n")
    assert limit(path, "QZZ", "A-04", "allowance_pence") == 90_00
    assert limit(path, "QYY", "A-04", "allowance_pence") == 70_00


def test_what_is_not_written_keeps_its_ordinary_value(tmp_path: Path) -> None:
    path = limits_file(tmp_path, "[default.E-01]\ndays = 42\n")
    assert limit(path, "QZZ", "E-01", "days") == 42
    assert limit(path, "QZZ", "E-01", "least_pence") == 25_00


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[default.X-99]\ndays = 1\n", "default.X-99"),
        ("[default.E-01]\nday = 1\n", "default.E-01.day"),
        ("[commissioner.QZZ.E-01]\nweeks = 1\n", "commissioner.QZZ.E-01.weeks"),
        ("[commissioner.QYY.E-99]\ndays = 1\n", "commissioner.QYY.E-99"),
        ("[defaults.E-01]\ndays = 1\n", "defaults"),
        ("[default.E-01]\ndays = 'four'\n", "default.E-01.days"),
        ("[default.E-01]\ndays = true\n", "default.E-01.days"),
        ("[default.L-01]\nmerchant_codes = [5921]\n", "default.L-01.merchant_codes"),
    ],
)
def test_an_unknown_rule_limit_or_kind_of_value_is_refused_by_name(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(UsageError, match=r"limits\.toml: " + names.replace(".", r"\.")):
        rules_for("QZZ", [limits_file(tmp_path, text)])


def test_a_whole_number_stands_for_a_share_and_a_list_for_codes(tmp_path: Path) -> None:
    path = limits_file(tmp_path, "[default.A-07]\nweeks = 6\n[default.L-01]\nmerchant_codes = ['5921']\n")
    assert limit(path, "QZZ", "A-07", "weeks") == 6.0
    assert limit(path, "QZZ", "L-01", "merchant_codes") == ("5921",)


def test_a_changed_limit_changes_that_rules_version_only(tmp_path: Path) -> None:
    before = {one.rule.id: one.version for one in rules_for("QZZ")}
    changed = rules_for("QZZ", [limits_file(tmp_path, "[default.A-04]\nallowance_pence = 6000\n")])
    after = {one.rule.id: one.version for one in changed}
    assert {rule for rule in before if before[rule] != after[rule]} == {"A-04"}
    assert rules_version(changed) != rules_version(rules_for("QZZ"))


def test_versions_are_short_and_repeatable() -> None:
    assert rules_version(shipped_rules()) == rules_version(shipped_rules())
    assert all(len(one.version) == 8 for one in shipped_rules())


def cash_of(spent: dict[str, int], rule: Registered) -> dict[str, bool]:
    """Whether cash drawn on each day (ISO) is asked about, by that day."""
    rows = [
        {"payment_id": day, "paid_on": date.fromisoformat(day), "kind_code": "cash", "amount_pence": pence} for day, pence in spent.items()
    ]
    found = rule.considered(flagged("", payments=tuple(rows)).spending()).collect()
    return {f"{row['subject_on']}": row["is_found"] for row in found.to_dicts()}


def test_a_change_of_limits_never_reaches_what_was_bought_before_it(tmp_path: Path) -> None:
    text = "[commissioner.QZZ.A-04]\nallowance_pence = 9000\n[commissioner.QZZ.A-04.2026-07-01]\nallowance_pence = 4000\n"
    drawn = {"2026-06-30": 60_00, "2026-07-01": 60_00}
    rules = {code: {one.rule.id: one for one in rules_for(code, [limits_file(tmp_path, text)])} for code in ("QZZ", "QYY")}
    assert cash_of(drawn, rules["QZZ"]["A-04"]) == {"2026-06-30": False, "2026-07-01": True}
    assert cash_of(drawn, rules["QYY"]["A-04"]) == {"2026-06-30": True, "2026-07-01": True}


def test_each_flag_is_worded_with_the_limits_of_its_day(tmp_path: Path) -> None:
    path = limits_file(tmp_path, "[commissioner.QZZ.A-04.2026-07-01]\nallowance_pence = 4000\n")
    rule = next(one for one in rules_for("QZZ", [path]) if one.rule.id == "A-04")
    days = ("2026-06-30", "2026-07-01")
    rows = tuple({"payment_id": day, "paid_on": date.fromisoformat(day), "kind_code": "cash", "amount_pence": 60_00} for day in days)
    lots = [found_rows([rule], flagged("", payments=rows).spending())]
    nobody = pl.DataFrame(schema={"holder_id": pl.String, "feed_code": pl.String})
    flags = found([rule], lots, nobody).flags.sort("subject_on")
    assert ["£50" in words for words in flags["usual"]] == [True, False]
    assert [json.loads(words)["limits"]["allowance_pence"] for words in flags["measured"]] == [50_00, 40_00]
    assert flags["rule_version"].n_unique() == 1


def test_a_commissioners_first_values_win_over_a_later_default(tmp_path: Path) -> None:
    text = "[default.A-04.2026-01-01]\nallowance_pence = 7000\n[commissioner.QZZ.A-04]\nallowance_pence = 9000\n"
    rule = next(one for one in rules_for("QZZ", [limits_file(tmp_path, text)]) if one.rule.id == "A-04")
    assert [since.limits["allowance_pence"] for since in rule.later] == [90_00]


@pytest.mark.parametrize("day", ["2026-13-01", "from_april"])
def test_a_sub_table_that_is_no_day_is_refused(tmp_path: Path, day: str) -> None:
    with pytest.raises(UsageError, match=rf"commissioner\.QZZ\.A-04\.{day} is not known"):
        rules_for("QZZ", [limits_file(tmp_path, f"[commissioner.QZZ.A-04.{day}]\nallowance_pence = 4000\n")])


def test_an_unknown_limit_is_refused_in_a_dated_table_and_for_another_commissioner(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"commissioner\.QYY\.A-04\.2026-07-01\.allowance is not known"):
        rules_for("QZZ", [limits_file(tmp_path, "[commissioner.QYY.A-04.2026-07-01]\nallowance = 4000\n")])


def test_the_day_holders_were_told_is_kept_beside_the_change(tmp_path: Path) -> None:
    path = limits_file(tmp_path, "[commissioner.QZZ.A-04.2026-07-01]\nallowance_pence = 4000\ntold_on = 2026-06-01\n")
    rule = next(one for one in rules_for("QZZ", [path]) if one.rule.id == "A-04")
    assert [since.told_on for since in rule.later] == [date(2026, 6, 1)]
    with pytest.raises(UsageError, match=r"A-04\.2026-07-01\.told_on cannot be '2026-06-01'"):
        rules_for("QZZ", [limits_file(tmp_path, "[commissioner.QZZ.A-04.2026-07-01]\nallowance_pence = 4000\ntold_on = '2026-06-01'\n")])
