"""Decisions of a workbook come back: each row is checked as a form is, shown before it counts, and checked again when it does.

The file waits here between the two, for this session alone, for half an hour at most; then it is gone.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from phb_audit.cases.decisions import REASON_AT_LEAST
from phb_audit.cases.transitions import PROPOSALS, refusal
from phb_audit.errors import UnreadableFile
from phb_audit.review.cases import LiveCase
from phb_audit.review.deciding import made
from phb_audit.review.desk import Refused, Visit
from phb_audit.review.keeping import UPLOADS
from phb_audit.review.question import CHOICES, MOST_LETTERS
from phb_audit.review.workbook import COLUMNS, DECISION, KEY, MOST_ROWS, REASON, key_of, words_of_decisions
from phb_audit.sources.workbooks import grids_of_modern

WAITS = timedelta(minutes=30)
MOST_UNPACKED_BYTES = 50 * 1024 * 1024
NOT_OURS = "This is not the workbook of decisions. Take it away from the list again, and fill in its yellow cells"
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


def ask(visit: Visit) -> Response:
    """The form to choose a file."""
    return visit.shown("upload.jinja")


def upload(visit: Visit) -> Response:
    """Read the file, keep it for this session, and show what would be recorded and what would not."""
    if not visit.file:
        return wrong(visit, "Choose the workbook")
    try:
        rows, left_alone = read(visit, visit.file)
    except UnreadableFile:
        return wrong(visit, NOT_OURS)
    if not rows:
        return wrong(visit, "No row of the workbook has a decision")
    digest = hashlib.sha256(visit.file).hexdigest()
    keep_file(visit, digest)
    visit.keep(
        "upload_decisions",
        sha256=digest,
        accepted=[row.ref for row in rows if not row.problem],
        refused=sum(bool(row.problem) for row in rows),
    )
    accepted, refused = [row for row in rows if not row.problem], [row for row in rows if row.problem]
    return visit.shown("upload_preview.jinja", accepted=accepted, refused=refused, left_alone=left_alone, digest=digest)


def record(visit: Visit) -> Response:
    """Record what can be; each row is checked again, and one that cannot be recorded hinders no other."""
    digest = visit.given("digest")
    data = kept_file(visit, digest)
    if data is None:
        raise Refused(409, "The workbook is not here any more", "Nothing was recorded. Upload it again and look at its rows.")
    rows, _ = read(visit, data)
    visit.keep("record_decisions", sha256=digest, refs=[row.ref for row in rows if not row.problem])
    done, refused = list[Row](), [row for row in rows if row.problem]
    for row in (row for row in rows if row.case and not row.problem):
        try:
            made(visit, row.case, row.code, row.reason, {})  # type: ignore[arg-type]
            done.append(row)
        except Refused as error:
            refused.append(replace(row, problem=error.words))
        except OperationalError:
            refused.append(replace(row, problem="It could not be written just now. Upload the workbook again"))
    return visit.shown("upload_done.jinja", done=done, refused=refused, proposals=sum(row.code in PROPOSALS for row in done))


def wrong(visit: Visit, words: str) -> Response:
    """The form again, with what is wrong with the file."""
    return visit.shown("upload.jinja", status=400, problems=[("file", words)])


def read(visit: Visit, data: bytes) -> tuple[list[Row], int]:
    """The rows with a decision, checked, and how many rows have none. Raises UnreadableFile for what is not the workbook."""
    require_small(data)
    grids = grids_of_modern(data)
    grid = grids[0].drop("line_number") if grids else None
    if grid is None or grid.width < len(COLUMNS) or grid.height > MOST_ROWS + 1:
        raise UnreadableFile(NOT_OURS, do="")
    header, *cells = [[cell or "" for cell in row] for row in grid.rows()]
    if header[: len(COLUMNS)] != [name for name, _ in COLUMNS]:
        raise UnreadableFile(NOT_OURS, do="")
    mine = {case.ref: case for case in visit.cases()}
    filled = [(line, row) for line, row in enumerate(cells, start=2) if row[DECISION].strip() or row[REASON].strip()]
    refs = [row[0].strip().upper() for _, row in filled]
    rows = [checked(visit, line, row, mine.get(ref), is_twice=refs.count(ref) > 1) for (line, row), ref in zip(filled, refs, strict=True)]
    return rows, sum(1 for row in cells if any(row)) - len(filled)


def checked(visit: Visit, line: int, cells: list[str], case: LiveCase | None, *, is_twice: bool) -> Row:
    """One row, with what is wrong with it, if anything."""
    words, reason, key = cells[DECISION].strip(), " ".join(cells[REASON].split()), cells[KEY].strip()
    code = words_of_decisions().get(words, "")
    problem = ""
    if case is None:
        problem = GONE
    elif is_twice:
        problem = "It is in the workbook twice"
    elif not code:
        problem = f"Choose one of the decisions: {', '.join(words_of_decisions())}"
    elif not REASON_AT_LEAST <= len(reason) <= MOST_LETTERS:
        problem = f"Write a reason of {REASON_AT_LEAST} to {MOST_LETTERS:,} letters"
    elif refused := refusal(code, state=case.state, kind=case.kind, role=visit.person.role):
        problem = refused
    elif key != key_of(visit, case):
        problem = "It has changed since the workbook was made. Open it, and decide it there"
    shown = CHOICES[code][0] if code else words[:60]
    return Row(line, cells[0].strip().upper()[:20], code, shown, reason[:MOST_LETTERS], key, problem, case)


def require_small(data: bytes) -> None:
    """Raises UnreadableFile for an archive that unfolds to far more than a workbook of decisions is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFile(NOT_OURS, do="") from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise UnreadableFile(NOT_OURS, do="")


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
