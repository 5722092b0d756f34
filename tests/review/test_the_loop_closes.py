"""The loop closes: what people record today, in the app and beside it, is what the next night goes by, and the app that runs shows it.

One app, opened before the first decision and never started again; one night of the real flow after it, on the same home.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from flows.nightly import run_plain
from phb_audit.cli import app
from phb_audit.money import pounds
from phb_audit.night import Night
from phb_audit.review.cases import LiveCase
from phb_audit.review.desk import Desk
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse
from tests.review.world import CODE, TODAY, Clock, copy_of, desk_of, hidden_of, in_process, night_path, sign_in

pytestmark = pytest.mark.slow
NEXT_NIGHT = date(2026, 11, 1)
REASON = "It helps with the goal of getting out."
SETTLED_BY_EXCEPTION = ("P-03", "P-17")  # unusual, but may serve an outcome; agreed later than bought
LINKS = """
    SELECT case_ref, payment_id, min(receipt_id) AS receipt_id
    FROM matched.receipt_links JOIN flagged.cases USING (payment_id)
    GROUP BY ALL HAVING count(*) = 1
"""
UNLIKE = """
    SELECT link.payment_id, link.receipt_id, paid.payee_text
    FROM matched.receipt_links link
    JOIN validated.payments paid USING (payment_id)
    JOIN validated.receipts receipt ON receipt.receipt_id = link.receipt_id
    WHERE link.because LIKE '%names differ%'
    QUALIFY count(*) OVER (PARTITION BY paid.payee_text, receipt.supplier_name) >= 3
    ORDER BY link.payment_id
