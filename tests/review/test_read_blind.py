"""A case whose reasons are kept back looks the same in every output as a purchase drawn by chance, until somebody has decided on it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pypdf
import pytest

from phb_audit.cases.case_command import list_cases, show_case
from phb_audit.flagged.command import explain_ref
from phb_audit.reports.account_page import write_account_page
from phb_audit.reports.bi import written_bi
from phb_audit.reports.flagged_files import write_flagged
from phb_audit.reports.flagged_list import COLUMNS, TO_READ
from phb_audit.reports.status import found_in_words, status_of
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse
from tests.review.world import CODE, TODAY, TestClient, desk_of, in_process, sign_in

PEOPLE = ("clinician", "auditor")


@dataclass(frozen=True)
class KeptBack:
    """What may be read nowhere of a case that is first read without its reasons."""

    ref: str
    case_id: str
    holder_shown: str
    payment_id: str
    rule_ids: tuple[str, ...]
    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    flag_ids: tuple[str, ...]
    clears: tuple[str, ...]
    headline: str


@pytest.fixture(scope="module")
def kept_back(settings: Settings) -> list[KeptBack]:
    """Every case of the world's night whose reasons are kept back."""
    warehouse = Warehouse(settings.warehouse_path(CODE), read_only=True)
    asked = """
        SELECT c.case_ref, c.case_id, c.holder_shown, c.payment_id, list(f.rule_id), list(f.title), list(f.sentence), list(f.flag_id),
            (SELECT coalesce(list(words), []) FROM flagged.clearings w WHERE w.case_id = c.case_id), c.headline
        FROM flagged.cases c JOIN drawn.cases d USING (case_id) JOIN flagged.findings f USING (case_id) GROUP BY ALL ORDER BY ALL
    """
    found = [KeptBack(*(tuple(one) if isinstance(one, list) else one for one in row)) for row in warehouse.frame(asked).iter_rows()]
    warehouse.close()
    assert len(found) >= 4, "the world's night keeps back the reasons of too few cases to try this on"
    return found


@pytest.fixture(scope="module")
def by_chance(settings: Settings) -> list[str]:
    """The references of the purchases drawn by chance."""
    warehouse = Warehouse(settings.warehouse_path(CODE), read_only=True)
    refs = warehouse.frame("SELECT case_ref FROM drawn.cases WHERE case_id NOT IN (SELECT case_id FROM flagged.cases) ORDER BY case_ref")
    warehouse.close()
    return refs["case_ref"].to_list()


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def report_outputs(settings: Settings, folder: Path) -> Iterator[tuple[str, str]]:
    """Every file the night and its commands make of flagged items, and what a terminal says of them: name and text."""
    pages = [*(settings.home / "reports" / CODE).glob("*.html"), *(settings.home / "quality" / CODE).glob("*.html")]
    yield from ((path.name, words_of(path.read_text(encoding="utf-8"))) for path in pages)
    for kind in ("csv", "json"):
        yield kind, re.sub(r"\s+", " ", write_flagged(settings, CODE, kind, folder).read_text(encoding="utf-8").replace('""', '"'))
    reader = pypdf.PdfReader(write_flagged(settings, CODE, "pdf", folder))
    yield "pdf", "".join(page.extract_text() for page in reader.pages)
    book = pl.read_excel(write_flagged(settings, CODE, "xlsx", folder), sheet_id=0, engine="calamine")
    yield "xlsx", " ".join(str(cell) for sheet in book.values() for row in sheet.iter_rows() for cell in row)
    yield "status", found_in_words(status_of(settings, CODE))


def terminal(say: Any) -> str:
    said: list[str] = []
    say(say=said.append)
    return "\n".join(said)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_no_file_tells_a_reason_that_is_kept_back(settings: Settings, kept_back: list[KeptBack], tmp_path: Path) -> None:
    for name, text in report_outputs(settings, tmp_path):
        for one in kept_back:
            for words in (*one.sentences, *one.flag_ids):
                assert squeezed(words) not in squeezed(text), f"{name} tells why {one.ref} was flagged"


