"""Reports: the files of each night, with their hashes, to take away. Only what is listed can be asked for, by its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from starlette.responses import FileResponse, Response

from phb_audit.review.desk import Desk, Visit, not_found
from phb_audit.review.permissions import may

KINDS = {
    ("reports", ".html"): ("flagged-items.html", "Flagged items, as a page", "text/html"),
    ("quality", ".html"): ("data-quality.html", "Data quality, as a page", "text/html"),
    ("quality", ".xlsx"): (
        "data-quality.xlsx",
        "Data quality, as a workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@dataclass(frozen=True)
class File:
    """A file of a night that may be taken away."""

    run_id: str
    name: str
    words: str
    kind: str
    path: Path
    size_bytes: int
    made_at: str
    sha256: str


def show(visit: Visit) -> Response:
    """Every night's files, newest first. The committee sees which nights there are, and takes no file with single items away."""
    files = listed(visit.desk)
    runs = [(run_id, [file for file in files if file.run_id == run_id]) for run_id in dict.fromkeys(file.run_id for file in files)]
    shown = [(run_id, date.fromisoformat(run_id[-10:]), of_run) for run_id, of_run in runs]
    return visit.shown(
        "reports.jinja", runs=shown, may_download=may(visit.person.role, "download"), may_upload=may(visit.person.role, "upload")
    )


def download(visit: Visit) -> Response:
    """One file. Areas bound what a person may take away: whoever sees only some sees no file of all."""
    if visit.person.areas:
        raise not_found()
    wanted = (visit.request.path_params["run_id"], visit.request.path_params["name"])
    file = next((file for file in listed(visit.desk) if (file.run_id, file.name) == wanted), None)
    if file is None:
        raise not_found()
    visit.keep("download", file=file.name, run_id=file.run_id, sha256=file.sha256)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store"}
    return FileResponse(file.path, media_type=file.kind, filename=f"{file.run_id}-{file.name}", headers=headers)


def listed(desk: Desk) -> list[File]:
    """The files of every night of this commissioner, newest first."""
    found = []
    for (room, ending), (name, words, kind) in KINDS.items():
        for path in sorted((desk.settings.home / room / desk.commissioner_code).glob(f"*{ending}")):
            if is_run_of(path.stem, desk.commissioner_code):
                stat = path.stat()
                made = datetime.fromtimestamp(stat.st_mtime, UTC).isoformat(timespec="seconds")
                digest = hash_of(path, stat.st_mtime_ns, stat.st_size)
                found.append(File(path.stem, name, words, kind, path, stat.st_size, made, digest))
    return sorted(found, key=lambda file: file.run_id, reverse=True)


def is_run_of(stem: str, commissioner_code: str) -> bool:
    """Whether a file's name is that of a night: '<commissioner>-<as_of>'."""
    code, day = stem[:-11], stem[-10:]
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return code == commissioner_code and stem[-11:-10] == "-"


@cache
def hash_of(path: Path, _changed_ns: int, _size: int) -> str:
    """SHA-256 of a file, worked out again when it changed."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
