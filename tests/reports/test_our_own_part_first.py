"""Nine ombudsman patterns (law and practice, 5.5): where the commissioner was at fault, its part is said before anything about the holder,
in the case, in the report and in what `explain` answers, with whoever must act, and the question weighs less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from phb_audit import flagged
from phb_audit.flagged.explain import explain
from phb_audit.flagged.findings import ORGANISATION_FIRST
from phb_audit.reports.flagged_items import build_report
from phb_audit.rules.register import shipped_rules
from phb_audit.run import Run
from tests.builders import fill, make_run
from tests.flagged.world import FIRST, PLAN, SOFA, base, one, payment, world
from tests.reports.test_flagged_items import words_of

RULES = {known.rule.id: known.rule for known in shipped_rules()}


@dataclass(frozen=True)
class Pattern:
    """What happened; the rule that says our part, the question it comes before, and words of our part."""

    name: str
    build: Callable[[Run], Run]
    cause: str
    question: str
    says: str


def changed(table: str, **values: object) -> list[dict[str, object]]:
    """The ordinary holder's row of a table, with some values changed."""
    return [{**base()[table][0], **values}]


def dorset(run: Run) -> Run:
    """A like purchase stood in the account for over half a year, nobody asked, and no audit was ever done."""
    budgets = changed("validated.budgets", starts_on=date(2025, 12, 1), last_audit_on=None)
    earlier = payment("P1", SOFA, receipt_id="R1", paid_on=date(2026, 1, 12), payee_shown="CARPET HALL", payee_id="M4")
    return world(run, earlier, payment("P2", SOFA, receipt_id="R2", paid_on=date(2026, 9, 14)), validated__budgets=budgets)


def darlington(run: Run) -> Run:
    """No monitoring, no audit, no support: papers are missing that nobody asked for."""
    budgets = changed("validated.budgets", last_audit_on=date(2024, 4, 1))
    plans = changed("validated.plans", has_care_coordinator=False)
    return world(run, payment("P1", amount_pence=300_00), validated__budgets=budgets, validated__plans=plans)


def north_lincolnshire(run: Run) -> Run:
    """The audit is late and the plan says 'n/a' where the outcome should stand."""
    budgets = changed("validated.budgets", last_audit_on=date(2024, 4, 1))
    outcomes = changed("validated.plan_outcomes", outcome_text="n/a")
    return world(run, payment("P1", SOFA, receipt_id="R1"), validated__budgets=budgets, validated__plan_outcomes=outcomes)


def nottinghamshire(run: Run) -> Run:
    """One review in four years; meanwhile the husband is paid for care."""
    reviews = changed("validated.holder_events", from_on=date(2022, 11, 1))
    budgets = changed("validated.budgets", starts_on=date(2022, 5, 1))
    husband = {"connection_id": "C1", "holder_id": FIRST, "payee_ref": "Y1", "role_code": "family", "relationship": "husband"}
    paid = payment("P1", category_code="C01", payee_ref="Y1", payee_shown="a named person (Y1)", receipt_id="R1", amount_pence=400_00)
    return world(
        run,
        paid,
        validated__holder_events=reviews,
        validated__budgets=budgets,
        validated__people=[{**husband, "is_same_household": True}],
    )


def bolton(run: Run) -> Run:
    """Two plans in force agree different sums for short breaks; more was spent than one of them names."""
    second = {**base()["validated.plans"][0], "plan_version_id": "PL2/v1", "plan_ref": "PL2", "effective_from_on": date(2026, 5, 1)}
    line = {"holder_id": FIRST, "category_code": "C10", "description": "Short breaks"}
    lines = [
        {**base()["validated.plan_lines"][0]},
        {**line, "plan_line_id": f"{PLAN}/2", "plan_version_id": PLAN, "line_ref": "2", "annual_pence": 1_000_00},
        {**line, "plan_line_id": "PL2/v1/1", "plan_version_id": "PL2/v1", "line_ref": "1", "annual_pence": 2_500_00},
    ]
    spent = payment(
        "P1",
        amount_pence=1_900_00,
        category_code="C10",
        plan_line_id=f"{PLAN}/2",
        plan_line_words="Short breaks",
        line_amount_pence=1_000_00,
        line_annual_pence=1_000_00,
        line_frequency_code="one-off",
        receipt_id="R1",
    )
    return world(run, spent, validated__plans=[*base()["validated.plans"], second], validated__plan_lines=lines)


def surrey(run: Run) -> Run:
    """Nobody ever said what the money was for: it sat unspent."""
    outcomes = changed("validated.plan_outcomes", outcome_text="n/a")
    accounts = [
        {
            "account_id": "B1",
            "holder_id": FIRST,
            "holding_code": "direct_payment",
            "balance_pence": 9_000_00,
            "due_pence": 0,
            "weekly_pence": 200_00,
            "last_line_on": date(2026, 10, 28),
        }
    ]
    return world(run, payment("P1", receipt_id="R1"), validated__plan_outcomes=outcomes, matched__accounts=accounts)


def kent(run: Run) -> Run:
    """A proposal to employ the daughter had no reply; she lives in the household and is paid."""
    asked = {"event_id": "V9", "holder_id": FIRST, "event_code": "proposal", "from_on": date(2026, 5, 4), "detail": "employ the daughter"}
    daughter = {"connection_id": "C1", "holder_id": FIRST, "payee_ref": "Y1", "role_code": "family", "relationship": "daughter"}
    paid = payment("P1", category_code="C01", payee_ref="Y1", payee_shown="a named person (Y1)", receipt_id="R1", amount_pence=400_00)
    events = [*base()["validated.holder_events"], asked]
    return world(run, paid, validated__holder_events=events, validated__people=[{**daughter, "is_same_household": True}])


