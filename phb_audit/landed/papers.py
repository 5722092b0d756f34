"""Papers dropped in the folder (pictures, scans, PDFs): read in a child process, what was read kept sealed by the file's hash."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag

from phb_audit.errors import UnreadableFile
from phb_audit.evidence.alike import numbers_mark
from phb_audit.evidence.intake import MOST_PAGES
from phb_audit.evidence.paper import in_lines
from phb_audit.evidence.readings import VERSION, Outcome, answer_of, outcome_of, readings
from phb_audit.identity import IdentityKey
from phb_audit.landed.arrivals import Arrival
from phb_audit.landed.sealed import NONCE_BYTES, cipher_of
from phb_audit.sources.papers import PaperRead
from phb_audit.sources.printed import ASK, PrintedLine, PrintedWord, printed_layout
from phb_audit.sources.read import Reader, Recognised

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
PDF_HEAD = 1024


def is_paper(data: bytes) -> bool:
    """True for what a camera, a scanner or a printer to PDF makes, read or not."""
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    is_heic = data[4:8] == b"ftyp"
    return data[:PDF_HEAD].lstrip().startswith(b"%PDF") or data.startswith(PICTURES) or is_webp or is_heic


@dataclass(frozen=True)
class KeptReadings:
    """Readings of earlier nights, sealed as the originals are: what is on a receipt names people."""

    folder: Path
    key: IdentityKey

    def path(self, file_id: str) -> Path:
        """Where the reading of a file is kept; a newer way of reading keeps it elsewhere."""
        return self.folder / f"{file_id}-{VERSION}.reading"

    def find(self, arrival: Arrival) -> Outcome | None:
        """The reading of this very file; None where there is none, or none that opens."""
        return self.of(arrival.file_id, arrival.path)

    def of(self, file_id: str, path: Path) -> Outcome | None:
        """The same by the file's SHA-256; `path` is what the outcome names."""
        kept = self.path(file_id)
        try:
            sealed = kept.read_bytes()
            told = cipher_of(kept.name, self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
            return outcome_of(path, json.loads(told))
        except (OSError, InvalidTag, ValueError):
            return None

    def keep(self, file_id: str, outcome: Outcome) -> None:
        """Keep a reading; a kill leaves all or nothing."""
        path = self.path(file_id)
        nonce = os.urandom(NONCE_BYTES)
        told = json.dumps(answer_of(outcome), default=str).encode()
        beside = self.folder / f".{path.name}.{os.getpid()}"
        beside.write_bytes(nonce + cipher_of(path.name, self.key).encrypt(nonce, told, None))
        beside.replace(path)


def papers_read(arrivals: Sequence[Arrival], kept: KeptReadings) -> Generator[Outcome, None, None]:
    """What came of each paper, in order; those read before are not read again."""
    known = {place: found for place, arrival in enumerate(arrivals) if (found := kept.find(arrival))}
    fresh = readings([arrival.path for place, arrival in enumerate(arrivals) if place not in known])
    for place, arrival in enumerate(arrivals):
        if place in known:
            yield known[place]
            continue
        outcome = next(fresh)
        if outcome.reading is not None and outcome.sha256 == arrival.file_id:
            kept.keep(arrival.file_id, outcome)
        yield outcome


def recognised_paper(outcome: Outcome, arrival: Arrival, index: int, reader: Reader, received_on: str) -> Recognised:
    """The pieces of a paper: a printed statement where its words stand under a statement's headers, else a receipt or invoice.

    Raises UnreadableFile for a paper that could not be read.
    """
    reading = outcome.reading
    if reading is None:
        told = outcome.problem.replace(arrival.path.name, "The paper")  # a name may hold what must not be shown
        raise UnreadableFile(told or "The paper could not be read.", do=outcome.do)
    if outcome.sha256 != arrival.file_id:
        raise UnreadableFile("The file changed while it was read.", do="Run the night again.")
    lines = [
        PrintedLine(line.place.page, tuple(PrintedWord(word.text, word.left, word.right, word.top, word.bottom) for word in line.words))
        for line in in_lines(outcome.words)
    ]
    if lines and printed_layout(lines, reader.layouts):
        if reading.pages > MOST_PAGES:
            raise UnreadableFile(f"The printed statement has more than {MOST_PAGES} pages.", do=ASK)
        return reader.of_print(lines, index, arrival.name)
    paper = PaperRead(
        arrival.file_id,
        reading.company.value if reading.company else None,
        reading.day.value if reading.day else None,
        reading.total.value if reading.total else None,
        reading.vat.value if reading.vat else None,
        [
            (item.description, f"{'-' if item.pence < 0 else ''}{abs(item.pence) // 100}.{abs(item.pence) % 100:02d}")
            for item in reading.items
        ],
        reading.picture_mark or None,
        numbers_mark(reading.lines) or None,
    )
    return reader.of_paper(paper, index, arrival.name, received_on)
