"""Readings of many papers, one child process after another, each kept by the hash of its file."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from phb_audit.errors import REFUSED
from phb_audit.evidence.goods import Item
from phb_audit.evidence.paper import Place, Word
from phb_audit.evidence.reading import Field, Reading

VERSION = "4"
"""Goes up when the same picture may be read otherwise: what was kept is read anew."""
SECONDS_A_FILE = 180
GIVES_MEMORY_BACK = {"MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_ARENA_MAX": "2"}
"""glibc keeps what large pictures took otherwise, and the engine asks for more on top."""


@dataclass(frozen=True)
class Outcome:
    """What came of one file: its reading, or the problem and what to do; `words` with their places where all of it has its own text."""

    path: Path
    reading: Reading | None
    sha256: str = ""
    problem: str = ""
    do: str = ""
    exit_code: int = 0
    is_kept: bool = False
    words: tuple[Word, ...] = ()


def readings(
    paths: Sequence[Path], *, engine: str | None = None, kept_in: Path | None = None, seconds: int = SECONDS_A_FILE
) -> Iterator[Outcome]:
    """Read each paper, in order. `kept_in`: a folder where readings are kept by hash and looked up; `seconds`: most for one file."""
    pending: list[Path] = []
    for path in paths:
        if kept_in is not None and (found := _kept(path, engine, kept_in)) is not None:
            yield from _answers(pending, engine, kept_in, seconds)
            pending = []
            yield found
        else:
            pending.append(path)
    yield from _answers(pending, engine, kept_in, seconds)


def _answers(paths: Sequence[Path], engine: str | None, kept_in: Path | None, seconds: int) -> Iterator[Outcome]:
    """From children: one that dies or takes too long costs its own file only."""
    left = list(paths)
    while left:
        child = subprocess.Popen(
            [sys.executable, "-m", "phb_audit.evidence.child", engine or ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "2", **GIVES_MEMORY_BACK},
        )
        lines, listener = _lines_of(child)
        try:
            while left:
                _ask(child, left[0])
                path, answer = left.pop(0), _next(lines, seconds)
                if answer is None:
                    yield _lost(path, seconds)
                    break
                outcome = outcome_of(path, json.loads(answer))
                _keep(outcome, engine, kept_in)
                yield outcome
        finally:
            _end(child, listener)


def _end(child: subprocess.Popen[str], listener: threading.Thread) -> None:
    child.kill()
    child.wait()
    listener.join()
    for pipe in (child.stdin, child.stdout):
        with suppress(BrokenPipeError):
            if pipe is not None:
                pipe.close()


def _ask(child: subprocess.Popen[str], path: Path) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError):  # it has died: the missing answer says so
        child.stdin.write(f"{json.dumps(str(path))}\n")  # a name may hold a new line
        child.stdin.flush()


def _lines_of(child: subprocess.Popen[str]) -> tuple[queue.Queue[str | None], threading.Thread]:
    lines: queue.Queue[str | None] = queue.Queue()

    def listen() -> None:
        assert child.stdout is not None
        for line in child.stdout:
            lines.put(line)
        lines.put(None)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    return lines, listener


def _next(lines: queue.Queue[str | None], seconds: int) -> str | None:
    try:
        return lines.get(timeout=seconds)
    except queue.Empty:
        return None


def _lost(path: Path, seconds: int) -> Outcome:
    problem = f"{path.name} could not be read within {seconds} seconds and the memory a paper may need."
    return Outcome(path, None, problem=problem, do="Send a smaller or clearer picture.", exit_code=REFUSED)


def outcome_of(path: Path, answer: dict[str, Any]) -> Outcome:
    """What came of a file, from its answer as JSON."""
    if "problem" in answer:
        return Outcome(path, None, problem=answer["problem"], do=answer["do"], exit_code=answer["exit_code"])
    words = tuple(Word(text, left, top, right, bottom, page=page) for text, left, top, right, bottom, page in answer.get("words", ()))
    return Outcome(path, reading_from(answer["reading"]), answer["sha256"], words=words)


def answer_of(outcome: Outcome) -> dict[str, Any]:
    """What came of a file that was read, as JSON from which `outcome_of` makes it again."""
    assert outcome.reading is not None
    words = [(word.text, word.left, word.top, word.right, word.bottom, word.page) for word in outcome.words]
    return {"sha256": outcome.sha256, "reading": asdict(outcome.reading), "words": words}


def reading_from(told: dict[str, Any]) -> Reading:
    """A Reading from its JSON."""
    fields = {
        name: Field(**{**told[name], "place": Place(**told[name]["place"])}) if told[name] else None
        for name in ("company", "day", "total", "vat")
    }
    return Reading(
        **fields,
        items=tuple(Item(**{**item, "place": Place(**item["place"])}) for item in told["items"]),
        amounts_pence=tuple(told["amounts_pence"]),
        days=tuple(date.fromisoformat(day) for day in told["days"]),
        lines=tuple(told["lines"]),
        read_by=told["read_by"],
        pages=told["pages"],
        remarks=tuple(told["remarks"]),
        picture_mark=told["picture_mark"],
        left_over_pence=told["left_over_pence"],
    )


def _file_of(digest: str, engine: str | None, folder: Path) -> Path:
    return folder / f"{digest}-{engine or 'best'}-{VERSION}.json"


def _kept(path: Path, engine: str | None, folder: Path) -> Outcome | None:
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        told = json.loads(_file_of(digest, engine, folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Outcome(path, reading_from(told), digest, is_kept=True)


def _keep(outcome: Outcome, engine: str | None, folder: Path | None) -> None:
    if folder is None or outcome.reading is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    place = _file_of(outcome.sha256, engine, folder)
    beside = place.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(asdict(outcome.reading), default=str), encoding="utf-8")
    beside.chmod(0o600)
    beside.replace(place)
