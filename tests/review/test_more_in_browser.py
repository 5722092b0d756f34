"""Screens that are come by and not opened: the upload's preview and result, several assigned at once, the page of an error, of a casebook
that is held, and the warning before a session ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from phb_audit.cases.casebook_store import file_of
from phb_audit.review import item
from phb_audit.settings import Settings
from tests.review.browser import NEEDS_CHROMIUM, Opened, barriers, opened, require_no_barrier, tab_to
from tests.review.test_uploading import decided, filled_in, rows_of
from tests.review.world import CODE, Served, moves_of

pytestmark = NEEDS_CHROMIUM
Keys = dict[str, dict[str, object]]


@pytest.fixture
def seen(chromium: Browser, app: Served, keys: Keys) -> Iterator[Opened]:
    """The clinician's browser."""
    found = opened(chromium, app, keys, "clinician")
    yield found
    found.page.context.close()


def require_quiet(seen: Opened, *expected: int) -> None:
    """Nothing was asked of others, and nothing complained of but the answers that are expected."""
    assert [url for url in seen.requests if not url.startswith((seen.origin, "data:"))] == []
    assert [words for words in seen.complaints if not any(f"status of {status}" in words for status in expected)] == []


def focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_the_page_of_an_error_nobody_foresaw(seen: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item, "papers_of", lambda *_: 1 // 0)
    page = seen.go("item")
    assert page.inner_text("h1") == "Sorry, there is a problem"
    require_no_barrier(page)
    require_quiet(seen, 500)
    tab_to(page, "document.activeElement.textContent === 'Go to your first page'")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Purchases to review')")


def test_the_page_of_a_casebook_that_is_held(seen: Opened, settings: Settings) -> None:
    page = seen.go("item")
    page.check("[name=move][value=agree]")
    page.fill("#reason", "It helps with the goal of getting out.")
    before = len(moves_of(settings))
    holder = sqlite3.connect(file_of(settings, CODE), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        page.set_default_timeout(60_000)
        page.click("text=Record decision")
        page.wait_for_selector("h1:has-text('The service cannot record anything just now')")
        require_no_barrier(page)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    require_quiet(seen, 503)
    assert len(moves_of(settings)) == before


def test_the_preview_and_the_result_of_an_upload(seen: Opened, settings: Settings, tmp_path: Path) -> None:
    page = seen.go("upload")
    with page.expect_download() as taken:
        page.click("text=Take away the workbook of decisions")
    rows = rows_of(Path(taken.value.path()).read_bytes())
    sent = tmp_path / "decisions.xlsx"
    good, bad, *rest = rows
    sent.write_bytes(filled_in([decided(good, "Agreed, update the plan at next review"), decided(bad, "Agreed", "Short"), *rest]))
    page.set_input_files("#file", sent)
    page.click("text=Upload and check")
    page.wait_for_selector("h1:has-text('Check the decisions')")
    assert page.locator("#accepted tbody tr").count() == page.locator("#refused tbody tr").count() == 1
    require_no_barrier(page)
    before = len(moves_of(settings))
    tab_to(page, "document.activeElement.textContent.trim() === 'Record 1 decision'")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('1 decision recorded')")
    assert len(moves_of(settings)) == before + 1
    require_no_barrier(page)
    require_quiet(seen)


def test_several_are_assigned_by_keyboard_and_what_changed_is_named(seen: Opened, app: Served, keys: Keys, chromium: Browser) -> None:
    page = seen.go("purchases")
    refs = page.locator("#purchases th a[href^='/purchases/F']").evaluate_all("found => found.slice(0, 3).map(one => one.textContent)")
    other = opened(chromium, app, keys, "auditor").page  # somebody else takes the first one in the meantime
    other.goto(f"{app.origin}/purchases/{refs[0]}")
    other.click("summary:has-text('Assign to me')")
    other.click("button:has-text('Assign to me')")
    other.wait_for_url("**done=assign")
    other.context.close()
    for ref in refs:
        tab_to(page, f"document.activeElement.getAttribute('aria-label') === 'Choose {ref}'")
        page.keyboard.press("Space")
    tab_to(page, "document.activeElement.textContent.trim() === 'Assign to me'")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('2 purchases assigned to you')")
    assert refs[0] in page.inner_text("#refused")
    assert "It changed since the list was shown" in page.inner_text("#refused")
    assert [ref in page.inner_text("#assigned") for ref in refs] == [False, True, True]
    require_no_barrier(page)
    page.click("text=Go back to the list")
    page.wait_for_selector("h1:has-text('Purchases to review')")
    require_no_barrier(page)
    require_quiet(seen)


def test_nothing_chosen_leads_to_the_first_box(seen: Opened) -> None:
    page = seen.go("purchases")
    page.click("button:has-text('Assign to me')")
    page.wait_for_selector(".nhsuk-error-summary")
    assert page.title().startswith("Error: ")
    require_no_barrier(page)
    page.click(".nhsuk-error-summary a")
    assert focus(page) == "pick"
    page.keyboard.press("Space")
    assert page.is_checked("#pick")
    require_quiet(seen, 400)


def test_without_javascript_several_are_assigned(chromium: Browser, app: Served, keys: Keys, settings: Settings) -> None:
    found = opened(chromium, app, keys, "clinician", java_script_enabled=False)
    page = found.page
    page.goto(f"{app.origin}/purchases?chosen=1&status=review&about=plan_fit&owner=nobody&sort=newest")
    before = len(moves_of(settings))
    for place in (0, 1):
        page.locator(".app-pick").nth(place).check()
    page.click("button:has-text('Assign to me')")
    assert page.inner_text("h1") == "2 purchases assigned to you"
    assert len(moves_of(settings)) == before + 2
    page.click("text=Go back to the list")
    assert "sort=newest" in page.url
    assert "owner=nobody" in page.url
    page.context.close()


@pytest.mark.parametrize("width", [1200, 375, 320])
def test_the_warning_before_a_session_ends_has_no_barrier_at_any_width(seen: Opened, width: int) -> None:
    seen.page.clock.install()
    page = seen.go("purchases")
    page.set_viewport_size({"width": width, "height": 256 if width == 320 else 900})
    page.clock.run_for(13 * 60 * 1000 + 2000)
    page.wait_for_selector("#idle", state="visible")
    assert barriers(page) == []
    box = page.locator("#idle").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.activeElement.textContent.trim()") == "Stay signed in"
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('main')"), "what lies behind the warning takes no focus"
    page.keyboard.press("Escape")
    page.wait_for_selector("#idle", state="hidden")
