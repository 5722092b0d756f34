"""The account page: every line with its receipt or without, what is still needed asked once, and nothing of a lane."""

from __future__ import annotations

import base64
import io
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from phb_audit.errors import UsageError
from phb_audit.reports import receipt_pictures
from phb_audit.reports.account_owed import ages
from phb_audit.reports.account_page import write_account_page
from phb_audit.run import Run
from phb_audit.settings import Settings
from tests.builders import fill, make_run
from tests.reports.papers import sealed_photo

HOLDER, ACCOUNT, AS_OF = "H0000000000000001", "B0000000000000001", date(2026, 10, 31)
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


STANDS = {
    "account_id": ACCOUNT,
    "holder_id": HOLDER,
    "balance_pence": 54_99,
    "due_pence": 20_00,
    "planned_pence": 4_00,
    "last_line_on": AS_OF,
}
PAPER = {"receipt_id": "R9", "holder_id": HOLDER, "total_pence": 8_00, "dated_on": date(2026, 8, 14), "invoice_number": "7"}


def line(payment_id: str, on: date, pence: int, balance: int, **more: object) -> tuple[dict[str, object], dict[str, object]]:
    both = {"payment_id": payment_id, "holder_id": HOLDER, "account_id": ACCOUNT, "paid_on": on, "amount_pence": pence}
    said = {"kind_code": "purchase", "payee_shown": f"Payee of {payment_id}", "match_code": "fits", **more}
    return {**both, "balance_pence": balance, "kind_code": said["kind_code"]}, {**both, **said}


def question(flag_id: str, **more: object) -> dict[str, object]:
    asked = {"flag_id": flag_id, "run_id": "QZZ-2026-10-31", "holder_id": HOLDER, "rule_id": "E-01", "family_code": "A3"}
    words = {"title": "No receipt", "sentence": f"Sentence of {flag_id}", "ask": "Ask once for all of them.", "outcome_code": "query"}
    return {**asked, **words, "subject_on": date(2026, 8, 1), "at_stake_pence": 30_00, **more}


@pytest.fixture
def world(tmp_path: Path) -> Run:
    run = make_run(tmp_path)
    lines = [
        line("P1", date(2026, 8, 1), 30_00, 70_00),
        line("P2", date(2026, 8, 9), 20_00, 50_00, receipt_id="R1", receipt_match_code="exact"),
        line("P3", date(2026, 9, 2), 5_00, 44_99, receipt_match_code="open"),
        line("P4", date(2026, 9, 3), -10_00, 54_99, kind_code="instalment"),
    ]
    link = {"payment_id": "P2", "receipt_id": "R1", "holder_id": HOLDER, "link_code": "one"}
    fill(
        run,
        {
            "nights.runs": [{"run_id": "QZZ-2026-10-31", "as_of_on": AS_OF, "state_code": "published"}],
            "validated.payments": [one for one, _ in lines],
            "matched.payments": [two for _, two in lines],
            "matched.receipt_links": [link],
            "matched.accounts": [STANDS],
            "flagged.findings": [question("F1"), question("F2"), question("F3", is_restricted=True), question("F4", is_safeguarding=True)],
        },
    )
    return run


def page(world: Run, ref: str = HOLDER) -> Path:
    world.warehouse.close()
    return write_account_page(world.settings, "QZZ", ref)


def test_every_line_has_its_receipt_or_its_absence(world: Run) -> None:
    words = page(world).read_text(encoding="utf-8")
    for said in ("Receipt agrees (R1)", "No receipt on file", "On file; which one cannot be told"):
        assert words.count(said) == 1


def test_a_holder_is_found_by_what_reports_call_them(world: Run) -> None:
    assert page(world, f"PHB-{HOLDER[1:7]}") == write_account_page(world.settings, "QZZ", HOLDER)


def test_the_break_and_what_is_free_stand_on_it_to_the_penny(world: Run) -> None:
    words = page(world, ACCOUNT).read_text(encoding="utf-8")
    assert "P3" in words
    for pence in ("£45.00", "£44.99", "-£0.01", "£30.99"):
        assert pence in words.replace("\N{MINUS SIGN}", "-"), pence


def test_what_is_needed_is_asked_once_and_nothing_of_a_lane_is_told(world: Run) -> None:
    words = page(world).read_text(encoding="utf-8")
    assert words.count("Ask once for all of them.") == 1
    assert "Sentence of F1" in words
    assert "Sentence of F2" in words
    assert "F3" not in words
    assert "F4" not in words


def with_paper(world: Run, **more: object) -> dict[str, object]:
    """P2's receipt came as a photo, whose original is sealed; returns its row."""
    file_id = sealed_photo(world)
    said = {"receipt_id": "R1", "holder_id": HOLDER, "supplier_name": "Northern Seeds", "dated_on": date(2026, 8, 9), "total_pence": 20_50}
    fill(world, {"validated.receipts": [{**said, "file_id": file_id, "image_hash": file_id, "is_readable": True, **more}]})
    return {**said, "file_id": file_id}


