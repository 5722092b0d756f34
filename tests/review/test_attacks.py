"""What somebody who means harm would try, from outside and as a colleague: each attempt is a test."""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Iterator
from datetime import timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from starlette.testclient import TestClient

from phb_audit.review import accounts
from phb_audit.review.app import PAGES
from phb_audit.review.guard import MOST_FORM_BYTES
from phb_audit.review.keeping import accounts_engine
from phb_audit.review.night import SHOWN
from phb_audit.review.permissions import APART, MAY, OPEN_TO_ANYONE
from phb_audit.review.queue import FILTERS
from phb_audit.review.sessions import MOST_TRIES, MOST_TRIES_A_PLACE, MOST_TRIES_AN_ADDRESS
from phb_audit.settings import Settings
from tests.review.world import (
    CODE,
    ORIGIN,
    PASSWORD,
    ROLES,
    TODAY,
    Clock,
    desk_of,
    hidden_of,
    in_process,
    moves_of,
    night_path,
    post,
    ready_ref,
    refs_of,
    sign_in,
    token,
)

pytestmark = pytest.mark.slow
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
FORMULA = '=HYPERLINK("https://elsewhere.example","look")'
SECRET_WORDS = ("Traceback", "site-packages", "sqlalchemy", 'File "', "/tmp/")


@pytest.fixture
def browser(settings: Settings) -> Iterator[TestClient]:
    with in_process(desk_of(settings)) as client:
        yield client


def poisoned(settings: Settings, words: str) -> None:
    """The newest night, with those words in every text that came from outside: banks, receipts, plans and whatever is made from them."""
    path = night_path(settings)
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    columns = {
        "matched.payments": (
            "payee_shown",
            "description",
            "plan_line_words",
            "outcome_words",
            "match_because",
            "goal_because",
            "category_because",
        ),
        "flagged.cases": ("headline", "news"),
        "flagged.findings": ("sentence",),
        "validated.receipts": ("supplier_name", "invoice_number", "receipt_ref", "image_hash"),
        "validated.plan_outcomes": ("outcome_text",),
        "validated.plan_lines": ("description",),
        "validated.receipt_lines": ("description",),
        "validated.budgets": ("area_name",),
    }
    with duckdb.connect(str(path)) as night:
        for table, names in [(name, names) for whole, names in columns.items() for name in sorted({whole, SHOWN.get(whole, whole)})]:
            if not night.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name || '.' || table_name = ?", [table]).fetchall():
                continue
            there = {row[0] for row in night.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()}
            for name in (name for name in names if name in there):
                night.execute(f"UPDATE {table} SET {name} = ?", [words])


def as_role(client: TestClient, role: str) -> None:
    client.cookies.clear()
    assert sign_in(client, role) == 303


def test_words_from_outside_never_become_markup(own_settings: Settings) -> None:
    poisoned(own_settings, SCRIPT)
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        refs = refs_of(client, "?chosen=1")
        holder = re.search(r"/people/(PHB-[0-9A-F]+)", client.get("/people").text)
        assert holder
        pages = ["/purchases?chosen=1", "/people", holder[0], *(f"/purchases/{ref}" for ref in refs)]
        shown = {path: client.get(path).text for path in pages}
        for path, text in shown.items():
            assert "<script>alert" not in text, path
            assert "<img src=x" not in text, path
        assert sum("&lt;script&gt;alert(1)" in text for text in shown.values()) >= len(refs)
        lines = [text.partition("Lines of receipt 1")[2].partition("</table>")[0] for text in shown.values()]
        assert any("&lt;script&gt;" in table for table in lines)


