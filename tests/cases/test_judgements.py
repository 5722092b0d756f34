"""What a decided case teaches: whether it led to something, and whether the reason says more than the screen did."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from phb_audit.cases.casebook import Casebook, open_casebook
from phb_audit.cases.decisions import SeenCase, move
from phb_audit.cases.judgements import has_own_words, judgements
from phb_audit.settings import Settings
from tests.cases.test_decisions import FLAG, SEEN

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
DAY = date(2026, 11, 4)
OWN = "I rang the co-ordinator, who had agreed it for the spring term."


def make(
    book: Casebook,
    code: str,
    version: int,
    seen: SeenCase = SEEN,
    *,
    by: str = "Ada Reviewer",
    role: str = "clinician",
    reason: str = OWN,
    **more: Any,
) -> None:
    move(book, seen, code, by=by, role=role, reason=reason, version=version, at=AT, particulars=more)


def told(book: Casebook) -> list[dict[str, Any]]:
    return judgements(book.events(), DAY).to_dicts()


@pytest.mark.parametrize(("code", "is_right"), [("agree", False), ("agree_update_plan", True)])
def test_an_agreement_is_a_lesson_at_once(tmp_path: Path, code: str, is_right: bool) -> None:
    with open_casebook(Settings(tmp_path), "QZZ") as book:
        make(book, code, 0)
        (row,) = told(book)
    assert (row["rule_ids"], row["is_right"], row["decided_on"], row["is_own_words"]) == ("P-02", is_right, AT.date(), True)


def test_not_agreed_teaches_only_once_a_second_person_confirmed_it(tmp_path: Path) -> None:
    with open_casebook(Settings(tmp_path), "QZZ") as book:
        make(book, "propose_not_agreed", 0)
        assert told(book) == []
        make(book, "confirm_not_agreed", 1, by="Ben Checker")
        (row,) = told(book)
    assert (row["is_right"], row["decided_by"]) == (True, "Ada Reviewer")


def test_a_case_that_is_open_again_teaches_nothing(tmp_path: Path) -> None:
    with open_casebook(Settings(tmp_path), "QZZ") as book:
        make(book, "agree", 0)
        make(book, "reopen", 1)
        assert told(book) == []


def test_the_third_time_the_same_reason_is_a_stamp(tmp_path: Path) -> None:
    with open_casebook(Settings(tmp_path), "QZZ") as book:
        for number in range(4):
            make(
                book,
                "agree",
                0,
                replace(SEEN, case_id=f"k{number}", case_ref=f"F0000000{number}"),
                reason=OWN.upper() if number == 2 else OWN,
            )
        make(book, "agree", 0, replace(SEEN, case_id="k9", case_ref="F00000009"), by="Ben Checker")
        assert [row["is_own_words"] for row in told(book)] == [True, True, False, False, True]


@pytest.mark.parametrize(
    ("reason", "is_own"),
    [
        (FLAG["sentence"], False),
        (f"Agreed: {FLAG['sentence']}", False),
        ("We saw what.", False),
        (OWN, True),
    ],
)
def test_a_reason_that_only_echoes_the_flag_is_known(reason: str, is_own: bool) -> None:
    assert has_own_words(reason.casefold(), [FLAG]) is is_own
