"""All that people recorded, copied by one command while the app is used, and put back by another: decisions, lanes, who saw what."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from phb_audit.cases.casebook import Event, casebook_events
from phb_audit.cases.casebook_copies import checked
from phb_audit.cases.casebook_store import file_of
from phb_audit.cases.lane_cases import lane_events, lane_listed
from phb_audit.cases.lane_moves import READERS
from phb_audit.cli import app
from phb_audit.errors import UsageError
from phb_audit.review.all_copies import back_up_all, restore_all
from phb_audit.review.keeping import access_log, lane_log
from phb_audit.settings import Settings
from tests.review.attacks import as_role
from tests.review.world import CODE, HIDDEN, desk_of, in_process, post, ready_ref

pytestmark = pytest.mark.slow
NAMES = ["access.sqlite", "access_restricted.sqlite", "access_safeguarding.sqlite", "casebook.sqlite", "casebook_restricted.sqlite"]
NAMES += ["casebook_safeguarding.sqlite"]
REASON = "Seen with the care co-ordinator on Friday."


def told(settings: Settings) -> dict[str, list[Event]]:
    """Every event of every book."""
    found = {"casebook": casebook_events(settings, CODE)}
    with closing(access_log(settings, CODE)) as log:
        found["access"] = log.events()
    for lane in READERS:
        found[f"casebook_{lane}"] = lane_events(settings, CODE, lane)
        with closing(lane_log(settings, CODE, lane)) as log:
            found[f"access_{lane}"] = log.events()
    return found


@pytest.fixture
def used(own_settings: Settings) -> Settings:
    """An installation in which a purchase, and a case of each lane, was decided."""
    with in_process(desk_of(own_settings)) as client:
        as_role(client, "clinician")
        assert post(client, ready_ref(client), "decide", move="agree", reason=REASON).status_code == 303
        for lane, (role, _) in READERS.items():
            as_role(client, role)
            ref = str(lane_listed(own_settings, CODE, lane)["case_ref"][0])
            hidden = dict(HIDDEN.findall(client.get(f"/for-you/{ref}").text))
            given = {**hidden, "move": "settle", "reason": REASON}
            assert client.post(f"/for-you/{ref}/step", data=given).status_code == 303
    return own_settings


def without_books(settings: Settings, to: Path) -> Settings:
    """The same installation after its disk was lost: what nights make is there again, and nothing that people recorded."""
    shutil.copytree(settings.home, to, symlinks=True)
    for folder in ("casebook", "review"):
        shutil.rmtree(to / folder)
    return Settings(to)


def run(*words: object) -> object:
    return app([str(word) for word in words], result_action="return_value")


def test_one_command_copies_all_and_one_puts_all_back(used: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy, before = tmp_path / "copy", told(used)
    assert all(before.values())
    assert run("casebook", "backup", copy, "--home", used.home) == 0
    said = capsys.readouterr().out
    assert sorted(path.name for path in copy.glob("*.sqlite")) == NAMES
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (copy, *copy.glob("*.sqlite"))} == {0}
    for name, events in before.items():
        assert checked(copy / f"{name}.sqlite") == (None, len(events), events[-1].event_hash)
        assert events[-1].event_hash in said
    lost = without_books(used, tmp_path / "lost")
    head = before["casebook"][-1].event_hash
    assert run("casebook", "restore", copy, "--head", head, "--home", lost.home, "--commissioner", CODE) == 0
    assert told(lost) == before
    assert stat.S_IMODE((lost.home / "casebook" / f"{CODE}_restricted").stat().st_mode) == 0o700
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("tmp")], "nothing is left lying"


def test_it_is_taken_while_people_work_and_each_book_is_as_it_was_at_one_moment(used: Settings, tmp_path: Path) -> None:
    desk, stop, written = desk_of(used), threading.Event(), list[int]()

    def work() -> None:
        while not stop.is_set():
            written.append(desk.access.append("list", [{"page": "people"}], by="Sam Okafor")[0].event_number)
            desk.casebook.append("category", [{"number": 1}, {"number": 2}], by="Sam Okafor")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(5):
            back_up_all(used, CODE, tmp_path / f"copy{number}", say=lambda _: None)
    finally:
        stop.set()
        worker.join()
    counts = [checked(tmp_path / f"copy{number}" / "casebook.sqlite") for number in range(5)]
    assert [problem for problem, *_ in counts] == [None] * 5
    assert len({count for _, count, _ in counts}) > 1, "somebody wrote in between"
    assert all((count - counts[0][1]) % 2 == 0 for _, count, _ in counts), "both of a pair, or none"
    assert written == sorted(written)


def test_a_copy_waits_for_no_writer_and_lets_none_wait(used: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phb_audit.cases.casebook_store.WAIT_SECONDS", 0.2)
    with closing(sqlite3.connect(file_of(used, CODE), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        back_up_all(used, CODE, tmp_path / "copy", say=lambda _: None)
    assert checked(tmp_path / "copy" / "casebook.sqlite")[0] is None


def test_nothing_is_put_back_unless_all_can_be(used: Settings, tmp_path: Path) -> None:
    copy, said = tmp_path / "copy", list[str]()
    back_up_all(used, CODE, copy, say=said.append)
    lost = without_books(used, tmp_path / "lost")

    def refused(source: Path, words: str, **more: str) -> None:
        with pytest.raises(Exception, match=words) as error:
            restore_all(lost, more.pop("code", CODE), source, say=said.append, **more)
        assert type(error.value).__name__ in ("UsageError", "BrokenCasebook")
        assert not (lost.home / "casebook" / CODE).exists()

    refused(copy, "no event carries|No event carries", head="f" * 64)
    refused(copy, "a copy of QZZ, not of QYY", code="QYY")
    refused(copy / "casebook.sqlite", "is no folder")
    part = Path(shutil.copytree(copy, tmp_path / "part"))
    (part / "access_restricted.sqlite").unlink()
    refused(part, "There is no file access_restricted.sqlite")
    shutil.copy(copy / "casebook.sqlite", part / "access_restricted.sqlite")
    refused(part, "No event carries|is not the copy")
    altered = Path(shutil.copytree(copy, tmp_path / "altered"))
    with closing(sqlite3.connect(altered / "access.sqlite")) as direct:
        direct.execute("DROP TRIGGER events_not_changed")
        direct.execute("UPDATE events SET decided_by = 'Somebody Else' WHERE event_number = 2")
        direct.commit()
    refused(altered, "from event 2")
    odd = Path(shutil.copytree(copy, tmp_path / "odd"))
    (odd / "heads.txt").write_text(f"{CODE}\n../copy/casebook.sqlite 1 {'0' * 64}\n", encoding="utf-8")
    refused(odd, "does not know")


def test_a_book_with_other_events_is_not_written_over_and_one_that_stands_is_left(used: Settings, tmp_path: Path) -> None:
    copy, before = tmp_path / "copy", told(used)
    back_up_all(used, CODE, copy, say=lambda _: None)
    with pytest.raises(UsageError, match="is there already"):
        back_up_all(used, CODE, copy, say=lambda _: None)
    restore_all(used, CODE, copy, say=lambda _: None)
    assert told(used) == before
    half = without_books(used, tmp_path / "half")
    shutil.copytree(used.home / "casebook", half.home / "casebook")
    restore_all(half, CODE, copy, say=lambda _: None)
    assert told(half) == before
    other = without_books(used, tmp_path / "other")
    with closing(access_log(other, CODE)) as log:
        log.append("account_added", [{"account": "Ada Fenn"}], by="the command line")
    with pytest.raises(UsageError, match="Who signed in and saw what: there are events already"):
        restore_all(other, CODE, copy, say=lambda _: None)
    assert not (other.home / "casebook" / CODE).exists()


def test_one_book_alone_is_one_file_and_where_there_is_none_it_says_so(used: Settings, tmp_path: Path) -> None:
    assert run("casebook", "backup", tmp_path / "one.sqlite", "--lane", "restricted", "--home", used.home) == 0
    lost = without_books(used, tmp_path / "lost")
    with pytest.raises(UsageError, match="there is nothing to copy"):
        back_up_all(lost, CODE, tmp_path / "none", say=lambda _: None)
    assert not (tmp_path / "none").exists()
    assert run("casebook", "restore", tmp_path / "one.sqlite", "--lane", "restricted", "--home", lost.home) == 0
    assert lane_events(lost, CODE, "restricted") == lane_events(used, CODE, "restricted")
    assert casebook_events(lost, CODE) == []
