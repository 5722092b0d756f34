"""Every form's address with every role: who may gets its page's own answer, everybody else is refused before anything is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.lane_cases import lane_events, lane_listed
from phb_audit.cases.lane_moves import READERS
from phb_audit.review import app
from phb_audit.review.desk import Visit
from phb_audit.review.guard import Page
from phb_audit.review.keeping import UPLOADS, accounts_engine
from phb_audit.review.lane_reading import LANE_OF
from phb_audit.review.permissions import APART, MAY, OPEN_TO_ANYONE
from phb_audit.settings import Settings
from tests.review.attacks import as_role
from tests.review.world import CODE, HIDDEN, ROLES, desk_of, hidden_of, in_process, post, ready_ref, token

pytestmark = pytest.mark.slow
FORMS = tuple(page for page in app.PAGES if page.method == "POST" and page.name not in OPEN_TO_ANYONE)
ENDS = frozenset({"sign_out"})  # asked for last, for it ends the session
ROLE_REFUSED = "You cannot see this page"


def sent(client: TestClient, page: Page, path: str, given: dict[str, str]) -> Any:
    """The answer to a form; one that takes a file has none chosen."""
    files = {"file": ("nothing.xlsx", b"")} if page.takes_file else None
    return client.post(path, data=given, files=files)


def address(page: Page, **named: str) -> str:
    """The page's address, with names for what it is about."""
    return re.sub(r"\{(\w+)\}", lambda found: named.get(found[1], "F00000000"), page.path)


@pytest.mark.parametrize("role", ROLES)
def test_no_form_reaches_its_page_but_from_who_may_and_what_is_not_named_nobody_may(
    settings: Settings, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[str] = []

    def note(visit: Visit) -> Response:
        reached.append(visit.page)
        return Response(status_code=204)

    unnamed = Page("not_named", "/not-named", note, "POST")
    pages = (*(replace(page, handler=note) if page in FORMS else page for page in app.PAGES), unnamed)
    monkeypatch.setattr(app, "PAGES", pages)
    with in_process(desk_of(settings)) as client:
        as_role(client, role)
        form_token = token(client.get("/help").text)
        answers = {page.name: sent(client, page, address(page), {"form_token": form_token}).status_code for page in (*FORMS, unnamed)}
    may = {page.name for page in FORMS if role in MAY[page.name]}
    assert set(reached) == may
    assert {name: status for name, status in answers.items() if status == 204} == dict.fromkeys(may, 204)
    refused = {name: status for name, status in answers.items() if name not in may}
    assert refused == {name: 404 if name in APART else 403 for name in refused}
    assert refused["not_named"] == 403


@dataclass(frozen=True)
class Prepared:
    """An installation in which each form has something to be about: a proposal of each decider's, one that was referred, two lanes."""

    settings: Settings
    proposed: dict[str, str]
    referred: str

    def ref(self, client: TestClient, page: Page, role: str) -> str:
        """What a form of that page is about, for who may send it."""
        if page.name in ("own_view", "check"):
            return self.proposed["auditor" if role == "clinician" else "clinician"]
        if role in LANE_OF and page.name == "lane_step":
            return str(lane_listed(self.settings, CODE, LANE_OF[role])["case_ref"][0])
        return self.referred if role == "lcfs" else ready_ref(client) if role in MAY["decide"] else self.proposed["clinician"]

    def kept(self) -> list[Any]:
        """All that people recorded: decisions, decisions of the lanes, accounts, workbooks that wait."""
        books = [casebook_events(self.settings, CODE), *(lane_events(self.settings, CODE, lane) for lane in READERS)]
        engine = accounts_engine(self.settings, CODE)
        with engine.connect() as connection:
            waiting = connection.execute(UPLOADS.select()).all()
        engine.dispose()
        return [*books, waiting]


@pytest.fixture(scope="module")
def prepared(settings: Settings) -> Iterator[Prepared]:
    proposed, why = {}, "It is not in the plan, and nobody was asked."
    with in_process(desk_of(settings)) as client:
        for role, move in (("clinician", "propose_not_agreed"), ("auditor", "propose_not_agreed"), ("clinician", "propose_referral")):
            as_role(client, role)
            ref = ready_ref(client)
            assert post(client, ref, "decide", move=move, reason=why, confirmed="yes").status_code == 303
            proposed[f"{role} {move}"] = ref
        referred = proposed.pop("clinician propose_referral")
        as_role(client, "second_checker")
        assert post(client, referred, "own-view", choice="propose_referral").status_code == 303
        assert post(client, referred, "check", verdict="confirm", reason="I would have it looked into.").status_code == 303
    yield Prepared(settings, {name.split()[0]: ref for name, ref in proposed.items()}, referred)


# What a form without its answers is told; every other one is told that something is missing.
OTHERWISE = {"stay": 204, "sign_out": 303, "end_sessions": 404, "record_upload": 409, "close_overtaken": 404}


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_form_is_answered_by_its_page_or_refused_and_nothing_is_recorded(prepared: Prepared, role: str) -> None:
    with in_process(desk_of(prepared.settings)) as client:
        as_role(client, role)
        form_token = token(client.get("/help").text)
        if role in MAY["check"]:
            ref = prepared.ref(client, next(page for page in FORMS if page.name == "check"), role)
            assert post(client, ref, "own-view", choice="agree").status_code == 303
        before = prepared.kept()
        for page in sorted(FORMS, key=lambda page: page.name in ENDS):
            if role not in MAY[page.name]:
                answer = sent(client, page, address(page, ref=prepared.referred), {"form_token": form_token})
                assert answer.status_code == (404 if page.name in APART else 403), (role, page.name)
                continue
            ref = prepared.ref(client, page, role) if "{ref}" in page.path else ""
            holder = re.search(r"/people/(PHB-[0-9A-F]+)", client.get("/people").text) if "{holder}" in page.path else None
            hidden = dict(HIDDEN.findall(client.get(f"/for-you/{ref}").text)) if page.name == "lane_step" else {}
            hidden = hidden or (hidden_of(client, ref) if ref else {}) or {"form_token": form_token}
            answer = sent(client, page, address(page, ref=ref, holder=holder[1] if holder else ""), hidden)
            assert answer.status_code == OTHERWISE.get(page.name, 400), (role, page.name, ref)
            assert ROLE_REFUSED not in answer.text
        assert prepared.kept() == before


def test_whoever_is_not_signed_in_is_asked_to_and_nothing_is_recorded(prepared: Prepared) -> None:
    before = prepared.kept()
    with in_process(desk_of(prepared.settings)) as client:
        for page in FORMS:
            answer = sent(client, page, address(page, ref=prepared.referred), {"form_token": "x" * 43, "move": "agree"})
            assert answer.status_code == 401, page.name
            assert "You are not signed in" in answer.text
    assert prepared.kept() == before
