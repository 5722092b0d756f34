"""Decisions of a workbook, the app's own or the report's, come back: each row is checked as a form is, shown before it counts, and
checked again when it does.

The file waits here between the two, for this session alone, for half an hour at most; then it is gone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from phb_audit.cases.decisions import FIRST_READER, REASON_AT_LEAST, REASON_AT_MOST, same_person
from phb_audit.cases.transitions import PROPOSALS, refusal
from phb_audit.cases.workbook import WORDS
from phb_audit.errors import UnreadableFile
from phb_audit.review.accounts import Account
from phb_audit.review.cases import LiveCase, is_first_reader
from phb_audit.review.deciding import made
from phb_audit.review.desk import Refused, Visit
from phb_audit.review.guard import MOST_FILE_MEGABYTES
from phb_audit.review.keeping import UPLOADS
from phb_audit.review.question import reason_problems
from phb_audit.review.unfolding import MOST_CELLS, MOST_COLUMNS, TooManyCells, require_small
from phb_audit.review.workbook import MOST_ROWS, key_of
from phb_audit.sources.workbooks import grids_of_modern

# The reference, the decision, the reason and the hidden key, as the app's own workbook calls them and as the report's does.
LAYOUTS = (("Ref", "Decision", "Reason", "key"), ("Reference", "Decision", "Reason", "Row key"))
WAITS = timedelta(minutes=30)
NOT_OURS = "This is no workbook of decisions. Take one away again, and fill in its yellow cells"
CODES = {words: code for code, words in WORDS.items()}
TOO_MANY = f"The workbook holds more than {MOST_COLUMNS} columns, {MOST_CELLS:,} cells or far too much text. Take one away again"
BUSY = "It could not be written just now. Upload the workbook again"
GONE = "It is not one of yours, or it is not there any more"


@dataclass(frozen=True)
class Row:
    """One row with a decision. `problem`: why it cannot be recorded, empty where it can."""

    line: int
    ref: str
    code: str
    words: str
    reason: str
    key: str
    problem: str = ""
    case: LiveCase | None = None


@dataclass(frozen=True)
class Read:
    """What a workbook holds: rows with a decision, checked; how many have none, were recorded before, and are left for another time."""

    rows: list[Row]
    left_alone: int
    before: int
    later: int

    @property
    def good(self) -> list[Row]:
        """Those that can be recorded."""
        return [row for row in self.rows if not row.problem]

    @property
    def bad(self) -> list[Row]:
        """Those that cannot."""
        return [row for row in self.rows if row.problem]


def ask(visit: Visit) -> Response:
    """The form to choose a file."""
    return visit.shown("upload.jinja", most_megabytes=MOST_FILE_MEGABYTES)


def upload(visit: Visit) -> Response:
    """Read the file, keep it for this session, and show what would be recorded and what would not."""
    if not visit.file:
        return wrong(visit, "Choose the workbook")
    try:
        found = read(visit, visit.file)
    except TooManyCells:
        return wrong(visit, TOO_MANY)
    except UnreadableFile:
        return wrong(visit, NOT_OURS)
    if not found.rows and not found.before:
        return wrong(visit, "No row of the workbook has a decision")
    digest = hashlib.sha256(visit.file).hexdigest()
    keep_file(visit, digest)
    visit.keep(
        "upload_decisions",
        sha256=digest,
        accepted=[row.ref for row in found.good],
        refused=len(found.bad),
    )
    return visit.shown("upload_preview.jinja", found=found, digest=digest)


def record(visit: Visit) -> Response:
    """Record what can be; each row is checked again, and one that cannot be recorded hinders no other."""
    digest = visit.given("digest")
    data = kept_file(visit, digest)
    if data is None:
        raise Refused(409, "The workbook is not here any more", "Nothing was recorded. Upload it again and look at its rows.")
    found = read(visit, data)
    visit.keep("record_decisions", sha256=digest, refs=[row.ref for row in found.good])
    done, refused, is_busy = list[Row](), found.bad, False
    for row in found.good:
        if is_busy:  # each would wait as long again
            refused.append(replace(row, problem=BUSY))
            continue
        try:
            made(visit, row.case, row.code, row.reason, {})  # type: ignore[arg-type]
            done.append(row)
        except Refused as error:
            refused.append(replace(row, problem=error.words))
        except OperationalError:
            is_busy = True
            refused.append(replace(row, problem=BUSY))
    proposals = sum(row.code in PROPOSALS for row in done)
    return visit.shown("upload_done.jinja", done=done, refused=refused, proposals=proposals, later=found.later)


def wrong(visit: Visit, words: str) -> Response:
    """The form again, with what is wrong with the file."""
    return visit.shown("upload.jinja", status=400, problems=[("file", words)], most_megabytes=MOST_FILE_MEGABYTES)


def read(visit: Visit, data: bytes) -> Read:
    """The rows with a decision, checked. Raises UnreadableFile for what is no workbook of decisions."""
    require_small(data)
    filled, left_alone = filled_in(grids_of_modern(data))
    mine = {case.ref: case for case in visit.cases()}
    before = [row for row in filled if (case := mine.get(row.ref)) and is_recorded(case, row, visit.person)]
    rows = [row for row in filled if row not in before]
    times = Counter(row.ref for row in rows)
    checked_rows = [checked(visit, row, mine.get(row.ref), is_twice=times[row.ref] > 1) for row in rows[:MOST_ROWS]]
    return Read(checked_rows, left_alone, len(before), len(rows) - len(checked_rows))


def filled_in(grids: Sequence[pl.DataFrame]) -> tuple[list[Row], int]:
    """The rows of every sheet of decisions in which somebody wrote, and how many rows nobody wrote in. Raises UnreadableFile where no
    sheet is one."""
    rows, left_alone, is_ours = list[Row](), 0, False
    for grid in grids:
        header, *cells = [[cell or "" for cell in row] for row in grid.drop("line_number").rows()] or [[]]
        layout = next((names for names in LAYOUTS if set(names) <= set(header)), None)
        if layout is None:
            continue
        is_ours = True
        places = [header.index(name) for name in layout]
        for line, row in enumerate(cells, start=2):
            ref, words, reason, key = (row[place].strip() for place in places)
            if words or reason:
                rows.append(Row(line, ref.upper()[:20], CODES.get(words, ""), words[:60], " ".join(reason.split()), key))
            else:
                left_alone += any(row)
    if not is_ours:
        raise UnreadableFile(NOT_OURS, do="")
    return rows, left_alone


def is_recorded(case: LiveCase, row: Row, person: Account) -> bool:
    """Whether this very decision of this person's is in the casebook already: a workbook may come back as often as one likes."""
    stands = case.standing
    return stands.decision_code == row.code and stands.reason == row.reason and same_person(person.shown_name, stands.decided_by or "")