def test_in_every_file_it_stands_as_one_drawn_by_chance_does(
    settings: Settings, kept_back: list[KeptBack], by_chance: list[str], tmp_path: Path
) -> None:
    to_read = {*by_chance, *(one.ref for one in kept_back)}
    own = {"Reference", "Person", "What", "Day"}
    rows = list(csv.DictReader(io.StringIO(write_flagged(settings, CODE, "csv", tmp_path).read_text(encoding="utf-8"))))
    theirs = [row for row in rows if row["Reference"] in to_read]
    assert {row["Reference"] for row in theirs} == to_read
    assert len({tuple((name, value) for name, value in row.items() if name not in own) for row in theirs}) == 1
    assert {row["Where it belongs"] for row in theirs} == {TO_READ}
    assert {row[COLUMNS["priority"]] for row in theirs} == {""}
    held = json.loads(write_flagged(settings, CODE, "json", tmp_path).read_text(encoding="utf-8"))["items"]
    mine = [item for item in held if item["case_ref"] in to_read]
    names = {"case_id", "case_ref", "holder_shown", "headline", "subject_on"}
    assert len({json.dumps({key: value for key, value in item.items() if key not in names}) for item in mine}) == 1
    sheet = pl.read_excel(write_flagged(settings, CODE, "xlsx", tmp_path), sheet_name=TO_READ, engine="calamine")
    assert set(sheet["Reference"]) == to_read
    page = next((settings.home / "reports" / CODE).glob("*.html")).read_text(encoding="utf-8")
    cells = {ref: re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{ref}.*?</tr>", page, re.DOTALL) for ref in to_read}
    shapes = {re.sub(r">[^<]*<", "><", row[0]).replace(ref, "") for ref, row in cells.items() if row}
    assert all(cells.values())
    assert len(shapes) == 1
    assert all(page.count(ref) == 2 for ref in to_read)  # its id and its name in that one row, and nowhere else


def test_dashboards_hold_neither(settings: Settings, kept_back: list[KeptBack], tmp_path: Path) -> None:
    folder = written_bi(settings, CODE, out=tmp_path / "bi")
    items = pl.read_parquet(next(folder.rglob("items.parquet")))
    warehouse = Warehouse(settings.warehouse_path(CODE), read_only=True)
    shown = warehouse.frame("SELECT count(*) FROM flagged.cases WHERE NOT is_restricted").item()
    warehouse.close()
    assert items.height == shown - len(kept_back)


def test_the_persons_account_page_asks_for_no_paper_on_its_account(settings: Settings, kept_back: list[KeptBack]) -> None:
    for one in kept_back:
        text = words_of(write_account_page(settings, CODE, one.holder_shown).read_text(encoding="utf-8"))
        assert not [words for words in one.sentences if words in text]


def test_case_list_and_show_tell_neither_rule_nor_reason(settings: Settings, kept_back: list[KeptBack], by_chance: list[str]) -> None:
    for as_json in (False, True):
        every = terminal(partial(list_cases, settings, CODE, state=None, as_json=as_json, on=TODAY.date()))
        assert not [one.ref for one in kept_back if any(words in every for words in one.sentences)]
        for one in kept_back:
            told = terminal(partial(show_case, settings, CODE, one.ref, on=TODAY.date(), as_json=as_json))
            assert not [words for words in (*one.rule_ids, *one.titles, *one.sentences) if words in told]
    same = {re.sub(r"F[0-9A-Z]{8}|F[0-9a-f]{16}|£.*?\d{4}\.", "", shown_by(settings, ref)) for ref in (*by_chance, kept_back[0].ref)}
    of_purchase = ("  Plan in force: ", "  Receipt ")
    said = {tuple(line for line in text.split("\n")[1:] if not line.startswith(of_purchase)) for text in same}
    assert len(said) == 1, said


def shown_by(settings: Settings, ref: str) -> str:
    return terminal(partial(show_case, settings, CODE, ref, on=TODAY.date(), as_json=False))


def test_explain_says_only_that_it_is_read_blind_whatever_it_is_asked_by(
    settings: Settings, kept_back: list[KeptBack], capsys: pytest.CaptureFixture[str]
) -> None:
    for one in kept_back:
        for ref in (one.ref, one.ref.lower(), one.case_id, one.payment_id, *one.flag_ids):
            explain_ref(ref, settings=settings, commissioner_code=CODE)
            told = capsys.readouterr().out
            assert "reasons kept back for a first reading" in told
            assert not [words for words in (*one.sentences, *(f"{rule} " for rule in one.rule_ids)) if words in told]


@pytest.mark.parametrize("role", PEOPLE)
def test_no_page_of_the_app_tells_it(settings: Settings, kept_back: list[KeptBack], by_chance: list[str], role: str) -> None:
    with in_process(desk_of(settings)) as client:
        sign_in(client, role)
        for one in kept_back:
            pages = {
                "item": client.get(f"/purchases/{one.ref}").text,
                "person": client.get(f"/people/{one.holder_shown}").text,
                "search": client.get("/purchases", params={"q": one.ref, "chosen": "1"}).text,
            }
            assert one.ref in pages["search"]
            for name, page in pages.items():
                text = words_of(page)
                assert not [words for words in (*one.sentences, *one.flag_ids) if words in text], name
            row = words_of(row_of(pages["person"], one.ref))
            assert "To be read" in row
            assert not [title for title in one.titles if title in row]
            item = words_of(pages["item"])
            assert not [words for words in (*one.clears, *one.rule_ids) if words in item]
            assert not [title for title in one.titles if title in item.split("Why this was flagged")[1].split("Care plan goal")[0]]
        shapes = {headings(client, ref) for ref in (*by_chance, *(one.ref for one in kept_back))}
        assert {"What would clear it", "Legal or local basis"}.isdisjoint(name for names in shapes for name in names)


def headings(client: TestClient, ref: str) -> tuple[str, ...]:
    """What 'Before you decide' says under, of an item."""
    page = client.get(f"/purchases/{ref}").text
    return tuple(re.findall(r"<dt>(.*?)</dt>", page[page.index("Before you decide") : page.index("app-decide")]))


def row_of(page: str, ref: str) -> str:
    found = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{ref}.*?</tr>", page, re.DOTALL)
    assert found
    return found[0]


def test_the_apps_list_says_the_same_of_all_of_them(settings: Settings, kept_back: list[KeptBack], by_chance: list[str]) -> None:
    night = desk_of(settings).nights.newest()
    told = {row["case_ref"]: row for row in night.cases}
    refs = [*by_chance, *(one.ref for one in kept_back)]
    same = (
        "titles",
        "families",
        "rule_ids",
        "flags_count",
        "outcome_code",
        "tier_code",
        "chance_share",
        "is_own_only",
        "news",
        "first_flagged_on",
    )
    assert len({json.dumps([told[ref][name] for name in same], default=str) for ref in refs}) == 1
