"""What people decided enters memory at once: for the wording and the seller's other lines; never for persons or shops of everything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from phb_audit import classified
from phb_audit.cases import carried
from phb_audit.cases.categories import BODY, confirm_categories
from phb_audit.run import Run
from tests.builders import fill, make_run

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = make_run(tmp_path)
    lines = [
        ("p1", "FERNLEA LTD", "session 4"),
        ("p2", "FERNLEA LTD", None),
        ("p3", "ARGOS", "kettle"),
        ("p4", "ARGOS", None),
        ("p5", "PERSON", "session 4"),
    ]
    payments = [
        {"payment_id": key, "payee_text": payee, "description": words, "kind_code": "purchase", "is_spend": True, "amount_pence": 10_00}
        for key, payee, words in lines
    ]
    return fill(run, {"validated.payments": payments})


def decide(run: Run, payee: str | None, words: str | None, code: str) -> None:
    told = dict.fromkeys(BODY) | {"payee_text": payee, "description": words, "category_code": code, "provenance_code": "corrected"}
    frame = pl.DataFrame([told], schema=dict.fromkeys(BODY, pl.String))
    confirm_categories(run.settings, run.commissioner_code, frame, by="Ada Reviewer", at=MAY)


def night(run: Run) -> dict[str, dict[str, object]]:
    carried.build(run)
    classified.build(run)
    found = run.warehouse.frame("SELECT * FROM classified.payments ORDER BY payment_id")
    return {row["payment_id"]: row for row in found.iter_rows(named=True)}


def test_a_decided_wording_is_that_category_from_the_next_night_on(run: Run) -> None:
    before = night(run)["p1"]
    decide(run, "FERNLEA LTD", "session 4", "T01")
    after = night(run)["p1"]
    assert before["category_code"] != "T01" or before["is_abstained"]
    assert (after["category_code"], after["how_code"], after["set_codes"], after["is_abstained"]) == ("T01", "decided", "T01", False)
    assert after["because"] == "A person said so of this very wording, on 3 May 2026."


def test_the_sellers_other_lines_learn_from_it(run: Run) -> None:
    before = night(run)["p2"]
    decide(run, "FERNLEA LTD", None, "T01")
    after = night(run)["p2"]
    assert (after["category_code"], after["how_code"]) == ("T01", "memory")
    assert after["probability_share"] > max(0.6, before["probability_share"])


def test_a_shop_of_everything_teaches_its_wording_only(run: Run) -> None:
    before = night(run)["p4"]
    decide(run, "ARGOS", "kettle", "E07")
    after = night(run)
    assert after["p3"]["category_code"] == "E07"
    assert after["p4"]["category_code"] == before["category_code"]


def test_what_was_paid_to_one_person_says_nothing_of_another(run: Run) -> None:
    before = night(run)["p5"]
    decide(run, "PERSON", "session 4", "T03")
    assert night(run)["p5"] == before


def test_only_what_a_decision_bears_on_is_asked_again(run: Run) -> None:
    night(run)
    decide(run, "FERNLEA LTD", None, "T01")
    carried.build(run)
    warehouse = run.warehouse
    tonight = {"run_id": run.run_id}
    for name in ("texts_of_payments", "texts_of_receipt_lines"):
        warehouse.run(classified.sql(classified.__file__, name))
    warehouse.run(classified.sql(classified.__file__, "texts_tonight"), tonight)
    warehouse.run(classified.sql(classified.__file__, "decided_versions"))
    version = warehouse.frame("SELECT any_value(model_version) AS version FROM classified.strings").item()
    asked = warehouse.frame(classified.sql(classified.__file__, "strings_tonight"), {"model_version": version})
    assert sorted(asked["payee_text"].to_list()) == ["FERNLEA LTD", "FERNLEA LTD"]
    classified.build(run)
    again = warehouse.frame(classified.sql(classified.__file__, "strings_tonight"), {"model_version": version})
    assert again.is_empty()
    assert warehouse.frame("SELECT count(*) FROM classified.strings").item() == 5


def test_the_newest_decision_counts(run: Run) -> None:
    decide(run, "FERNLEA LTD", "session 4", "T01")
    night(run)
    decide(run, "FERNLEA LTD", "session 4", "T03")
    assert night(run)["p1"]["category_code"] == "T03"
