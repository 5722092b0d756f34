"""Cases decided twice, with and without their reasons, and like cases decided differently."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from phb_audit.assurance.consistency import PAIRS, agreement, decided_differently, pairs
from phb_audit.assurance.consistency_command import tell_consistency
from phb_audit.assurance.to_be_read import RULE_ID
from phb_audit.cases.casebook import Casebook, open_casebook
from phb_audit.cases.decisions import move
from phb_audit.errors import UsageError
from phb_audit.settings import Settings
from tests.builders import fill, make_run
from tests.cases.test_decisions import FLAG, SEEN

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
WHY = "I rang the co-ordinator, who had agreed it for the spring term."
BLIND = replace(SEEN, flags=({**FLAG, "rule_id": RULE_ID},))


def make(book: Casebook, code: str, version: int, seen: Any = SEEN, *, by: str = "Ada Reviewer") -> None:
    move(book, seen, code, by=by, role="clinician", reason=WHY, version=version, at=AT)


def frame(*sides: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame([(f"F{n}", *side, "Ada", "Ben", False) for n, side in enumerate(sides)], schema=PAIRS, orient="row")


def test_a_case_read_without_its_reasons_and_then_with_them_is_a_pair(tmp_path: Path) -> None:
    with open_casebook(Settings(tmp_path), "QZZ") as book:
        make(book, "agree", 0, BLIND)
        assert pairs(book.events(), RULE_ID).is_empty()
        make(book, "reopen", 1)
        make(book, "propose_not_agreed", 2, by="Ben Checker")
        (row,) = pairs(book.events(), RULE_ID).to_dicts()
    assert (row["first"], row["second"], row["first_by"], row["second_by"]) == ("agreed", "not agreed", "Ada Reviewer", "Ben Checker")
    assert row["is_first_without_reasons"]


def test_a_case_opened_again_with_its_reasons_is_no_blind_pair(tmp_path: Path) -> None:
    with open_casebook(Settings(tmp_path), "QZZ") as book:
        make(book, "agree", 0)
        make(book, "reopen", 1)
        make(book, "agree_update_plan", 2)
        (row,) = pairs(book.events(), RULE_ID).to_dicts()
    assert (row["first"], row["second"], row["is_first_without_reasons"]) == ("agreed", "agreed", False)


def test_agreement_has_its_interval_and_kappa_takes_off_chance() -> None:
    told = agreement(
        frame(*[("agreed", "agreed")] * 6, *[("not agreed", "not agreed")] * 2, ("agreed", "not agreed"), ("not agreed", "agreed"))
    )
    assert (told.share.count, told.share.of, told.share.value) == (8, 10, 0.8)
    assert told.share.low == pytest.approx(0.490, abs=0.001)
    assert told.kappa == pytest.approx((0.8 - 0.58) / 0.42, abs=1e-4)


def test_where_everything_is_agreed_kappa_says_nothing() -> None:
    assert agreement(frame(*[("agreed", "agreed")] * 5)).kappa is None
    assert agreement(frame()).share.value is None


def test_like_cases_decided_differently_are_listed_and_others_not() -> None:
    judged = pl.DataFrame({"case_id": list("abcde"), "rule_ids": ["P-02"] * 4 + ["L-01"], "is_right": [True, False, False, True, True]})
    about = pl.DataFrame(
        {"case_id": list("abcde"), "case_ref": [f"F{one}" for one in "ABCDE"], "category_code": ["C1", "C1", "C1", "C2", "C1"]}
    )
    (row,) = decided_differently(judged, about).to_dicts()
    assert (row["rule_ids"], row["category_code"], row["agreed_count"], row["not_agreed_count"]) == ("P-02", "C1", 2, 1)
    assert row["case_refs"] == "FA, FB, FC"


def test_the_command_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(UsageError):
        tell_consistency(Settings(tmp_path / "nowhere"), "QZZ", on=date(2026, 11, 4), as_json=False, say=said.append)
    run = make_run(tmp_path)
    payments = [{"payment_id": name, "category_code": "C1"} for name in ("P1", "P2")]
    cases = [{"case_id": f"k{n}", "case_ref": f"F0000000{n}", "payment_id": f"P{n}"} for n in (1, 2)]
    fill(run, {"matched.payments": payments, "flagged.cases": cases})
    run.warehouse.close()
    with open_casebook(run.settings, "QZZ") as book:
        for number, code in ((1, "agree"), (2, "agree_update_plan")):
            make(book, code, 0, replace(SEEN, case_id=f"k{number}", case_ref=f"F0000000{number}"))
    tell_consistency(run.settings, "QZZ", on=date(2026, 11, 4), as_json=False, say=said.append)
    assert "Cases decided twice: none yet." in said[0]
    assert "P-02 C1: 1 agreed, 1 not" in said[0]
    tell_consistency(run.settings, "QZZ", on=date(2026, 11, 4), as_json=True, say=said.append)
    assert json.loads(said[1])["decided_twice"]["n"] == 0