def test_what_colleagues_type_never_becomes_markup(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        ref = ready_ref(client)
        assert post(client, ref, "step", move="tag", tag=SCRIPT[:90]).status_code == 303
        assert post(client, ref, "decide", move="agree", reason=SCRIPT + " and a reason").status_code == 303
        asked = ready_ref(client, "ask")
        given = {"move": "ask", "reason": SCRIPT + " a reason", "question": SCRIPT + " What was it for?"}
        given |= {"due_on-day": "20", "due_on-month": "11", "due_on-year": "2026"}
        assert post(client, asked, "decide", **given).status_code == 303
        texts = [client.get(path).text for path in (f"/purchases/{ref}", f"/purchases/{asked}", f"/purchases/{asked}/question")]
        texts.append(client.get("/purchases", params={"q": SCRIPT, "chosen": "1", "why": SCRIPT}).text)
        as_role(client, "auditor")
        texts += [client.get(path).text for path in ("/auditor/log", "/auditor/log?log=access", f"/auditor/log?q={SCRIPT}")]
        for text in texts:
            assert "<script>alert" not in text
            assert "<img src=x" not in text
        assert sum("&lt;script&gt;" in text for text in texts) >= 5


def test_what_is_taken_away_as_a_file_holds_no_formula(own_settings: Settings) -> None:
    poisoned(own_settings, FORMULA)
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        assert post(client, ready_ref(client), "decide", move="agree", reason=FORMULA + " it helps").status_code == 303
        as_role(client, "auditor")
        for path in ("/auditor/log.csv", "/auditor/log.csv?log=access", "/auditor/sample.csv?seed=one&size=20"):
            answer = client.get(path)
            assert answer.status_code == 200
            rows = list(csv.reader(io.StringIO(answer.text)))
            assert len(rows) > 1, path
            assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_one_may_not_reach_cases_or_people_of_another_area(own_settings: Settings) -> None:
    engine = accounts_engine(own_settings, CODE)
    accounts.add_account(engine, "valley@example.org", "Val Ley", "clinician", PASSWORD, areas=["Valley team"], at=TODAY)
    engine.dispose()
    desk = desk_of(own_settings)
    night = desk.nights.newest()
    others = [case["case_ref"] for case in night.cases if case["area_name"] != "Valley team"]
    people = [row["holder_shown"] for row in night.people if row["area_shown"] != "Valley team"]
    assert len(others) > 10
    assert len(people) > 10
    with in_process(desk) as client:
        assert sign_in(client, "valley") == 303
        mine = refs_of(client, "?chosen=1")
        assert mine
        assert not set(mine) & set(others)
        nobody = without_secrets(client.get("/purchases/F00000000").text)
        forms = hidden_of(client, mine[0])
        for ref in others[:30]:
            answer = client.get(f"/purchases/{ref}")
            assert answer.status_code == 404
            assert without_secrets(answer.text) == nobody
            for form in ("decide", "step", "own-view", "check"):
                given = {**forms, "move": "agree", "reason": "It helps with a goal.", "choice": "agree", "verdict": "confirm"}
                assert client.post(f"/purchases/{ref}/{form}", data=given).status_code == 404
            assert client.get(f"/purchases/{ref}/question").status_code == 404
        assert {client.get(f"/people/{holder}").status_code for holder in people[:30]} == {404}
        assert client.get(f"/purchases?chosen=1&q={others[0]}").text.count("/purchases/F") == 0
        assert client.get(f"/reports/{night.run_id}/flagged-items.html").status_code == 404
    assert moves_of(own_settings) == []


def without_secrets(text: str) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", text)


def test_the_specialist_sees_nothing_that_was_not_referred(browser: TestClient) -> None:
    as_role(browser, "clinician")
    refs = refs_of(browser, "?chosen=1")
    as_role(browser, "lcfs")
    assert {browser.get(f"/purchases/{ref}").status_code for ref in refs} == {404}


@pytest.mark.parametrize("role", ROLES)
def test_every_form_of_every_role_is_refused_without_its_token(browser: TestClient, role: str, settings: Settings) -> None:
    as_role(browser, role)
    before = len(moves_of(settings))
    for page in (page for page in PAGES if page.method == "POST" and page.name not in OPEN_TO_ANYONE):
        for filled in ({}, {"form_token": ""}, {"form_token": "x" * 43}):
            files = {"file": ("x.xlsx", b"x")} if page.takes_file else None
            answer = browser.post(re.sub(r"\{\w+\}", "F00000000", page.path), data=filled or {"move": "agree"}, files=files)
            # To everyone but its readers a lane is not there, whatever they send.
            is_there = page.name not in APART or role in MAY[page.name]
            assert answer.status_code == (403 if is_there else 404), page
    assert len(moves_of(settings)) == before
    assert browser.get("/help").status_code == 200


def test_a_token_of_another_session_is_none(browser: TestClient) -> None:
    as_role(browser, "auditor")
    other = token(browser.get("/help").text)
    as_role(browser, "clinician")
    ref = ready_ref(browser)
    given = hidden_of(browser, ref) | {"form_token": other, "move": "agree", "reason": "It helps with a goal."}
    assert browser.post(f"/purchases/{ref}/decide", data=given).status_code == 403


@pytest.mark.parametrize("headers", [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "same-site"}])
def test_a_form_from_elsewhere_is_refused_even_with_its_token(browser: TestClient, headers: dict[str, str]) -> None:
    as_role(browser, "clinician")
    ref = ready_ref(browser)
    given = hidden_of(browser, ref) | {"move": "agree", "reason": "It helps with a goal."}
    assert browser.post(f"/purchases/{ref}/decide", data=given, headers=headers).status_code == 403
    assert browser.post("/sign-out", data=given, headers=headers).status_code == 403


