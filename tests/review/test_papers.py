"""The receipts of an item: read beside the bank line, and shown only to whoever may see the item, and only as a picture made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from flows.nightly import run_plain
from phb_audit.cases.decisions import SeenCase
from phb_audit.cases.seen import row_keys, seen_case
from phb_audit.cases.transitions import DECIDES, kind_of
from phb_audit.cases.workbook import digest_of, row_key
from phb_audit.cli import sample_day
from phb_audit.landed.sealed import open_sealed
from phb_audit.night import Night
from phb_audit.reports.flagged_items import category_names
from phb_audit.reports.receipt_words import told_lines
from phb_audit.review import accounts
from phb_audit.review.keeping import accounts_engine
from phb_audit.review.papers import key_of
from phb_audit.settings import Settings, shipped
from phb_audit.warehouse import Warehouse
from tests.review.world import CODE, PASSWORD, TODAY, desk_of, in_process, moves_of, post, sign_in

pytestmark = pytest.mark.slow


@pytest.fixture
def browser(settings: Settings) -> Iterator[TestClient]:
    with in_process(desk_of(settings)) as client:
        yield client


@pytest.fixture(scope="module")
def ref(settings: Settings) -> str:
    """The item whose invoice was sent as a paper."""
    return next(case["case_ref"] for case in desk_of(settings).nights.newest().cases if case["headline"] == "Clearpay B4I3L, £41.00")


def test_what_was_read_stands_beside_the_bank_line_with_how_sure(browser: TestClient, ref: str) -> None:
    sign_in(browser, "auditor")
    page = browser.get(f"/purchases/{ref}").text
    assert "Read by machine (its own text). Check it against the picture." in page
    for words in ("CLEARPAY B4I3L", "5 January 2026", "£41.00", "100% sure", "Alike", "The same", "First of four parts", "£38.00"):
        assert words in page, words
    assert "£41.00 is printed on this paper, as its total." in page
    assert f'src="/purchases/{ref}/papers/1/1"' in page
    assert "What would change that" in page


def test_the_paper_is_shown_as_a_picture_made_anew_and_that_is_kept_in_the_log(settings: Settings, ref: str) -> None:
    desk = desk_of(settings)
    with in_process(desk) as browser:
        sign_in(browser, "auditor")
        shown = browser.get(f"/purchases/{ref}/papers/1/1")
    assert shown.status_code == 200
    assert shown.content.startswith(b"\xff\xd8\xff")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert (shown.headers["x-content-type-options"], shown.headers["cache-control"]) == ("nosniff", "no-store")
    event = desk.access.of_kind("view_paper")[-1]
    assert (event.body["case_ref"], event.body["paper_page"]) == (ref, 1)


@pytest.mark.parametrize("path", ["1/2", "2/1", "0/1", "1/0", "-1/1", "1/%2e%2e", "..%2f..%2fkeys/1", "1/99999", "%00/1", "\u0661/1"])
def test_no_other_name_leads_to_a_paper(browser: TestClient, ref: str, path: str) -> None:
    sign_in(browser, "auditor")
    assert browser.get(f"/purchases/{ref}/papers/{path}").status_code == 404


def test_a_receipt_that_was_typed_in_has_no_picture(browser: TestClient, settings: Settings) -> None:
    sign_in(browser, "second_checker")
    huts = next(case["case_ref"] for case in desk_of(settings).nights.newest().cases if case["headline"].startswith("Beach Huts"))
    page = browser.get(f"/purchases/{huts}").text
    assert "Typed in by the sender" in page
    assert "<img" not in page
    assert browser.get(f"/purchases/{huts}/papers/1/1").status_code == 404


def test_whoever_may_not_see_the_item_finds_no_paper(settings: Settings, ref: str) -> None:
    engine = accounts_engine(settings, CODE)
    accounts.add_account(engine, "far@example.org", "Far Away", "auditor", PASSWORD, areas=["Nowhere"], at=TODAY)
    engine.dispose()
    with in_process(desk_of(settings)) as browser:
        assert browser.get(f"/purchases/{ref}/papers/1/1").headers["location"] == "/sign-in"
        sign_in(browser, "far")
        assert browser.get(f"/purchases/{ref}/papers/1/1").status_code == 404
    for role, status in (("lcfs", 404), ("governance", 403), ("administrator", 403)):
        with in_process(desk_of(settings)) as browser:
            sign_in(browser, role)
            assert browser.get(f"/purchases/{ref}/papers/1/1").status_code == status


def test_without_the_key_the_page_stands_and_the_paper_is_not_there(own_settings: Settings, ref: str) -> None:
    desk = desk_of(own_settings)
    own_settings.key_path(CODE).unlink()
    assert key_of(desk) is None
    from phb_audit.review import papers

    papers._pages.clear()
    with in_process(replace(desk)) as browser:
        sign_in(browser, "auditor")
        assert "Read by machine." in browser.get(f"/purchases/{ref}").text
        assert browser.get(f"/purchases/{ref}/papers/1/1").status_code == 404


def test_lines_tell_what_they_were_taken_to_be_and_how_surely() -> None:
    line = {"description": "Session", "line_total_pence": 45_00, "category_code": "A10", "probability_share": 0.93, "is_abstained": False}
    ((words, amount, sure, taken_for),) = told_lines([line], None, category_names())
    assert (words, amount, sure) == ("Session", "£45.00", "")
    assert taken_for.endswith(", 93% sure")
    assert told_lines([line | {"is_abstained": True}], None, category_names())[0][3] == "The words do not settle it"


def test_a_decision_keeps_the_hash_of_the_receipts_file_and_the_plan_and_an_auditor_sees_them(own_settings: Settings) -> None:
    desk = desk_of(own_settings)
    case = next(case for case in desk.nights.newest().cases if case["headline"] == "Clearpay B4I3L, £41.00")
    ref, role = case["case_ref"], DECIDES[kind_of(frozenset(case["families"]))]
    with in_process(desk) as browser:
        sign_in(browser, role)
        answer = post(browser, ref, "decide", move="agree", reason="It was agreed at the last review.")
        assert answer.status_code == 303
    (event,) = [event for event in moves_of(own_settings) if event.body["case_ref"] == ref]
    seen = event.body["seen"]
    (receipt,) = seen["receipts"]
    sent = receipt["file_id"]
    key = key_of(desk)
    assert key
    assert hashlib.sha256(open_sealed(own_settings.folder("landing", CODE) / sent, key)).hexdigest() == sent
    assert [receipt["receipt_id"]] == seen["receipt_ids"]
    assert seen["plan_version_ids"]
    for who, is_told in (("auditor", True), ("second_checker", False)):
        with in_process(desk) as browser:
            sign_in(browser, who)
            page = browser.get(f"/purchases/{ref}").text
        assert (f"from the file with SHA-256 {sent}" in page) is is_told
        assert (f"Plan {seen['plan_version_ids'][0]}" in page) is is_told
    before = SeenCase.of_event(event)
    another = replace(before, receipts=({**before.receipts[0], "file_id": "0" * 64},))
    assert digest_of(before) not in (digest_of(another), digest_of(replace(before, plan_version_ids=())))


def test_a_night_that_brings_nothing_new_tells_the_same_of_files_and_plans(own_settings: Settings, tmp_path: Path) -> None:
    def digests() -> dict[str, str]:
        night = desk_of(own_settings).nights.newest()
        return {case["case_ref"]: night.items.of(case["case_id"]).digest for case in night.cases if case["headline"] in papers}

    papers = {"Clearpay B4I3L, £41.00"}
    before = digests()
    (ref,) = before
    run_plain(Night(CODE, sample_day(shipped("sample")) + timedelta(days=1), tmp_path, own_settings.home, threads=2))
    assert digests() == before
    seen = seen_case(own_settings, CODE, ref)
    assert digest_of(seen) == before[ref], "the command line tells what the app tells"
    assert all(receipt["file_id"] for receipt in seen.receipts)
    with closing(Warehouse(own_settings.warehouse_path(CODE), read_only=True)) as warehouse:
        (key,) = row_keys(warehouse, pl.DataFrame({"case_id": [seen.case_id]})).values()
    assert key == row_key(0, seen), "and so does the report's workbook"
