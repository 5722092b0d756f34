"""What would change the reading of a payment: left out in turn, and the classifier asked again."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.assurance.what_would_change import DECIDED, what_would_change
from phb_audit.classified.classifier import classify, model_version
from phb_audit.classified.left_out import NO_ONE_PART
from phb_audit.run import Run
from phb_audit.tables import TABLES
from tests.builders import fill


def read_as(run: Run, payment_id: str, merchant: str, description: str = "", mcc: str = "", **more: object) -> None:
    """A payment, as classified and matched would have it."""
    texts = pl.DataFrame({"merchant": [merchant], "description": [description], "mcc": [mcc]})
    answer = classify(texts).select(
        column.name for column in TABLES["classified.payments"].columns if column.name in classify(texts).columns
    )
    told = answer.row(0, named=True) | {name: value for name, value in more.items() if name in answer.columns}
    said = {"payee_text": merchant, "description": description, "mcc_code": mcc, "merchant_words": "", "description_words": ""}
    string = {"string_id": payment_id, **said, **told, "model_version": more.get("model_version", model_version()), "decided_version": ""}
    fill(run, {"classified.strings": [string]})
    fill(run, {"classified.payments": [{"payment_id": payment_id, "string_id": payment_id, "amount_pence": 20_00, **told}]})
    matched = {"payment_id": payment_id, "category_code": more.get("matched_code", told["category_code"]), "paid_on": date(2026, 6, 1)}
    fill(run, {"matched.payments": [{**matched, "is_spend": True, "is_abstained": told["is_abstained"]}]})


def told(run: Run, payment_id: str = "P1") -> str:
    return what_would_change(run.warehouse, run.settings, run.commissioner_code, [payment_id]).get(payment_id, "")


def test_the_word_that_decides_is_named(run: Run) -> None:
    read_as(run, "P1", "", "psychotherapy 50 mins")
    assert told(run) == "Without the word 'psychotherapy' the words would not settle it."


def test_where_no_part_decides_it_says_what_could_change_it(run: Run) -> None:
    read_as(run, "P1", "HELPING HANDS HOMECARE", "care visits")
    assert told(run) == NO_ONE_PART


def test_a_receipts_lines_are_named_where_they_decided(run: Run) -> None:
    read_as(run, "P1", "", "psychotherapy 50 mins", matched_code="A05")
    assert told(run) == "Without the receipt's lines it would read as counselling."


def test_a_persons_decision_is_named(run: Run) -> None:
    read_as(run, "P1", "", "psychotherapy 50 mins", how_code="decided")
    assert told(run) == DECIDED


@pytest.mark.parametrize("more", [{"model_version": "of another day"}, {"how_code": "kind"}, {"is_abstained": True}])
def test_nothing_is_said_where_asking_again_would_say_nothing(run: Run, more: dict[str, object]) -> None:
    read_as(run, "P1", "", "psychotherapy 50 mins", **more)
    assert told(run) == ""
