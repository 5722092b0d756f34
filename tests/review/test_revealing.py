"""Names and NHS numbers: on no page and in no file until a person says why they need one, then to that session only, and on record."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.casebook_store import file_of
from phb_audit.cases.verify_alone import problem_of
from phb_audit.review.app import PAGES
from phb_audit.review.decided import REVEAL
from phb_audit.review.desk import Desk
from phb_audit.review.page import nhs_number
from phb_audit.review.permissions import MAY
from phb_audit.settings import Settings, shipped
from tests.review.world import CODE, NAMES, ROLES, Clock, copy_of, desk_of, hidden_of, in_process, post, ready_ref, refs_of, sign_in, token

pytestmark = pytest.mark.slow
REASON = "The holder has rung and asks about this letter."


@dataclass(frozen=True)
class Known:
    """What the sample's registers say of people: who has which number, and every name and number there is."""

    holders: dict[str, str]
    names: frozenset[str]
    numbers: frozenset[str]

    def found_in(self, text: str) -> set[str]:
        """The names and numbers a text holds."""
        bare = re.sub(r"(?<=\d)[ -](?=\d)", "", text)
        return {name for name in self.names if name.casefold() in text.casefold()} | {number for number in self.numbers if number in bare}


@pytest.fixture(scope="module")
def known() -> Known:
    with (shipped("sample") / CODE / "plans" / "people_register.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    with (shipped("sample") / CODE / "commissioner" / "budgets_register.csv").open(encoding="utf-8", newline="") as file:
        numbers = {re.sub(r"\D", "", cell) for row in csv.reader(file) for cell in row[:1]} - {""}
    holders = {re.sub(r"\D", "", row["Person Ref"]): row["Connected Name"] for row in rows if row["Role"] == "holder"}
    names = {row["Connected Name"] for row in rows if " " in row["Connected Name"].strip()}
    assert len(holders) > 20
    return Known(holders, frozenset(names), frozenset(numbers | set(holders)))


@pytest.fixture
def desk(made_home: Path, tmp_path: Path) -> Desk:
    return desk_of(copy_of(made_home, tmp_path / "home"))


@pytest.fixture
def browser(desk: Desk) -> Iterator[TestClient]:
    with in_process(desk) as client:
        yield client


def as_role(client: TestClient, role: str) -> None:
    client.cookies.clear()
    assert sign_in(client, role) == 303


def holder_of(desk: Desk, ref: str) -> str:
    return next(str(case["holder_shown"]) for case in desk.nights.newest().cases if case["case_ref"] == ref)


def reveal(client: TestClient, path: str, reason: str = REASON) -> int:
    given = {"form_token": token(client.get("/help").text), "reveal_reason": reason}
    return int(client.post(f"{path}/reveal", data=given).status_code)


def every_page_of(client: TestClient, role: str) -> dict[str, str]:
    """Every page the role may open, the lists with three items and three people, and what can be taken away."""
    found = {page.path: client.get(page.path).text for page in PAGES if page.method == "GET" and "{" not in page.path}
    if role in MAY["case"]:
        found |= {f"/purchases/{ref}": client.get(f"/purchases/{ref}").text for ref in refs_of(client, "?chosen=1")[:3]}
    if role in MAY["person"]:
        holders = re.findall(r"/people/(PHB-[0-9A-F]+)", found["/people"])[:3]
        found |= {f"/people/{holder}": client.get(f"/people/{holder}").text for holder in holders}
    for path in re.findall(r'href="(/reports/[^"]+\.(?:html|xlsx))"', found.get("/reports", "")):
        data = client.get(path).content
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = b"".join(book.read(name) for name in book.namelist())
        found[path] = data.decode("utf-8", "replace")
    return found


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_named_on_any_page_or_file(browser: TestClient, known: Known, role: str) -> None:
    as_role(browser, role)
    for path, text in every_page_of(browser, role).items():
        assert not known.found_in(text), path


def test_a_name_is_shown_to_the_session_that_said_why_and_to_no_other(browser: TestClient, desk: Desk, known: Known) -> None:
    as_role(browser, "clinician")
    ref = next(ref for ref in refs_of(browser, "?chosen=1"))
    holder = holder_of(desk, ref)
    assert reveal(browser, f"/purchases/{ref}") == 303
    for path in (f"/purchases/{ref}", f"/people/{holder}"):
        page = browser.get(path).text
        shown = known.found_in(page)
        number = next(one for one in shown if one.isdigit())
        assert shown == {number, known.holders[number]}
        assert nhs_number(number) in page
        assert not known.found_in("".join(re.findall(r"<title>.*?</title>|<h1.*?</h1>", page, re.S)))
    others = (f"/purchases/{other}" for other in refs_of(browser, "?chosen=1") if holder_of(desk, other) != holder)
    for path in ("/purchases?chosen=1", "/people", "/second-checks", next(others)):
        assert not known.found_in(browser.get(path).text), path
    with in_process(desk) as elsewhere:
        for role in ("clinician", "auditor"):
            as_role(elsewhere, role)
            assert not known.found_in(elsewhere.get(f"/purchases/{ref}").text)
    browser.post("/sign-out", data={"form_token": token(browser.get("/help").text)})
    as_role(browser, "clinician")
    assert not known.found_in(browser.get(f"/purchases/{ref}").text), "a new session begins masked"


def test_a_reveal_is_an_event_of_the_casebook_that_the_auditor_reads(browser: TestClient, desk: Desk, known: Known) -> None:
    as_role(browser, "second_checker")
    holder = re.findall(r"/people/(PHB-[0-9A-F]+)", browser.get("/people").text)[0]
    assert reveal(browser, f"/people/{holder}") == 303
    browser.get(f"/people/{holder}")
    (event,) = [event for event in casebook_events(desk.settings, CODE) if event.kind_code == REVEAL]
    assert (event.decided_by, event.body["reason"], event.body["role"]) == (NAMES["second_checker"], REASON, "second_checker")
    assert problem_of(file_of(desk.settings, CODE))[0] is None
    assert [seen.body["holder_id"] for seen in desk.access.of_kind("view_identity")] == [event.body["holder_id"]]
    kept = (event, *desk.access.events())
    assert not known.found_in(" ".join(str(one.body) for one in kept)), "the logs name nobody"
    as_role(browser, "auditor")
    page = browser.get("/auditor/log").text
    assert "Identity revealed" in page
    assert REASON in page


@pytest.mark.parametrize("reason", ["", "   ", "short", "x" * 1001])
def test_without_a_reason_nothing_is_shown_or_recorded(browser: TestClient, desk: Desk, known: Known, reason: str) -> None:
    as_role(browser, "clinician")
    ref = refs_of(browser, "?chosen=1")[0]
    for path in (f"/purchases/{ref}", f"/people/{holder_of(desk, ref)}"):
        assert reveal(browser, path, reason) == 400
        assert not known.found_in(browser.get(path).text)
    assert casebook_events(desk.settings, CODE) == []


def test_who_may_ask(browser: TestClient, desk: Desk, known: Known) -> None:
    as_role(browser, "clinician")
    ref = ready_ref(browser)
    path = f"/purchases/{ref}"
    for role in ("governance", "administrator", "lcfs"):
        as_role(browser, role)
        assert reveal(browser, path) == (404 if role == "lcfs" else 403)
        assert reveal(browser, f"/people/{holder_of(desk, ref)}") == 403
    as_role(browser, "clinician")
    assert post(browser, ref, "decide", move="propose_referral", reason="Somebody must look at it.", confirmed="yes").status_code == 303
    as_role(browser, "auditor")
    assert post(browser, ref, "own-view", choice="propose_referral").status_code == 303
    assert post(browser, ref, "check", verdict="confirm", reason="Somebody must look at it.").status_code == 303
    as_role(browser, "lcfs")
    assert not known.found_in(browser.get(path).text)
    assert reveal(browser, path) == 303
    assert len(known.found_in(browser.get(path).text)) == 2
    assert hidden_of(browser, ref)


def test_a_session_that_ended_shows_nothing_again(made_home: Path, tmp_path: Path, known: Known) -> None:
    clock = Clock()
    with in_process(desk_of(copy_of(made_home, tmp_path / "home"), clock=clock)) as client:
        as_role(client, "clinician")
        ref = refs_of(client, "?chosen=1")[0]
        assert reveal(client, f"/purchases/{ref}") == 303
        clock.at += timedelta(minutes=15)
        assert client.get(f"/purchases/{ref}").status_code == 303
        as_role(client, "clinician")
        assert not known.found_in(client.get(f"/purchases/{ref}").text)


def test_without_key_or_registers_a_page_says_that_nothing_is_on_file(desk: Desk, known: Known) -> None:
    settings = Settings(desk.settings.home)
    for path in (settings.home / "landing" / CODE).iterdir():
        path.unlink()
    with in_process(desk) as client:
        as_role(client, "clinician")
        ref = refs_of(client, "?chosen=1")[0]
        assert reveal(client, f"/purchases/{ref}") == 303
        page = client.get(f"/purchases/{ref}").text
        assert page.count("Not on file") == 2
        settings.key_path(CODE).unlink()
        assert client.get(f"/purchases/{ref}").text.count("Not on file") == 2
