"""Nobody who may still check a proposal learns what it is: not from a refusal, an upload, nor the next night's report."""

from __future__ import annotations

import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from flows.nightly import run_plain
from phb_audit.cases.case_command import list_cases
from phb_audit.cases.workbook import WORDS
from phb_audit.cli import app, sample_day
from phb_audit.errors import UsageError
from phb_audit.night import Night
from phb_audit.reports.bi import written_bi
from phb_audit.reports.flagged_files import write_flagged
from phb_audit.reports.repayment_command import write_form
from phb_audit.review.auditing import HIDDEN
from phb_audit.review.cases import OWN_VIEW
from phb_audit.review.keeping import access_log
from phb_audit.settings import Settings, shipped
from tests.review.test_report_workbook import Book, mine
from tests.review.test_uploading import record, send
from tests.review.world import CODE, TODAY, desk_of, in_process, moves_of, post, sign_in

pytestmark = pytest.mark.slow
WHY = "Quite another thing than the plan was agreed for."
TELLING = ("to be checked", "Sam Okafor", WHY)
CODES = ("propose_", "referral_to", "not_agreed_to")


def telling(text: str, *more: str) -> list[str]:
    """What a text tells of the proposal."""
    return [words for words in (*TELLING, *more) if words in text]


@pytest.fixture(params=["propose_not_agreed", "propose_referral"])
def proposed(own_settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A case that waits for a second check."""
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "clinician")
        ref = mine(client, Book.of(own_settings, tmp_path / "before"))[0]
        assert post(client, ref, "decide", move=request.param, reason=WHY, confirmed="yes").status_code == 303
    return ref


def test_a_refusal_tells_nothing_of_the_proposal(own_settings: Settings, proposed: str, tmp_path: Path) -> None:
    book = Book.of(own_settings, tmp_path).decide({proposed: "Agreed"}, "It helps with the goal of getting out.")
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "auditor")
        answers = [
            post(client, proposed, "decide", move="agree", reason="It helps with the goal of getting out."),
            post(client, proposed, "step", move="snooze", reason="It can wait for the plan.", **{"snooze-wake_on-day": "1"}),
            post(client, proposed, "step", move="assign", owner="Ada Fenn"),
            send(client, book.saved()),
        ]
    for answer in answers:
        assert not telling(answer.text)
    assert "waits for a second check" in answers[2].text
    assert "waits for a second check" in answers[3].text


def test_the_next_nights_report_tells_nothing_of_it(own_settings: Settings, proposed: str, tmp_path: Path) -> None:
    sample = shipped("sample")
    run_plain(Night(CODE, sample_day(sample) + timedelta(days=1), sample / CODE, own_settings.home, threads=2))
    page = max((own_settings.home / "reports" / CODE).glob("*.html")).read_text(encoding="utf-8")
    assert proposed in page
    assert "Waits for a second check" in page
    files = [page, *(write_flagged(own_settings, CODE, kind, tmp_path).read_text(encoding="utf-8") for kind in ("csv", "json"))]
    with zipfile.ZipFile(write_flagged(own_settings, CODE, "xlsx", tmp_path)) as book:
        files += [book.read(name).decode() for name in book.namelist()]
    for told in files:
        assert not telling(told)
    items = pl.read_parquet(written_bi(own_settings, CODE) / "items.parquet")
    assert items.filter(state_code="to_check").height == 1
    assert not telling(items.write_csv(), *CODES)


@pytest.mark.parametrize("as_json", [False, True])
def test_the_list_of_cases_and_a_form_that_must_wait_tell_nothing_of_it(
    own_settings: Settings, proposed: str, tmp_path: Path, as_json: bool
) -> None:
    said: list[str] = []
    list_cases(own_settings, CODE, state="to_check", on=TODAY.date(), as_json=as_json, say=said.append)
    assert proposed in said[0]
    assert not telling("\n".join(said), *CODES)
    with pytest.raises(UsageError, match="There is no state") as none:
        list_cases(own_settings, CODE, state="referral_to_check", on=TODAY.date(), as_json=as_json, say=said.append)
    with pytest.raises(UsageError, match="waits for a second check") as waits:
        write_form(own_settings, CODE, proposed, tmp_path / "form.toml", say=said.append)
    assert not telling(f"{none.value.do} {waits.value}", "not_agreed_to")


def test_the_log_does_not_tell_whose_workbook_brought_it(own_settings: Settings, tmp_path: Path) -> None:
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "clinician")
        book = Book.of(own_settings, tmp_path)
        ref = mine(client, book)[0]
        preview = send(client, book.decide({ref: WORDS["propose_not_agreed"]}, WHY).saved())
        assert record(client, preview.text).status_code == 200
        client.cookies.clear()
        sign_in(client, "auditor")
        for what in ("Upload decisions", "Record decisions"):
            for file in ("log", "log.csv"):
                told = client.get(f"/auditor/{file}", params={"log": "access", "q": what}).text
                assert told.count(HIDDEN) == 2, (what, file)
                assert ref not in told
        assert "Record decisions" not in client.get("/auditor/log.csv?log=access&q=Sam").text


def shown(settings: Settings, ref: str, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """What `case show` says on the command line."""
    assert app(["case", "show", ref, "--home", str(settings.home), *more], result_action="return_value") == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_case_that_is_shown_tells_nothing_of_it_before_one_says_what_one_would_decide(
    own_settings: Settings, proposed: str, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    told = shown(own_settings, proposed, capsys, *more)
    assert proposed in told
    assert not telling(told, *CODES, "confirm_", "clinician)")
    refused = ["--by", "Sam Okafor", "--own-view", "agree"], ["--own-view", "agree"], ["--by", "Bo Lindqvist", "--own-view", "anything"]
    for wrong in refused:
        with pytest.raises(UsageError) as error:
            app(["case", "show", proposed, "--home", str(own_settings.home), *wrong], result_action="return_value")
        assert not telling(f"{error.value} {error.value.do}", "not_agreed_to")
    assert not telling(shown(own_settings, proposed, capsys, *more), *CODES)
    seen = shown(own_settings, proposed, capsys, "--by", "Bo Lindqvist", "--own-view", "agree", *more)
    assert all(words in seen for words in ("Sam Okafor", WHY))
    assert not telling(shown(own_settings, proposed, capsys, *more), *CODES), "to others nothing, as before"


def test_it_is_checked_on_the_command_line_by_who_said_first_what_they_would_decide(
    own_settings: Settings, proposed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    known = moves_of(own_settings)[-1].body["move_code"]
    right = known.replace("propose_", "confirm_")
    wrong = next(code for code in ("confirm_not_agreed", "confirm_referral") if code != right)
    who = ["--by", "Bo Lindqvist", "--role", "second_checker", "--reason", "I would say the same.", "--home", str(own_settings.home)]
    words = set()
    for code in (right, wrong, "send_back"):
        with pytest.raises(UsageError, match="Say first what you") as error:
            app(["case", "move", proposed, code, *who], result_action="return_value")
        words.add(f"{error.value} {error.value.do}")
    assert len(words) == 1, "the same whatever was proposed"
    shown(own_settings, proposed, capsys, "--by", "bo lindqvist", "--own-view", known)
    shown(own_settings, proposed, capsys, "--by", "Bo Lindqvist", "--own-view", "agree")
    with closing(access_log(own_settings, CODE)) as log:
        assert [event.body["choice"] for event in log.of_kind(OWN_VIEW)] == [known], "what was said first counts"
    assert app(["case", "move", proposed, right, *who], result_action="return_value") == 0
    assert moves_of(own_settings)[-1].body["checks_by"] == "Sam Okafor"
