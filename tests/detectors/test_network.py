"""Bank accounts on file under different names for different holders, and what explains one account by itself."""

from __future__ import annotations

from pathlib import Path

from phb_audit.detectors.network import shared_accounts
from tests.builders import fill, make_run

ASSISTANT: dict[str, object] = {"role_code": "pa", "account_ref": "B1", "person_ref": "N1", "surname_ref": "S1", "holder_id": "H1"}
OTHER: dict[str, object] = {**ASSISTANT, "person_ref": "N2", "surname_ref": "S2", "holder_id": "H2"}


def told(folder: Path, *people: dict[str, object]) -> list[tuple[object, ...]]:
    given = [{"connection_id": f"C{place}", **row} for place, row in enumerate(people)]
    run = fill(make_run(folder), {"validated.people": given})
    try:
        return shared_accounts(run.warehouse).select("holder_id", "holders_count", "names_count", "has_assistant").rows()
    finally:
        run.warehouse.close()


def test_one_account_under_two_names_for_two_holders_is_told_of_both(tmp_path: Path) -> None:
    assert told(tmp_path, ASSISTANT, {**OTHER, "role_code": "nominee"}) == [("H1", 2, 2, True), ("H2", 2, 2, False)]


def test_an_assistant_of_two_holders_is_one_person(tmp_path: Path) -> None:
    assert told(tmp_path, ASSISTANT, {**ASSISTANT, "holder_id": "H2"}) == []


def test_two_of_one_surname_share_a_home_and_an_account(tmp_path: Path) -> None:
    assert told(tmp_path, ASSISTANT, {**OTHER, "surname_ref": "S1"}) == []


def test_two_names_within_one_budget_are_the_other_rules_matter(tmp_path: Path) -> None:
    assert told(tmp_path, ASSISTANT, {**OTHER, "holder_id": "H1"}) == []


def test_an_account_not_given_ties_nobody(tmp_path: Path) -> None:
    assert told(tmp_path, {**ASSISTANT, "account_ref": ""}, {**OTHER, "account_ref": ""}) == []
