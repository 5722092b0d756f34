"""Changes of rules: a backtest of exactly that change, two people, and only then the limit is written; nothing else goes unremarked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from phb_audit import flagged
from phb_audit.cases import carried
from phb_audit.cases.casebook import Casebook, casebook_events, open_casebook
from phb_audit.cases.rule_changes import (
    APPROVED,
    BACKTEST,
    DECLINED,
    ChangeRefused,
    Proposal,
    approve,
    approved_limits,
    changes_of,
    decline,
    keep_backtest,
    not_written,
    propose,
    without_second_person,
)
from phb_audit.cases.rule_command import in_words, unapproved
from phb_audit.errors import UsageError
from phb_audit.flagged import own_limits_path, rules_in_force
from phb_audit.reports.flagged_scope import rule_changes
from phb_audit.rules.register import Registered
from phb_audit.run import Run
from phb_audit.settings import Settings

WHY = "Cash for the window cleaner is usual here."
FIRST = date(2026, 12, 1)
WANTED = Proposal({"allowance_pence": 80_00}, FIRST, WHY, told_on=date(2026, 11, 1))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home")


@pytest.fixture
def book(settings: Settings) -> Iterator[Casebook]:
    with open_casebook(settings, "QZZ") as opened:
        yield opened


def rule(settings: Settings, rule_id: str = "A-04") -> Registered:
    return next(one for one in rules_in_force("QZZ", settings) if one.rule.id == rule_id)


def tested(book: Casebook, settings: Settings, **changed: object) -> None:
    one = rule(settings)
    told = {"rule_id": one.rule.id, "changed": changed or {"allowance_pence": 80_00}, "run_id": "QZZ-2026-10-31", "before": {}, "after": {}}
    keep_backtest(book, told, one.version, by="Ada Analyst")


def put_forward(book: Casebook, settings: Settings, wanted: Proposal = WANTED) -> str:
    tested(book, settings)
    return propose(book, settings, "QZZ", rule(settings), wanted, by="Ada Analyst").change_id


def test_without_a_kept_backtest_nothing_is_proposed(book: Casebook, settings: Settings) -> None:
    with pytest.raises(ChangeRefused, match="No backtest of exactly this change") as refused:
        propose(book, settings, "QZZ", rule(settings), WANTED, by="Ada Analyst")
    assert "--set allowance_pence=8000 --keep" in str(refused.value)


def test_a_backtest_of_another_value_or_of_another_version_does_not_count(book: Casebook, settings: Settings) -> None:
    tested(book, settings, allowance_pence=90_00)
    with pytest.raises(ChangeRefused, match="exactly this change"):
        propose(book, settings, "QZZ", rule(settings), WANTED, by="Ada Analyst")
    tested(book, settings)
    older = replace(rule(settings), limits={"allowance_pence": 10_00})
    with pytest.raises(ChangeRefused, match="exactly this change"):
        propose(book, settings, "QZZ", older, WANTED, by="Ada Analyst")


def test_only_another_person_makes_it_take_effect(book: Casebook, settings: Settings) -> None:
    change_id = put_forward(book, settings)
    before = rule(settings)
    for same in ("Ada Analyst", "ADA  analyst", " ada. Analyst "):
        with pytest.raises(ChangeRefused, match="Another person must approve it"):
            approve(book, settings, "QZZ", change_id, by=same)
    assert rule(settings).version == before.version
    assert not own_limits_path(settings).exists()
    change, path = approve(book, settings, "QZZ", change_id, by="Bo Checker")
    after = rule(settings)
    assert (change.step, change.closed_by) == (APPROVED, "Bo Checker")
    assert after.version == change.version_after != before.version == change.version_before
    (later,) = after.later
    assert (later.from_on, later.told_on, later.limits["allowance_pence"]) == (FIRST, date(2026, 11, 1), 80_00)
    assert path.read_text(encoding="utf-8").startswith("# RC-0001\n[commissioner.QZZ.A-04.2026-12-01]\n")


def test_what_else_stands_in_the_file_stays(book: Casebook, settings: Settings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    mine = "# ours\n[commissioner.QZZ.E-01]\ndays = 42\n\n[commissioner.QZX.A-04]\nallowance_pence = 100\n"
    own_limits_path(settings).write_text(mine, encoding="utf-8")
    approve(book, settings, "QZZ", put_forward(book, settings), by="Bo Checker")
    assert own_limits_path(settings).read_text(encoding="utf-8").startswith(mine)
    alone = without_second_person(settings, "QZZ", book.events())
    assert [(one.rule_id, one.limit_name, one.value) for one in alone] == [("E-01", "days", 42)]
    (said,) = unapproved(settings, "QZZ")
    assert said.rule_id == "E-01"
    assert said.words.endswith("changed without a second person.")
    assert not said.is_grave


def test_a_value_edited_after_its_approval_is_remarked(book: Casebook, settings: Settings) -> None:
    _, path = approve(book, settings, "QZZ", put_forward(book, settings), by="Bo Checker")
    path.write_text(path.read_text(encoding="utf-8").replace("8000", "9000"), encoding="utf-8")
    assert [one.value for one in without_second_person(settings, "QZZ", book.events())] == [90_00]
    assert [one.change_id for one in not_written(settings, "QZZ", book.events())] == ["RC-0001"]
    assert len(list(unapproved(settings, "QZZ"))) == 2


def test_approved_and_not_written_is_written_by_approving_again(book: Casebook, settings: Settings) -> None:
    change_id = put_forward(book, settings)
    _, path = approve(book, settings, "QZZ", change_id, by="Bo Checker")
    path.unlink()
    events = len(book.events())
    approve(book, settings, "QZZ", change_id, by="Ada Analyst")
    assert path.is_file()
    assert len(book.events()) == events
    with pytest.raises(ChangeRefused, match="was approved by Bo Checker"):
        approve(book, settings, "QZZ", change_id, by="Cy Third")


def test_a_rule_that_changed_since_is_not_approved(book: Casebook, settings: Settings) -> None:
    change_id = put_forward(book, settings)
    own_limits_path(settings).write_text("[default.A-04]\nallowance_pence = 100\n", encoding="utf-8")
    with pytest.raises(ChangeRefused, match="is at version"):
        approve(book, settings, "QZZ", change_id, by="Bo Checker")


def test_a_day_that_is_taken_and_a_second_open_proposal_are_refused(book: Casebook, settings: Settings) -> None:
    change_id = put_forward(book, settings)
    with pytest.raises(ChangeRefused, match="waits for a second person"):
        put_forward(book, settings)
    approve(book, settings, "QZZ", change_id, by="Bo Checker")
    with pytest.raises(ChangeRefused, match="already has limits"):
        put_forward(book, settings)


def test_a_declined_proposal_changes_nothing_and_makes_room(book: Casebook, settings: Settings) -> None:
    change_id = put_forward(book, settings)
    assert decline(book, change_id, by="Bo Checker", reason="Too many questions fall away.").step == DECLINED
    with pytest.raises(ChangeRefused, match="was declined"):
        approve(book, settings, "QZZ", change_id, by="Cy Third")
    assert not own_limits_path(settings).exists()
    assert put_forward(book, settings) == "RC-0002"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Proposal({}, FIRST, WHY), "Nothing would change"),
        (Proposal({"allowance_pence": 80_00}, FIRST, "no"), "A reason is needed"),
        (Proposal({"allowance": 1}, FIRST, WHY), "allowance is not known"),
        (Proposal({"allowance_pence": "much"}, FIRST, WHY), "cannot be 'much'"),
    ],
)
def test_a_proposal_that_says_too_little_is_refused(book: Casebook, settings: Settings, wanted: Proposal, words: str) -> None:
    tested(book, settings)
    with pytest.raises(UsageError, match=words):
        propose(book, settings, "QZZ", rule(settings), wanted, by="Ada Analyst")


def test_an_unknown_change_is_said(book: Casebook, settings: Settings) -> None:
    with pytest.raises(UsageError, match="no change RC-9999"):
        approve(book, settings, "QZZ", "RC-9999", by="Bo Checker")


def test_the_events_tell_the_whole_story(book: Casebook, settings: Settings) -> None:
    approve(book, settings, "QZZ", put_forward(book, settings), by="Bo Checker")
    (change,) = changes_of(book.events()).values()
    (test,) = book.events(BACKTEST)
    assert change.backtest_event_number == test.event_number
    assert "approved by Bo Checker" in in_words(change)
    (row,) = approved_limits(book.events()).to_dicts()
    assert (row["limit_name"], row["value_json"], row["proposed_by"], row["approved_by"]) == (
        "allowance_pence",
        "8000",
        "Ada Analyst",
        "Bo Checker",
    )


def test_the_night_writes_down_who_approved_and_what_nobody_did(run: Run) -> None:
    one_night(run)
    with open_casebook(run.settings, "QZZ") as book:
        approve(book, run.settings, "QZZ", put_forward(book, run.settings), by="Bo Checker")
    path = own_limits_path(run.settings)
    path.write_text(path.read_text(encoding="utf-8") + "\n[default.E-01.2026-12-01]\ndays = 42\n", encoding="utf-8")
    later = replace(run, as_of=date(2026, 11, 1))
    one_night(later)
    codes = dict(run.warehouse.frame("SELECT rule_id, change_code FROM nights.rules WHERE run_id = 'QZZ-2026-11-01'").iter_rows())
    assert codes["A-04"] == "approved"
    assert codes["E-01"] == "without_second_person"
    assert set(codes.values()) == {"approved", "without_second_person", "none"}
    told = rule_changes(later)
    assert [(one["rule_id"], one["approved_by"]) for one in told["own"]] == [("E-01", None), ("A-04", "Bo Checker")]
    assert told["alone"] == "1 limit changed without a second person"
    assert [one["rule_id"] for one in told["changed"]] == ["A-04", "E-01"]


def one_night(run: Run) -> None:
    carried.build(run)
    flagged.build(run)
    assert casebook_events(run.settings, "QZZ") is not None
