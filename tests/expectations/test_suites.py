"""Every suite, whatever is added: a table that exists, reasons in words, someone to mend a failure, nothing personal in a reason."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from expectations import all_suites
from expectations.reference import PAGE, page
from phb_audit.tables import TABLES
from phb_audit.validated import STEPS
from phb_audit.validated.problems import columns_in
from phb_audit.validated.suite import KINDS, LAST_RESORT, SENDER, SEVERITIES, Expectation, Suite

FOLDER = Path(__file__).resolve().parents[2] / "expectations"
SUITES = all_suites()
EVERY_SUITE = pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
EVERY = [(suite, one) for suite in SUITES for one in suite.expectations]
EVERY_EXPECTATION = pytest.mark.parametrize(("suite", "one"), EVERY, ids=[f"{suite.name}-{one.name}" for suite, one in EVERY])
RULE = re.compile(r"^Q-(0[1-9]|10)$")


def test_every_landed_table_has_a_suite() -> None:
    landed = {name for name in TABLES if name.startswith("landed.")}
    assert landed <= {suite.table for suite in SUITES}
    assert {step.landed_name for step in STEPS} <= landed


def test_every_stage_that_judges_has_post_conditions() -> None:
    assert {"classified", "matched", "flagged"} <= {suite.table.split(".")[0] for suite in SUITES}


def test_every_rule_of_family_a8_is_asked_for_somewhere() -> None:
    assert {rule for _, one in EVERY for rule in one.rule_ids} == {f"Q-{n:02d}" for n in range(1, 11)}


@EVERY_SUITE
def test_a_suite_is_named_for_its_table_and_stands_in_the_module_of_that_name(suite: Suite) -> None:
    assert suite.table in TABLES
    assert import_module(f"expectations.{suite.name}").SUITE is suite
    assert (FOLDER / f"{suite.name}.py").is_file()


@EVERY_SUITE
def test_names_are_not_used_twice(suite: Suite) -> None:
    names = [one.name for one in suite.expectations]
    assert len(names) == len(set(names))


@EVERY_SUITE
def test_a_suite_of_typed_rows_ends_with_the_last_resort(suite: Suite) -> None:
    if suite.table in {step.landed_name for step in STEPS}:
        assert suite.expectations[-1].name == LAST_RESORT


@EVERY_SUITE
def test_a_landed_row_that_cannot_be_trusted_as_a_whole_is_refused(suite: Suite) -> None:
    if suite.table in {step.landed_name for step in STEPS}:
        whole = next(one for one in suite.expectations if one.name == "row_is_whole")
        assert (whole.columns, whole.severity_code, whole.fix_owner) == (("problem_text",), "quarantine", SENDER)


@EVERY_EXPECTATION
def test_an_expectation_says_why_what_is_wrong_and_who_mends_it(suite: Suite, one: Expectation) -> None:
    assert one.reason.endswith((".", ")."))
    assert one.problem.endswith((".", "}"))
    assert len(one.reason.split()) > 3
    assert one.fix_owner == SENDER or one.fix_owner.startswith(("the ", "whoever "))
    assert all(RULE.match(rule) for rule in one.rule_ids)


@EVERY_EXPECTATION
def test_an_expectation_is_of_a_known_kind_with_the_parameters_of_that_kind(suite: Suite, one: Expectation) -> None:
    assert one.severity_code in SEVERITIES
    assert set(one.parameters) <= KINDS[one.kind]
    assert one.columns
    assert one.kind != "between" or one.parameters


@EVERY_EXPECTATION
def test_the_words_of_a_problem_show_nothing_personal(suite: Suite, one: Expectation) -> None:
    personal = {column.name for table in TABLES.values() for column in table.columns if column.personal} | {"holder_id", "account_id"}
    assert not set(columns_in(one.problem)) & personal


@EVERY_EXPECTATION
def test_a_refusal_of_a_persons_row_names_a_rule(suite: Suite, one: Expectation) -> None:
    assert one.severity_code != "quarantine" or one.rule_ids


def test_an_unknown_parameter_of_the_night_is_an_error() -> None:
    one = next(one for _, one in EVERY if "$as_of" in one.parameters.values())
    with pytest.raises(KeyError):
        replace(one, parameters={"most": "$tomorrow"}).settled({"as_of": "2026-10-31"})


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m expectations.reference`"
