"""The flagged-item report in a real browser: nothing fetched, nothing refused, readable by everyone, narrow and on paper."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from phb_audit.reports.flagged_items import build_report
from tests.builders import fill, make_run
from tests.reports.flagged_world import BEN, CLUB, flagged_world
from tests.reports.papers import sealed_photo

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARDS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so the page was not opened: apt-get install chromium"),
]


@dataclass
class Opened:
    """A page in the browser, and what it asked for and complained of while it opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = flagged_world(make_run(tmp_path_factory.mktemp("browser")))
    path = build_report(run)
    run.warehouse.close()
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def opened(browser: Browser, report: Path, width: int) -> Opened:
    seen = Opened(browser.new_page(viewport={"width": width, "height": 900}))
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.goto(report.as_uri())
    return seen


@pytest.mark.parametrize("width", [1200, 320])
def test_the_page_fetches_nothing_and_nothing_is_refused(browser: Browser, report: Path, width: int) -> None:
    seen = opened(browser, report, width)
    assert [url for url in seen.requests if not url.startswith("data:")] == [report.as_uri()]
    assert seen.complaints == []


def test_the_style_sheet_is_admitted_by_the_policy(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 1200).page
    assert page.eval_on_selector(".phb-header", "bar => getComputedStyle(bar).backgroundColor") == "rgb(0, 94, 184)"
    assert "arial" in page.eval_on_selector("body", "body => getComputedStyle(body).fontFamily").lower()


@pytest.mark.parametrize("width", [1200, 375])
def test_axe_finds_no_barrier(browser: Browser, report: Path, width: int) -> None:
    page = opened(browser, report, width).page
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    found = Axe().run(page, options=STANDARDS)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 375, 768, 1200])
def test_nothing_scrolls_sideways(browser: Browser, report: Path, width: int) -> None:
    page = opened(browser, report, width).page
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_headings_step_down_one_at_a_time_from_a_single_first(browser: Browser, report: Path) -> None:
    levels = opened(browser, report, 1200).page.eval_on_selector_all("h1,h2,h3,h4,h5,h6", "all => all.map(one => Number(one.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_scoped_headings(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 1200).page
    assert page.locator("table").count() > 10
    assert page.locator("table:not(:has(caption))").count() == 0
    assert page.locator("th:not([scope])").count() == 0


def test_the_keyboard_reaches_the_content_first(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 1200).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "maincontent"


def test_a_reference_in_the_list_leads_to_its_case(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 1200).page
    page.click("#flagged a[href='#F02603EF']")
    assert page.evaluate("document.querySelector(':target').tagName") == "ARTICLE"


def test_on_paper_each_case_begins_a_page_and_what_is_folded_is_printed(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 1200).page
    page.emulate_media(media="print")
    breaks = page.eval_on_selector_all(".phb-case", "all => all.map(one => getComputedStyle(one).breakBefore)")
    assert set(breaks) == {"page"}
    assert page.locator("#control-lines").bounding_box() is not None
    assert page.eval_on_selector("#control-lines", "table => table.getBoundingClientRect().height") > 0
    assert page.eval_on_selector(".phb-contents", "list => getComputedStyle(list).display") == "none"


@pytest.mark.parametrize("width", [1200, 320])
def test_with_pictures_it_still_fetches_nothing_fits_and_has_no_barrier(browser: Browser, tmp_path: Path, width: int) -> None:
    run = flagged_world(make_run(tmp_path))
    file_id = sealed_photo(run)
    said = {"receipt_id": "R7", "holder_id": BEN, "file_id": file_id, "image_hash": file_id, "is_readable": True, "total_pence": 20_00}
    link = {"payment_id": CLUB, "receipt_id": "R7", "holder_id": BEN, "link_code": "one", "because": "same day (300)"}
    path = build_report(fill(run, {"validated.receipts": [said], "matched.receipt_links": [link]}), with_pictures=True)
    run.warehouse.close()
    seen = opened(browser, path, width)
    assert [url for url in seen.requests if not url.startswith("data:")] == [path.as_uri()]
    assert seen.complaints == []
    assert seen.page.locator("img.phb-paper").first.evaluate("picture => picture.naturalWidth") > 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(seen.page, options=STANDARDS)
    assert found.violations_count == 0, found.generate_report()


def test_the_check_for_barriers_can_fail(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 1200).page
    page.evaluate("document.querySelector('main').appendChild(document.createElement('img'))")
    assert [one["id"] for one in Axe().run(page, options=STANDARDS).response["violations"]] == ["image-alt"]
