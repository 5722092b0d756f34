"""All that people recorded for a commissioner, copied into one folder and put back: what was decided, also in lanes, and who saw what.

Each copy is one SQLite file that stands alone (casebook_copies.py) and shows its book as it was at one moment; `heads.txt` names the
copies, with their events and last hashes, so that a folder of which something is missing is not put back.
Accounts are not in it: they hold passwords, and people are added again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from phb_audit.cases.casebook import last_of, open_casebook
from phb_audit.cases.casebook_copies import put_back, require_holds, write_copy
from phb_audit.cases.casebook_store import is_kept, reading
from phb_audit.cases.lane_cases import book_code, open_lane
from phb_audit.cases.lane_moves import READERS
from phb_audit.errors import CLEAN, UsageError
from phb_audit.review.keeping import access_log, has_log, lane_log
from phb_audit.settings import Settings

Say = Callable[[str], None]
HEADS, CASEBOOK = "heads.txt", "casebook.sqlite"
OWNER_ONLY = 0o700


@dataclass(frozen=True)
class Book:
    """One of them: the name of its copy, what it is, whether there is any yet, and how it is opened (it is made when absent)."""

    name: str
    words: str
    is_there: bool
    opened: Callable[[], AbstractContextManager[Engine]]


def books_of(settings: Settings, code: str) -> list[Book]:
    """Every book a commissioner may have."""

    @contextmanager
    def casebook() -> Iterator[Engine]:
        with open_casebook(settings, code) as book:
            yield book.engine

    @contextmanager
    def lane_book(lane: str) -> Iterator[Engine]:
        with open_lane(settings, code, lane) as book:
            yield book.engine

    @contextmanager
    def log(lane: str | None) -> Iterator[Engine]:
        with closing(lane_log(settings, code, lane) if lane else access_log(settings, code)) as book:
            yield book.engine

    books = [Book(CASEBOOK, "What people decided", is_kept(settings, code), casebook)]
    for lane in READERS:
        is_there = is_kept(settings, book_code(code, lane))
        books.append(Book(f"casebook_{lane}.sqlite", f"What was decided in the {lane} lane", is_there, partial(lane_book, lane)))
    books.append(Book("access.sqlite", "Who signed in and saw what", has_log(settings, code), partial(log, None)))
    for lane in READERS:
        books.append(Book(f"access_{lane}.sqlite", f"Who saw what of the {lane} lane", has_log(settings, code, lane), partial(log, lane)))
    return books


def back_up_all(settings: Settings, code: str, target: Path, *, say: Say) -> int:
    """Write copies of all there is into the folder `target`, which must not be there.

    Raises UsageError where there is nothing yet, or the folder is there; BrokenCasebook where a log does not hold: nothing is kept then.
    """
    books = [book for book in books_of(settings, code) if book.is_there]
    if not books:
        raise UsageError(f"Nobody has decided or seen anything of {code} yet: there is nothing to copy.")
    try:
        target.mkdir(OWNER_ONLY)  # the name is ours from here on
    except FileExistsError as error:
        raise UsageError(f"{target.name} is there already, and is not written over.", do="Name another folder.") from error
    except OSError as error:
        raise UsageError(f"{target.name} cannot be written.", do="Check the folder and its permissions.") from error
    lines, told = [code], []
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            written = Path(folder) / "all"
            written.mkdir(OWNER_ONLY)
            for book in books:
                with book.opened() as engine:
                    count, last = write_copy(engine, written / book.name)
                lines.append(f"{book.name} {count} {last}")
                told.append(f"  {book.words}: {count} events in {book.name}, the last {last}.")
            (written / HEADS).write_text("\n".join([*lines, ""]), encoding="utf-8")
            written.replace(target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    say("\n".join([f"Copied into {target}:", *told, "Keep the hashes somewhere else than the copies. Accounts are not in it."]))
    return CLEAN


def restore_all(settings: Settings, code: str, source: Path, *, head: str | None = None, say: Say) -> int:
    """Put back all that a folder holds, once everything of it was checked; a book that stands as its copy does is left as it is.

    Raises UsageError where the folder is none of `back_up_all`, is another commissioner's, or a book has other events; BrokenCasebook
    where a copy does not hold, is not the one that was written, or (what people decided) no event of it carries `head`. Then nothing is
    written.
    """
    books = {book.name: book for book in books_of(settings, code)}
    listed = _listed(source, code)
    if not listed.keys() <= books.keys():
        raise UsageError(f"{source.name} holds copies that this version does not know.", do="Restore it with the version that wrote it.")
    if head and CASEBOOK not in listed:
        raise UsageError("This copy holds nothing people decided, so no event carries that hash.", do="Take another copy.")
    wanted = list[Book]()
    for name, (count, last) in listed.items():
        found = require_holds(source / name, last)
        if head and name == CASEBOOK:
            require_holds(source / name, head)
        if found != (count, last):
            raise UsageError(f"{name} is not the copy that {HEADS} names.", do="Nothing was restored. Take an earlier copy.")
        if not _stands(books[name], count, last):
            wanted.append(books[name])
    for book in wanted:
        with book.opened() as engine:
            put_back(engine, source / book.name, book.words)
    told = [f"  {books[name].words}: {count} events, the last {last}." for name, (count, last) in listed.items()]
    say("\n".join([f"Restored for {code}:", *told, "People who may sign in are added again: phb-audit user add."]))
    return CLEAN


def _listed(source: Path, code: str) -> dict[str, tuple[int, str]]:
    """The copies of a folder, with their events and last hashes."""
    try:
        of, *lines = (source / HEADS).read_text(encoding="utf-8").splitlines()
        listed = {name: (int(count), last) for name, count, last in (line.split() for line in lines)}
    except (OSError, ValueError) as error:
        what = f"{source.name} is no folder that `phb-audit casebook backup` wrote."
        raise UsageError(what, do="Name such a folder, or give --lane ordinary with a single copy.") from error
    if of != code:
        raise UsageError(f"{source.name} is a copy of {of}, not of {code}.", do="Name the right commissioner with --commissioner.")
    return listed


def _stands(book: Book, count: int, last: str) -> bool:
    """Whether a book has the events of its copy. Raises UsageError where it has others; False where it has none."""
    if not book.is_there:
        return False
    with book.opened() as engine, reading(engine) as connection:
        found = last_of(connection)
    if found[0] and found != (count, last):
        do = "Nothing was restored. Move it away first (the SQLite file with its -wal and -shm, or rename the schema)."
        raise UsageError(f"{book.words}: there are events already, and they are not written over.", do=do)
    return found[0] > 0