def test_a_receipt_stands_beside_its_payment_field_by_field_and_its_picture_stays_sealed_unless_asked_for(world: Run) -> None:
    with_paper(world)
    words = page(world).read_text(encoding="utf-8")
    beside = words[words.index("Each receipt beside its payment") :]
    for said in ("Northern Seeds", "Payee of P2", "Not alike", "£20.50", "£20.00", "£0.50 more than was paid", receipt_pictures.NOT_ASKED):
        assert said in beside, said
    assert "<img" not in words


def test_the_picture_asked_for_is_small_bare_and_inside_the_page(world: Run) -> None:
    with_paper(world)
    world.warehouse.close()
    made = write_account_page(world.settings, "QZZ", HOLDER, with_pictures=True)
    (told,) = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', made.read_text(encoding="utf-8"))
    with Image.open(io.BytesIO(base64.b64decode(told))) as shown:
        assert shown.width * shown.height <= receipt_pictures.PIXELS
        assert not shown.getexif()
    assert b"a place" not in base64.b64decode(told)
    assert made.stat().st_mode & 0o077 == 0


ROW: dict[str, object] = {"receipt_id": "R1", "is_paper": True, "is_person_paid": False, "image_hash": "a" * 64, "file_id": "a" * 64}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"is_paper": False}, receipt_pictures.NOT_SENT),
        ({"is_paper": False, "image_hash": None}, receipt_pictures.TYPED),
        ({"is_person_paid": True}, receipt_pictures.PERSON_PAID),
        ({}, receipt_pictures.NO_KEY),
    ],
)
def test_what_keeps_a_picture_out_is_said(tmp_path: Path, more: dict[str, object], words: str) -> None:
    assert receipt_pictures.Pictures(Settings.at(tmp_path, {}), "QZZ", is_asked=True).of({**ROW, **more}) == words


def test_a_picture_is_kept_out_where_the_page_would_grow_too_large_or_its_original_is_gone(world: Run) -> None:
    row = {**ROW, **with_paper(world)}
    small = receipt_pictures.Pictures(world.settings, "QZZ", is_asked=True, most_bytes=2_000)
    assert small.of(row) == receipt_pictures.FULL
    assert small.of({**row, "file_id": "b" * 64}) == receipt_pictures.NO_ORIGINAL
    once = receipt_pictures.Pictures(world.settings, "QZZ", is_asked=True)
    assert str(once.of(row)).startswith("<img")
    once.most_bytes = once.bytes_taken + 1
    assert once.of(row) == receipt_pictures.FULL
    (world.settings.folder("landing", "QZZ") / str(row["file_id"])).write_bytes(b"PHBSEAL1 cut short")
    assert receipt_pictures.Pictures(world.settings, "QZZ", is_asked=True).of(row) == receipt_pictures.NOT_SHOWN


MONEY = {
    "validated.budgets": [{"budget_id": "G1", "holder_id": HOLDER, "account_id": ACCOUNT, "holding_code": "direct_payment"}],
    "validated.instalments": [
        {"instalment_id": "T1", "holder_id": HOLDER, "amount_pence": 10_00, "paid_on": date(2026, 9, 2)},
        {"instalment_id": "T2", "holder_id": HOLDER, "amount_pence": 12_00, "paid_on": date(2026, 8, 20)},
    ],
    "validated.receipts": [{**PAPER, "supplier_name": "Care Agency"}],
    "validated.held_back": [{"holder_id": HOLDER, "feed_code": "card"}],
}


def with_lines(world: Run, feed: str, account_id: str, *balances: int | None) -> None:
    """Further lines of an account of the feed, a pound each, with these balances."""
    lines = [line(f"{account_id}{day}", date(2026, 9, day), 1_00, 0) for day in range(1, len(balances) + 1)]
    told = [{**one, "feed_code": feed, "account_id": account_id, "balance_pence": of} for (one, _), of in zip(lines, balances, strict=True)]
    fill(world, {"validated.payments": told, "matched.payments": [{**two, "account_id": account_id} for _, two in lines]})
    fill(world, {"matched.accounts": [{**STANDS, "account_id": account_id}]})


def proof(words: str, what: str) -> tuple[str, list[str]]:
    """The row of proofs that begins so: its words and its cells."""
    ((row, cells),) = re.findall(rf"<span>({what}[^<]*)</span></th>(.*?)</tr>", words, re.DOTALL)
    return row, re.findall(r"<span>([^<]*)</span>", cells)


