"""Decisions of the workbook come back: what is taken away, what is accepted, what is refused and why, and what never gets that far."""

from __future__ import annotations

import http.client
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy import func, select
from starlette.testclient import TestClient

from phb_audit.review.guard import MOST_FILE_BYTES, MOST_FORM_BYTES
from phb_audit.review.keeping import UPLOADS
from phb_audit.review.workbook import COLUMNS, DECISION, KEY
from phb_audit.settings import Settings
from tests.review.world import Clock, desk_of, in_process, moves_of, post, served, sign_in, token

pytestmark = pytest.mark.slow
REASON_WORDS = "It helps with the goal of getting out."
NAMES = [name for name, _ in COLUMNS]


@pytest.fixture
def clinician(own_settings: Settings) -> Iterator[TestClient]:
    with in_process(desk_of(own_settings)) as client:
        assert sign_in(client, "clinician") == 303
        yield client


def taken_away(client: TestClient) -> list[list[str]]:
    """The rows of the workbook as it is taken away, as text."""
    answer = client.get("/purchases.xlsx")
    assert answer.status_code == 200
    return rows_of(answer.content)


def rows_of(workbook: bytes) -> list[list[str]]:
    """The rows of a workbook of decisions below its header."""
    frame = pl.read_excel(io.BytesIO(workbook), sheet_name="Decisions", engine="calamine", has_header=False, infer_schema_length=0)
    header, *rows = [[cell or "" for cell in row] for row in frame.cast(pl.String).rows()]
    assert header == NAMES
    return rows


