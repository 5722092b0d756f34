"""Explaining a line: flagged, unflagged, settled, held back, cleared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from phb_audit import flagged
from phb_audit.errors import UsageError
from phb_audit.flagged.command import explain_ref
from phb_audit.flagged.explain import DRAWN, TO_BE_READ, Explanation, explain
from phb_audit.flagged.explain_receipts import Beside, Compared
from phb_audit.rules.register import shipped_rules
from phb_audit.run import Run
from phb_audit.warehouse import Warehouse
from tests.builders import fill
from tests.flagged.world import AGREED, FIRST, HOT_TUB, SOFA, one, payment, published, world

RULES = shipped_rules()


def explained(run: Run, ref: str) -> Explanation:
    return explain(run.warehouse, ref, RULES)


def verdicts(explanation: Explanation) -> dict[str, str]:
    return {verdict.rule_id: verdict.verdict for verdict in explanation.verdicts}


def words(explanation: Explanation, rule_id: str) -> str:
    return next(verdict.words for verdict in explanation.verdicts if verdict.rule_id == rule_id)


def night(run: Run, *payments: dict[str, object], **tables: list[dict[str, object]]) -> Run:
    world(run, *payments, **tables)
    flagged.build(run)
    published(run)
    return run


def test_every_rule_is_tried_once(run: Run) -> None:
    tried = explained(night(run, payment("P1", receipt_id="R1")), "P1").verdicts
    openly = [one.rule.id for one in RULES if not one.rule.may_be_apart]
    assert sorted(one.rule_id for one in tried) == sorted(openly)


def test_a_flagged_payment_says_what_was_found_and_what_was_not(run: Run) -> None:
    told = explained(night(run, payment("P1", SOFA)), "P1")
    assert verdicts(told) | {"P-02": "flagged", "E-01": "flagged", "L-01": "left alone", "A-04": "not for this"} == verdicts(told)
    assert words(told, "A-04") == "This rule looks only at cash withdrawals from direct payments."
    assert len(told.case_refs) == 2
    assert told.headline == "SOFA SHOP, £400.00, 3 August 2026"


def test_an_unflagged_payment_says_why_not_with_the_numbers(run: Run) -> None:
    told = explained(night(run, payment("P1", kind_code="cash", amount_pence=30_00, category_code="Z01")), "P1")
    assert words(told, "A-04") == "Cash drawn in August 2026 was £30.00; the allowance is £50.00."
    assert "flagged" not in verdicts(told).values()
    assert "It is not flagged." in told.notes


def test_the_facts_are_in_words(run: Run) -> None:
    facts = {fact.heading: fact.words for fact in explained(night(run, payment("P1")), "P1").facts}
    assert facts["What it was"] == "arts, crafts, hobby gear (95% sure). The words 'pottery'."
    assert facts["Plan"].startswith("It fits the plan (90%). The line names pottery. Line: \u2018Pottery class\u2019.")
    assert facts["Budget"].startswith("£100.00 spent of the budget year")
    assert facts["Receipt"] == "None on file."


def beside(payment_id: str, **more: object) -> Beside:
    fields = (Compared("Total", "£20.00", "£20.50", "99% sure", "£0.50 more than was paid"),)
    one = Beside(
        "R1", payment_id, "one", "Read by machine.", fields, ("Clay, £20.50",), "Received.", "same day (300)", "Picture kept sealed."
    )
    return replace(one, **more)  # type: ignore[arg-type]


def test_receipts_are_told_of_the_payment_of_each_payment_of_a_case_and_of_the_one_asked_for(run: Run) -> None:
    asked: list[tuple[list[str], str | None]] = []

    def told(warehouse: Warehouse, payment_ids: Sequence[str], receipt_id: str | None) -> tuple[Beside, ...]:
        asked.append((sorted(payment_ids), receipt_id))
        return ()

    night(run, payment("P1", amount_pence=60_00), payment("P2", amount_pence=70_00), payment("P3", receipt_id="R1"))
    link = {"payment_id": "P3", "receipt_id": "R1", "holder_id": FIRST, "link_code": "open"}
    fill(run, {"matched.receipt_links": [link], "matched.receipts": [{"receipt_id": "R1", "holder_id": FIRST}]})
    fill(run, {"validated.receipts": [{"receipt_id": "R1", "holder_id": FIRST, "is_readable": True}]})
    ref = run.warehouse.frame("SELECT case_ref FROM flagged.cases").item()
    for name in (ref, "P3", "R1"):
        of_receipt = explain(run.warehouse, name, RULES, receipts=told)
    assert asked == [(["P1", "P2"], None), (["P3"], None), (["P3"], "R1")]
    assert "It cannot be told which payment it belongs to." in of_receipt.facts[0].words


def test_a_receipt_stands_beside_its_payment_in_columns_and_steers_no_terminal(run: Run) -> None:
    night(run, payment("P1"))
    steering = beside("P1", lines=("Clay \x1b[2J\x07\u202e",), fields=(Compared("Company", "A" * 30, "B", "", "Alike"),))
    told = explain(run.warehouse, "P1", RULES, receipts=lambda *_: (beside("P1"), steering, beside("P2", link="open")))
    text = told.as_text()
    assert "\n  Total     £20.00                    £20.50 (99% sure)           £0.50 more than was\n" in text
    assert f"\n  Company   {'A' * 24}  B                           Alike\n            {'A' * 6}\n" in text
    assert not set("\x1b\x07\u202e") & set(text)
    assert "Receipt R1, which may belong to payment P2." in text
    assert json.loads(told.as_json())["receipts"][0]["fields"][0]["agrees"] == "£0.50 more than was paid"


def test_of_many_receipts_a_terminal_gets_the_first_few_and_how_many_more(run: Run) -> None:
    night(run, payment("P1"))
    told = explain(run.warehouse, "P1", RULES, receipts=lambda *_: tuple(beside(f"P{place}") for place in range(9)))
    assert told.as_text().count("Receipt R1 beside payment") == 6
    assert "Receipts not shown here: 3." in told.as_text()


def back(*purchases: str, code: str = "one", pence: int = 15_00) -> list[dict[str, object]]:
    """The links of a refund P9 on 20 August to purchases of £20 on 3 August."""
    days = {"refund_on": date(2026, 8, 20), "bought_on": date(2026, 8, 3)}
    said = {"refund_id": "P9", "holder_id": FIRST, "account_id": "B1", "link_code": code, "back_pence": pence, "bought_pence": 20_00}
    left = 20_00 - pence if code == "one" else None
    return [
        {**said, **days, "purchase_id": one, "left_pence": left, "points": 203, "because": "gives back a part (100)"} for one in purchases
    ]


def refund_facts(run: Run, ref: str, *purchases: str, **more: Any) -> list[str]:
    refund = payment("P9", kind_code="refund", amount_pence=-15_00, paid_on=date(2026, 8, 20))
    made = night(run, payment("P1"), payment("P2"), refund)
    fill(made, {"matched.refund_links": back(*purchases, **more)})
    return [fact.words for fact in explained(made, ref).facts if fact.heading == "Refund"]


def test_a_purchase_tells_what_came_back_of_it(run: Run) -> None:
    said = "£15.00 came back on 20 August 2026 (P9): it cost £5.00 then. Why we think so: gives back a part (100)."
    assert refund_facts(run, "P1", "P1") == [said]


def test_a_purchase_that_came_back_whole_cost_nothing(run: Run) -> None:
    (said,) = refund_facts(run, "P1", "P1", pence=20_00)
    assert "it cost nothing in the end" in said


def test_a_refund_tells_what_it_came_back_for(run: Run) -> None:
    said = "It gives money back for £20.00 paid on 3 August 2026 (P1). Why we think so: gives back a part (100)."
    assert refund_facts(run, "P9", "P1") == [said]


@pytest.mark.parametrize(
    ("ref", "said"), [("P1", "for this purchase or for another like it"), ("P9", "one of these, and nobody can tell which")]
)
def test_a_refund_that_may_be_of_two_purchases_is_told_on_both_sides(run: Run, ref: str, said: str) -> None:
    (told,) = refund_facts(run, ref, "P1", "P2", code="open")
    assert said in told


def test_a_refund_without_a_purchase_says_so_and_a_purchase_without_a_refund_nothing(run: Run) -> None:
    assert refund_facts(run, "P9") == ["No purchase was found that this money came back for."]
    assert [fact.heading for fact in explained(run, "P1").facts].count("Refund") == 0


def test_a_settled_payment_names_the_agreement(run: Run) -> None:
    plan = [payment(f"P{place}", HOT_TUB, category_code="E11", amount_pence=50_00, match_code="fits") for place in range(9)]
    told = explained(night(run, *plan, payment("P99", AGREED, match_code="unclear")), "P99")
    assert verdicts(told)["N-01"] == "settled"
    assert words(told, "P-04").startswith("The plan agrees this item by name")
    assert verdicts(told)["P-04"] == "left alone"


def test_a_case_a_flag_and_a_payment_lead_to_the_same_line(run: Run) -> None:
    night(run, payment("P1", SOFA, receipt_id="R1"))
    flag_id = one(run, "findings", "P-02")["flag_id"]
    ref = run.warehouse.frame("SELECT case_ref FROM flagged.cases").item()
    told = [explained(run, name) for name in (ref, ref.lower(), flag_id, "P1")]
    assert {one.headline for one in told} == {"SOFA SHOP, £400.00, 3 August 2026"}
    assert {one.case_refs for one in told} == {(ref,)}


def test_a_case_of_several_payments_lists_its_flags(run: Run) -> None:
    night(run, payment("P1", amount_pence=60_00), payment("P2", amount_pence=70_00))
    told = explained(run, run.warehouse.frame("SELECT case_ref FROM flagged.cases").item())
    assert told.headline == "2 papers to ask for"
    assert [fact.heading for fact in told.facts] == ["Flag", "Flag"]


def test_a_receipt_without_a_payment_can_be_explained(run: Run) -> None:
    receipt = {"receipt_id": "R7", "holder_id": FIRST, "is_readable": True, "total_pence": 12_00}
    night(run, payment("P1"), validated__receipts=[receipt], matched__receipts=[{"receipt_id": "R7", "holder_id": FIRST}])
    assert explained(run, "R7").headline == "Receipt over £12.00, not known"


def test_a_holder_held_back_is_told(run: Run) -> None:
    told = explained(
        night(run, payment("P1", SOFA), validated__held_back=[{"holder_id": FIRST, "feed_code": "plans", "rows_refused": 1}]), "P1"
    )
    assert verdicts(told)["P-02"] == "waits"
    assert any("plans" in note for note in told.notes)


def test_a_cleared_flag_is_still_explained(run: Run) -> None:
    night(run, payment("P1", receipt_id="R1"))
    gone = {
        "flag_id": "Fold",
        "rule_id": "E-01",
        "holder_id": FIRST,
        "payment_id": "P1",
        "sentence": "No receipt.",
        "because": "A receipt was added.",
        "is_restricted": False,
    }
    fill(run, {"flagged.cleared": [gone]})
    assert explained(run, "Fold").headline == "POTTERY BARN STUDIO, £20.00, 3 August 2026"


def test_an_unknown_reference_says_what_to_do(run: Run) -> None:
    published(run)
    with pytest.raises(UsageError, match="Nothing here is called NOPE"):
        explained(run, "NOPE")


def test_the_command_writes_text_or_one_json_object(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    night(run, payment("P1", SOFA)).warehouse.close()
    assert explain_ref("P1", settings=run.settings, commissioner_code="QZZ") == 0
    text = capsys.readouterr().out
    assert text.startswith("Payment P1: SOFA SHOP, £400.00, 3 August 2026\n")
    assert "Rules that were tried" in text
    assert explain_ref("P1", settings=run.settings, commissioner_code="QZZ", as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ref"] == "P1"
    assert {"rule_id", "verdict", "words", "title", "about", "rule_version"} == set(told["verdicts"][0])


def test_a_commissioner_without_a_night_is_told_so(tmp_path: Path, run: Run) -> None:
    with pytest.raises(UsageError, match="No night has been run for QXX"):
        explain_ref("P1", settings=run.settings, commissioner_code="QXX")


def drawn(run: Run, payment_id: str, case_id: str, **more: object) -> str:
    """A purchase to be read, as the night lists it; returns its reference."""
    case = {"case_id": case_id, "case_ref": "F0DRAWN00", "holder_id": FIRST, "payment_id": payment_id, "rule_ids": "R-01"}
    fill(run, {"drawn.cases": [case | more]})
    return "F0DRAWN00"


def test_a_purchase_to_be_read_tells_nothing_of_why_it_is_there_until_it_is_decided_on(run: Run) -> None:
    night(run, payment("P1", SOFA), payment("P2", receipt_id="R1"))
    kept_back = one(run, "findings", "P-02")["case_id"]
    by_chance = explained(run, drawn(run, "P2", "C2"))
    run.warehouse.run("DELETE FROM drawn.cases")
    with_reasons = explained(run, drawn(run, "P1", kept_back))
    for told in (by_chance, with_reasons):
        assert (told.kind, told.verdicts, told.clears, told.case_refs) == ("purchase", (), (), ("F0DRAWN00",))
        assert told.notes == (TO_BE_READ,)
        assert "Rules that were tried" not in told.as_text()
    assert {fact.heading for fact in by_chance.facts} >= {"What it was", "Plan", "Receipt"}


def test_once_decided_on_a_purchase_drawn_by_chance_says_so_and_that_it_was_not_flagged(run: Run) -> None:
    night(run, payment("P2", receipt_id="R1"))
    told = explained(run, drawn(run, "P2", "C2", state_code="agreed", decision_code="agree").lower())
    assert told.notes[:2] == (DRAWN, "It is not flagged.")
    assert "left alone" in verdicts(told).values()
