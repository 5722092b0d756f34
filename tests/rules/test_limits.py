"""Limits: what a commissioner may change, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.errors import UsageError
from phb_audit.rules.register import rules_for, rules_version, shipped_rules


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