"""


@dataclass
class Loop:
    """The app over two nights: who is signed in, what was recorded between them, and the new night's tables."""

    desk: Desk
    clients: dict[str, TestClient]
    clock: Clock
    settings: Settings
    inbox: Path
    cases: dict[str, str] = field(default_factory=dict)  # what was done, and the reference it was done on
    before: dict[str, Any] = field(default_factory=dict)

    def page(self, role: str, path: str) -> str:
        """What somebody reads there."""
        answer = self.clients[role].get(path)
        assert answer.status_code == 200, (role, path)
        return unescape(answer.text)

    def item(self, what: str, role: str = "clinician") -> str:
        """The page of the item something was done on."""
        return self.page(role, f"/purchases/{self.cases[what]}")

    def lists(self, status: str, role: str = "clinician") -> list[str]:
        """The references on every page of a list."""
        path = f"/purchases?chosen=1&status={status}"
        count = re.search(r"of (\d+) purchases?\.", self.page(role, path))
        assert count, "the list is not empty"
        pages = range(1, -(-int(count[1]) // 20) + 1)
        found = [
            ref for number in pages for ref in re.findall(r'href="/purchases/(F[0-9A-Z]{8})"', self.page(role, f"{path}&page={number}"))
        ]
        assert len(set(found)) == int(count[1])
        return found

    def send(self, role: str, ref: str, form: str, **given: str) -> None:
        """Send one of an item's forms, which must be taken."""
        client = self.clients[role]
        answer = client.post(f"/purchases/{ref}/{form}", data={**hidden_of(client, ref), **given})
        assert answer.status_code == 303, (ref, form, given)

    def rows(self, statement: str, **given: Any) -> list[dict[str, Any]]:
        """Rows of the newest night's warehouse."""
        warehouse = Warehouse(self.settings.home / "warehouse" / CODE / "night.duckdb", read_only=True)
        try:
            return list(warehouse.frame(statement, given or None).iter_rows(named=True))
        finally:
            warehouse.close()

    def told(self, *command: str) -> None:
        """A command beside the app, which must be taken."""
        assert app([*command, "--home", str(self.settings.home)], result_action="return_value") == 0, command

    def of_plan(self, *, without: tuple[str, ...] = ()) -> Iterator[LiveCase]:
        """Items a clinician decides that are not to be read first, and are none of those."""
        for case in self.desk.decided.live(self.desk.nights.newest(), TODAY.date()):
            if case.is_queued and case.kind == "plan_fit" and case.told["rule_ids"] != "R-01" and case.ref not in without:
                yield case


def payment_of(loop: Loop, case: LiveCase) -> str:
    """The payment an item is about."""
    [row] = loop.rows("SELECT payment_id FROM flagged.cases WHERE case_ref = $ref", ref=case.ref)
    return str(row["payment_id"])


def record_all(loop: Loop) -> None:
    """One of each: what the app records, then what is recorded beside it."""
    excepted = next(case for case in loop.of_plan() if case.told["rule_ids"] in SETTLED_BY_EXCEPTION)
    receipted = {row["case_ref"]: row for row in loop.rows(LINKS)}
    apart = next(case for case in loop.of_plan(without=(excepted.ref,)) if case.ref in receipted)
    queue = loop.of_plan(without=(apart.ref, excepted.ref))
    for what in ("agree", "agree_update_plan", "not_agreed", "referred", "ask", "waits", "assigned", "put_off"):
        loop.cases[what] = next(queue).ref
    for what in ("agree", "agree_update_plan"):
        loop.send("clinician", loop.cases[what], "decide", move=what, reason=REASON)
    day = {"due_on-day": "20", "due_on-month": "11", "due_on-year": "2026"}
    loop.send("clinician", loop.cases["ask"], "decide", move="ask", reason=REASON, question="What was it for?", **day)
    wakes = {"snooze-wake_on-day": "9", "snooze-wake_on-month": "11", "snooze-wake_on-year": "2026"}
    loop.send("clinician", loop.cases["put_off"], "step", move="snooze", reason=REASON, **wakes)
    loop.send("clinician", loop.cases["assigned"], "step", move="assign", owner="Sam Okafor")
    for what, code in (("not_agreed", "propose_not_agreed"), ("waits", "propose_not_agreed"), ("referred", "propose_referral")):
        loop.send("clinician", loop.cases[what], "decide", move=code, reason=REASON, confirmed="yes")
        if what != "waits":
            loop.send("second_checker", loop.cases[what], "own-view", choice=code)
            loop.send("second_checker", loop.cases[what], "check", verdict="confirm", reason=REASON)
    loop.cases |= {"apart": apart.ref, "excepted": excepted.ref}
    [paid] = loop.rows("SELECT category_code, amount_pence FROM matched.payments WHERE payment_id = $it", it=payment_of(loop, excepted))
    about = ("--case", excepted.ref, "--kinds", paid["category_code"], "--cap", "4000.00", "--from", "2026-01-01", "--to", "2026-12-31")
    agreed = ("--words", "A garden room, agreed at review.", "--agreed-by", "Dee Clinician, CHC lead", "--by", "Ada Reviewer")
    loop.told("exception", "add", *about, *agreed)
    pair = receipted[apart.ref]
    loop.told("pair", pair["payment_id"], pair["receipt_id"], "--apart", "--by", "Ada Reviewer")
    first, *others = loop.rows(UNLIKE)
    others = [one for one in others if one["payee_text"] == first["payee_text"]]
    assert len(others) >= 2
    loop.told("pair", first["payment_id"], first["receipt_id"], "--because", "One firm, two names.", "--by", "Ada Reviewer")
    loop.before |= {"apart": pair, "together": first, "others": others, "paid": paid}
    loop.before |= {"receipt": loop.item("apart"), "excepted": loop.item("excepted")}


@pytest.fixture(scope="module")
def loop(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    settings = copy_of(made_home, tmp_path_factory.mktemp("loop") / "home")
    clock, roles = Clock(), ("clinician", "second_checker", "auditor", "lcfs")
    desk = desk_of(settings, clock=clock)
    with in_process(desk) as one, in_process(desk) as other, in_process(desk) as third, in_process(desk) as fourth:
        made = Loop(desk, dict(zip(roles, (one, other, third, fourth), strict=True)), clock, settings, made_home.parent / "inbox")
        for role, client in made.clients.items():
            assert sign_in(client, role) == 303
        assert f"run {CODE}-2026-10-31" in made.page("clinician", "/purchases")
        record_all(made)
        run_plain(Night(CODE, NEXT_NIGHT, made.inbox, settings.home, threads=2))
        made.clock.at += timedelta(days=1)
        for role, client in made.clients.items():  # a session ends in the night; the app goes on
            assert sign_in(client, role) == 303
        yield made


def test_the_app_shows_the_new_night_without_being_started_again(loop: Loop) -> None:
    page = loop.page("clinician", "/purchases")
    assert f"run {CODE}-{NEXT_NIGHT}" in page
    assert "There is no later one yet" not in page
    assert loop.desk.nights.newest().path.samefile(night_path(loop.settings))
    assert loop.desk.nights.newest().as_of == NEXT_NIGHT


STANDS = {
    "agree": ("agreed", "decided"),
    "agree_update_plan": ("agreed", "decided"),
    "not_agreed": ("not_agreed", "decided"),
    "referred": ("referred", "decided"),
    "ask": ("asked", "asked"),
    "waits": ("not_agreed_to_check", "check"),
    "assigned": ("open", "review"),
    "put_off": ("snoozed", "put_off"),
}


@pytest.mark.parametrize("what", STANDS)
def test_the_new_night_itself_has_each_case_where_it_was_put(loop: Loop, what: str) -> None:
    state, status = STANDS[what]
    [row] = loop.rows("SELECT state_code, is_queued, news FROM flagged.cases WHERE case_ref = $ref", ref=loop.cases[what])
    assert row == {"state_code": state, "is_queued": what == "assigned", "news": None}
    assert (loop.cases[what] in loop.lists("review")) == (what == "assigned")
    assert loop.cases[what] in loop.lists(status)


def test_what_was_decided_is_told_on_its_page_and_what_waits_for_a_check_is_not(loop: Loop) -> None:
    assert "Agreed, update the plan at next review" in loop.item("agree_update_plan")
    assert "Assigned to Sam Okafor" in loop.item("assigned")
    assert loop.cases["referred"] in loop.page("lcfs", "/referred")
    assert loop.cases["waits"] in loop.page("second_checker", "/second-checks")
    assert REASON not in loop.item("waits", "auditor")


def test_an_exception_is_in_force_and_asks_no_more(loop: Loop) -> None:
    ref = loop.cases["excepted"]
    case = loop.desk.decided.live(loop.desk.nights.newest(), NEXT_NIGHT).of_ref(ref)
    assert case is None or case.told["rule_ids"] == "R-01", "nothing of it is asked about; a few are drawn by chance to be read"
    holder = re.search(r'href="/people/(PHB-\w+)"', loop.before["excepted"])
    assert holder
    person = loop.page("clinician", f"/people/{holder[1]}")
    settled = person.partition('id="settled"')[2].partition("</table>")[0]
    assert "A garden room, agreed at review." in settled
    assert pounds(loop.before["paid"]["amount_pence"]) in settled


def test_a_rejected_pair_is_not_offered_again(loop: Loop) -> None:
    pair = loop.before["apart"]
    assert "No receipt yet." not in loop.before["receipt"]
    assert loop.rows("FROM matched.receipt_links WHERE payment_id = $payment_id", payment_id=pair["payment_id"]) == []
    [receipt] = loop.rows("FROM matched.receipts WHERE receipt_id = $receipt_id", receipt_id=pair["receipt_id"])
    assert receipt["payment_id"] is None
    assert "No receipt yet." in loop.item("apart")


def test_an_alias_is_learned_and_speaks_for_other_pairs_of_the_same_names(loop: Loop) -> None:
    together, others = loop.before["together"], loop.before["others"]
    [alias] = loop.rows("SELECT pairs_count, decided_by FROM decided.supplier_aliases")
    assert alias == {"pairs_count": 1, "decided_by": "Ada Reviewer"}
    because = {row["payment_id"]: row["because"] for row in loop.rows("SELECT payment_id, because FROM matched.receipt_links")}
    assert because[together["payment_id"]].endswith("a person confirmed it")
    for other in others:
        assert "names people confirmed as one supplier" in because[other["payment_id"]]
    assert not [row for row in loop.rows(UNLIKE) if row["payee_text"] == together["payee_text"]]


def test_what_the_night_did_is_decided_on_again_in_the_same_app(loop: Loop) -> None:
    ref = loop.cases["agree"]
    loop.send("clinician", ref, "step", move="reopen", reason="A new paper came that nobody had seen.")
    assert ref in loop.lists("review")
    loop.send("clinician", ref, "decide", move="agree", reason=REASON)
    assert ref not in loop.lists("review")
