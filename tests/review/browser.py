"""A real browser before the app: each screen, who opens it and how, what it asks for and complains of, and the barriers axe knows."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.review.world import PASSWORD, Served

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
STANDARDS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
OPEN_ALL = "for (const folded of document.querySelectorAll('details')) folded.open = true"
WHYS = ("Agreed later than bought", "Unusual item that may serve an outcome", "Ordinary living cost", "Alcohol")
NOT_TO_BE_READ = urlencode({"chosen": 1, "status": "review", "why": WHYS}, doseq=True)  # items with all that an item can have
# Each screen: who opens it, where, and the link on it that leads on ("" is the page itself).
SCREENS = {
    "sign-in": ("", "/sign-in", ""),
    "purchases": ("clinician", "/purchases", ""),
    "purchases-none": ("clinician", "/purchases?chosen=1&q=nothing-like-it", ""),
    "item": ("clinician", f"/purchases?{NOT_TO_BE_READ}", "#purchases tbody a"),
    "item-of-money": ("auditor", "/purchases", "#purchases tbody a"),
    "item-with-its-paper": ("auditor", "/purchases?chosen=1&q=Clearpay", "#purchases tbody a"),
    "item-to-read": ("second_checker", "/purchases", "#purchases tbody a"),
    "second-checks": ("second_checker", "/second-checks", ""),
    "people": ("clinician", "/people", ""),
    "person": ("clinician", "/people", "table tbody a"),
    "reports": ("auditor", "/reports", ""),
    "upload": ("clinician", "/reports/upload", ""),
    "reports-of-the-committee": ("governance", "/reports", ""),
    "flags": ("clinician", "/how-flags-work", ""),
    "flag": ("clinician", "/how-flags-work", "table tbody a"),
    "auditor": ("auditor", "/auditor", ""),
    "log": ("auditor", "/auditor/log?log=access", ""),
    "sample": ("auditor", "/auditor/sample", ""),
    "referred": ("lcfs", "/referred", ""),
    "lane": ("lcfs", "/for-you", ""),
    "lane-of-safety": ("safeguarding_lead", "/for-you", ""),
    "lane-case": ("safeguarding_lead", "/for-you", "#lane tbody a"),
    "accounts": ("administrator", "/accounts", ""),
    "accessibility": ("", "/accessibility", ""),
    "data": ("", "/how-we-use-data", ""),
    "help": ("clinician", "/help", ""),
    "not-found": ("clinician", "/nowhere", ""),
    "not-allowed": ("clinician", "/auditor", ""),
}
NEEDS_CHROMIUM = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so no page was opened: apt-get install chromium"),
]


@dataclass
class Opened:
    """A page in the browser, and what it asked for and complained of."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, screen: str) -> Page:
        """Open one screen as the person who sees it."""
        _, path, link = SCREENS[screen]
        self.page.goto(self.origin + path)
        if link:
            with self.page.expect_navigation():
                self.page.locator(link).first.click()
        return self.page


def enter(page: Page, origin: str, role: str) -> None:
    page.goto(origin + "/sign-in")
    page.fill("#email", f"{role}@example.org")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def watched(context: BrowserContext, origin: str) -> Opened:
    seen = Opened(context.new_page(), origin)
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return seen


def opened(chromium: Browser, app: Served, keys: dict[str, dict[str, object]], role: str, width: int = 1200, **more: object) -> Opened:
    state = keys[role] or None
    return watched(chromium.new_context(viewport={"width": width, "height": 900}, storage_state=state, **more), app.origin)  # type: ignore[arg-type]


def barriers(page: Page) -> list[str]:
    found = Axe().run(page, options=STANDARDS).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def require_no_barrier(page: Page) -> None:
    """As wide as a desk's and a phone's screen with nothing folded, axe finds nothing; at 320 pixels nothing runs off."""
    before = page.viewport_size
    for width in (1200, 375):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(OPEN_ALL)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    # 1280 pixels at 400% are 320: the reflow that WCAG 1.4.10 asks for.
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size(before or {"width": 1200, "height": 900})


def tab_to(page: Page, condition: str) -> int:
    for presses in range(1, 120):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body"), "the focus was lost"
        if page.evaluate(condition):
            return presses
    raise AssertionError(f"the keyboard does not reach {condition}")
