"""What a new night says of its items and people is read ahead by a process of its own, so that the one that answers neither works nor
grows for it: `python -m phb_audit.review.ahead FILE CODE INODE MODIFIED` writes all of it, packed, to standard output.

The app's process takes it in, and asks the night itself for what is not there yet. Nothing is written to a disk. The reader ends when it
is done, when nobody listens any more (the app ended, however it did), or when a newer night stands there.
"""

from __future__ import annotations

import gc
import logging
import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Literal

from phb_audit.errors import PhbAuditError
from phb_audit.review.night import Nights, ShownNight, Stamp, opened

log = logging.getLogger("phb_audit.review")
Kind = Literal["items", "persons"]
Taken = tuple[Path, Stamp]
KINDS: tuple[Kind, ...] = ("items", "persons")
HEAD = struct.Struct(">BII")  # which of KINDS, the number of the ten, and the length of what is packed
FIRST = 10  # hundreds of items that come before the people: the pages everybody opens first
AT_EASE = 10  # of `nice`: whoever waits for an answer comes first


def read_ahead(nights: Nights, made_ready: Callable[[ShownNight], object], every_seconds: float = 15) -> None:
    """Take up each new night before somebody asks for it; goes on for as long as the app is served.

    `made_ready` works out whatever else of a night pages begin with.
    """
    last: Taken | None = None
    while True:
        last = taken_up(nights, last, made_ready)
        time.sleep(every_seconds)


def taken_up(nights: Nights, last: Taken | None, made_ready: Callable[[ShownNight], object]) -> Taken | None:
    """Take up the newest night unless it is the one that was taken up last; returns which that is now. What fails is tried again.

    The night before is named and not held: it goes, with all that was read of it, before the next is read. What a night is made of is
    looked through for rubbish here and then no more: looking through all of it in the middle of a page keeps everybody waiting.
    """
    try:
        newest = nights.newest()
        if (newest.path, newest.stamp) != last:
            gc.unfreeze()
            gc.collect()
            made_ready(newest)
            take_in(nights, newest)
            gc.collect()
            gc.freeze()
    except (PhbAuditError, OSError):  # there is none yet, or it is put there at this moment
        return last
    except Exception as error:  # its text may hold data
        log.warning("The night could not be read ahead (%s); pages are slower until it is.", type(error).__name__)
        return last
    return newest.path, newest.stamp


def take_in(nights: Nights, night: ShownNight) -> None:
    """Have the night read and keep what is read, until all is, or there is no room, or the night is no longer the newest."""
    command = [sys.executable, "-m", __name__, str(night.path), nights.commissioner_code, *map(str, night.stamp)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet) as reader:
        assert reader.stdout is not None
        is_over = False
        for place, (kind, number, packed) in enumerate(frames(reader.stdout)):
            has_room = night.held(kind).take_in(number, packed)
            if is_over := not has_room or (place % 10 == 0 and nights.newest() is not night):
                reader.kill()
                break
    if reader.returncode and not is_over:
        log.warning("The night could not be read ahead (%d); pages are slower until it is published anew.", reader.returncode)


def frames(read: IO[bytes]) -> Iterator[tuple[Kind, int, bytes]]:
    """What the reader writes, as far as it is whole."""
    while len(head := read.read(HEAD.size)) == HEAD.size:
        kind, number, length = HEAD.unpack(head)
        packed = read.read(length)
        if len(packed) < length:
            return
        yield KINDS[kind], number, packed


def write_all(night: ShownNight, out: IO[bytes]) -> None:
    """The first items of the list, the people, then the other items."""
    items, people = night.items, night.persons
    order: list[tuple[Kind, range]] = [("items", items.parts[:FIRST]), ("persons", people.parts), ("items", items.parts[FIRST:])]
    for kind, part in ((kind, part) for kind, parts in order for part in parts):
        for number, packed in night.held(kind).packed(part):
            out.write(HEAD.pack(KINDS.index(kind), number, len(packed)) + packed)
        out.flush()


def main() -> None:
    """Read the night of the arguments, if its file is still the one that is meant."""
    os.nice(AT_EASE)
    path, code, *stamp = sys.argv[1:]
    night = opened(Path(path), code)
    if [str(number) for number in night.stamp] != stamp or not night.is_in_place:
        return
    try:
        write_all(night, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more, and nothing is left to be written


if __name__ == "__main__":
    main()
