"""What lies in a commissioner's folder: every file with its SHA-256, in the order of its name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NOT_DATA = frozenset({"mappings"})
MOST_BYTES = 1024 * 1024 * 1024
LONG_FILE_BYTES, LONGEST_LINE_BYTES = 64 * 1024 * 1024, 16 * 1024 * 1024
PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"%PDF")
DIGIT_RUN = re.compile(r"\d(?:[ -]?\d){5,}")
ISO_DATE = re.compile(r"(19|20)\d\d-[01]\d(-[0-3]\d)?")


@dataclass(frozen=True)
class Arrival:
    """One file: where it is, its SHA-256, its size in bytes, its name below the folder, the name to show, and why it is not read."""

    path: Path
    file_id: str
    size_bytes: int
    name: str
    shown_name: str
    refusal: str = ""


def arrived(inbox: Path) -> Iterator[tuple[Arrival, bytes | None]]:
    """Every data file below the folder with its bytes, sorted by name; mappings, hidden files and READMEs are left out.

    The bytes are None for a file that may not be read.
    """
    shown: dict[tuple[str, str], int] = {}
    for path in data_files(inbox):
        refusal = refusal_of(path)
        data = None if refusal else bytes_of(path)
        name = plain_name(path, inbox)
        file_id, masked = hashlib.sha256(data or b"").hexdigest(), masked_name(name)
        times = shown[file_id, masked] = shown.get((file_id, masked), 0) + 1
        yield Arrival(path, file_id, len(data or b""), name, masked if times == 1 else f"{masked} ({times})", refusal), data


def plain_name(path: Path, inbox: Path) -> str:
    """The name below the inbox; bytes that are no UTF-8 (a name from an old archive) and line breaks show as '?'."""
    name = path.relative_to(inbox).as_posix().encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x1f\x7f]", "?", name)


def refusal_of(path: Path) -> str:
    """Why a file is too large to be read whole; empty for others. Only its beginning is looked at."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            return f"The file is larger than {MOST_BYTES // 2**20} MB. Ask the sender to send it in parts."
        if size <= LONG_FILE_BYTES:
            return ""
        with path.open("rb") as opened:
            head = opened.read(LONGEST_LINE_BYTES)
    except OSError:
        return ""
    if head.startswith(PACKED) or b"\n" in head or b"\r" in head:
        return ""
    return f"The file is one line of more than {LONGEST_LINE_BYTES // 2**20} MB, so it is no table. Ask the sender to export it again."


def bytes_of(path: Path) -> bytes | None:
    """The bytes of a file, or None where the night may not read it."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def data_files(inbox: Path) -> list[Path]:
    """The files below a folder that senders put there, sorted by name."""
    if not inbox.is_dir():
        return []
    found = []
    for path in inbox.rglob("*"):
        parts = path.relative_to(inbox).parts
        is_hidden = any(part.startswith((".", "~$")) for part in parts)
        if path.is_file() and not is_hidden and not NOT_DATA & set(parts[:-1]) and not parts[-1].upper().startswith("README"):
            found.append(path)
    return sorted(found, key=lambda path: path.relative_to(inbox).as_posix())


def mapping_files(inbox: Path) -> tuple[Path, ...]:
    """The analyst's mapping files in the folder's `mappings/`, sorted by name."""
    return tuple(sorted((inbox / "mappings").glob("*.toml")))


def masked_name(name: str) -> str:
    """A file name in which six digits and more, with blanks or hyphens between or not, are '#': they could be an account."""

    def mask(match: re.Match[str]) -> str:
        run = match.group()
        return run if ISO_DATE.fullmatch(run) else re.sub(r"\d", "#", run)

    return DIGIT_RUN.sub(mask, name)
