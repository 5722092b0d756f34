"""A night is read ahead by a process of its own: the same as read directly, of that night alone, and it ends when nobody listens."""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from phb_audit.cases.casebook import Casebook
from phb_audit.cases.casebook_store import bring_up_to_date, engine_for
from phb_audit.errors import UsageError
from phb_audit.review import ahead
from phb_audit.review.ahead import frames, take_in, taken_up, write_all
from phb_audit.review.cases import Decided
from phb_audit.review.items import PACKED_TOGETHER, read_items
from phb_audit.review.night import Nights, ShownNight, database_of, opened
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse
from tests.review.world import CODE, night_path

pytestmark = pytest.mark.slow


@pytest.fixture
def nights(own_settings: Settings) -> Nights:
    return Nights(own_settings, CODE)


def put_another_in_its_place(settings: Settings) -> None:
    """The same night, published anew: another file of the same name."""
    path = night_path(settings)
    again = path.with_name("again.duckdb")
    again.write_bytes(path.read_bytes())
    path.parent.chmod(0o755)
    again.replace(path)


def is_there(process_id: int) -> bool:
    """Whether a process of that number works, and does not only wait to be buried."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def waited_for(is_so: Callable[[], bool], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def test_what_is_read_ahead_is_what_is_read_directly(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    night = nights.newest()
    take_in(nights, night)
    with night.reading() as warehouse:
        directly = read_items(warehouse, night.cases, night)
    persons = night.persons._read(slice(0, len(night.people)))
    assert len(directly) > 50
    monkeypatch.setattr(night.items, "_read", None)  # nothing is read again
    monkeypatch.setattr(night.persons, "_read", None)
    for case_id, item in directly.items():
        kept = night.items.of(case_id)
        assert asdict(kept) == asdict(item)
        assert kept.digest == item.digest
        assert type(kept.seen.flags) is tuple
    assert {holder: night.persons.of(holder) for holder in persons} == persons


def test_a_night_that_another_was_put_in_place_of_is_not_read(own_settings: Settings, nights: Nights) -> None:
    night = nights.newest()
    put_another_in_its_place(own_settings)
    take_in(nights, night)
    assert not night.items._packed
    assert night.items.of(night.cases[0]["case_id"]).seen.case_ref == night.cases[0]["case_ref"]
    newest = nights.newest()
    assert newest is not night
    take_in(nights, newest)
    assert len(newest.items._packed) == -(-len(newest.cases) // PACKED_TOGETHER)


def test_it_stops_where_the_night_is_no_longer_the_newest(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    night = nights.newest()
    monkeypatch.setattr(nights, "newest", lambda: None)
    take_in(nights, night)
    assert len(night.items._packed) <= 1


def test_a_reader_that_ends_early_leaves_whole_things_and_a_word_in_the_log(
    nights: Nights, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    night, told = nights.newest(), io.BytesIO()
    write_all(night, told)
    whole = list(frames(io.BytesIO(told.getvalue())))
    cut = list(frames(io.BytesIO(told.getvalue()[:-3])))
    assert cut == whole[:-1]
    monkeypatch.setattr(ahead, "__name__", "phb_audit.no_such_module")
    take_in(nights, night)
    assert "could not be read ahead" in caplog.text
    assert night.items.of(night.cases[0]["case_id"]).seen.case_ref == night.cases[0]["case_ref"]


def test_the_reader_ends_when_nobody_listens(own_settings: Settings) -> None:
    path = night_path(own_settings)
    command = [sys.executable, "-m", "phb_audit.review.ahead", str(path), CODE, *map(str, opened(path, CODE).stamp)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        reader.stdout.read(10)
        reader.stdout.close()
        assert reader.wait(60) == 0
        assert reader.stderr is not None
        assert reader.stderr.read() == b""


def test_it_ends_with_an_app_that_is_killed(own_settings: Settings, tmp_path: Path) -> None:
    listening = (
        "import sys\nfrom pathlib import Path\nfrom phb_audit.settings import Settings\nfrom phb_audit.review import ahead, night\n"
        "import subprocess\nbegun = subprocess.Popen.__init__\n"
        "def noted(self, *given, **named):\n    begun(self, *given, **named)\n    Path(sys.argv[2]).write_text(str(self.pid))\n"
        "subprocess.Popen.__init__ = noted\n"
        "ahead.frames = lambda read: iter(lambda: __import__('time').sleep(60), 0)\n"  # begins, and then takes nothing in
        f"nights = night.Nights(Settings(Path(sys.argv[1])), '{CODE}')\nahead.take_in(nights, nights.newest())\n"
    )
    said = tmp_path / "number"
    with subprocess.Popen([sys.executable, "-c", listening, str(own_settings.home), str(said)]) as app:
        assert waited_for(lambda: said.exists() and said.read_text() != "")
        reader = int(said.read_text())
        assert is_there(reader)
        os.kill(app.pid, signal.SIGKILL)
        app.wait(20)
    assert waited_for(lambda: not is_there(reader))


def test_there_is_a_bound_to_what_is_kept(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    night = nights.newest()
    monkeypatch.setattr("phb_audit.review.items.MOST_PACKED_BYTES", 20_000)
    take_in(nights, night)
    assert 0 < len(night.items._packed) < len(night.cases) // PACKED_TOGETHER
    assert night.items.of(night.cases[-1]["case_id"]).seen.case_ref == night.cases[-1]["case_ref"]


@pytest.fixture
def looked_through() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("looked_through")
def test_a_night_goes_before_the_next_is_read_with_what_was_worked_out_of_it(own_settings: Settings, nights: Nights) -> None:
    engine = engine_for(own_settings, CODE)
    bring_up_to_date(engine)
    decided, today = Decided(Casebook(engine)), date(2026, 11, 1)
    goes_first = list[bool]()

    def made_ready(night: ShownNight) -> None:
        goes_first.append(before() is None)
        assert len(decided.live(night, today)) == len(night.cases)

    before: Callable[[], ShownNight | None] = lambda: None  # noqa: E731
    last = taken_up(nights, None, made_ready)
    before = weakref.ref(nights.newest())
    nights.newest().items.of(nights.newest().cases[0]["case_id"])
    put_another_in_its_place(own_settings)
    assert taken_up(nights, last, made_ready) not in (None, last)
    assert goes_first == [True, True]
    engine.dispose()


@pytest.mark.usefixtures("looked_through")
def test_a_night_is_taken_up_once_and_what_fails_is_tried_again(
    nights: Nights, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    taken, ready = list[ShownNight](), list[ShownNight]()
    hindrances: list[Exception] = [OSError("no more processes"), UsageError("none yet"), RuntimeError("of someone's data")]

    def fake(_: Nights, night: ShownNight) -> None:
        if hindrances:
            raise hindrances.pop(0)
        taken.append(night)

    monkeypatch.setattr(ahead, "take_in", fake)
    last = None
    for _ in range(3):
        last = taken_up(nights, last, ready.append)
        assert last is None
    assert "RuntimeError" in caplog.text
    assert "data" not in caplog.text
    for _ in range(3):
        last = taken_up(nights, last, ready.append)
    assert last == (nights.newest().path, nights.newest().stamp)
    assert taken == [nights.newest()]


def test_the_list_is_read_of_the_file_that_was_opened(own_settings: Settings, nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_apart = list[Path]()

    def noted(path: Path) -> Warehouse:
        opened_apart.append(path)
        return database_of(path)

    night, other = nights.newest(), Nights(own_settings, CODE).newest()
    monkeypatch.setattr("phb_audit.review.night.database_of", noted)
    assert night.cases
    assert opened_apart == [night.path]
    put_another_in_its_place(own_settings)
    assert other.cases == night.cases
    assert opened_apart == [night.path], "the file that stands there now is another night's"
    night_path(own_settings).unlink()
    assert not other.is_in_place


def test_a_reader_whose_file_is_overtaken_while_it_is_opened_reads_nothing(
    own_settings: Settings, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = nights.newest()

    def overtaken(path: Path, code: str) -> ShownNight:
        found = opened(path, code)
        put_another_in_its_place(own_settings)
        return found

    monkeypatch.setattr(ahead, "opened", overtaken)
    monkeypatch.setattr(ahead, "write_all", lambda *_: pytest.fail("it may be of the other night"))
    monkeypatch.setattr(os, "nice", lambda _: 0)
    monkeypatch.setattr(sys, "argv", ["ahead", str(night.path), CODE, *map(str, night.stamp)])
    ahead.main()


def test_a_list_that_is_overtaken_while_its_file_is_opened_is_read_of_the_night_itself(
    own_settings: Settings, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    night, asked = nights.newest(), list[str]()

    def overtaken(path: Path) -> Warehouse:
        put_another_in_its_place(own_settings)
        apart = database_of(path)
        monkeypatch.setattr(apart, "frame", lambda *_, **__: asked.append("the other night"))
        return apart

    monkeypatch.setattr("phb_audit.review.night.database_of", overtaken)
    assert night.cases
    assert asked == []
