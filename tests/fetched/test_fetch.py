"""Fetching: each file once and whole; a source that is down is tried again, then reported; the others are fetched all the same."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import boto3
import pytest
from moto.server import ThreadedMotoServer

from phb_audit.cli import app
from phb_audit.errors import UsageError
from phb_audit.fetched import fetch as module
from phb_audit.fetched.fetch import Fetched, fetch_all, safe_name
from phb_audit.fetched.kept import fetch_before_night, not_fetched
from phb_audit.fetched.named import NamedSource, named_sources
from phb_audit.fetched.source import Offered, Source, SourceDown
from phb_audit.settings import Settings
from tests.fetched.servers import FakeMesh, mesh_server, settled, sftp_server

SECRETS = {"S3_KEY": "testing", "S3_SECRET": "testing", "MESH_PASSWORD": "pass", "MESH_KEY": "shared", "SFTP_PASSWORD": "secret"}


def no_wait(seconds: float) -> None:
    """Time does not pass in tests."""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return tmp_path


def fetched(room: Path, text: str, waits: list[float] | None = None) -> list[Fetched]:
    file = room / "sources.toml"
    file.write_text(text)
    wait = no_wait if waits is None else waits.append
    return fetch_all(named_sources(file), room / "inbox", room / "kept", SECRETS, wait)


def inbox(room: Path) -> dict[str, bytes]:
    return {path.relative_to(room / "inbox").as_posix(): path.read_bytes() for path in (room / "inbox").rglob("*") if path.is_file()}


def folder_source(room: Path, name: str = "drop") -> str:
    return f'[[source]]\nname = "{name}"\nkind = "folder"\npath = "{room / name}"\n'


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_folder_gives_each_settled_file_once(room: Path) -> None:
    settled(room / "drop/a.csv", b"one")
    settled(room / "drop/inside/b.csv", b"two")
    settled(room / "drop/.hidden")
    settled(room / "drop/c.csv.part")
    (room / "drop/still writing.csv").write_bytes(b"half")
    (room / "drop/link.csv").symlink_to("/etc/passwd")
    (first,) = fetched(room, folder_source(room))
    assert (first.files, first.bytes, first.had_already, first.problem) == (2, 6, 0, "")
    assert inbox(room) == {"drop/a.csv": b"one", "drop/inside/b.csv": b"two"}
    (again,) = fetched(room, folder_source(room))
    assert (again.files, again.had_already) == (0, 2)


def test_a_changed_file_is_fetched_beside_the_first(room: Path) -> None:
    settled(room / "drop/a.csv", b"one")
    fetched(room, folder_source(room))
    settled(room / "drop/a.csv", b"other")
    fetched(room, folder_source(room))
    assert inbox(room) == {"drop/a.csv": b"one", "drop/a (2).csv": b"other"}


@pytest.fixture
def bucket() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def s3_source(address: str) -> str:
    return (
        f'[[source]]\nname = "bucket"\nkind = "s3"\nbucket = "statements"\nprefix = "out/"\nendpoint = "{address}"\nregion = "eu-west-2"\n'
        'key_from = "S3_KEY"\nsecret_from = "S3_SECRET"\ninto = "bank"\n'
    )


def test_a_bucket_gives_the_objects_below_its_prefix_once(room: Path, bucket: str) -> None:
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "eu-west-2"}
    client = boto3.client("s3", endpoint_url=bucket, **keys)
    client.create_bucket(Bucket="statements", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    large = b"0123456789" * 1_000_000
    for name, content in {"out/a.csv": b"one", "out/july/b.csv": large, "else/c.csv": b"no"}.items():
        client.put_object(Bucket="statements", Key=name, Body=content)
    (told,) = fetched(room, s3_source(bucket))
    assert (told.problem, told.files) == ("", 2)
    assert {name: len(content) for name, content in inbox(room).items()} == {"bank/a.csv": 3, "bank/july/b.csv": len(large)}
    client.put_object(Bucket="statements", Key="out/a.csv", Body=b"new")
    (again,) = fetched(room, s3_source(bucket))
    assert (again.files, again.had_already) == (1, 1)
    assert inbox(room)["bank/a (2).csv"] == b"new"
    client.put_object(Bucket="statements", Key="out/../up.csv", Body=b"up")
    (hostile,) = fetched(room, s3_source(bucket))
    assert "'..'" in hostile.problem


def sftp_source(port: int, room: Path) -> str:
    return (
        f'[[source]]\nname = "sftp"\nkind = "sftp"\nhost = "127.0.0.1"\nport = {port}\nuser = "drop"\npassword_from = "SFTP_PASSWORD"\n'
        f'host_keys = "{room / "known_hosts"}"\npath = "/out"\ntries = 2\ntimeout_seconds = 10\n'
    )


def test_an_sftp_server_gives_its_settled_files_once(room: Path) -> None:
    large = bytes(range(256)) * 5_000
    settled(room / "served/out/a.csv", large)
    settled(room / "served/out/deep/b.csv", b"two")
    settled(room / "served/else.csv")
    (room / "served/out/writing.csv").write_bytes(b"half")
    with sftp_server(room / "served") as (port, known):
        (room / "known_hosts").write_text(known)
        (told,) = fetched(room, sftp_source(port, room))
        (again,) = fetched(room, sftp_source(port, room))
    assert (told.problem, told.files, again.files, again.had_already) == ("", 2, 0, 2)
    assert inbox(room) == {"sftp/a.csv": large, "sftp/deep/b.csv": b"two"}


def test_an_sftp_server_whose_key_is_not_known_is_refused(room: Path) -> None:
    settled(room / "served/out/a.csv")
    with sftp_server(room / "served") as (port, _):
        (room / "known_hosts").write_text("")
        (told,) = fetched(room, sftp_source(port, room))
    assert told.files == 0
    assert "does not let us in" in told.problem


def mesh_source(address: str) -> str:
    return (
        f'[[source]]\nname = "mesh"\nkind = "mesh"\nurl = "{address}"\nmailbox = "MAILBOX01"\npassword_from = "MESH_PASSWORD"\n'
        'shared_key_from = "MESH_KEY"\n'
    )


def test_mesh_messages_are_acknowledged_once_their_files_are_safe(room: Path) -> None:
    sent = {f"2026{number}": (f"july{number}.csv", [b"first,", b"second,", b"third"]) for number in range(5)}
    fake = FakeMesh({**sent, "20269": ("../../up.csv", [b"x"])})
    with mesh_server(fake) as address:
        (told,) = fetched(room, mesh_source(address))
        (again,) = fetched(room, mesh_source(address))
    assert (told.problem, told.files, again.files) == ("", 6, 0)
    assert inbox(room)["mesh/20260_july0.csv"] == b"first,second,third"
    assert sorted(fake.acknowledged) == sorted([*sent, "20269"])
    assert len(inbox(room)) == 6


def test_a_message_whose_file_could_not_be_written_is_not_acknowledged(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeMesh({"1": ("a.csv", [b"x"])})

    def full(place: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(module.os, "fsync", full)
    with mesh_server(fake) as address:
        (told,) = fetched(room, mesh_source(address))
    assert told.problem == "A file could not be written here."
    assert not fake.acknowledged
    assert inbox(room) == {}


def test_a_source_that_is_down_for_a_while_is_tried_again(room: Path) -> None:
    fake = FakeMesh({"1": ("a.csv", [b"x"])})
    fake.failures = 2
    waits: list[float] = []
    with mesh_server(fake) as address:
        (told,) = fetched(room, mesh_source(address) + "wait_seconds = 2\n", waits)
    assert (told.files, told.tries, told.problem, waits) == (1, 3, "", [2.0, 4.0])


def test_sources_that_stay_down_are_reported_and_the_others_fetched(room: Path) -> None:
    settled(room / "drop/a.csv")
    (room / "known_hosts").write_text("")
    nobody = free_port()
    address = f"http://127.0.0.1:{nobody}"
    text = mesh_source(address) + s3_source(address) + sftp_source(nobody, room) + folder_source(room, "gone") + folder_source(room)
    waits: list[float] = []
    told = {one.name: one for one in fetched(room, text, waits)}
    assert {name: one.tries for name, one in told.items()} == {"mesh": 3, "bucket": 3, "sftp": 2, "gone": 3, "drop": 1}
    assert [name for name, one in told.items() if one.problem and one.do] == ["mesh", "bucket", "sftp", "gone"]
    assert told["drop"].files == 1
    assert len(waits) == 7


class BreaksOff:
    """Hands over half a file at the first try."""

    def __init__(self) -> None:
        self.times = 0

    def offered(self) -> list[Offered]:
        return [Offered("a.csv", 8, "1")]

    def copy(self, one: Offered, out: BinaryIO) -> str:
        self.times += 1
        out.write(b"half")
        if self.times == 1:
            raise SourceDown("It broke off.")
        out.write(b"more")
        return one.name

    def done(self, one: Offered) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def test_half_a_file_is_never_seen(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source: Source = BreaksOff()
    monkeypatch.setattr(NamedSource, "made", lambda self, environ: source)
    (told,) = fetched(room, folder_source(room))
    assert (told.files, told.tries, told.problem) == (1, 2, "")
    assert inbox(room) == {"drop/a.csv": b"halfmore"}


def test_a_file_that_is_too_large_is_left_and_told(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    settled(room / "drop/a.csv", b"x" * 11)
    settled(room / "drop/b.csv", b"x")
    fake = FakeMesh({"1": ("a.csv", [b"x" * 11])})
    with mesh_server(fake) as address:
        drop, mesh = fetched(room, folder_source(room) + mesh_source(address))
    assert (drop.files, drop.too_large, mesh.files, mesh.too_large) == (1, 1, 0, 1)
    assert inbox(room) == {"drop/b.csv": b"x"}
    assert not fake.acknowledged


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/a.csv", "abs/a.csv"),
        ("..\\..\\a.csv", "a.csv"),
        (".hidden", "hidden"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_name_stays_below_the_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", r"must hold \[\[source\]\]"),
        ('[[source]]\nname = "a"\nkind = "ftp"', "not a kind"),
        ('[[source]]\nname = "a"\nkind = "folder"', "lacks path"),
        ('[[source]]\nname = "a"\nkind = "folder"\npath = "/x"\npassword = "y"', "unknown settings password"),
        ('[[source]]\nname = "a"\nkind = "folder"\npath = "/x"\ninto = "../y"', "below the commissioner"),
        ('[[source]]\nname = "a"\nkind = "folder"\npath = "/x"\ntries = 0', "1 to 20"),
        ('[[source]]\nname = "A b"\nkind = "folder"\npath = "/x"', "small letters"),
        ('[[source]]\nname = "a"\nkind = "folder"\npath = "/x"\n[[source]]\nname = "a"\nkind = "folder"\npath = "/y"', "one name"),
    ],
)
def test_settings_that_cannot_be_understood_are_refused(room: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        fetched(room, text)


def test_a_secret_that_is_not_set_is_told_by_its_variable(room: Path) -> None:
    (told,) = fetched(room, s3_source("http://127.0.0.1:9").replace("S3_SECRET", "NOWHERE"))
    assert "NOWHERE is not set" in told.problem


def test_the_command_says_what_came_and_warns_of_what_did_not(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settled(room / "drop/a.csv")
    file = room / "sources.toml"
    file.write_text(folder_source(room) + folder_source(room, "gone") + "tries = 1\n")
    command = ["fetch", str(file), "--commissioner", "QZZ", "--home", str(room / "home"), "--json"]
    assert app(command, result_action="return_value") == 1
    drop, gone = json.loads(capsys.readouterr().out)["sources"]
    assert (drop["files"], gone["problem"]) == (1, "The folder is not there.")
    assert (room / "home/inbox/QZZ/drop/a.csv").read_bytes() == b"x"
    assert app([*command[:-1]], result_action="return_value") == 1
    assert "NOT FETCHED WHOLE after 1 tries" in capsys.readouterr().out


def test_before_a_night_a_source_that_is_down_is_told_until_it_answers_again(room: Path) -> None:
    settled(room / "drop/a.csv", b"one")
    file, inbox_of_night, settings = room / "sources.toml", room / "inbox", Settings(room / "home")
    away = folder_source(room, "away")
    file.write_text(folder_source(room) + away)
    told = fetch_before_night(settings, "QZZ", file, inbox_of_night, datetime(2026, 11, 3, 1, 30, tzinfo=UTC), no_wait)
    assert [bool(one.problem) for one in told] == [False, True]
    assert inbox(room) == {"drop/a.csv": b"one"}
    (sentence,) = not_fetched(settings, "QZZ")
    assert sentence.startswith("On 3 November 2026 at 01:30, away (folder): 0 new files")
    assert "NOT FETCHED WHOLE after 3 tries" in sentence
    (room / "away").mkdir()
    fetch_before_night(settings, "QZZ", file, inbox_of_night, datetime(2026, 11, 4, 1, 30, tzinfo=UTC), no_wait)
    assert not_fetched(settings, "QZZ") == []
    assert not_fetched(settings, "QYY") == []


def test_before_a_night_a_settings_file_of_no_use_is_told_and_stops_nothing(room: Path) -> None:
    (room / "sources.toml").write_text("[[source]]\nkind = 'carrier pigeon'\n")
    settings = Settings(room / "home")
    (told,) = fetch_before_night(settings, "QZZ", room / "sources.toml", room / "inbox", datetime(2026, 11, 3, 1, 30, tzinfo=UTC), no_wait)
    assert told.problem
    (sentence,) = not_fetched(settings, "QZZ")
    assert told.problem in sentence