@pytest.mark.parametrize(
    ("feed", "what", "papers"),
    [("bank", "Statements", "statements"), ("card", "Statements", "statements"), ("managed", "Returns", "ledgers")],
)
def test_lines_without_balances_cannot_be_proved_and_the_page_says_so_instead_of_noughts(
    world: Run, feed: str, what: str, papers: str
) -> None:
    with_lines(world, feed, "B2", None, None)
    text = page(world).read_text(encoding="utf-8")
    words, cells = proof(text, what)
    assert words.endswith(f"Cannot be proved: the {papers} carry no balances")
    assert not {"0", "£0.00"} & set(cells)
    assert text.count("Cannot be proved: its lines carry no balances.") == 1


def test_a_card_is_counted_and_its_break_stands_among_what_does_not_agree(world: Run) -> None:
    with_lines(world, "card", "B2", 9_00, 5_00)
    with_lines(world, "card", "B3", 9_00, None)
    words, cells = proof(page(world).read_text(encoding="utf-8"), "Statements")
    assert words.endswith("1 more cannot be proved: not every line carries a balance")
    assert cells[-1] == "£3.00"


def test_our_own_instalment_that_did_not_come_stands_first_among_what_is_owed(world: Run) -> None:
    words = page(fill(world, MONEY), HOLDER).read_text(encoding="utf-8")
    owed = words[words.index('id="owed"') :]
    assert owed.index("An instalment recorded and not come in") < owed.index("Care Agency")
    assert "£12.00" in owed
    assert "£8.00" in owed
    apart = re.sub("<[^>]*>", " ", words[words.index('id="apart"') : words.index('id="owed"')])
    assert "Ask the finance team" in apart
    assert "To ask" not in apart
    assert "Rows of this person were refused in: card" in words


def test_a_break_of_pence_is_told_as_that_and_nobody_is_asked(world: Run) -> None:
    with_lines(world, "bank", "B2", 50_00, 48_98)
    words = page(world).read_text(encoding="utf-8")
    apart = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", words[words.index('id="apart"') : words.index('id="owed"')]))
    assert "Look at the sender's file first. So small a sum is nothing to ask the holder." in apart.replace("&#39;", "'")
    assert "What happens next" in apart
    assert "To ask" not in apart


def refund_page(world: Run, rows: list[dict[str, object]]) -> str:
    back = line("P5", date(2026, 9, 5), -15_00, 69_99, kind_code="refund")
    said = {
        "refund_id": "P5",
        "holder_id": HOLDER,
        "account_id": ACCOUNT,
        "refund_on": date(2026, 9, 5),
        "back_pence": 15_00,
        "points": 400,
    }
    beside = [{**said, "link_code": "one", "because": "gives back a part", **one} for one in rows]
    words = page(fill(world, {"validated.payments": [back[0]], "matched.payments": [back[1]], "matched.refund_links": beside}))
    told = words.read_text(encoding="utf-8")
    return told[told.index("Refunds, each beside its purchase") :]


def test_a_refund_stands_beside_its_purchase_with_what_it_cost_in_the_end(world: Run) -> None:
    told = refund_page(world, rows=[{"purchase_id": "P2", "bought_on": date(2026, 8, 9), "bought_pence": 20_00, "left_pence": 5_00}])
    assert told.index("£15.00") < told.index("9 Aug 2026") < told.index("£20.00") < told.index("£5.00")


def test_a_refund_that_may_be_of_two_purchases_says_so(world: Run) -> None:
    rows = [
        {"purchase_id": one, "bought_on": date(2026, 8, day), "bought_pence": 20_00, "left_pence": None, "link_code": "open"}
        for one, day in (("P1", 1), ("P2", 9))
    ]
    told = re.sub("<[^>]*>", "", refund_page(world, rows=rows))
    assert "1 Aug 2026 or 9 Aug 2026: it cannot be told which" in told


def test_a_refund_without_a_purchase_says_so(world: Run) -> None:
    assert "No purchase found beside it" in refund_page(world, rows=[])


def test_ages_keep_every_amount_once() -> None:
    since = pl.DataFrame({"since_on": [AS_OF, AS_OF - timedelta(28), AS_OF - timedelta(29), AS_OF - timedelta(57), AS_OF + timedelta(3)]})
    told = ages(since.with_columns(pence=pl.lit(1_00)), AS_OF)
    assert [(many, pence) for _, many, pence in told] == [(3, 3_00), (1, 1_00), (1, 1_00)]


def test_the_same_night_gives_the_same_bytes(world: Run) -> None:
    assert page(world).read_bytes() == page(world).read_bytes()


def test_an_unknown_id_is_said_to_be_unknown(world: Run) -> None:
    with pytest.raises(UsageError, match="No holder and no account"):
        page(world, "H404")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so the page was not opened: apt-get install chromium")
@pytest.mark.parametrize("width", [1200, 375])
def test_axe_finds_no_barrier(world: Run, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    path = page(world)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": width, "height": 900})
        opened.goto(path.as_uri())
        values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = Axe().run(opened, options={"runOnly": {"type": "tag", "values": values}})
        assert found.violations_count == 0, found.generate_report()
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
