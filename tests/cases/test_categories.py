"""What people said lines were: the newest counts, names learn from it, persons and market places teach no name."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.categories import BODY, confirm_categories, decided_categories, decided_names
from phb_audit.settings import Settings


def decide(settings: Settings, *lines: tuple[str | None, str | None, str], by: str = "Ada Reviewer") -> None:
    told = [
        dict.fromkeys(BODY) | {"payee_text": payee, "description": words, "category_code": code, "provenance_code": "corrected"}
        for payee, words, code in lines
    ]
    confirm_categories(settings, "QZZ", pl.DataFrame(told, schema=dict.fromkeys(BODY, pl.String)), by=by)


def in_force(settings: Settings) -> pl.DataFrame:
    return decided_categories(casebook_events(settings, "QZZ"))


def test_the_newest_decision_about_a_wording_counts(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    decide(settings, ("CARD PAYMENT TO FERNLEA HYDRO 1203", None, "A01"))
    decide(settings, ("FERNLEA HYDRO LTD", None, "T01"), by="Bo Checker")
    found = in_force(settings)
    assert found.select("merchant_words", "category_code", "decided_by").rows() == [("FERNLEA HYDRO", "T01", "Bo Checker")]


def test_a_bare_name_tells_more_of_the_name_than_a_described_line(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    decide(settings, ("FERNLEA HYDRO", None, "T01"), ("FERNLEA HYDRO", "swim hat", "A02"))
    names = decided_names(in_force(settings))
    shares = dict(names.select("category_code", "told_share").rows())
    assert shares["T01"] == round(1 / 1.6, 6)
    assert shares["A02"] == round(0.5 / 1.6, 6)


def test_persons_and_market_places_teach_no_name(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    decide(settings, ("PERSON", "wages", "C01"), ("AMZN MKTP UK*2X4", None, "E11"), (None, "bus fare", "R03"))
    assert decided_names(in_force(settings)).is_empty()
    assert in_force(settings).height == 3


def test_nothing_decided_gives_empty_tables() -> None:
    assert decided_categories([]).is_empty()
    assert decided_names(decided_categories([])).is_empty()
