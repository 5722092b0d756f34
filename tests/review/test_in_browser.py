"""Every screen in a real browser: no barrier axe knows, nothing from elsewhere, narrow, enlarged, by keyboard, no scripts.

With PHB_PICTURES=1 the pictures of docs/pictures/ are made anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from phb_audit.review import accounts
from phb_audit.review.keeping import accounts_engine
from phb_audit.settings import Settings
from tests.review.browser import NEEDS_CHROMIUM, SCREENS, barriers, opened, require_no_barrier, tab_to, watched
from tests.review.fake_provider import SAM, provider_for, running
from tests.review.world import CODE, PASSWORD, TODAY, Served, moves_of

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
PICTURED = ("purchases", "item", "person", "auditor")
EXPECTED = {"not-found": 404, "not-allowed": 403}

pytestmark = NEEDS_CHROMIUM


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_has_no_barrier_and_asks_nothing_of_others(
    screen: str, chromium: Browser, app: Served, keys: dict[str, dict[str, object]]
) -> None:
    seen = opened(chromium, app, keys, SCREENS[screen][0])
    page = seen.go(screen)
    if os.environ.get("PHB_PICTURES") and screen in PICTURED:
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"review-{screen}.png", full_page=screen == "item")
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.body.classList.contains('nhsuk-frontend-supported')")
    require_no_barrier(page)
    assert [url for url in seen.requests if not url.startswith((app.origin, "data:"))] == []
    told = [words for words in seen.complaints if f"status of {EXPECTED.get(screen)}" not in words]
    assert told == []
    page.context.close()


def test_by_keyboard_alone_from_the_list_to_the_next_item(
    chromium: Browser, app: Served, keys: dict[str, dict[str, object]], settings: Settings
) -> None:
    page = opened(chromium, app, keys, "clinician").go("purchases")
    ref = page.locator("#purchases tbody a").first.inner_text()
    presses = tab_to(page, f"document.activeElement.textContent === '{ref}'")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/purchases/{ref}")
    presses += tab_to(page, "document.activeElement.name === 'move'")
    page.keyboard.press("Space")
    presses += tab_to(page, "document.activeElement.id === 'reason'")
    page.keyboard.type("It helps with the goal of getting out.")
    presses += tab_to(page, "document.activeElement.value === 'next'")
    before = len(moves_of(settings))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/purchases/*?recorded={ref}")
    assert len(moves_of(settings)) == before + 1
    assert page.locator("h1").is_visible()
    assert presses < 150
    page.context.close()


def test_a_ready_item_takes_three_choices_and_one_field(chromium: Browser, app: Served, keys: dict[str, dict[str, object]]) -> None:
    """What docs/reference/review-app.md says it takes: counted on the page, and then done with no more than that."""
    page = opened(chromium, app, keys, "clinician").page
    page.goto(app.origin + "/purchases")
    page.locator("#purchases tbody a").first.click()
    page.wait_for_selector("#decide")
    fields = page.locator("#decide textarea:visible, #decide select:visible, #decide input:visible:not([type=radio])")
    assert fields.evaluate_all("found => found.map(one => one.id)") == ["reason"]
    page.check("[name=move][value=agree]")
    page.fill("#reason", "It helps with the goal of getting out.")
    page.click("text=Save and go to next")
    page.wait_for_url("**/purchases/*?recorded=*")
    page.check("[name=move][value=ask]")
    filled = fields.evaluate_all("found => found.map(one => [one.id, one.value !== ''])")
    assert filled == [["question", True], ["due_on-day", True], ["due_on-month", True], ["due_on-year", True], ["reason", False]]
    told = (PICTURES.parent / "reference" / "review-app.md").read_text(encoding="utf-8")
    assert "**three choices and one field**" in told
    page.context.close()


def test_the_keyboard_skips_to_the_content(chromium: Browser, app: Served, keys: dict[str, dict[str, object]]) -> None:
    page = opened(chromium, app, keys, "clinician").go("purchases")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "maincontent"
    page.context.close()


def test_the_count_takes_the_focus_when_filters_are_applied(chromium: Browser, app: Served, keys: dict[str, dict[str, object]]) -> None:
    page = opened(chromium, app, keys, "clinician").go("purchases")
    page.fill("#q", "nobody is called that")
    page.click("text=Apply filters")
    page.wait_for_selector("#found:has-text('No purchases match')")
    page.wait_for_function("document.activeElement.id === 'found'")
    assert barriers(page) == []
    page.context.close()


def test_a_long_name_and_a_long_tag_break_the_list_on_no_screen(
    chromium: Browser, app: Served, keys: dict[str, dict[str, object]], settings: Settings
) -> None:
    engine = accounts_engine(settings, CODE)
    name = "Christopher Bartholomew Okafor-Featherstonehaugh"
    accounts.add_account(engine, "christopher@example.org", name, "clinician", PASSWORD, at=TODAY)
    engine.dispose()
    page = opened(chromium, app, keys, "clinician", width=320).go("purchases")
    href = page.locator("#purchases th a[href^='/purchases/F']").first.get_attribute("href")
    page.goto(f"{app.origin}{href}")
    given = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form[action$=\"/step\"]')))")
    for more in ({"move": "assign", "owner": name}, {"move": "tag", "tag": "Featherstonehaughbartholomewokafor"}):
        page.request.post(f"{app.origin}{href}/step", form=given | more, headers={"Origin": app.origin})
        page.goto(f"{app.origin}{href}")
        given = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form[action$=\"/step\"]')))")
    page.goto(f"{app.origin}/purchases?chosen=1&q=featherstonehaughbart")
    assert name in page.inner_text("#purchases")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


def test_an_error_takes_the_focus_and_leads_to_its_field(chromium: Browser, app: Served, keys: dict[str, dict[str, object]]) -> None:
    page = opened(chromium, app, keys, "clinician").go("item")
    page.click("text=Record decision")
    page.wait_for_selector(".nhsuk-error-summary")
    assert page.title().startswith("Error: ")
    assert "nhsuk-error-summary" in page.evaluate("document.activeElement.className")
    assert barriers(page) == []
    links = page.locator(".nhsuk-error-summary a")
    assert links.count() == 2
    links.last.click()
    assert page.evaluate("document.activeElement.id") == "reason"
    page.context.close()


def test_a_question_is_written_and_becomes_a_letter(chromium: Browser, app: Served, keys: dict[str, dict[str, object]]) -> None:
    page = opened(chromium, app, keys, "clinician").go("item")
    assert not page.locator("#question").is_visible()
    page.check("[name=move][value=ask]")
    assert page.locator("#question").is_visible()
    assert barriers(page) == []
    page.fill("#reason", "The receipt is not here and the words do not tell.")
    page.click("text=Record decision")
    page.wait_for_url("**/question")
    assert "You have not done anything wrong" in page.inner_text("main")
    assert barriers(page) == []
    page.context.close()


def test_not_agreed_is_shown_once_more_before_it_counts(
    chromium: Browser, app: Served, keys: dict[str, dict[str, object]], settings: Settings
) -> None:
    page = opened(chromium, app, keys, "clinician").go("item")
    before = len(moves_of(settings))
    page.check("[name=move][value=propose_not_agreed]")
    page.fill("#reason", "The plan names another way to the same goal.")
    page.click("text=Record decision")
    page.wait_for_selector("text=Check your decision")
    assert barriers(page) == []
    assert len(moves_of(settings)) == before
    page.click("text=Confirm and send to a second person")
    page.wait_for_selector("text=Waiting for a second check")
    assert barriers(page) == []
    assert len(moves_of(settings)) == before + 1
    page.context.close()


def test_without_javascript_a_decision_is_made_and_the_question_can_be_asked(
    chromium: Browser, app: Served, keys: dict[str, dict[str, object]], settings: Settings
) -> None:
    seen = opened(chromium, app, keys, "clinician", java_script_enabled=False)
    page = seen.go("purchases")
    page.fill("#q", "PHB")
    page.click("text=Apply filters")
    page.wait_for_url("**/purchases?*q=PHB*")
    page.locator("#purchases tbody a").first.click()
    page.check("[name=move][value=agree_update_plan]")
    page.fill("#reason", "It serves the goal; the plan should say so.")
    before = len(moves_of(settings))
    page.click("text=Save and go to next")
    page.wait_for_url("**recorded=*")
    assert len(moves_of(settings)) == before + 1
    page.context.close()


def test_whoever_is_idle_is_warned_and_may_stay(chromium: Browser, app: Served, keys: dict[str, dict[str, object]]) -> None:
    seen = opened(chromium, app, keys, "clinician")
    seen.page.clock.install()
    page = seen.go("purchases")
    assert not page.locator("#idle").is_visible()
    page.clock.run_for(13 * 60 * 1000 + 2000)
    page.wait_for_selector("#idle", state="visible")
    assert barriers(page) == []
    with page.expect_response("**/stay") as answer:
        page.click("text=Stay signed in")
    assert answer.value.status == 204
    page.wait_for_selector("#idle", state="hidden")
    page.context.close()


def test_the_way_to_a_provider_and_back(chromium: Browser, app: Served, tmp_path: Path) -> None:
    with running() as fake:
        fake.returns_to = f"{app.origin}/sign-in/return"
        app.desk.provider = provider_for(tmp_path, fake)
        try:
            seen = watched(chromium.new_context(), app.origin)
            seen.page.goto(app.origin + "/sign-in")
            assert barriers(seen.page) == []
            seen.page.click("text=Sign in with Example NHS")
            seen.page.wait_for_url(f"{app.origin}/purchases*")
            assert "Sam Brook (Clinician)" in seen.page.inner_text("header")
            assert seen.complaints == []
            seen.page.click("text=Sign out")
            seen.page.wait_for_selector("text=Sign out of Example NHS too")
            assert barriers(seen.page) == []
            fake.person = {**SAM, "acr": "AAL1"}
            seen.page.click("text=Sign in with Example NHS")
            seen.page.wait_for_selector("text=not strong enough")
            assert barriers(seen.page) == []
            seen.page.context.close()
        finally:
            app.desk.provider = None


def test_who_somebody_is_can_be_asked_without_barriers(chromium: Browser, app: Served, keys: dict[str, dict[str, object]]) -> None:
    page = opened(chromium, app, keys, "clinician").go("person")
    page.click("text=Show who this is")
    page.click("text=Show name and NHS number")
    page.wait_for_selector(".nhsuk-error-summary")
    assert barriers(page) == []
    page.fill("#reveal-reason", "The holder has rung and asks about a letter.")
    page.click("text=Show name and NHS number")
    page.wait_for_selector("text=Shown to you until you sign out")
    assert re.search(r"NHS number\s+999 \d{3} \d{4}", page.inner_text("#who"))
    assert barriers(page) == []
    page.context.close()


def test_the_check_for_barriers_can_fail(chromium: Browser, app: Served, keys: dict[str, dict[str, object]]) -> None:
    page = opened(chromium, app, keys, "clinician").go("help")
    page.evaluate("document.querySelector('main').appendChild(document.createElement('img'))")
    assert [words[:9] for words in barriers(page)] == ["image-alt"]
    page.context.close()
