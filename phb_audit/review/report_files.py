"""Reports: packs and the files of each night, with their hashes, to take away. Only what is listed can be asked for, by its name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from starlette.responses import FileResponse, Response

from phb_audit.periods import plain_day
from phb_audit.review.desk import Desk, Visit, not_found
from phb_audit.review.permissions import may

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# the folder below the home, and how the file ends -> the name it is asked for by, what it is, and its kind
KINDS = {
    ("reports", ".html"): ("flagged-items.html", "Flagged items, as a page", "text/html"),
    ("reports", ".pdf"): ("flagged-items.pdf", "Flagged items, to print", "application/pdf"),
    ("reports", ".xlsx"): ("flagged-items.xlsx", "Flagged items, as a workbook to decide in", WORKBOOK),
    ("reports", ".csv"): ("flagged-items.csv", "Flagged items, as CSV", "text/csv"),
    ("reports", ".json"): ("flagged-items.json", "Flagged items, as JSON", "application/json"),
    ("quality", ".html"): ("data-quality.html", "Data quality, as a page", "text/html"),
    ("quality", ".xlsx"): ("data-quality.xlsx", "Data quality, as a workbook", WORKBOOK),
    ("packs", ".html"): ("pack.html", "As a page", "text/html"),
    ("packs", ".pdf"): ("pack.pdf", "To print", "application/pdf"),
    ("packs", ".xlsx"): ("pack.xlsx", "As a workbook", WORKBOOK),
}
PACK = re.compile(r"-pack-(\d{4}-\d{2})(?:-(\d+)-months)?(-outside)?")
"""What follows the commissioner's code in the name of a pack: its last month, how many months where more than one, and for whom."""


@dataclass(frozen=True)
class File:
    """A file that may be taken away, of a night or of a pack (`run_id` is then the pack's name, and `title` says which it is)."""

    run_id: str
    name: str
    words: str
    kind: str
    path: Path
    size_bytes: int
    made_at: str
    sha256: str
    title: str
    is_pack: bool


def show(visit: Visit) -> Response:
    """Packs, and every night's files, newest first. The committee takes packs away, and no file with single items."""
    files = listed(visit.desk)
    groups: dict[str, list[File]] = {}
    for file in files:
        groups.setdefault(file.run_id, []).append(file)
    return visit.shown(
        "reports.jinja",
        groups=[(of_one[0].title, [(file, may_take(visit, file)) for file in of_one]) for of_one in groups.values()],
        takes_items=visit.person.role != "governance",
        may_upload=may(visit.person.role, "upload"),
    )


def may_take(visit: Visit, file: File) -> bool:
    """Whether this person may take a file away. Areas bound it: whoever sees only some sees no file of all."""
    return may(visit.person.role, "download") and not visit.person.areas and (file.is_pack or visit.person.role != "governance")


def download(visit: Visit) -> Response:
    """One file."""
    wanted = (visit.request.path_params["run_id"], visit.request.path_params["name"])
    file = next((file for file in listed(visit.desk) if (file.run_id, file.name) == wanted), None)
    if file is None or not may_take(visit, file):
        raise not_found()
    visit.keep("download", file=file.name, run_id=file.run_id, sha256=file.sha256)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store"}
    return FileResponse(file.path, media_type=file.kind, filename=f"{file.run_id}-{file.name}", headers=headers)


def listed(desk: Desk) -> list[File]:
    """The packs of this commissioner and the files of every night, each newest first."""
    found = []
    for (room, ending), (name, words, kind) in KINDS.items():
        for path in sorted((desk.settings.home / room / desk.commissioner_code).glob(f"*{ending}")):
            title = (pack_title if room == "packs" else night_title)(path.stem, desk.commissioner_code)
            if title:
                stat = path.stat()
                made = datetime.fromtimestamp(stat.st_mtime, UTC).isoformat(timespec="seconds")
                digest = hash_of(path, stat.st_mtime_ns, stat.st_size)
                found.append(File(path.stem, name, words, kind, path, stat.st_size, made, digest, title, room == "packs"))
    return sorted(found, key=lambda file: (file.is_pack, file.run_id), reverse=True)


def night_title(stem: str, commissioner_code: str) -> str:
    """Which night a file is of, from its name '<commissioner>-<as_of>'; empty where it is no night's."""
    try:
        on = date.fromisoformat(stem[-10:])
    except ValueError:
        return ""
    return f"Night of {plain_day(on)}" if stem == f"{commissioner_code}-{on}" else ""


def pack_title(stem: str, commissioner_code: str) -> str:
    """Which pack a file is, from its name; empty where it is none."""
    told = PACK.fullmatch(stem.removeprefix(commissioner_code)) if stem.startswith(commissioner_code) else None
    try:
        last = date.fromisoformat(f"{told[1]}-01") if told else None
    except ValueError:
        last = None
    if told is None or last is None:
        return ""
    months = f"{told[2]} months to {last:%B %Y}" if told[2] else f"{last:%B %Y}"
    return f"Committee pack, {months}{', to be shared outside' if told[3] else ''}"


@cache
def hash_of(path: Path, _changed_ns: int, _size: int) -> str:
    """SHA-256 of a file, worked out again when it changed."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