def checked(visit: Visit, row: Row, case: LiveCase | None, *, is_twice: bool) -> Row:
    """One row, with what is wrong with it, if anything."""
    problem = ""
    if case is None:
        problem = GONE
    elif is_twice:
        problem = "It is in the workbook twice"
    elif not row.code:
        problem = f"Choose one of the decisions: {', '.join(WORDS.values())}"
    elif not REASON_AT_LEAST <= len(row.reason) <= REASON_AT_MOST:
        problem = f"Write a reason of {REASON_AT_LEAST} to {REASON_AT_MOST:,} letters"
    elif wrong_words := reason_problems(row.reason):
        problem = wrong_words[0]
    elif refused := refusal(row.code, state=case.state, kind=case.kind, role=visit.person.role):
        problem = refused
    elif is_first_reader(case, visit.person):
        problem = f"{FIRST_READER} Another person decides it now"
    elif row.key != key_of(visit, case):
        problem = "It has changed since the workbook was made. Open it, and decide it there"
    return replace(row, reason=row.reason[:REASON_AT_MOST], problem=problem, case=case)


def keep_file(visit: Visit, digest: str) -> None:
    """Keep the file for this session, in place of any before; what waited too long goes."""
    session = visit.session
    if session is None or visit.file is None:
        return
    old = (UPLOADS.c.uploaded_at < (visit.now - WAITS).isoformat()) | (UPLOADS.c.session_hash == session.session_hash)
    row = {"session_hash": session.session_hash, "sha256": digest, "content": visit.file, "uploaded_at": visit.now.isoformat()}
    with visit.desk.accounts.begin() as connection:
        connection.execute(delete(UPLOADS).where(old))
        connection.execute(insert(UPLOADS), row)


def kept_file(visit: Visit, digest: str) -> bytes | None:
    """The file this session uploaded, and it waits no longer; None where it is another one, or gone."""
    session = visit.session
    if session is None:
        return None
    mine = (UPLOADS.c.session_hash == session.session_hash) & (UPLOADS.c.sha256 == digest)
    with visit.desk.accounts.begin() as connection:
        recent = UPLOADS.c.uploaded_at >= (visit.now - WAITS).isoformat()
        found = connection.execute(select(UPLOADS.c.content).where(mine & recent)).scalar_one_or_none()
        connection.execute(delete(UPLOADS).where(mine))
    return bytes(found) if found is not None else None