def _listed(run: Run, codes: str, told: str) -> None:
    text = f"[commissioner.QZZ.P-02.2026-07-01]\nexcluded_codes = [{codes}]\n{told}"
    (run.settings.home / "limits.toml").write_text(text, encoding="utf-8")


def herefordshire(run: Run) -> Run:
    """A list refuses clubs as a whole, as if a direct payment could buy no social activity."""
    _listed(run, '"A10"', "told_on = 2026-06-01\n")
    return world(run, payment("P1", SOFA, receipt_id="R1", category_code="A10", payee_shown="MENS SHED", amount_pence=60_00))


def kirklees(run: Run) -> Run:
    """What may be bought was changed in July, and nobody was told."""
    _listed(run, '"H04"', "")
    return world(run, payment("P1", SOFA, receipt_id="R1", paid_on=date(2026, 8, 3)))


PATTERNS = (
    Pattern("Dorset 24 017 716", dorset, "P-14", "P-02", "nobody asked"),
    Pattern("Darlington 20 004 697", darlington, "G-03", "E-01", "The last financial audit on file was on 1 April 2024."),
    Pattern("North Lincolnshire 24 000 521", north_lincolnshire, "P-09", "P-02", "without a stated outcome"),
    Pattern("Nottinghamshire 19 000 339", nottinghamshire, "G-02", "W-01", "The last review was on 1 November 2022."),
    Pattern("Kent 22 001 783", kent, "G-21", "W-01", "A proposal of 4 May 2026 has had no answer for 180 days."),
    Pattern("Herefordshire 20 011 186", herefordshire, "G-15", "P-02", "Social and community activities may be bought"),
    Pattern("Kirklees 24 019 512", kirklees, "G-15", "P-02", "it is not written that holders were told"),
    Pattern("Bolton 22 009 716", bolton, "G-13", "P-05", "Two plans are in force"),
    Pattern("Surrey 2018", surrey, "P-09", "A-07", "without a stated outcome"),
)
EVERY = pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)


def questioned(run: Run, pattern: Pattern) -> dict[str, object]:
    """The holder's question that our part comes before."""
    rows = run.warehouse.frame("SELECT * FROM flagged.findings WHERE rule_id = $rule ORDER BY subject_on DESC", {"rule": pattern.question})
    assert rows.height, run.warehouse.frame("SELECT rule_id, sentence FROM flagged.findings").rows()
    return rows.row(0, named=True)


@EVERY
def test_the_case_says_our_part_first_who_must_act_and_weighs_less(pattern: Pattern, run: Run) -> None:
    flagged.build(pattern.build(run))
    assert one(run, "findings", pattern.cause)["is_commissioners"]
    flag = questioned(run, pattern)
    said = str(flag["sentence"])
    own, _, seen = said.partition(" Then: ")
    assert own.startswith(ORGANISATION_FIRST)
    assert pattern.says in own
    assert f"To be put right by {RULES[pattern.cause].duty_of}." in own
    assert seen
    assert flag["severity"] == max(RULES[pattern.question].severity - 1, 1)
    case = run.warehouse.frame("SELECT is_commissioners FROM flagged.cases WHERE case_id = $id", {"id": flag["case_id"]})
    assert case.item() is True


@EVERY
def test_the_report_says_our_part_before_anything_about_the_holder(pattern: Pattern, run: Run) -> None:
    flagged.build(pattern.build(run))
    ref = run.warehouse.frame("SELECT case_ref FROM flagged.cases WHERE case_id = $id", {"id": questioned(run, pattern)["case_id"]}).item()
    page = words_of(build_report(run).read_text(encoding="utf-8"))
    assert page.index("3. Our own delays") < page.index("5. What needs a look")
    told = page[page.index(f"Flagged item {ref}") :]
    assert told.index("Our own part first") < told.index(pattern.says) < told.index("Why this was flagged")


@EVERY
def test_explain_says_our_part_before_anything_about_the_holder(pattern: Pattern, run: Run) -> None:
    flagged.build(pattern.build(run))
    row = {"commissioner_code": "QZZ", "as_of_on": run.as_of, "state_code": "published", "stage_name": "published", "version": "0"}
    fill(run, {"nights.runs": [row]})
    flag = questioned(run, pattern)
    said = explain(run.warehouse, str(flag["flag_id"]), shipped_rules()).as_text()
    seen = str(flag["sentence"]).partition(" Then: ")[2]
    assert said.index(pattern.says) < said.index(seen)
    verdicts = [
        verdict for verdict in explain(run.warehouse, str(flag["flag_id"]), shipped_rules()).verdicts if verdict.verdict == "flagged"
    ]
    ours = [verdict.rule_id for verdict in verdicts if RULES[verdict.rule_id].is_commissioners]
    assert [verdict.rule_id for verdict in verdicts][: len(ours)] == ours


def test_where_we_kept_our_duties_nothing_of_ours_is_said(run: Run) -> None:
    flagged.build(world(run, payment("P1", SOFA, receipt_id="R1")))
    flag = one(run, "findings", "P-02")
    assert not flag["sentence"].startswith(ORGANISATION_FIRST)
    assert flag["severity"] == RULES["P-02"].severity


def test_silence_about_one_purchase_explains_no_question_about_another(tmp_path: Path) -> None:
    run = dorset(make_run(tmp_path / "other"))
    other = payment("P8", SOFA, receipt_id="R8", payee_shown="DRUM SHOP", payee_id="M8", category_code="A06", paid_on=date(2026, 9, 20))
    fill(run, {"matched.payments": [other]})
    flagged.build(run)
    drums = run.warehouse.frame("SELECT sentence FROM flagged.findings WHERE payment_id = 'P8' AND rule_id = 'P-02'").item()
    assert "nobody asked" not in drums
    run.warehouse.close()
