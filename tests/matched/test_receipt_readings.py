"""What the receipt's lines say was bought."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.run import Run
from tests.builders import Row, fill
from tests.matched.worlds import HOLDER, matched, paid, receipt

DAY = date(2026, 6, 10)


def with_lines(run: Run, *lines: tuple[str, int, float]) -> Run:
    """A receipt R1 with lines of (category, pence, probability)."""
    named: list[Row] = []
    for number, (code, pence, probability) in enumerate(lines):
        of = {"receipt_line_id": f"L{number}", "receipt_id": "R1", "line_total_pence": pence}
        named.append({**of, "category_code": code, "probability_share": probability, "how_code": "words"})
        fill(run, {"validated.receipt_lines": [{**of, "holder_id": HOLDER, "description": "something"}]})
    return fill(run, {"classified.receipt_lines": named})


def read(run: Run, code: str, **more: object) -> dict[str, object]:
    payment = paid("P1", DAY, 30_00, "AMAZON", code, **more)
    return matched(run, payment, receipts=[receipt("R1", DAY, 30_00, "Amazon")])["P1"]


def test_lines_settle_what_the_payee_does_not_tell(run: Run) -> None:
    found = read(with_lines(run, ("A05", 30_00, 0.7)), "M04", is_abstained=True, probability_share=0.4)
    assert (found["category_code"], found["probability_share"], found["second_code"]) == ("A05", 0.7, "M04")
    assert found["is_abstained"] is False
    assert found["category_because"] == (
        "The receipt's lines read as arts, crafts or a hobby; the payee alone would read as something not told by the words."
    )


@pytest.mark.parametrize(("probability", "expected"), [(0.8, "A05"), (0.79, "A09")])
def test_lines_are_believed_against_a_sure_payee_only_when_surer(run: Run, probability: float, expected: str) -> None:
    assert read(with_lines(run, ("A05", 30_00, probability)), "A09", probability_share=0.9)["category_code"] == expected


def test_a_mixed_basket_keeps_the_payees_reading(run: Run) -> None:
    assert read(with_lines(run, ("H02", 15_00, 0.95), ("X01", 15_00, 0.95)), "H02")["category_because"] == ""


def test_a_payment_takes_the_codes_of_its_receipts_lines(run: Run) -> None:
    assert read(with_lines(run, ("X01", 12_00, 0.95), ("H02", 18_00, 0.95)), "A09", set_codes="A09|A10")["set_codes"] == "H02|X01"


def test_a_line_that_is_not_settled_may_be_any_of_its_set(run: Run) -> None:
    fill(run, {"validated.receipt_lines": [{"receipt_line_id": "L9", "receipt_id": "R1", "holder_id": HOLDER, "line_total_pence": 30_00}]})
    open_line = {"receipt_line_id": "L9", "receipt_id": "R1", "category_code": "A05", "set_codes": "A05|H04", "is_abstained": True}
    fill(run, {"classified.receipt_lines": [{**open_line, "how_code": "words", "probability_share": 0.4}]})
    assert read(run, "A09", set_codes="A09")["set_codes"] == "A05|H04"


def test_without_lines_the_set_is_that_of_the_words(run: Run) -> None:
    assert read(run, "A09", set_codes="A09|A10")["set_codes"] == "A09|A10"


def test_agreement_is_said_and_keeps_the_surer_of_the_two(run: Run) -> None:
    found = read(with_lines(run, ("H02", 30_00, 0.95)), "H02", probability_share=0.7)
    assert (found["category_code"], found["probability_share"]) == ("H02", 0.95)
    assert found["category_because"] == "Payee and receipt's lines both read as groceries or eating out."


def test_without_lines_nothing_changes(run: Run) -> None:
    assert read(run, "A09", probability_share=0.9)["probability_share"] == 0.9