def filled_in(rows: list[list[str]], header: list[str] | None = None) -> bytes:
    """A workbook of those rows, as a spreadsheet program would save it."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Decisions")
    for line, row in enumerate([header or NAMES, *rows]):
        for place, words in enumerate(row):
            sheet.write_string(line, place, words)
    book.close()
    return kept.getvalue()


def decided(row: list[str], words: str, reason: str = REASON_WORDS) -> list[str]:
    return [*row[:DECISION], words, reason, row[KEY]]


def send(client: TestClient, data: bytes, **form: str) -> Any:
    given = {"form_token": token(client.get("/reports/upload").text)} | form
    return client.post("/reports/upload", data=given, files={"file": ("decisions.xlsx", data)})


def record(client: TestClient, preview: str) -> Any:
    digest = preview.split('name="digest" value="')[1][:64]
    return client.post("/reports/upload/record", data={"form_token": token(preview), "digest": digest})


def test_decisions_come_back_after_a_preview(clinician: TestClient, own_settings: Settings) -> None:
    rows = taken_away(clinician)
    filled = [
        decided(rows[0], "Agreed"),
        decided(rows[1], "Agreed, update the plan at next review"),
        decided(rows[2], "Not agreed"),
        *rows[3:],
    ]
    preview = send(clinician, filled_in(filled))
    assert preview.status_code == 200
    assert "Record 3 decisions" in preview.text
    assert moves_of(own_settings) == []
    done = record(clinician, preview.text)
    assert "3 decisions recorded" in done.text
    moves = moves_of(own_settings)
    assert [event.body["case_ref"] for event in moves] == [row[0] for row in rows[:3]]
    assert [event.body["move_code"] for event in moves] == ["agree", "agree_update_plan", "propose_not_agreed"]
    assert {event.decided_by for event in moves} == {"Sam Okafor"}
    assert all(event.body["seen"]["flags"] for event in moves)
    assert rows[0][0] not in [row[0] for row in taken_away(clinician)]


def test_each_row_that_cannot_be_recorded_says_why(clinician: TestClient, own_settings: Settings) -> None:
    rows = taken_away(clinician)
    assert post(clinician, rows[0][0], "step", move="assign", owner="Sam Okafor").status_code == 303
    bad = {
        "It has changed since": decided(rows[0], "Agreed"),
        "Choose one of the decisions": decided(rows[1], "Approved by formula"),
        "Write a reason of 10": decided(rows[2], "Agreed", "ok"),
        "It is not one of yours": decided(["F00000000", *rows[3][1:]], "Agreed"),
        "twice": decided(rows[4], "Agreed"),
    }
    forged = [*decided(rows[5], "Agreed")[:KEY], "0.0123456789abcdef"]
    preview = send(clinician, filled_in([*bad.values(), decided(rows[4], "Not agreed"), forged, decided(rows[6], "Agreed")]))
    assert "Record 1 decision" in preview.text, re.sub(r"<[^>]+>|\s+", " ", preview.text)
    for why in bad:
        assert why in preview.text, why
    assert "1 decision recorded" in record(clinician, preview.text).text
    assert [event.body["case_ref"] for event in moves_of(own_settings) if event.body["move_code"] == "agree"] == [rows[6][0]]


def test_each_row_is_checked_again_when_it_counts(clinician: TestClient, own_settings: Settings) -> None:
    rows = taken_away(clinician)
    preview = send(clinician, filled_in([decided(rows[0], "Agreed"), decided(rows[1], "Agreed")]))
    assert post(clinician, rows[0][0], "decide", move="agree", reason="Decided on the screen meanwhile.").status_code == 303
    done = record(clinician, preview.text)
    assert "1 decision recorded" in done.text
    assert rows[0][0] in done.text.partition("Not recorded")[2]
    assert [event.body["case_ref"] for event in moves_of(own_settings)] == [rows[0][0], rows[1][0]]


def test_a_workbook_is_recorded_once_and_by_the_session_that_sent_it(clinician: TestClient, own_settings: Settings) -> None:
    preview = send(clinician, filled_in([decided(taken_away(clinician)[0], "Agreed")])).text
    with in_process(desk_of(own_settings)) as other:
        assert sign_in(other, "clinician") == 303
        digest = preview.split('name="digest" value="')[1][:64]
        given = {"form_token": token(other.get("/help").text), "digest": digest}
        assert other.post("/reports/upload/record", data=given).status_code == 409
    assert record(clinician, preview).status_code == 200
    assert record(clinician, preview).status_code == 409
    assert len(moves_of(own_settings)) == 1


def test_a_workbook_does_not_wait_longer_than_half_an_hour(own_settings: Settings) -> None:
    clock = Clock()
    desk = desk_of(own_settings, clock=clock)
    with in_process(desk) as client:
        assert sign_in(client, "clinician") == 303
        preview = send(client, filled_in([decided(taken_away(client)[0], "Agreed")])).text
        for _ in range(4):
            clock.at += timedelta(minutes=10)
            assert client.get("/help").status_code == 200
        assert record(client, preview).status_code == 409
        with desk.accounts.connect() as connection:
            assert connection.execute(select(func.count()).select_from(UPLOADS)).scalar_one() == 0
    assert moves_of(own_settings) == []


def test_an_auditors_workbook_does_not_decide_about_the_plan(clinician: TestClient, own_settings: Settings) -> None:
    row = taken_away(clinician)[0]
    with in_process(desk_of(own_settings)) as other:
        assert sign_in(other, "auditor") == 303
        assert row[0] not in [own[0] for own in taken_away(other)]
        preview = send(other, filled_in([decided(row, "Agreed")]))
        assert "none of the rows can be recorded" in preview.text
        assert "Record 1" not in preview.text


def packed(unpacked: int) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * unpacked)
    return kept.getvalue()


ODD_FILES = {
    "nothing": b"",
    "text": b"Ref,Decision\nF00000000,Agreed\n",
    "half": b"PK\x03\x04 and no more",
    "unfolds": packed(60_000_000),
    "no-sheet": packed(10),
    "old-kind": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_a_file_that_is_not_the_workbook_is_told_so(clinician: TestClient, name: str) -> None:
    answer = send(clinician, ODD_FILES[name])
    assert answer.status_code == 400
    assert "<title>Error: Upload decisions" in answer.text


def test_another_workbook_and_one_without_a_decision_are_told_so(clinician: TestClient) -> None:
    rows = taken_away(clinician)
    assert "This is no workbook of decisions" in send(clinician, filled_in(rows, ["Reference", *NAMES[1:]])).text
    assert "No row of the workbook has a decision" in send(clinician, filled_in(rows)).text


def test_a_file_that_is_too_large_is_not_read_to_its_end(clinician: TestClient) -> None:
    read: list[int] = []

    def body() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../x.xlsx"\r\n\r\n'
        for number in range(10_000):
            read.append(number)
            yield bytes(65_536)

    answer = clinician.post("/reports/upload", content=body(), headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 413
    assert send(clinician, bytes(MOST_FILE_BYTES + MOST_FORM_BYTES)).status_code == 413


@pytest.mark.parametrize("body", [b"", b"--b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", b"\xff" * 500])
def test_a_form_that_is_none_is_refused_plainly(clinician: TestClient, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=b", "multipart/form-data", "text/plain"):
        assert clinician.post("/reports/upload", content=body, headers={"content-type": kind}).status_code in (400, 403)


def test_nobody_may_upload_without_the_token_or_the_role(clinician: TestClient, own_settings: Settings) -> None:
    data = filled_in([decided(taken_away(clinician)[0], "Agreed")])
    assert send(clinician, data, form_token="x" * 43).status_code == 403
    with in_process(desk_of(own_settings)) as other:
        assert other.post("/reports/upload", files={"file": ("x.xlsx", data)}).status_code == 401
        assert sign_in(other, "governance") == 303
        assert other.post("/reports/upload", files={"file": ("x.xlsx", data)}).status_code == 403


def test_the_files_name_and_words_never_become_markup_or_a_path(clinician: TestClient, own_settings: Settings) -> None:
    row = decided(taken_away(clinician)[0], "<script>alert(1)</script>", "<img src=x onerror=alert(2)> reason")
    before = sorted(Path(own_settings.home).rglob("*"))
    given = {"form_token": token(clinician.get("/reports/upload").text)}
    answer = clinician.post("/reports/upload", data=given, files={"file": ("../../<b>x</b>.xlsx", filled_in([row]))})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    new = {path.name for path in Path(own_settings.home).rglob("*")} - {path.name for path in before}
    assert not [name for name in new if name.endswith(".xlsx")]


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(clinician: TestClient) -> None:
    with zipfile.ZipFile(io.BytesIO(clinician.get("/purchases.xlsx").content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 2
    for sheet in sheets:
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet


def test_whoever_sends_a_file_that_is_far_too_large_is_told_so_over_a_real_connection(own_settings: Settings) -> None:
    with served(own_settings) as app, httpx.Client(base_url=app.origin) as client:
        sign_in(client, "clinician")
        form = {"form_token": token(client.get("/reports/upload").text)}
        asked = client.build_request("POST", "/reports/upload", data=form, files={"file": ("x.xlsx", bytes(5 * MOST_FILE_BYTES))})
        # As browsers do: everything is sent before the answer is read, and a connection that is cut off shows none.
        with closing(http.client.HTTPConnection(app.origin.removeprefix("http://"), timeout=60)) as browser:
            browser.request("POST", "/reports/upload", asked.read(), dict(asked.headers))
            answer = browser.getresponse()
            assert answer.status == 413
            assert "less than 5 MB" in answer.read().decode()
