"""Agreed exceptions: within scope, days and cap a purchase is unusual and agreed; one day or one penny further it is asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from phb_audit import flagged
from phb_audit.cases import carried
from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.exceptions import Scope, agree_exception, codes_of, end_exception, exceptions
from phb_audit.errors import UsageError
from phb_audit.flagged.excepted import READ_AGAIN_PER_MYRIAD, _is_drawn
from phb_audit.run import Run
from phb_audit.settings import Settings
from tests.builders import make_run
from tests.flagged.test_build import everything
from tests.flagged.world import SOFA, one, payment, rules_of, world

HOLDER = str(payment("P1", SOFA)["holder_id"])
SOFA_CODE = str(payment("P1", SOFA)["category_code"])
FIRST, LAST = date(2026, 8, 1), date(2026, 8, 31)
WORDS = "A sofa bed for the night carer, agreed at review."


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return make_run(tmp_path)


def agree(run: Run, *, cap: int = 1_000_00, scope: Scope | None = None, first: date = FIRST, last: date = LAST) -> str:
    return agree_exception(
        run.settings,
        run.commissioner_code,
        scope or Scope(HOLDER, (SOFA_CODE,)),
        cap_pence=cap,
        from_on=first,
        to_on=last,
        words=WORDS,
        agreed_by="Dee Clinician, CHC lead",
        by="Ada Reviewer",
    )


def night(run: Run, *payments: dict[str, object]) -> Run:
    carried.build(run)
    flagged.build(world(run, *payments))
    return run


def sofa(payment_id: str = "P1", pence: int = 899_00, **more: object) -> dict[str, object]:
    return payment(payment_id, SOFA, receipt_id="R1", amount_pence=pence, **more)


def asked(run: Run) -> list[str]:
    return [rule for rule in rules_of(run) if rule == "P-02"]


def test_an_agreed_exception_settles_the_question_and_is_no_concern(run: Run) -> None:
    exception_id = agree(run)
    night(run, sofa())
    assert asked(run) == []
    row = one(run, "suppressed", "P-02")
    assert row["settled_by"] == exception_id
    assert row["sentence"].startswith(
        "Unusual, agreed. Dee Clinician, CHC lead agreed, 1 August 2026 to 31 August 2026: \u201cA sofa bed for the night carer, agreed at "
        "review.\u201d, up to £1,000.00."
    )
    assert run.warehouse.frame("SELECT count(*) FROM flagged.cases WHERE rule_ids LIKE '%P-02%'").item() == 0


@pytest.mark.parametrize(
    ("paid_on", "is_asked"),
    [(date(2026, 7, 31), True), (FIRST, False), (LAST, False), (date(2026, 9, 1), True)],
)
def test_the_day_before_the_first_and_the_day_after_the_last_are_asked_about(run: Run, paid_on: date, is_asked: bool) -> None:
    agree(run)
    night(run, sofa(paid_on=paid_on))
    assert bool(asked(run)) is is_asked


@pytest.mark.parametrize(("cap", "is_asked"), [(899_00, False), (898_99, True)])
def test_the_cap_to_the_penny(run: Run, cap: int, is_asked: bool) -> None:
    agree(run, cap=cap)
    night(run, sofa())
    assert bool(asked(run)) is is_asked
    if is_asked:
        assert one(run, "findings", "P-02")["sentence"].endswith("up to £898.99. With this purchase £899.00 were spent of it.")


def test_of_two_purchases_the_one_that_passes_the_cap_is_asked_about(run: Run) -> None:
    agree(run)
    night(run, sofa("P1", 600_00, paid_on=date(2026, 8, 3)), sofa("P2", 500_00, paid_on=date(2026, 8, 9)))
    found = run.warehouse.frame("SELECT payment_id, sentence FROM flagged.findings WHERE rule_id = 'P-02'").rows()
    assert [payment_id for payment_id, _ in found] == ["P2"]
    assert "With this purchase £1,100.00 were spent of it." in found[0][1]


@pytest.mark.parametrize(
    "scope",
    [Scope("H_somebody_else", (SOFA_CODE,)), Scope(HOLDER, ("T01",)), Scope(HOLDER, (), "another shop"), Scope(HOLDER, (), "", "PL9/v1/9")],
)
def test_what_is_outside_the_scope_is_asked_about(run: Run, scope: Scope) -> None:
    agree(run, scope=scope)
    night(run, sofa())
    assert asked(run) == ["P-02"]


def test_a_payee_named_in_other_letters_is_in_scope(run: Run) -> None:
    shown = str(payment("P1", SOFA)["payee_shown"])
    agree(run, scope=Scope(HOLDER, (), shown.swapcase()))
    night(run, sofa())
    assert asked(run) == []


def test_evidence_is_still_asked_for(run: Run) -> None:
    agree(run)
    night(run, payment("P1", SOFA, receipt_id=None))
    assert "E-01" in rules_of(run)
    assert asked(run) == []


def test_an_exception_that_ends_brings_the_rule_back_by_itself(run: Run) -> None:
    exception_id = agree(run)
    night(run, sofa(paid_on=date(2026, 8, 20)))
    assert asked(run) == []
    end_exception(run.settings, "QZZ", exception_id, on=date(2026, 8, 10), reason="The carer has left.", by="Ada Reviewer")
    carried.build(run)
    flagged.build(run)
    assert asked(run) == ["P-02"]


def test_a_night_run_twice_draws_and_says_the_same(run: Run) -> None:
    agree(run)
    night(run, sofa())
    before = everything(run)
    flagged.build(run)
    for earlier, later in zip(before, everything(run), strict=True):
        assert earlier.equals(later)


def test_about_two_in_a_hundred_are_read_again() -> None:
    drawn = sum(_is_drawn(f"F{number:016x}") for number in range(20_000))
    assert abs(drawn - 20_000 * READ_AGAIN_PER_MYRIAD / 10_000) < 80


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"scope": Scope(HOLDER)}, "An exception for everything is none"),
        ({"cap": 0}, "needs a sum"),
        ({"first": date(2026, 9, 1)}, "ends before it begins"),
        ({"last": date(2036, 8, 1)}, "three years at most"),
    ],
)
def test_an_exception_without_bounds_is_refused(run: Run, change: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        agree(run, **change)  # type: ignore[arg-type]
    assert casebook_events(run.settings, "QZZ") == []


def test_an_exception_is_ended_once_and_only_sooner(run: Run) -> None:
    exception_id = agree(run)
    with pytest.raises(UsageError, match="no exception E00000000"):
        end_exception(run.settings, "QZZ", "E00000000", on=FIRST, reason="It is not known.", by="Ada Reviewer")
    with pytest.raises(UsageError, match="ends on 31 August 2026 already"):
        end_exception(run.settings, "QZZ", exception_id, on=LAST, reason="It ends then anyway.", by="Ada Reviewer")
    end_exception(run.settings, "QZZ", exception_id, on=date(2026, 8, 10), reason="The carer has left.", by="Ben Checker")
    (row,) = exceptions(casebook_events(run.settings, "QZZ")).iter_rows(named=True)
    assert (row["to_on"], row["ended_by"], row["ended_because"]) == (date(2026, 8, 10), "Ben Checker", "The carer has left.")


def test_codes_as_people_write_them() -> None:
    assert codes_of(" t01, A02|T01 ", ["T01", "A02"]) == ("T01", "A02")
    with pytest.raises(UsageError, match="no category X99"):
        codes_of("X99", ["T01"])


def test_two_commissioners_do_not_share_an_exception(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    agree_exception(
        settings, "QAA", Scope("H1", ("T01",)), cap_pence=1, from_on=FIRST, to_on=LAST, words=WORDS, agreed_by="Dee", by="Ada Reviewer"
    )
    assert exceptions(casebook_events(settings, "QBB")).is_empty()
