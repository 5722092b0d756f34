"""`phb-audit confirm`: a list of what lines were, taken row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.confirm_command import confirm_file
from phb_audit.errors import CLEAN, REFUSED, WARNINGS, UsageError
from phb_audit.run import Run
from phb_audit.tables import TABLES
from tests.builders import make_run, rows


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = make_run(tmp_path)
    told = {"payment_id": "p1", "holder_id": "H1"}
    string = {"string_id": "s1", "payee_text": "FERNLEA HYDRO 120", "category_code": "A01", "model_version": "7"}
    run.warehouse.write(TABLES["validated.payments"], rows("validated.payments", told))
    run.warehouse.write(TABLES["classified.strings"], rows("classified.strings", string))
    run.warehouse.write(
        TABLES["classified.payments"], rows("classified.payments", {"payment_id": "p1", "string_id": "s1", "category_code": "A01"})
    )
    run.warehouse.close()
    return run


def confirm(run: Run, text: str, *, by: str = "Ada Reviewer") -> tuple[int, list[str], list[str]]:
    source = run.settings.home / "list.csv"
    source.write_text(text, encoding="utf-8")
    said: list[str] = []
    noted: list[str] = []
    code = confirm_file(source, settings=run.settings, commissioner_code="QZZ", by=by, say=said.append, note=noted.append)
    return code, said, noted


def test_a_reference_brings_its_words_and_what_the_classifier_had_said(run: Run) -> None:
    code, said, _ = confirm(run, "ref,category_code,reason\np1,T01,hydrotherapy pool\n")
    (event,) = casebook_events(run.settings, "QZZ")
    assert code == CLEAN
    assert "1 decisions recorded" in said[0]
    assert event.body["payee_text"] == "FERNLEA HYDRO 120"
    assert (event.body["was_code"], event.body["provenance_code"], event.body["holder_id"]) == ("A01", "corrected", "H1")
    assert event.body["reason"] == "hydrotherapy pool"


def test_a_list_of_names_is_imported(run: Run) -> None:
    code, _, _ = confirm(run, "Merchant,category_code\nOakfield Riding,T07\n")
    (event,) = casebook_events(run.settings, "QZZ")
    assert code == CLEAN
    assert (event.body["payee_text"], event.body["provenance_code"]) == ("Oakfield Riding", "imported")


def test_good_rows_are_taken_and_the_others_named_by_line(run: Run) -> None:
    code, _, noted = confirm(run, "ref,merchant,category_code\np1,,A01\np9,,A01\n,Oakfield,ZZ9\n,,A01\n")
    assert code == WARNINGS
    assert [words.split(":")[0] for words in noted] == ["list.csv, line 3", "list.csv, line 4", "list.csv, line 5"]
    assert [event.body["provenance_code"] for event in casebook_events(run.settings, "QZZ")] == ["confirmed"]


def test_a_list_of_which_nothing_can_be_taken_is_refused(run: Run) -> None:
    code, _, _ = confirm(run, "ref,category_code\np9,A01\n")
    assert code == REFUSED
    assert casebook_events(run.settings, "QZZ") == []


def test_a_list_without_its_columns_says_which(run: Run) -> None:
    with pytest.raises(UsageError, match="category_code and ref or merchant"):
        confirm(run, "name,code\nx,A01\n")
