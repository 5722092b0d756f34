"""The pack's page in a real browser: no barrier that axe finds, nothing sideways on a phone, nothing asked of another machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from phb_audit.reports.pack_command import written_pack
from tests.builders import make_run
from tests.reports.pack_world import pack_world
from tests.reports.test_flagged_items_browser import ARGUMENTS, CHROMIUM, STANDARDS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so the page was not opened: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def page_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = pack_world(make_run(tmp_path_factory.mktemp("pack")))
    run.warehouse.close()
    written, _ = written_pack(run.settings, "QZZ", month="2026-10", months=3)
    return written.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [1200, 320])
def test_axe_finds_no_barrier_and_nothing_scrolls_sideways(browser: Browser, page_path: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_path.as_uri())
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    found = Axe().run(page, options=STANDARDS)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    page.close()


def test_every_chart_is_a_picture_with_words_and_its_data_beneath(browser: Browser, page_path: Path) -> None:
    page = browser.new_page()
    page.goto(page_path.as_uri())
    assert page.locator("svg[role=img]").count() == page.locator(".phb-chart").count() > 4
    for chart in page.locator("svg[role=img]").all():
        assert len(page.locator(f"#{chart.get_attribute('aria-labelledby')}").text_content() or "") > 60
    assert page.locator("details table").count() >= 4
    page.close()
