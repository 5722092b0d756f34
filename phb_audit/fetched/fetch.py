"""Fetching from every source in turn: each file once, whole or not at all; a source that is down is tried again, then reported."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path

from phb_audit.errors import PhbAuditError, UsageError
from phb_audit.fetched.named import NamedSource
from phb_audit.fetched.source import FileTooLarge, Offered, Source, SourceDown

MOST_BYTES = 1024 * 1024 * 1024
LONGEST_NAME = 120
LONGEST_WAIT = 300.0
OURS = "Look at the room on the disk and who may write to the inbox, then fetch again."


@dataclass
class Fetched:
    """What came of one source: files and bytes fetched, files it offered that we have already, and what went wrong."""

    name: str
    kind: str
    files: int = 0
    bytes: int = 0
    had_already: int = 0
    tries: int = 0
    problem: str = ""
    do: str = ""
    too_large: int = 0


@dataclass
class Ledger:
    """Which files of a source we have, as hashes of name, size and mark: names may hold what must not be kept."""

    path: Path
    had: set[str] = field(default_factory=set)

    @classmethod
    def opened(cls, path: Path) -> Ledger:
        """The ledger on file, or a new one; one that cannot be read is begun anew, and the files land as repeats."""
        try:
            return cls(path, set(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError):
            return cls(path)

    def add(self, one: Offered) -> None:
        """Note a file, durably."""
        self.had.add(key_of(one))
        beside = self.path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(sorted(self.had)), encoding="utf-8")
        beside.replace(self.path)


class NotWritten(PhbAuditError):
    """Our own folder takes no more."""


class Bounded(BufferedWriter):
    """A file that takes no more than MOST_BYTES."""

    def write(self, part: object, /) -> int:
        """Write, or raise FileTooLarge."""
        if self.tell() + len(memoryview(part)) > MOST_BYTES:  # type: ignore[arg-type]
            raise FileTooLarge(f"A file is larger than {MOST_BYTES // 2**20} MB.", do="Ask the sender to send it in parts.")
        try:
            return super().write(part)  # type: ignore[arg-type]
        except OSError as error:  # told apart from a source that breaks off
            raise NotWritten("A file could not be written here.", do=OURS) from error


def fetch_all(
    sources: Sequence[NamedSource],
    inbox: Path,
    kept: Path,
    environ: Mapping[str, str],
    wait: Callable[[float], None] = time.sleep,
) -> list[Fetched]:
    """Fetch from each source into the commissioner's folder; `kept` holds the ledgers. One that is down stops nobody else."""
    kept.mkdir(parents=True, exist_ok=True)
    return [fetch(source, inbox / source.into, Ledger.opened(kept / f"{source.name}.json"), environ, wait) for source in sources]


def fetch(named: NamedSource, into: Path, ledger: Ledger, environ: Mapping[str, str], wait: Callable[[float], None]) -> Fetched:
    """Fetch from one source, trying again after a wait that doubles; what was fetched before it broke off is kept."""
    told = Fetched(named.name, named.kind)
    try:
        source = named.made(environ)
    except UsageError as error:
        told.problem, told.do = error.what, error.do
        return told
    try:
        while told.tries < named.tries:
            told.tries += 1
            try:
                take(source, into, ledger, told)
                told.problem = told.do = ""
                break
            except SourceDown as error:
                told.problem, told.do = error.what, error.do
                if told.tries < named.tries:
                    wait(min(named.wait_seconds * 2 ** (told.tries - 1), LONGEST_WAIT))
    except NotWritten as error:
        told.problem, told.do = error.what, error.do
    finally:
        source.close()
    return told


def take(source: Source, into: Path, ledger: Ledger, told: Fetched) -> None:
    """Take everything a source offers that we do not have. Raises SourceDown."""
    told.had_already = told.too_large = 0
    for one in source.offered():
        if key_of(one) in ledger.had:
            told.had_already += 1
            source.done(one)  # it may not have heard it the last time
            continue
        if one.size is not None and one.size > MOST_BYTES:
            told.too_large += 1
            continue
        try:
            told.bytes += save(source, one, into)
            ledger.add(one)
        except FileTooLarge:
            told.too_large += 1
            continue
        except OSError as error:
            raise NotWritten("A file could not be written here.", do=OURS) from error
        told.files += 1
        source.done(one)


def save(source: Source, one: Offered, into: Path) -> int:
    """Write one file below the folder, whole or not at all, over nothing else; returns its bytes. A half-made one is hidden."""
    into.mkdir(parents=True, exist_ok=True)
    half_made = into / f".fetching.{os.getpid()}"
    try:
        with Bounded(half_made.open("wb", buffering=0)) as out:
            name = source.copy(one, out)
            out.flush()
            os.fsync(out.fileno())
        size = half_made.stat().st_size
        if one.size is not None and size != one.size:
            raise SourceDown("A file changed while it was fetched.", do="It is fetched anew next time.")
        target = free_place(into, safe_name(name), half_made)
        target.parent.mkdir(parents=True, exist_ok=True)
        half_made.replace(target)
    finally:
        half_made.unlink(missing_ok=True)
    return size


def free_place(into: Path, name: str, content: Path) -> Path:
    """Where the file goes: under its name, or with a number behind it where another file has that name."""
    target, number = into / name, 1
    while target.exists() and not is_same(target, content):
        number += 1
        target = (into / name).with_name(f"{Path(name).stem} ({number}){Path(name).suffix}")
    return target


def is_same(one: Path, other: Path) -> bool:
    """True where two files hold the same bytes."""
    if not one.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        return hashlib.file_digest(first, "sha256").digest() == hashlib.file_digest(second, "sha256").digest()


def safe_name(name: str) -> str:
    """A sender's name as one that stays below the folder: no way up, no hidden parts, no control letters, not too long."""
    parts = [re.sub(r"[\x00-\x1f\x7f\\:*?\"<>|]", "_", part).strip(" .")[-LONGEST_NAME:] for part in name.replace("\\", "/").split("/")]
    kept = [part for part in parts if part.strip("._ ")]
    return "/".join(kept[-8:]) or "file"


def key_of(one: Offered) -> str:
    """What a file is known by in the ledger."""
    return hashlib.sha256(f"{one.name}\0{one.size}\0{one.mark}".encode("utf-8", "surrogateescape")).hexdigest()