def test_a_session_that_was_there_before_signing_in_is_worth_nothing(browser: TestClient) -> None:
    browser.cookies.set("phb_review", "chosen-by-somebody-else", domain="127.0.0.1")
    assert sign_in(browser, "clinician") == 303
    kept = [cookie.value for cookie in browser.cookies.jar if cookie.name == "phb_review"]
    assert "chosen-by-somebody-else" not in kept[-1:]
    browser.cookies.clear()
    browser.cookies.set("phb_review", "chosen-by-somebody-else", domain="127.0.0.1")
    assert browser.get("/purchases").headers["location"] == "/sign-in"


def test_a_session_ends_for_good(own_settings: Settings) -> None:
    clock = Clock()
    with in_process(desk_of(own_settings, clock=clock)) as client:
        assert sign_in(client, "clinician") == 303
        kept = client.cookies["phb_review"]
        client.post("/sign-out", data={"form_token": token(client.get("/help").text)})
        client.cookies.set("phb_review", kept, domain="127.0.0.1")
        assert client.get("/purchases").status_code == 303
        as_role(client, "clinician")
        clock.at += timedelta(minutes=15)
        assert client.get("/purchases").status_code == 303
        as_role(client, "clinician")
        for _ in range(49):
            clock.at += timedelta(minutes=10)
            last = client.get("/purchases").status_code
        assert last == 303, "8 hours end it even in use"


