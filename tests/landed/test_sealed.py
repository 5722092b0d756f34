"""Originals are kept sealed and open only whole and with their key."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from phb_audit.errors import UnreadableFile
from phb_audit.identity import IdentityKey, read_or_make_key
from phb_audit.landed import build, sealed
from phb_audit.landed.sealed import open_sealed, seal
from phb_audit.run import Run

KEY, OTHER = IdentityKey(b"k" * 32), IdentityKey(b"o" * 32)


def sealed_file(folder: Path, data: bytes) -> Path:
    return seal(data, hashlib.sha256(data).hexdigest(), folder, KEY)


@pytest.mark.parametrize("size", [0, 1, 10, 20, 25])
def test_what_is_sealed_opens_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(sealed, "CHUNK_BYTES", 10)
    data = b"Jane Smith, 12345678, TESCO"[:size]
    path = sealed_file(tmp_path, data)
    assert open_sealed(path, KEY) == data
    assert b"Jane" not in path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_same_bytes_give_the_same_sealed_file(tmp_path: Path) -> None:
    first = sealed_file(tmp_path, b"abc").read_bytes()
    (tmp_path / hashlib.sha256(b"abc").hexdigest()).unlink()
    assert sealed_file(tmp_path, b"abc").read_bytes() == first


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        open_sealed(sealed_file(tmp_path, b"abc"), OTHER)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-3], lambda data: data[: 8 + 4 + 26], lambda data: data[:-1] + b"x", lambda data: b"no"]
)
def test_a_damaged_or_shortened_file_does_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: object) -> None:
    monkeypatch.setattr(sealed, "CHUNK_BYTES", 10)
    path = sealed_file(tmp_path, b"0123456789abcdefghijklmno")
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(UnreadableFile):
        open_sealed(path, KEY)


def test_what_a_killed_night_left_half_sealed_is_removed(run: Run) -> None:
    half = run.settings.folder("landing", run.commissioner_code) / ".abc.1"
    half.write_bytes(b"half")
    build(run)
    assert not half.exists()


def test_landing_keeps_every_file_sealed(run: Run) -> None:
    data = b"What,ever\n1,2\n"
    (run.inbox / "a.csv").write_bytes(data)
    build(run)
    folder = run.settings.folder("landing", run.commissioner_code)
    key = read_or_make_key(run.settings.key_path(run.commissioner_code))
    assert open_sealed(folder / hashlib.sha256(data).hexdigest(), key) == data
