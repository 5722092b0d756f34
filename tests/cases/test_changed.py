"""Decisions that were taken back: who decided what first, who took it back and why, and what was decided then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from phb_audit.cases.casebook import Casebook, open_casebook
from phb_audit.cases.changed import decisions_changed
from phb_audit.settings import Settings
from tests.cases.test_decisions import MONEY, make


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    with open_casebook(Settings(tmp_path), "QZZ") as opened:
        yield opened


def test_a_decision_nobody_took_back_is_not_among_them(book: Casebook) -> None:
    make(book, "agree", 0)
    make(book, "ask", 0, seen=MONEY, role="auditor", question="Please send us the receipt.", due_on="2026-12-01")
    assert decisions_changed(book.events()).is_empty()


def test_what_was_sent_back_or_opened_again_is_told_with_what_followed(book: Casebook) -> None:
    make(book, "propose_not_agreed", 0)
    make(book, "tag", 1, tag="holiday")
    make(book, "send_back", 2, by="Bo Lindqvist", role="second_checker")
    make(book, "agree", 3)
    make(book, "reopen", 4, by="Cal Winter")
    rows = decisions_changed(book.events()).to_dicts()
    assert [
        (row["event_number"], row["was_code"], row["was_by"], row["changed_code"], row["changed_by"], row["then_code"]) for row in rows
    ] == [
        (3, "propose_not_agreed", "Ada Reviewer", "send_back", "Bo Lindqvist", "agree"),
        (5, "agree", "Ada Reviewer", "reopen", "Cal Winter", None),
    ]
    assert {row["case_ref"] for row in rows} == {"F00000001"}
    assert all(row["reason"] for row in rows)


def test_each_case_has_its_own_story(book: Casebook) -> None:
    make(book, "agree", 0)
    make(book, "agree", 0, seen=MONEY, role="auditor")
    make(book, "reopen", 1, seen=MONEY, role="auditor")
    make(book, "agree_update_plan", 2, seen=MONEY, role="auditor")
    (row,) = decisions_changed(book.events()).to_dicts()
    assert (row["case_ref"], row["was_code"], row["then_code"]) == ("F00000002", "agree", "agree_update_plan")