def test_a_disabled_account_and_a_new_password_end_every_session(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        assert sign_in(client, "clinician") == 303
        engine = accounts_engine(own_settings, CODE)
        accounts.set_disabled(engine, "clinician@example.org", True)
        engine.dispose()
        assert client.get("/purchases").status_code == 303
        assert sign_in(client, "clinician") == 400


def test_a_thousand_guesses_from_one_place_try_fifty_passwords(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = counting(monkeypatch)
    with in_process(desk_of(own_settings)) as client:
        form = token(client.get("/sign-in").text)
        answers = [
            client.post("/sign-in", data={"email": f"user{number}@example.org", "password": "one guess of many", "form_token": form})
            for number in range(1000)
        ]
        assert len(tried) == MOST_TRIES_A_PLACE
        assert [answer.status_code for answer in answers].count(429) == 1000 - MOST_TRIES_A_PLACE


def test_guesses_at_one_address_are_few_from_one_place_and_from_many(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tried, clock = counting(monkeypatch), Clock()
    desk = desk_of(own_settings, clock=clock)
    for place in range(100):
        with in_process(desk, client=(f"10.0.0.{place}", 5000)) as client:
            answers = [sign_in(client, "auditor", f"guess {number} from {place}") for number in range(10)]
            assert len(tried) <= MOST_TRIES * (place + 1)
    assert answers[-1] == 429
    assert len(tried) == MOST_TRIES_AN_ADDRESS
    clock.at += timedelta(minutes=15, seconds=1)
    with in_process(desk, client=("10.0.0.1", 5000)) as client:
        assert sign_in(client, "auditor") == 303


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tried: list[str] = []
    verified = accounts.verified

    def counted(engine: object, email: str, password: str) -> accounts.Account | None:
        tried.append(email)
        return verified(engine, email, password)  # type: ignore[arg-type]

    monkeypatch.setattr(accounts, "verified", counted)
    return tried


def test_a_place_named_in_a_header_is_not_believed(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        answers = [
            client.post(
                "/sign-in",
                data={"email": "auditor@example.org", "password": "a wrong guess", "form_token": token(client.get("/sign-in").text)},
                headers={"x-forwarded-for": f"10.1.1.{number}"},
            ).status_code
            for number in range(MOST_TRIES + 1)
        ]
        assert answers[-1] == 429


def test_a_known_address_and_an_unknown_one_are_answered_alike(browser: TestClient) -> None:
    answers = {}
    for email in ("governance@example.org", "nobody@example.org"):
        form = {"email": email, "password": "not the password", "form_token": token(browser.get("/sign-in").text)}
        answers[email] = without_secrets(browser.post("/sign-in", data=form).text)
    assert len(set(answers.values())) == 1


CLIMBS = (
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/settings.py",
    "..\\..\\app.py",
    "....//app.py",
    "/etc/passwd",
    "nhsuk.css%00.py",
    "a" * 5000,
)


@pytest.mark.parametrize("climb", CLIMBS)
@pytest.mark.parametrize(
    "path", ["/static/{}", "/reports/QZZ-2026-10-31/{}", "/reports/{}/flagged-items.html", "/how-flags-work/{}", "/people/{}"]
)
def test_no_path_leads_out_of_what_is_listed(browser: TestClient, path: str, climb: str) -> None:
    as_role(browser, "clinician")
    answer = browser.get(path.format(climb))
    assert answer.status_code in (404, 400)
    assert "root:" not in answer.text


def test_a_body_that_is_too_large_is_not_read_and_too_many_fields_are_refused(browser: TestClient) -> None:
    as_role(browser, "clinician")
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            read.append(number)
            yield b"reason=" + b"x" * 8192 + b"&"

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/purchases/F00000000/decide", content=endless(), headers=kind).status_code == 413
    assert browser.post("/sign-in", content=b"x" * (MOST_FORM_BYTES + 1), headers=kind).status_code == 413
    assert browser.post("/sign-in", content=b"&".join(b"a=1" for _ in range(1000)), headers=kind).status_code == 400
    assert browser.post("/sign-in", content=b"\xff\xfe=\xff", headers=kind).status_code in (400, 403)
    assert browser.post("/sign-in", json={"email": "x"}).status_code == 400


def test_a_stored_decision_cannot_be_made_in_anothers_name_or_role(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        ref = ready_ref(client)
        more = {"by": "Ada Fenn", "role": "auditor", "decided_by": "Ada Fenn", "at": "2020-01-01T00:00:00Z", "confirmed": "yes"}
        assert post(client, ref, "decide", move="propose_not_agreed", reason="It is not in the plan.", **more).status_code == 303
        event = moves_of(own_settings)[-1]
        assert (event.decided_by, event.body["role"], event.decided_at[:10]) == ("Sam Okafor", "clinician", "2026-11-01")
        for form, given in {"own-view": {"choice": "agree"}, "check": {"verdict": "confirm", "reason": "I confirm my own."}}.items():
            assert post(client, ref, form, **given).status_code == 403
        assert len(moves_of(own_settings)) == 1


def test_the_second_person_learns_nothing_of_the_proposal_before_their_own_view(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        ref = ready_ref(client)
        assert post(client, ref, "decide", move="propose_not_agreed", reason="Quite outside the plan.", confirmed="yes").status_code == 303
        as_role(client, "auditor")
        paths = [
            f"/purchases/{ref}",
            "/second-checks",
            "/auditor/log",
            "/auditor/log.csv",
            "/auditor/log?q=Quite+outside",
            "/purchases?chosen=1",
        ]
        for path in paths:
            text = client.get(path).text.replace("q=Quite+outside", "").replace('value="Quite outside"', "")
            assert "Quite outside the plan" not in text, path
        assert post(client, ref, "check", verdict="confirm", reason="I confirm it.").status_code == 403
        assert post(client, ref, "own-view", choice="agree").status_code == 303
        assert "Quite outside the plan" in client.get(f"/purchases/{ref}").text


@pytest.mark.parametrize("is_secure", [False, True])
def test_every_answer_carries_what_keeps_a_browser_safe(own_settings: Settings, is_secure: bool) -> None:
    origin = "https://review.example.org" if is_secure else ORIGIN
    with in_process(desk_of(own_settings, origin=origin, is_secure=is_secure)) as client:
        answers = [client.get("/sign-in")]
        assert sign_in(client, "auditor") == 303
        answers += [client.get(re.sub(r"\{\w+\}", "nothing", page.path)) for page in PAGES if page.method == "GET"]
        answers += [client.get("/nowhere"), client.put("/purchases"), client.post("/sign-in", content=b"")]
        nonces = set()
        for answer in answers:
            headers = answer.headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            nonces.add(re.search(r"nonce-([\w-]+)", policy)[1])  # type: ignore[index]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert ("strict-transport-security" in headers) == is_secure
            assert "no-store" in headers["cache-control"] or answer.url.path.startswith("/static")
            for cookie in headers.get_list("set-cookie"):
                assert "httponly" in cookie.lower()
                assert "samesite=lax" in cookie.lower()
                assert ("secure" in cookie.lower()) == is_secure
        assert len(nonces) == len(answers)
        assert not is_secure or "__Host-phb_review" in client.cookies


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", ""])
def test_another_hosts_name_is_refused(browser: TestClient, host: str) -> None:
    assert browser.get("/sign-in", headers={"host": host}).status_code == 400


def test_no_method_but_those_named_does_anything(browser: TestClient) -> None:
    as_role(browser, "clinician")
    for page in PAGES:
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS"):
            assert browser.request(method, re.sub(r"\{\w+\}", "F00000000", page.path)).status_code == 405, (method, page.path)


ODD = st.text(max_size=60) | st.sampled_from(
    [SCRIPT, FORMULA, "' OR 1=1 --", "../../x", "%00", "\x00", "9" * 400, "-1", "NaN", "{{7*7}}", "${7*7}"]
)
NAMES = st.sampled_from([*FILTERS, "page", "sort", "dir", "chosen", "log", "seed", "size", "by", "done", "recorded", "holder", "x"])
FIELDS = st.sampled_from(
    ["move", "reason", "then", "question", "due_on-day", "due_on-year", "choice", "verdict", "version", "digest", "tag", "x"]
)


@pytest.mark.parametrize("role", ["clinician", "auditor", "lcfs", "administrator"])
def test_no_page_breaks_on_anything_asked_of_it(made_home: object, own_settings: Settings, role: str) -> None:
    with in_process(desk_of(own_settings), raise_server_exceptions=True) as client:
        as_role(client, role)
        found = refs_of(client, "?chosen=1") if role in MAY["queue"] else []
        form_token = token(client.get("/help").text)
        places = st.sampled_from([page for page in PAGES if page.name not in ("sign_out", "static")])

        @effort(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(
            places,
            ODD | st.sampled_from(found or ["F00000000"]),
            st.dictionaries(NAMES, ODD, max_size=4),
            st.dictionaries(FIELDS, ODD, max_size=6),
        )
        def asked(page: object, word: str, query: dict[str, str], form: dict[str, str]) -> None:
            quoted = re.sub(r"[^\w.-]", lambda letter: "".join(f"%{byte:02x}" for byte in letter[0].encode("utf-8", "replace")), word)
            path = re.sub(r"\{\w+\}", quoted or "x", page.path)  # type: ignore[attr-defined]
            data = {**form, "form_token": form_token} if page.method == "POST" else None  # type: ignore[attr-defined]
            answer = client.request(page.method, path, params=query, data=data)  # type: ignore[attr-defined]
            assert answer.status_code < 500, (path, query, form, answer.text[-900:])
            assert "<script>alert" not in answer.text
            assert not [secret for secret in SECRET_WORDS if secret in answer.text and secret not in str(query)]
            if answer.is_redirect:
                assert answer.headers["location"].startswith("/")
                assert not answer.headers["location"].startswith("//")

        asked()
